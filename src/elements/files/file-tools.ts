/** What `FILES_PART` loads. */
export { downloadSession } from './session-download.js';
