import { html, nothing, type TemplateResult } from 'lit';
import type { FirstStrings } from '../strings/first-english.js';
import type { VirtualList } from '../base/rows/virtual-list.js';

/**
 * Keeps the row of the opened session in reach: scrolls it to the middle of the list once, when the list is first
 * drawn; when it is out of sight later, a button leads to it.
 */
export class OpenedRow {
  readonly #list: VirtualList;
  #isPlaced = false;
  #position = -1;
  #side: 'above' | 'below' | undefined;

  constructor(list: VirtualList) {
    this.#list = list;
  }

  /** Begins again, for another list. */
  reset(): void {
    this.#isPlaced = false;
  }

  /** The button to the row at a position, -1 for none; called after the list was shown in an update. */
  render(position: number, strings: FirstStrings, onGo: () => void): TemplateResult | typeof nothing {
    this.#position = position;
    this.#side = this.#isPlaced ? this.#currentSide : undefined;
    if (this.#side === undefined) return nothing;
    return html`<button type="button" class="button primary pill floating opened-session" @click=${onGo}>
      <span aria-hidden="true">${this.#side === 'above' ? '↑' : '↓'}</span> ${strings.openedSession}
    </button>`;
  }

  /** Places the list after its first update with rows that has a layout. */
  updated(hasRows: boolean): void {
    const { scroller } = this.#list;
    if (this.#isPlaced || !hasRows || scroller === undefined || scroller.clientHeight === 0) return;
    this.#isPlaced = true;
    if (this.#position >= 0 && scroller.scrollTop === 0 && this.#currentSide !== undefined)
      this.#list.center(this.#position);
  }

  /** True if the last update has drawn another button than there should be now. */
  isOutOfDate(): boolean {
    return this.#isPlaced && this.#side !== this.#currentSide;
  }

  get #currentSide(): 'above' | 'below' | undefined {
    return this.#position < 0 ? undefined : this.#list.sideOf(this.#position);
  }
}
