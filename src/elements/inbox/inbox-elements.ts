import { SessionsInbox } from './sessions-inbox.js';

/** The element of the inbox. */
export const elements = { 'sessions-panel-inbox': SessionsInbox };
