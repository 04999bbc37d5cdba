import type { Interval } from '../timeline/timeline-scale.js';

/**
 * The time that a player reaches next, in milliseconds: `byMs` later, but no further than the beginning of a shortened
 * wait, and from there, in one tick, to its end.
 */
export function advanceTime(ms: number, byMs: number, gaps: readonly Interval[]): number {
  const gap = gaps.find(({ endMs }) => endMs > ms);
  if (gap === undefined || ms + byMs < gap.startMs) return ms + byMs;
  return ms < gap.startMs ? gap.startMs : gap.endMs;
}
