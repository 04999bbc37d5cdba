import { dayNumber } from '../strings/time-format.js';

/** The ids to show, and how many newer ones are held back. */
export interface ShownIds {
  readonly ids: readonly string[];
  readonly heldBack: number;
}

/**
 * Keeps rows where they are while somebody reads or aims at them: what came between or above the rows of
 * `before` is held back until they let go. What left is gone, and what came below the last one is shown.
 */
export function holdBack(all: readonly string[], before: readonly string[]): ShownIds {
  if (before.length === 0 || all === before) return { ids: all, heldBack: 0 };
  const known = new Set(before);
  let last = all.length - 1;
  while (last >= 0 && !known.has(all[last] ?? '')) last -= 1;
  const ids = all.filter((sessionId, position) => position > last || known.has(sessionId));
  const heldBack = all.length - ids.length;
  return heldBack === 0 ? { ids: all, heldBack } : { ids, heldBack };
}

/** Heading of the sessions that people have pinned. */
export const PINNED = 'pinned';

/** What stands together under one heading: the pinned sessions, then those of a day. */
export function groupOf({
  pinned,
  createdAt,
}: {
  readonly pinned?: boolean;
  readonly createdAt: number;
}): number | typeof PINNED {
  return pinned === true ? PINNED : dayNumber(createdAt * 1000);
}

/** Positions of the rows that begin a group. `groupAt` tells the group of a position. */
export function groupStarts(count: number, groupAt: (position: number) => unknown): readonly number[] {
  const starts: number[] = [];
  let group: unknown;
  for (let position = 0; position < count; position += 1) {
    const next = groupAt(position);
    if (position === 0 || next !== group) starts.push(position);
    group = next;
  }
  return starts;
}
