/** Random numbers that a seed determines (mulberry32). Every method takes one number, `chance` and `pick` included. */
export class SeededRandom {
  #state: number;

  /** A generator of its own for each `turn`, so that one turn can be repeated without those before it. */
  constructor(seed: number, turn = 0) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b)) >>> 0;
  }

  /** From 0 up to 1, without 1. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to `end`, without `end`. */
  below(end: number): number {
    return Math.floor(this.number() * end);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.number() < probability;
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined && items.length === 0) throw new RangeError('There is nothing to pick from.');
    return item as Item;
  }

  /** A list of 0 to `end` - 1 items. */
  list<Item>(end: number, item: (position: number) => Item): Item[] {
    return Array.from({ length: this.below(end) }, (_, position) => item(position));
  }
}
