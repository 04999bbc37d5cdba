import { SessionEvents } from './session-events.js';

/** The element of the tab “Events”. */
export const elements = { 'sessions-panel-events': SessionEvents };
