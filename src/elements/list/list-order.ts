import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { groupOf, groupStarts, holdBack } from './list-sort.js';
import { layoutList, type ListLayout, type RowHeights } from '../base/virtual-list.js';
import { untracked } from '../base/signal-element.js';

/** What decides about the rows of the list. */
export interface ArrangementInput {
  readonly history: SessionHistoryController | undefined;
  readonly heights: RowHeights;
  /** True while rows must not move: somebody reads further down, or aims at one. */
  readonly isInUse: boolean;
}

/** Which sessions the list shows, in which order and where. */
export class ListArrangement {
  #ids: readonly string[] = [];
  #layout: ListLayout = layoutList(0, [], { row: 1, heading: 0 });
  #heldBack = 0;
  #isReleased = false;
  #filter: unknown;
  #graphId: unknown;
  /** What the rows were made of: they are arranged again only when one of these is another. */
  #key: readonly unknown[] = [];

  /** Ids of the rows, in the order of the list. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Where the rows stand. */
  get layout(): ListLayout {
    return this.#layout;
  }

  /** Number of newer sessions that are not shown yet. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** Shows everything at the next arrangement, whoever is in the way. */
  release(): void {
    this.#isReleased = true;
  }

  /**
   * Arranges the rows. Depends on which sessions pass the filter, and on no session's state. True when it is
   * another list than before, to be read from its beginning: there is nothing that could be kept in its place.
   */
  arrange({ history, heights, isInUse }: ArrangementInput): boolean {
    const all = history?.matchingIds ?? [];
    const active = history?.activeSessionId;
    const isOther = history?.filter !== this.#filter || history?.graphId !== this.#graphId;
    if (isOther) this.#isReleased = true;
    this.#filter = history?.filter;
    this.#graphId = history?.graphId;
    const isHeld = isInUse && !this.#isReleased;
    this.#isReleased = false;
    const key = [all, active, isHeld, heights.row];
    if (key.every((part, index) => part === this.#key[index])) return isOther;
    this.#key = key;
    this.#hold(all, isHeld, active);
    // When a session was created never changes, and a pin that is set gives another list of ids.
    const groups = untracked(() =>
      groupStarts(this.#ids.length, (position) => {
        const session = history?.getSession(this.#ids[position] ?? '');
        return session === undefined ? undefined : groupOf(session);
      }),
    );
    this.#layout = layoutList(this.#ids.length, groups, heights);
    return isOther;
  }

  #hold(all: readonly string[], isHeld: boolean, active: string | undefined): void {
    const shown = isHeld ? holdBack(all, this.#ids) : { ids: all, heldBack: 0 };
    // A run that was just started from here is what the person wants to see.
    const hidesActive =
      shown.heldBack > 0 && active !== undefined && all.includes(active) && !shown.ids.includes(active);
    this.#ids = hidesActive ? all : shown.ids;
    this.#heldBack = hidesActive ? 0 : shown.heldBack;
  }
}
