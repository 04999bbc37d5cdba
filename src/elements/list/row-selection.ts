/** The ends of a range of rows. */
interface RangeEnds {
  /** Ids of all rows, in the order of the list. */
  readonly ids: readonly string[];
  /** Where the range begins when no row was selected before, by its id. */
  readonly from: string | undefined;
}

/** The rows of a list that a person has selected, to do something with all of them. */
export class RowSelection {
  #ids: ReadonlySet<string> = new Set();
  /** The row from which Shift selects a range, and the rows that were selected before the range. */
  #anchor: string | undefined;
  #base: ReadonlySet<string> = new Set();

  /** Number of selected rows. */
  get size(): number {
    return this.#ids.size;
  }

  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }

  /** The selected ones of some rows, in their order. */
  of(sessionIds: readonly string[]): readonly string[] {
    return this.#ids.size === 0 ? [] : sessionIds.filter((sessionId) => this.#ids.has(sessionId));
  }

  /** Selects a row, or takes it out of the selection. */
  toggle(sessionId: string): void {
    const ids = new Set(this.#ids);
    if (!ids.delete(sessionId)) ids.add(sessionId);
    this.#ids = ids;
    this.#base = ids;
    this.#anchor = sessionId;
  }

  /** Selects all rows from the one selected last to another, in place of the last range. */
  extendTo(sessionId: string, { ids, from }: RangeEnds): void {
    const anchor = this.#anchor ?? from ?? sessionId;
    const start = ids.indexOf(anchor);
    const end = ids.indexOf(sessionId);
    if (end === -1) return;
    const first = start === -1 ? end : Math.min(start, end);
    this.#ids = new Set([...this.#base, ...ids.slice(first, Math.max(start, end) + 1)]);
    this.#anchor = start === -1 ? sessionId : anchor;
  }

  clear(): void {
    this.#ids = new Set();
    this.#base = this.#ids;
    this.#anchor = undefined;
  }

  /** Takes out what is no longer in the list. Returns true when that was a part of the selection. */
  keepIn(sessionIds: readonly string[]): boolean {
    if (this.#ids.size === 0) return false;
    const listed = new Set(sessionIds);
    if (this.#anchor !== undefined && !listed.has(this.#anchor)) this.#anchor = undefined;
    const left = [...this.#ids].filter((sessionId) => listed.has(sessionId));
    if (left.length === this.#ids.size) return false;
    this.#ids = new Set(left);
    this.#base = new Set([...this.#base].filter((sessionId) => listed.has(sessionId)));
    return true;
  }
}
