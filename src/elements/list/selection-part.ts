import { LazyPart } from '../parts/lazy-part.js';

/** The bar of the selected sessions, which is loaded when the first one is selected. */
export const SELECTION_PART = new LazyPart(() => import('./selection-elements.js'));
