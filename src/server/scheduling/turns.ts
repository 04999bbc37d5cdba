import { nextTurn } from '../../protocol/next-turn.js';

/**
 * Divides long work into pieces, one per turn of the event loop, in the order of the requests for a turn. Even a
 * store that works synchronously, with many readers at once, thereby delays other requests by one piece.
 */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #isRunning = false;

  /** Resolves in a turn of its own. The caller then works on one piece, without waiting for timers or I/O. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.size > 0) {
      await nextTurn();
      const [resolve] = this.#waiting;
      if (resolve === undefined) continue;
      this.#waiting.delete(resolve);
      resolve();
    }
    this.#isRunning = false;
  }
}
