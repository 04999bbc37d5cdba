import type { SessionStatus, SessionSummary } from '../protocol/session-summary.js';
import { needsInput } from './session-filter.js';

/** Number of sessions by status; statuses without sessions are absent. */
export type StatusCounts = Readonly<Partial<Record<SessionStatus, number>>>;

/** Numbers of sessions: all of them, those with an open question, and those of each status. */
export interface SessionCounts {
  readonly total: number;
  readonly needsInput: number;
  readonly byStatus: StatusCounts;
}

/** Counts sessions. */
export function countSessions(sessions: Iterable<SessionSummary>): SessionCounts {
  const byStatus: Partial<Record<SessionStatus, number>> = {};
  let total = 0;
  let waiting = 0;
  for (const session of sessions) {
    total += 1;
    if (needsInput(session)) waiting += 1;
    byStatus[session.status] = (byStatus[session.status] ?? 0) + 1;
  }
  return { total, needsInput: waiting, byStatus };
}

/** True when no number differs. */
export function areSameCounts(a: StatusCounts, b: StatusCounts): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((status) => a[status] === b[status]);
}
