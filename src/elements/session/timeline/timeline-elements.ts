import { SessionTimeline } from './session-timeline.js';

/** The element of the tab “Timeline”. */
export const elements = { 'sessions-panel-timeline': SessionTimeline };
