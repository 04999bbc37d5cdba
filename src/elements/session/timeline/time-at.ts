import type { TimelineLayout } from './timeline-layout.js';

/** Halvings after which a time of years is known to the millisecond. */
const HALVINGS = 45;

/** The time at a position of the track, 0 to 100, in milliseconds since 1970: the reverse of `toX`. */
export function timeAtX({ startMs, endMs, toX }: TimelineLayout, x: number): number {
  if (x <= 0) return startMs;
  if (x >= toX(endMs)) return endMs;
  let low = startMs;
  let high = endMs;
  for (let turn = 0; turn < HALVINGS && high - low > 0.5; turn += 1) {
    const middle = (low + high) / 2;
    if (toX(middle) <= x) low = middle;
    else high = middle;
  }
  return low;
}
