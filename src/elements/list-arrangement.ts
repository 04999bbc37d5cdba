import type { SessionHistoryController } from '../controller/session-history-controller.js';
import { dayStarts, holdBack } from './list-order.js';
import { layoutList, type ListLayout, type RowHeights } from './list-window.js';
import { untracked } from './signal-element.js';
import { passes, type StatusFilter } from './status-filter.js';

/** What decides about the rows of the list. */
export interface ArrangementInput {
  readonly history: SessionHistoryController | undefined;
  readonly filter: StatusFilter;
  readonly heights: RowHeights;
  /** True while rows must not move: somebody reads further down, or aims at one. */
  readonly isInUse: boolean;
}

/** Which sessions the list shows, in which order and where. */
export class ListArrangement {
  #ids: readonly string[] = [];
  #layout: ListLayout = layoutList(0, [], { row: 1, heading: 0 });
  #heldBack = 0;
  /** The ids before the filter. */
  #unfiltered: readonly string[] = [];
  #isReleased = false;
  /** What the layout was made of: it is made again only when one of these is another. */
  #layoutKey: readonly unknown[] = [];

  /** Ids of the rows, newest first. */
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
   * Arranges the rows. Depends on the set of sessions; only with a filter also on the state of each of
   * them, because any change may let one in or out.
   */
  arrange({ history, filter, heights, isInUse }: ArrangementInput): void {
    const all = history?.sessionIds ?? [];
    this.#hold(all, isInUse && !this.#isReleased, history?.activeSessionId);
    this.#isReleased = false;
    this.#ids =
      filter === 'all'
        ? this.#unfiltered
        : this.#unfiltered.filter((sessionId) => {
            const session = history?.getSession(sessionId);
            return session !== undefined && passes(session, filter);
          });
    const key = [all, this.#heldBack, heights.row];
    if (filter === 'all' && key.every((part, index) => part === this.#layoutKey[index])) return;
    this.#layoutKey = filter === 'all' ? key : [];
    // When a session was created never changes, so nothing has to be watched for it.
    const createdMs = (position: number) =>
      untracked(() => (history?.getSession(this.#ids[position] ?? '')?.createdAt ?? 0) * 1000);
    this.#layout = layoutList(this.#ids.length, dayStarts(this.#ids.length, createdMs), heights);
  }

  #hold(all: readonly string[], isHeld: boolean, active: string | undefined): void {
    const shown = isHeld ? holdBack(all, this.#unfiltered) : { ids: all, heldBack: 0 };
    // A run that was just started from here is what the person wants to see.
    const hidesActive = shown.heldBack > 0 && active !== undefined && all.indexOf(active) < shown.heldBack;
    this.#unfiltered = hidesActive ? all : shown.ids;
    this.#heldBack = hidesActive ? 0 : shown.heldBack;
  }
}
