import { LazyPart, type PartModule } from '../parts/lazy-part.js';
import type * as FileTools from './file-tools.js';

/** Session files and texts: written, read and shown. */
export const FILES_PART = new LazyPart<PartModule & typeof FileTools>(() => import('./file-tools.js'));
