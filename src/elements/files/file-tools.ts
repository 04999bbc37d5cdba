/** What `FILES_PART` loads. */
import { FileRows } from './file-rows.js';

export { FileCommands } from './file-commands.js';
export { OpenedFiles } from './opened-files.js';

/** The elements that it adds. */
export const elements = { 'sessions-panel-files': FileRows };
