import { isTerminalStatus, type SessionSummary } from '../protocol/session-summary.js';

/**
 * Order of the list below its pinned sessions. `longest`: those that still run first, then by the time that they took;
 * `costliest`: by the cost that their calls of models have reported, then by the number of tokens.
 */
export type SessionOrder = 'newest' | 'longest' | 'costliest';

/** Reads an order that was stored; undefined for anything else. */
export function parseOrder(text: string | undefined): SessionOrder | undefined {
  return text === 'newest' || text === 'longest' || text === 'costliest' ? text : undefined;
}

/** Compares two sessions: pinned first, then by the order, then newest first; the id decides between equal ones. */
export function comparerOf(order: SessionOrder): (a: SessionSummary, b: SessionSummary) => number {
  return (a, b) => {
    const byPin = Number(b.pinned === true) - Number(a.pinned === true);
    if (byPin !== 0) return byPin;
    const [aRank, bRank] = [rankOf(a, order), rankOf(b, order)];
    for (const [at, bValue] of bRank.entries()) {
      const aValue = aRank[at] ?? 0;
      if (aValue !== bValue) return bValue > aValue ? 1 : -1;
    }
    return b.createdAt - a.createdAt || (a.sessionId < b.sessionId ? 1 : -1);
  };
}

/** True when a change of a session can move it in the order. */
export function isMoved(before: SessionSummary, after: SessionSummary, order: SessionOrder): boolean {
  const rank = rankOf(after, order);
  return (
    (before.pinned === true) !== (after.pinned === true) ||
    rankOf(before, order).some((value, at) => value !== rank[at])
  );
}

/** Numbers by which a session is compared, the first one first; the higher stands above. */
function rankOf(
  { status, createdAt, endedAt, updatedAt, usage = {} }: SessionSummary,
  order: SessionOrder,
): readonly number[] {
  switch (order) {
    case 'newest':
      return [];
    case 'longest':
      return [isTerminalStatus(status) ? (endedAt ?? updatedAt) - createdAt : Number.POSITIVE_INFINITY];
    case 'costliest':
      return [usage.costUsd ?? 0, (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)];
  }
}
