import { createApp } from 'vue';
import Editor from './editor.vue';

createApp(Editor).mount('#app');
