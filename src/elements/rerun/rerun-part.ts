import { LazyPart, type PartModule } from '../parts/lazy-part.js';
import type * as RerunDialog from './rerun-dialog.js';

/** The dialog with the answers of a run that is to run again. */
export const RERUN_PART = new LazyPart<PartModule & typeof RerunDialog>(() => import('./rerun-dialog.js'));
