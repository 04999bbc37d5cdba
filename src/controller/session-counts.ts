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

/** The numbers of no sessions. */
export const NO_COUNTS: SessionCounts = { total: 0, needsInput: 0, byStatus: {} };

/** Returns the numbers after some sessions were removed and others added; takes as long as these are many. */
export function recount(
  counts: SessionCounts,
  removed: Iterable<SessionSummary>,
  added: Iterable<SessionSummary>,
): SessionCounts {
  const byStatus: Partial<Record<SessionStatus, number>> = { ...counts.byStatus };
  let { total, needsInput: waiting } = counts;
  const count = (session: SessionSummary, by: 1 | -1) => {
    total += by;
    if (needsInput(session)) waiting += by;
    const next = (byStatus[session.status] ?? 0) + by;
    if (next === 0) delete byStatus[session.status];
    else byStatus[session.status] = next;
  };
  for (const session of removed) count(session, -1);
  for (const session of added) count(session, 1);
  return { total, needsInput: waiting, byStatus };
}

/** True when no number differs. */
export function areSameCounts(a: StatusCounts, b: StatusCounts): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((status) => a[status] === b[status]);
}
