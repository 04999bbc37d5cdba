/** The storage that all versions of a map share; each version sees a prefix of it. */
interface Shared<Key, Value> {
  readonly entries: (readonly [Key, Value])[];
  readonly positions: Map<Key, number>;
}

/**
 * An immutable map that only grows: `with` returns a map with one more entry and does not change this one.
 * Adding to the newest version copies nothing, so that a long series of versions costs as much as the last
 * one; adding to an older version copies it.
 */
export class AppendMap<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly size: number;
  readonly #shared: Shared<Key, Value>;

  private constructor(shared: Shared<Key, Value>) {
    this.#shared = shared;
    this.size = shared.entries.length;
  }

  /** Copies the entries of any map; a map of this class is returned as it is. */
  static from<Key, Value>(map: ReadonlyMap<Key, Value>): AppendMap<Key, Value> {
    return map instanceof AppendMap ? map : new AppendMap(sharedOf(map));
  }

  /** Returns this map plus one entry. A key that exists already keeps its value. */
  with(key: Key, value: Value): AppendMap<Key, Value> {
    if (this.has(key)) return this;
    // An empty map is never extended in place: two maps that both began empty must not share storage.
    const isNewest = this.size > 0 && this.#shared.entries.length === this.size;
    const shared = isNewest ? this.#shared : sharedOf(this);
    shared.positions.set(key, shared.entries.length);
    shared.entries.push([key, value]);
    return new AppendMap(shared);
  }

  get(key: Key): Value | undefined {
    return this.has(key) ? this.#shared.entries[this.#shared.positions.get(key) ?? -1]?.[1] : undefined;
  }

  has(key: Key): boolean {
    return (this.#shared.positions.get(key) ?? this.size) < this.size;
  }

  forEach(callback: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void, self?: unknown): void {
    for (const [key, value] of this) callback.call(self, value, key, this);
  }

  *entries(): Generator<[Key, Value], undefined> {
    for (let position = 0; position < this.size; position += 1) {
      const entry = this.#shared.entries[position];
      if (entry !== undefined) yield [...entry];
    }
  }

  *keys(): Generator<Key, undefined> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): Generator<[Key, Value], undefined> {
    return this.entries();
  }
}

function sharedOf<Key, Value>(map: ReadonlyMap<Key, Value>): Shared<Key, Value> {
  const entries = [...map];
  return { entries, positions: new Map(entries.map(([key], position) => [key, position])) };
}
