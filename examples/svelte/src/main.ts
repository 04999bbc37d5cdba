import { mount } from 'svelte';
import Editor from './editor.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no #app.');
mount(Editor, { target });
