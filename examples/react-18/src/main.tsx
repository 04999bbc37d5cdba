import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Editor } from './editor.js';

const app = document.getElementById('app');
if (app === null) throw new Error('The page has no #app.');
createRoot(app).render(
  <StrictMode>
    <Editor />
  </StrictMode>,
);
