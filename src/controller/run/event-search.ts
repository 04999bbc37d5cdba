import { Signal } from 'signal-polyfill';
import type { GraphRunEvent } from '../../protocol/events.js';

/** A log, as far as it is kept. */
export interface KeptEvents {
  readonly length: number;
  readonly dropped: number;
  at(position: number): GraphRunEvent | undefined;
}

/**
 * Counts the first of `length` ordered positions for which `isUpTo` is true, by bisection: it is true before a place and
 * false after it. Depends on no signal.
 */
export function countUpTo(length: number, isUpTo: (position: number) => boolean): number {
  return Signal.subtle.untrack(() => {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isUpTo(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** The position of the last event up to an index; -1 before the first. */
export function positionOf(events: KeptEvents, index: number): number {
  const length = Signal.subtle.untrack(() => events.length);
  return countUpTo(length, (position) => (events.at(position)?.index ?? 0) <= index) - 1;
}

/** The position of the last event up to a time, in milliseconds since 1970; -1 before the first. */
export function positionAtTime(events: KeptEvents, ms: number): number {
  const length = Signal.subtle.untrack(() => events.length);
  return countUpTo(length, (position) => timeAt(events, position) <= ms) - 1;
}

/** The time of an event in milliseconds since 1970; without one, that of the event before; 0 if none has one. */
export function timeAt(events: KeptEvents, position: number): number {
  for (let before = position; before >= 0; before -= 1) {
    const ts = events.at(before)?.ts;
    if (ts !== undefined) return ts;
  }
  return 0;
}
