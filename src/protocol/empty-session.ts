import type { SessionState } from './session-state.js';

/** The state of an empty log. */
export const EMPTY_SESSION: SessionState = {
  sessionId: '',
  status: 'running',
  lastIndex: -1,
  nodes: new Map(),
  pending: new Map(),
  resolved: new Map(),
};
