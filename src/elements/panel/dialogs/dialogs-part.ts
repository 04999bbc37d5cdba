import { LazyPart, type PartModule } from '../../parts/lazy-part.js';
import type * as Dialogs from './dialogs.js';

/** The dialogs: confirmations, titles, dates, shortcuts. */
export const DIALOGS_PART = new LazyPart<PartModule & typeof Dialogs>(() => import('./dialogs.js'));
