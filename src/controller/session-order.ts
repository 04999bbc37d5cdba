import { isTerminalStatus, type SessionSummary } from '../protocol/session-summary.js';

/** Order of the list below its pinned sessions. `longest`: those that still run first, then by the time that they took. */
export type SessionOrder = 'newest' | 'longest';

/** Reads an order that was stored; undefined for anything else. */
export function parseOrder(text: string | undefined): SessionOrder | undefined {
  return text === 'newest' || text === 'longest' ? text : undefined;
}

/** Compares two sessions: pinned first, then by the order, then newest first; the id decides between equal ones. */
export function comparerOf(order: SessionOrder): (a: SessionSummary, b: SessionSummary) => number {
  return (a, b) => {
    const byPin = Number(b.pinned === true) - Number(a.pinned === true);
    if (byPin !== 0) return byPin;
    const [aRank, bRank] = [rankOf(a, order), rankOf(b, order)];
    if (aRank !== bRank) return bRank > aRank ? 1 : -1;
    return b.createdAt - a.createdAt || (a.sessionId < b.sessionId ? 1 : -1);
  };
}

/** True when a change of a session can move it in the order. */
export function isMoved(before: SessionSummary, after: SessionSummary, order: SessionOrder): boolean {
  return (
    (before.pinned === true) !== (after.pinned === true) || rankOf(before, order) !== rankOf(after, order)
  );
}

/** Seconds that a session took; of one that has not ended, more than any other. */
function rankOf({ status, createdAt, endedAt, updatedAt }: SessionSummary, order: SessionOrder): number {
  if (order === 'newest') return 0;
  return isTerminalStatus(status) ? (endedAt ?? updatedAt) - createdAt : Number.POSITIVE_INFINITY;
}
