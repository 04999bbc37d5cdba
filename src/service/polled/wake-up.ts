import { untilWoken } from '../until-woken.js';

/** Pauses between two looks at a server that has no push, which own calls end early. */
export class WakeUp {
  readonly #waiters = new Set<() => void>();
  #count = 0;

  /** Number of wakes so far: read it before a look, so that `pause` knows what came during the look. */
  get count(): number {
    return this.#count;
  }

  /** Ends all pauses. */
  wake(): void {
    this.#count += 1;
    for (const waiter of this.#waiters) waiter();
  }

  /** Resolves after `ms`, on `wake`, or when `signal` aborts; at once after a wake since `count` was read. */
  async pause(ms: number, signal: AbortSignal, count = this.#count): Promise<void> {
    if (count !== this.#count) return;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), ms);
    try {
      await untilWoken(this.#waiters, AbortSignal.any([signal, timeout.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}
