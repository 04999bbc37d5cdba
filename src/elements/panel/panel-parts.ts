import { FILES_PART } from '../files/files-part.js';
import { SELECTION_PART } from '../list/selection-part.js';
import type { LazyPart } from '../parts/lazy-part.js';
import { RERUN_PART } from '../rerun/rerun-part.js';
import { SESSION_PART } from '../session/session-part.js';
import { DIALOGS_PART } from './dialogs/dialogs-part.js';

/** The parts of the panel that are loaded after its list. */
export function panelParts(inboxPart: LazyPart): readonly LazyPart[] {
  return [SESSION_PART, DIALOGS_PART, inboxPart, FILES_PART, SELECTION_PART, RERUN_PART];
}
