import { dayNumber } from './time-format.js';

/** The ids to show, and how many newer ones are held back. */
export interface ShownIds {
  readonly ids: readonly string[];
  readonly heldBack: number;
}

/**
 * Keeps rows where they are while somebody reads or aims at them: what is newer than the row that was
 * on top is held back until they let go. When that row is gone, the next one of `before` that is left
 * takes its place.
 */
export function holdBack(all: readonly string[], before: readonly string[]): ShownIds {
  const top = before[0];
  if (top === undefined || top === all[0]) return { ids: all, heldBack: 0 };
  let start = all.indexOf(top);
  if (start === -1) {
    const present = new Set(all);
    const next = before.find((sessionId) => present.has(sessionId));
    start = next === undefined ? 0 : all.indexOf(next);
  }
  return { ids: start === 0 ? all : all.slice(start), heldBack: start };
}

/** Positions of the rows that begin a day. `createdMs` is when the session at a position was created. */
export function dayStarts(count: number, createdMs: (position: number) => number): readonly number[] {
  const starts: number[] = [];
  let day: number | undefined;
  for (let position = 0; position < count; position += 1) {
    const next = dayNumber(createdMs(position));
    if (next !== day) starts.push(position);
    day = next;
  }
  return starts;
}
