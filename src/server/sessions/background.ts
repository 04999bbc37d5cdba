import { SessionEndedError } from '../../runner/graph-runner.js';
import { StaleEpochError } from '../store/session-store.js';

/** Work that no caller waits for. Its errors are reported; shutdown is not an error. */
export class Background {
  readonly #onError: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Takes over work in progress. Resolves when it has succeeded or failed. */
  run(work: Promise<unknown>): Promise<void> {
    const supervised = this.#reportFailure(work).finally(() => this.#running.delete(supervised));
    this.#running.add(supervised);
    return supervised;
  }

  /** Resolves when no work is in progress. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #reportFailure(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!isShutdown(error)) this.#onError(error);
    }
  }
}

/** True for an error of work that a shutdown, or the loss of the store, has ended: both are reported once. */
function isShutdown(error: unknown): boolean {
  if (error instanceof SessionEndedError || error instanceof StaleEpochError) return true;
  return error instanceof Error && error.cause !== undefined && isShutdown(error.cause);
}
