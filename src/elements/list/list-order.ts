import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { layoutList, type ListLayout, type RowHeights } from '../base/rows/list-layout.js';
import { untracked } from '../base/signal-element.js';
import { dayNumber } from '../strings/time-format.js';

/** Input of an arrangement of the rows. */
interface ArrangementInput {
  readonly history: SessionHistoryController | undefined;
  readonly heights: RowHeights;
  /** Ids of sessions whose rows are tall, in any order; those that are not in the list count for nothing. */
  readonly tallIds: readonly string[];
  /** True while rows must not move: a person reads further down, or points at one. */
  readonly isInUse: boolean;
}

/** Decides which sessions the list shows, in which order and where. */
export class ListArrangement {
  #ids: readonly string[] = [];
  #layout: ListLayout = layoutList(0, [], { row: 1, heading: 0 });
  #heldBack = 0;
  #isReleased = false;
  #filter: unknown;
  #graphId: unknown;
  #order: unknown;
  /** Input of the last arrangement: the rows are arranged again only when a part of it changes. */
  #key: readonly unknown[] = [];

  /** Ids of the rows, in the order of the list. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Positions of the rows. */
  get layout(): ListLayout {
    return this.#layout;
  }

  /** Number of newer sessions that are not shown yet. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** Holds nothing back at the next arrangement. */
  release(): void {
    this.#isReleased = true;
  }

  /**
   * Arranges the rows. Depends on which sessions pass the filter, and on no session's state. Returns true when the list
   * is another one than before, so that it is shown from its beginning.
   */
  arrange({ history, heights, tallIds, isInUse }: ArrangementInput): boolean {
    const all = history?.matchingIds ?? [];
    const active = history?.activeSessionId;
    const isNewestFirst = history === undefined || history.order === 'newest';
    const isOther =
      history?.filter !== this.#filter ||
      history?.graphId !== this.#graphId ||
      history?.order !== this.#order;
    if (isOther) this.#isReleased = true;
    this.#filter = history?.filter;
    this.#graphId = history?.graphId;
    this.#order = history?.order;
    const isHeld = isInUse && !this.#isReleased;
    this.#isReleased = false;
    const key = [all, active, isHeld, heights.row, tallIds.join('\n')];
    if (key.length === this.#key.length && key.every((part, index) => part === this.#key[index]))
      return isOther;
    this.#key = key;
    this.#hold(all, isHeld, active);
    // When a session was created never changes, and a pin that is set gives another list of ids.
    const groups = untracked(() =>
      groupStarts(this.#ids.length, (position) => {
        const session = history?.getSession(this.#ids[position] ?? '');
        return session === undefined ? undefined : groupOf(session, isNewestFirst);
      }),
    );
    const tall = tallIds.map((sessionId) => this.#ids.indexOf(sessionId)).filter((position) => position >= 0);
    this.#layout = layoutList(
      this.#ids.length,
      groups,
      heights,
      tall.sort((a, b) => a - b),
    );
    return isOther;
  }

  #hold(all: readonly string[], isHeld: boolean, active: string | undefined): void {
    const shown = isHeld ? holdBack(all, this.#ids) : { ids: all, heldBack: 0 };
    // A run that the person has just started must show.
    const hidesActive =
      shown.heldBack > 0 && active !== undefined && all.includes(active) && !shown.ids.includes(active);
    this.#ids = hidesActive ? all : shown.ids;
    this.#heldBack = hidesActive ? 0 : shown.heldBack;
  }
}

/** The ids to show, and the number of newer ones that are held back. */
interface ShownIds {
  readonly ids: readonly string[];
  readonly heldBack: number;
}

/**
 * Keeps rows in place while a person reads them or points at them: new rows between or above those of `before` are held
 * back. Removed rows go, and new rows below the last one are shown.
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

/** Group of the pinned sessions. */
const PINNED = 'pinned';

/** Returns the group of a session, which has one heading: the pinned sessions, or those of a day; in another order than by time, all others. */
function groupOf(
  { pinned, createdAt }: { readonly pinned?: boolean; readonly createdAt: number },
  isNewestFirst: boolean,
): number | typeof PINNED {
  if (pinned === true) return PINNED;
  return isNewestFirst ? dayNumber(createdAt * 1000) : 0;
}

/** Returns the positions of the rows that begin a group. `groupAt` returns the group of a position. */
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
