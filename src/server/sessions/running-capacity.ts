import type { SessionCache } from './session-cache.js';

/** How many more sessions this process may run. One that has its store for itself runs all. */
export class RunningCapacity {
  readonly #cache: SessionCache;
  readonly #maxRunning: number;
  #wasFull = false;
  #isLeaving = false;

  /** `maxRunning`: `Infinity` where no other process could run them. */
  constructor(cache: SessionCache, maxRunning: number) {
    this.#cache = cache;
    this.#maxRunning = maxRunning;
  }

  /** Leaves no room from now on: what is created and answered here runs in another process. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** How many sessions may be started now. Notes when there is no room. */
  room(): number {
    if (this.#isLeaving) return 0;
    if (!Number.isFinite(this.#maxRunning)) return Number.POSITIVE_INFINITY;
    let running = 0;
    for (const { runner, status } of this.#cache.all()) {
      // What waits for an answer costs no more than memory.
      if (runner !== undefined && status === 'running') running += 1;
    }
    const room = Math.max(0, this.#maxRunning - running);
    this.#wasFull ||= room === 0;
    return room;
  }

  /** True if there was no room since the last call: something may wait for it. */
  wasFull(): boolean {
    const wasFull = this.#wasFull;
    this.#wasFull = false;
    return wasFull;
  }
}
