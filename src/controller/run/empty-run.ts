import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import type { RunState } from './reduce-run.js';

/** The state before the first event. */
export const EMPTY_RUN: RunState = {
  session: EMPTY_SESSION,
  activity: new Map(),
  unanswered: [],
  spans: new Map(),
};
