import { FILES_PART } from '../files/files-part.js';
import { INBOX_PART } from '../inbox/inbox-part.js';
import type { LazyPart } from '../parts/lazy-part.js';
import { RERUN_PART } from '../rerun/rerun-part.js';
import { SESSION_PART } from '../session/session-part.js';

/** The parts of the panel that are loaded after its list. */
export const PANEL_PARTS: readonly LazyPart[] = [SESSION_PART, INBOX_PART, FILES_PART, RERUN_PART];
