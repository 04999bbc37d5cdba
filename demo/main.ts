/** The page of the demo: the editor, on the server that serves the page. */
import { HttpGraphRunService, shareAcrossTabs } from 'graph-sessions';
import { openEditor } from './open-editor.js';

const BASE_URL = '/v1beta1/graphSessions';

openEditor(
  shareAcrossTabs(new HttpGraphRunService({ baseUrl: BASE_URL }), { name: BASE_URL }),
  '/html-frame.html',
);
