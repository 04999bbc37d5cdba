import { html, type ReactiveElement, type TemplateResult } from 'lit';
import { pressedKey } from '../base/pressed-key.js';
import type { PanelMemory } from '../base/view-memory.js';
import type { FirstStrings } from '../strings/first-english.js';

/** Name of the width of the list in the memory of the panel. */
const WIDTH = 'list-width';

/** The least widths of the list and of the session next to it, in pixels. */
const MIN_LIST = 240;
const MIN_SESSION = 300;

/** Pixels per key press. */
const STEP = 16;

/** The panel, as `ListSplitter` needs it. */
export interface ListSplitterHost extends ReactiveElement {
  readonly memory: PanelMemory;
}

/**
 * The splitter between the list and the session: dragged, or moved by arrows, Home and End; a double click, or Enter,
 * restores the usual width. The width is remembered.
 */
export class ListSplitter {
  readonly #panel: ListSplitterHost;
  /** The width that a person has chosen, in pixels; undefined: the usual one. */
  #wanted: number | undefined;

  constructor(panel: ListSplitterHost) {
    this.#panel = panel;
  }

  /** Restores the remembered width. */
  recall(): void {
    const width = Number(this.#panel.memory.read(WIDTH));
    const wanted = Number.isFinite(width) && width >= MIN_LIST ? width : undefined;
    // A server, which renders the panel as well, has neither a memory nor styles.
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#apply();
  }

  /** Renders the splitter, to stand at the end of the list. */
  render(strings: FirstStrings): TemplateResult {
    return html`<div
      class="splitter"
      part="splitter"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${strings.listWidth}
      title=${strings.listWidthHint}
      aria-valuenow=${this.#wanted ?? MIN_LIST}
      aria-valuemin=${MIN_LIST}
      aria-valuemax=${Math.max(this.#wanted ?? MIN_LIST, 10_000)}
      @focus=${({ currentTarget }: Event) => this.#tell(currentTarget)}
      @keydown=${this.#onKey}
      @pointerdown=${onDown}
      @pointermove=${this.#onMove}
      @dblclick=${() => this.#set(undefined)}
    ></div>`;
  }

  /** The list in its row, and whether it stands on the right. */
  #place(splitter: Element): { readonly list: DOMRect; readonly row: DOMRect; readonly isRtl: boolean } {
    const list = splitter.parentElement ?? splitter;
    const row = list.parentElement ?? list;
    const isRtl = getComputedStyle(splitter).direction === 'rtl';
    return { list: list.getBoundingClientRect(), row: row.getBoundingClientRect(), isRtl };
  }

  /** Says where the splitter is, and can be: only a layout knows it. */
  #tell(splitter: EventTarget | null): void {
    if (!(splitter instanceof HTMLElement)) return;
    const { list, row } = this.#place(splitter);
    splitter.ariaValueNow = String(Math.round(list.width));
    splitter.ariaValueMax = String(maxOf(row));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    const { list, row, isRtl } = this.#place(event.currentTarget);
    const key = pressedKey(event);
    const forward = isRtl ? -STEP : STEP;
    const widths: Readonly<Record<string, number>> = {
      ArrowRight: list.width + forward,
      ArrowLeft: list.width - forward,
      Home: MIN_LIST,
      End: maxOf(row),
    };
    if (key === 'Enter') this.#set(undefined);
    else if (Object.hasOwn(widths, key)) this.#set(widths[key], row);
    else return;
    // No key of it is one of the panel's as well.
    event.stopPropagation();
    event.preventDefault();
    this.#tell(event.currentTarget);
  };

  readonly #onMove = (event: PointerEvent): void => {
    const { currentTarget: splitter, pointerId, clientX } = event;
    if (!(splitter instanceof HTMLElement) || !splitter.hasPointerCapture(pointerId)) return;
    const { row, isRtl } = this.#place(splitter);
    this.#set(isRtl ? row.right - clientX : clientX - row.left, row);
    this.#tell(splitter);
  };

  #set(width: number | undefined, row?: DOMRect): void {
    const max = row === undefined ? Number.POSITIVE_INFINITY : maxOf(row);
    this.#wanted = width === undefined ? undefined : Math.round(Math.max(MIN_LIST, Math.min(width, max)));
    this.#panel.memory.write(WIDTH, this.#wanted === undefined ? '' : String(this.#wanted));
    this.#apply();
  }

  #apply(): void {
    const { style } = this.#panel;
    if (this.#wanted === undefined) style.removeProperty('--_list-inline-size');
    else style.setProperty('--_list-inline-size', `${this.#wanted}px`);
  }
}

function maxOf(row: DOMRect): number {
  return Math.max(MIN_LIST, Math.round(row.width - MIN_SESSION));
}

function onDown(event: PointerEvent): void {
  if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
  event.currentTarget.setPointerCapture(event.pointerId);
}
