/** Whose turn an item waits for. */
export interface Lane {
  readonly principal: string;
  readonly sessionId: string;
}

interface Held<Item> {
  times: number;
  readonly items: { readonly lane: Lane; readonly item: Item }[];
}

/**
 * A queue that serves owners in turns, and of each owner its sessions in turns, so that many items of one do not hold
 * up those of others. Items of the same session keep their order.
 */
export class FairQueue<Item> {
  /** Both levels are in the order of their next turns; neither has an empty lane. */
  readonly #lanes = new Map<string, Map<string, Item[]>>();
  /** Sessions that are held, how often, and their items. */
  readonly #held = new Map<string, Held<Item>>();
  #size = 0;

  /** Without the items of sessions that are held. */
  get size(): number {
    return this.#size;
  }

  /**
   * Holds the items of a session, also those that are put back or pushed from now on, until it is released as often as it
   * was held.
   */
  hold(sessionId: string): void {
    const held = this.#held.get(sessionId) ?? { times: 0, items: [] };
    held.times += 1;
    this.#held.set(sessionId, held);
    for (const [principal, sessions] of this.#lanes) {
      const items = sessions.get(sessionId) ?? [];
      sessions.delete(sessionId);
      if (sessions.size === 0) this.#lanes.delete(principal);
      this.#size -= items.length;
      for (const item of items) this.push({ principal, sessionId }, item);
    }
  }

  /** Serves the items of a session again, in their order, unless it was held once more. */
  release(sessionId: string): void {
    const held = this.#held.get(sessionId);
    if (held === undefined) return;
    held.times -= 1;
    if (held.times > 0) return;
    this.#held.delete(sessionId);
    for (const { lane, item } of held.items) this.push(lane, item);
  }

  push(lane: Lane, item: Item): void {
    const held = this.#held.get(lane.sessionId);
    if (held !== undefined) {
      held.items.push({ lane, item });
      return;
    }
    const { principal, sessionId } = lane;
    const sessions = this.#lanes.get(principal) ?? new Map<string, Item[]>();
    const items = sessions.get(sessionId) ?? [];
    items.push(item);
    this.#lanes.set(principal, sessions.set(sessionId, items));
    this.#size += 1;
  }

  /** Puts an item before all others of its session, whose turn it keeps or comes last. */
  putBack(lane: Lane, item: Item): void {
    const held = this.#held.get(lane.sessionId);
    if (held !== undefined) {
      held.items.unshift({ lane, item });
      return;
    }
    const { principal, sessionId } = lane;
    const sessions = this.#lanes.get(principal) ?? new Map<string, Item[]>();
    const items = sessions.get(sessionId) ?? [];
    items.unshift(item);
    this.#lanes.set(principal, sessions.set(sessionId, items));
    this.#size += 1;
  }

  /** Returns the next item without removing it; undefined when there is none. */
  peek(): Item | undefined {
    const [sessions] = this.#lanes.values();
    const [items] = sessions?.values() ?? [];
    return items?.[0];
  }

  /** Removes and returns the next items, at most `maxItems`. */
  take(maxItems: number): Item[] {
    const taken: Item[] = [];
    while (taken.length < maxItems) {
      const next = this.#takeOne();
      if (next === undefined) break;
      taken.push(next.item);
    }
    this.#size -= taken.length;
    return taken;
  }

  #takeOne(): { readonly item: Item } | undefined {
    for (const [principal, sessions] of this.#lanes) {
      for (const [sessionId, items] of sessions) {
        const [item] = items.splice(0, 1);
        // Moved to the end of its level: the turn of all others comes first.
        sessions.delete(sessionId);
        if (items.length > 0) sessions.set(sessionId, items);
        this.#lanes.delete(principal);
        if (sessions.size > 0) this.#lanes.set(principal, sessions);
        return item === undefined ? undefined : { item };
      }
    }
    return undefined;
  }
}
