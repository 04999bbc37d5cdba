import { noChange, type TemplateResult } from 'lit';
import { AsyncDirective } from 'lit/async-directive.js';
import { directive } from 'lit/directive.js';
import { repeat } from 'lit/directives/repeat.js';

/** Fields drawn with the first frame, and with each one after it: a few milliseconds of work. */
const SLICE = 30;

/** Items to draw in slices. */
export interface Slices<Item> {
  readonly items: readonly Item[];
  /** Number of fields that an item has in it. */
  readonly weightOf: (item: Item) => number;
  readonly keyOf: (item: Item) => unknown;
  readonly render: (item: Item) => TemplateResult;
  /** True to draw all items at once. */
  readonly isUrgent: boolean;
}

class InSlices extends AsyncDirective {
  #slices: Slices<unknown> | undefined;
  /** Fields to draw; Infinity once all were drawn. */
  #room = SLICE;
  #drawn = 0;
  #frame: number | undefined;

  render(slices: Slices<unknown>): unknown {
    this.#slices = slices;
    return this.#draw(0);
  }

  /** Draws the items from a position on; those before it stay as they are. */
  #draw(start: number): unknown {
    const slices = this.#slices;
    if (slices === undefined) return noChange;
    const { items, keyOf, render } = slices;
    const count = slices.isUrgent ? items.length : this.#countOf(slices);
    if (count >= items.length) this.#room = Number.POSITIVE_INFINITY;
    else this.#frame ??= requestAnimationFrame(() => this.#drawMore());
    this.#drawn = count;
    return repeat(items.slice(0, count), keyOf, (item, index) => (index < start ? noChange : render(item)));
  }

  /** The number of items that there is room for; at least one. */
  #countOf({ items, weightOf }: Slices<unknown>): number {
    let weight = 0;
    const count = items.findIndex((item) => {
      weight += weightOf(item);
      return weight > this.#room;
    });
    return count < 0 ? items.length : Math.max(1, count);
  }

  #drawMore(): void {
    this.#frame = undefined;
    this.#room += SLICE;
    if (this.isConnected) this.setValue(this.#draw(this.#drawn));
  }

  override disconnected(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  override reconnected(): void {
    this.setValue(this.#draw(0));
  }
}

const inSlicesDirective = directive(InSlices);

/**
 * Draws many items over several frames, so that the page does not freeze: each task draws some 30 fields. Each item
 * keeps its elements, so that focus and caret stay where they are. Once all were drawn, changes are drawn at once.
 */
export function inSlices<Item>(slices: Slices<Item>): ReturnType<typeof inSlicesDirective> {
  return inSlicesDirective(slices as unknown as Slices<unknown>);
}
