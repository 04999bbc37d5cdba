import type { LitElement, ReactiveController } from 'lit';
import {
  layoutList,
  scrollTopFor,
  windowOf,
  type ListLayout,
  type ListWindow,
  type RowHeights,
} from './list-layout.js';
import { ResizeController } from '../resize-controller.js';

/** Height of the view before its first layout, in pixels: about a screen. */
const GUESSED_VIEW_HEIGHT = 800;
const GUESSED_FONT_SIZE = 13;

/** Heights in em of the element's font. */
export interface VirtualListOptions {
  readonly rowEm: number;
  /** Added to a row with a heading; 0 by default. */
  readonly headingEm?: number;
  /** Added to a tall row; 0 by default. */
  readonly tallEm?: number;
  /** True when a heading stays on top while the rows of its group are scrolled. */
  readonly hasStickyHeadings?: boolean;
}

/**
 * Decides which rows of a list of any length an element renders: those in view, and some around them. The rows stand
 * in the element's `.scroller`. Updates the element when its size changes.
 */
export class VirtualList implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: VirtualListOptions;
  /** Height of a row in em; another one takes effect when the rows are laid out again. */
  rowEm: number;
  #fontSize = GUESSED_FONT_SIZE;
  #layout: ListLayout = layoutList(0, [], { row: 1, heading: 0 });
  #window: ListWindow = { start: 0, end: 0 };

  constructor(host: LitElement, options: VirtualListOptions) {
    this.#host = host;
    this.#options = options;
    this.rowEm = options.rowEm;
    host.addController(this);
    host.addController(
      new ResizeController(host, () => {
        this.#measureFont();
        host.requestUpdate();
      }),
    );
  }

  hostConnected(): void {
    this.#measureFont();
  }

  /** Heights of the rows in pixels. */
  get heights(): RowHeights {
    const { headingEm = 0, tallEm = 0 } = this.#options;
    const fontSize = this.#fontSize;
    return { row: this.rowEm * fontSize, heading: headingEm * fontSize, tall: tallEm * fontSize };
  }

  /** Number of rows that Page Up and Page Down move by. */
  get rowsPerPage(): number {
    return Math.max(1, Math.floor((this.scroller?.clientHeight ?? 0) / this.heights.row) - 1);
  }

  /** The element that scrolls the rows; undefined while the element renders none. */
  get scroller(): HTMLElement | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.scroller') ?? undefined;
  }

  /** Rows that the last update has rendered. */
  get window(): ListWindow {
    return this.#window;
  }

  /**
   * Returns the rows to render, to be called once in an update.
   *
   * @param isAtEnd True to render the end of the list, where the element will scroll to after the update.
   */
  show(layout: ListLayout, isAtEnd = false): ListWindow {
    const scroller = this.scroller;
    const viewHeight = scroller?.clientHeight || GUESSED_VIEW_HEIGHT;
    const top = isAtEnd ? layout.height - viewHeight : (scroller?.scrollTop ?? 0);
    this.#layout = layout;
    this.#window = windowOf(layout, top, viewHeight);
    return this.#window;
  }

  /** Returns true when other rows are to be rendered: the list was scrolled beyond those of the last update. */
  isOutOfDate(): boolean {
    const scroller = this.scroller;
    if (scroller === undefined) return false;
    const { start, end } = windowOf(this.#layout, scroller.scrollTop, scroller.clientHeight);
    return start !== this.#window.start || end !== this.#window.end;
  }

  /** Scrolls as little as needed to bring the whole of a row into view. */
  reveal(position: number): void {
    const scroller = this.scroller;
    if (scroller === undefined) return;
    const { scrollTop, clientHeight } = scroller;
    scroller.scrollTop = scrollTopFor(this.#layout, position, scrollTop, clientHeight, this.#coveredHeight);
  }

  /** Scrolls a row to the middle of the view. */
  center(position: number): void {
    const scroller = this.scroller;
    if (scroller === undefined) return;
    scroller.scrollTop = this.#layout.top(position) - (scroller.clientHeight - this.heights.row) / 2;
  }

  /** The side on which a row is out of view; undefined for one in view. */
  sideOf(position: number): 'above' | 'below' | undefined {
    const scroller = this.scroller;
    // Without a layout, nothing is known.
    if (scroller === undefined || scroller.clientHeight === 0) return undefined;
    const { top, hasHeading } = this.#layout;
    const { row, heading } = this.heights;
    const start = top(position) + (hasHeading(position) ? heading : 0);
    if (start + row <= scroller.scrollTop + this.#coveredHeight) return 'above';
    return start >= scroller.scrollTop + scroller.clientHeight ? 'below' : undefined;
  }

  get #coveredHeight(): number {
    return this.#options.hasStickyHeadings === true ? this.heights.heading : 0;
  }

  #measureFont(): void {
    const fontSize = Number.parseFloat(getComputedStyle(this.#host).fontSize);
    // Without a layout (`display: none` of a parent) the last size stays.
    if (fontSize > 0) this.#fontSize = fontSize;
  }
}
