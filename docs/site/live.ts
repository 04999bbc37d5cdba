/** The demo's editor without any server: its graphs run in the memory of the page. */
import { MemoryGraphRunService } from 'graph-sessions';
import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';
import { openEditor } from '../../demo/open-editor.js';

openEditor(
  new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) }),
  new URL('html-frame.html', document.baseURI).href,
);
