import type { LitElement, ReactiveController } from 'lit';
import type { VirtualList } from '../base/rows/virtual-list.js';

/** Dependencies of `RowFocus`. */
export interface RowFocusOptions {
  readonly list: VirtualList;
  /** Returns the ids of the rows in their order. */
  readonly ids: () => readonly string[];
  /** Called when the focus should move to a row and there is none. */
  readonly onLost: () => void;
}

/**
 * Roving tab stop of the rows: Tab reaches one of them, and the focus stays with its row, or at its place, when rows
 * are added, moved and removed. A row is an `.item` with `data-id` and `aria-posinset`; its `.main` takes the focus.
 */
export class RowFocus implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: RowFocusOptions;
  #tabStop: string | undefined;
  /** The row that had the focus before the update that is under way. */
  #before: { readonly sessionId: string; readonly position: number } | undefined;

  constructor(host: LitElement, options: RowFocusOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** The session whose row has the focus. */
  get sessionId(): string | undefined {
    const focused = this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('.item');
    return focused?.dataset['id'];
  }

  /** Returns the row that Tab reaches: the last one with the focus, the preferred or the first one of those in view. */
  tabStop(preferred: string | undefined): string | undefined {
    const focused = this.sessionId;
    if (focused !== undefined) return focused;
    const { start, end } = this.#options.list.window;
    const visible = this.#options.ids().slice(start, end);
    return [this.#tabStop, preferred].find((id) => id !== undefined && visible.includes(id)) ?? visible[0];
  }

  /** Puts the focus on the row at a position, or on the nearest one. */
  async focus(wanted: number): Promise<void> {
    const { ids, list, onLost } = this.#options;
    const position = Math.min(Math.max(0, wanted), ids().length - 1);
    const sessionId = ids()[position];
    if (sessionId === undefined || list.scroller === undefined) {
      onLost();
      return;
    }
    this.#tabStop = sessionId;
    list.reveal(position);
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    // The scroll position is set above; the browser must not scroll again.
    this.#item(sessionId)?.querySelector<HTMLElement>('.main')?.focus({ preventScroll: true });
  }

  /** Must be called when the focus enters a row. */
  readonly onFocusIn = (): void => {
    const focused = this.sessionId;
    if (focused === this.#tabStop) return;
    this.#tabStop = focused;
    this.#host.requestUpdate();
  };

  /** Remembers the row with the focus while it exists: when it is removed or moved, it loses the focus. */
  hostUpdate(): void {
    const { sessionId } = this;
    const position = Number(sessionId === undefined ? 0 : this.#item(sessionId)?.ariaPosInSet) - 1;
    this.#before = sessionId === undefined ? undefined : { sessionId, position };
  }

  hostUpdated(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined || this.sessionId !== undefined) return;
    const now = this.#options.ids().indexOf(before.sessionId);
    void this.#host.updateComplete.then(() => {
      // A focus that has moved in the meantime stays.
      if (this.sessionId === undefined) void this.focus(now === -1 ? before.position : now);
    });
  }

  #item(sessionId: string): HTMLElement | undefined {
    const selector = `.item[data-id="${CSS.escape(sessionId)}"]`;
    return this.#host.shadowRoot?.querySelector<HTMLElement>(selector) ?? undefined;
  }
}
