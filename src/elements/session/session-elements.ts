import { SessionActivity } from './activity/session-activity.js';
import { SessionNode } from './activity/session-node.js';
import { EVENTS_PART, LOOK_BACK_PART, TIMELINE_PART } from './tab-parts.js';
import { SessionView } from './session-view.js';

/** The elements of a session with its first tab. */
export const elements = {
  'sessions-panel-node': SessionNode,
  'sessions-panel-activity': SessionActivity,
  'sessions-panel-view': SessionView,
};

/** The parts that a session shows later. */
export const parts = [TIMELINE_PART, EVENTS_PART, LOOK_BACK_PART];
