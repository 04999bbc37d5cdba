import { SessionEndedError } from '../../runner/graph-runner.js';

/** Work that no caller waits for. What goes wrong in it is told; that the server closes is no error. */
export class Background {
  readonly #onError: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Takes work over. Resolves when it has ended, however it did. */
  run(work: Promise<unknown>): Promise<void> {
    const settled = this.#settle(work).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return settled;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #settle(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof SessionEndedError)) this.#onError(error);
    }
  }
}
