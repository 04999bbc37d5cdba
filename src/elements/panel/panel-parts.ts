import { FILES_PART } from '../files/files-part.js';
import { INBOX_PART } from '../inbox/inbox-part.js';
import { SELECTION_PART } from '../list/selection-part.js';
import type { LazyPart } from '../parts/lazy-part.js';
import { RERUN_PART } from '../rerun/rerun-part.js';
import { SESSION_PART } from '../session/session-part.js';
import { DIALOGS_PART } from './dialogs/dialogs-part.js';

/** The parts of the panel that are loaded after its list. */
export const PANEL_PARTS: readonly LazyPart[] = [
  SESSION_PART,
  DIALOGS_PART,
  INBOX_PART,
  FILES_PART,
  SELECTION_PART,
  RERUN_PART,
];
