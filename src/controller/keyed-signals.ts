import { Signal } from 'signal-polyfill';

/**
 * A map with one signal per entry: reading a key depends on that key alone, and reading `keys` depends on the
 * set of keys alone. So a change of one entry of 10,000 notifies only the readers of that entry.
 */
export class KeyedSignals<Key, Value> {
  /** After a key is removed, its signal holds undefined for its readers. */
  readonly #entries = new Map<Key, Signal.State<Value | undefined>>();
  readonly #keys = new Signal.State<readonly Key[]>([]);
  #compare: ((a: Value, b: Value) => number) | undefined;

  /** @param compare order of the keys by their values; default: order of insertion. */
  constructor(compare?: (a: Value, b: Value) => number) {
    this.#compare = compare;
  }

  /** Sets another order of the keys. */
  reorder(compare: (a: Value, b: Value) => number): void {
    this.#compare = compare;
    this.#keys.set(this.#orderedKeys());
  }

  /** All keys, in order. A new array only when one was added, removed or moved. */
  get keys(): readonly Key[] {
    return this.#keys.get();
  }

  /** The value of a key; also notifies its readers when the key is added or removed. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) return entry.get();
    this.#keys.get();
    return undefined;
  }

  /** The value of a key without depending on it. */
  peek(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : Signal.subtle.untrack(() => entry.get());
  }

  /**
   * Sets and removes entries as one change: the list of keys is written at most once. `isReordered`: a
   * value that decides the order has changed.
   */
  apply(
    changes: Iterable<readonly [Key, Value]>,
    removed: Iterable<Key> = [],
    { isReordered = false }: { readonly isReordered?: boolean } = {},
  ): void {
    let areKeysChanged = isReordered;
    for (const [key, value] of changes) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) entry.set(value);
      else {
        this.#entries.set(key, new Signal.State<Value | undefined>(value));
        areKeysChanged = true;
      }
    }
    for (const key of removed) areKeysChanged = this.#remove(key) || areKeysChanged;
    if (areKeysChanged) this.#keys.set(this.#orderedKeys());
  }

  /** Removes everything. */
  clear(): void {
    this.apply([], this.#entries.keys());
  }

  #remove(key: Key): boolean {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.set(undefined);
    return entry !== undefined;
  }

  #orderedKeys(): readonly Key[] {
    const compare = this.#compare;
    if (compare === undefined) return [...this.#entries.keys()];
    return Signal.subtle.untrack(() =>
      [...this.#entries]
        .flatMap(([key, entry]) => {
          const value = entry.get();
          return value === undefined ? [] : [{ key, value }];
        })
        .sort((a, b) => compare(a.value, b.value))
        .map(({ key }) => key),
    );
  }
}
