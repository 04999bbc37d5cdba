import { SelectionBar } from './selection-bar.js';

/** What `SELECTION_PART` loads. */
export const elements = { 'sessions-panel-selection': SelectionBar };
