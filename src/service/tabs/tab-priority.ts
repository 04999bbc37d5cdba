import type { Attention } from './tab-messages.js';
import type { Tab } from './tab.js';

/** How much the tabs matter that follow a leader, as they said themselves. */
export class Attentions {
  readonly #tab: Tab;
  readonly #ttlMs: number;
  readonly #others = new Map<string, Attention & { readonly untilMs: number }>();

  /** @param ttlMs what a tab said is believed for so long: it may have crashed. */
  constructor(tab: Tab, ttlMs: number) {
    this.#tab = tab;
    this.#ttlMs = ttlMs;
  }

  set(from: string, { isVisible, focusedAtMs }: Attention): void {
    this.#others.set(from, { isVisible, focusedAtMs, untilMs: this.#tab.wallNow() + this.#ttlMs });
  }

  delete(from: string): void {
    this.#others.delete(from);
  }

  /** That of this tab. */
  own(): Attention {
    const { isVisible, focusedAtMs } = this.#tab;
    return { isVisible, focusedAtMs };
  }

  /** That of the tab which matters most, this one or another. */
  highest(): Attention {
    const now = this.#tab.wallNow();
    const others = [...this.#others.values()].filter(({ untilMs }) => untilMs > now);
    const visible = [this.own(), ...others].filter(({ isVisible }) => isVisible);
    if (visible.length === 0) return this.own();
    return { isVisible: true, focusedAtMs: Math.max(...visible.map(({ focusedAtMs }) => focusedAtMs)) };
  }
}
