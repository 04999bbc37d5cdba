import type { Priority } from './tab-messages.js';
import type { Tab } from './tab.js';

/** Remembers how much this tab and those of its followers matter, as the followers reported it. */
export class TabPriority {
  readonly #tab: Tab;
  readonly #ttlMs: number;
  readonly #others = new Map<string, Priority & { readonly untilMs: number }>();

  /** @param ttlMs how long the report of a tab counts: the tab may have crashed. */
  constructor(tab: Tab, ttlMs: number) {
    this.#tab = tab;
    this.#ttlMs = ttlMs;
  }

  /** Records the report of a follower. */
  set(from: string, { isVisible, focusedAtMs }: Priority): void {
    this.#others.set(from, { isVisible, focusedAtMs, untilMs: this.#tab.wallNow() + this.#ttlMs });
  }

  /** Forgets a follower that left. */
  delete(from: string): void {
    this.#others.delete(from);
  }

  /** Returns the priority of this tab. */
  own(): Priority {
    const { isVisible, focusedAtMs } = this.#tab;
    return { isVisible, focusedAtMs };
  }

  /** Returns the priority of the most important tab, this one or a follower. */
  highest(): Priority {
    const now = this.#tab.wallNow();
    const others = [...this.#others.values()].filter(({ untilMs }) => untilMs > now);
    const visible = [this.own(), ...others].filter(({ isVisible }) => isVisible);
    if (visible.length === 0) return this.own();
    return { isVisible: true, focusedAtMs: Math.max(...visible.map(({ focusedAtMs }) => focusedAtMs)) };
  }
}
