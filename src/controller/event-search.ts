import { Signal } from 'signal-polyfill';
import type { KeptEvents } from './run-snapshots.js';

/**
 * Counts the kept events up to a place, by bisection. `isUpTo` is true for the positions before the place and false
 * after it. Depends on no signal.
 */
export function countUpTo(events: KeptEvents, isUpTo: (position: number) => boolean): number {
  return Signal.subtle.untrack(() => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isUpTo(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** The time of an event in milliseconds since 1970; without one, that of the event before; 0 if none has one. */
export function timeAt(events: KeptEvents, position: number): number {
  for (let before = position; before >= 0; before -= 1) {
    const ts = events.at(before)?.ts;
    if (ts !== undefined) return ts;
  }
  return 0;
}
