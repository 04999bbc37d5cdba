import { GraphRunError } from '../../protocol/problems.js';
import { SessionEndedError } from '../../runner/graph-runner.js';
import { Wakeup } from '../scheduling/wakeup.js';
import { StaleEpochError } from '../store/session-store.js';
import { StoreOutage } from '../writing/store-outage.js';
import { outageOf } from './session-errors.js';

/** Options of `Background`. */
export interface BackgroundOptions {
  /** Called with errors of the work. */
  readonly onError: (error: unknown) => void;
  /** True while the store cannot be written, which is reported elsewhere. */
  readonly isOutageKnown: () => boolean;
}

/** Work that no caller waits for. Its errors are reported; shutdown is not an error. */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #running = new Set<Promise<void>>();
  /** Work that waits for the store. */
  readonly #waiting = new Set<Wakeup>();
  readonly #outage: StoreOutage;
  #isClosed = false;

  constructor(options: BackgroundOptions) {
    this.#options = options;
    this.#outage = new StoreOutage((error) => {
      if (!options.isOutageKnown()) options.onError(error);
    });
  }

  /** Ends the attempts of work that waits for the store, which the next process repeats. */
  close(): void {
    this.#isClosed = true;
    for (const wakeup of this.#waiting) wakeup.wake();
  }

  /** Takes over work in progress. Resolves when it has succeeded or failed. */
  run(work: Promise<unknown>): Promise<void> {
    const supervised = this.#reportFailure(work).finally(() => this.#running.delete(supervised));
    this.#running.add(supervised);
    return supervised;
  }

  /**
   * Does work, and does it again from its beginning as long as the store cannot be used. Resolves when it has succeeded,
   * has failed for another reason, or is left to the next process.
   */
  runPatiently(work: () => Promise<unknown>): Promise<void> {
    return this.run(this.#patiently(work));
  }

  /** Resolves when no work is in progress. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #patiently(work: () => Promise<unknown>): Promise<void> {
    const wakeup = new Wakeup();
    for (;;) {
      try {
        await work();
        this.#outage.end();
        return;
      } catch (error) {
        const reason = outageOf(error);
        if (reason === undefined) throw error;
        if (this.#isClosed) return;
        this.#waiting.add(wakeup);
        await wakeup.sleep(this.#outage.failed(reason));
        this.#waiting.delete(wakeup);
        if (this.#isClosed) return;
      }
    }
  }

  async #reportFailure(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!isShutdown(error) && !isDeletion(error)) this.#options.onError(error);
    }
  }
}

/** True when the work was on a session that was deleted meanwhile: nothing of it is left to do. */
function isDeletion(error: unknown): boolean {
  return error instanceof GraphRunError && error.code === 'session-deleted';
}

/** True for an error of work that a shutdown, or the loss of the store, has ended: both are reported once. */
function isShutdown(error: unknown): boolean {
  if (error instanceof SessionEndedError || error instanceof StaleEpochError) return true;
  return error instanceof Error && error.cause !== undefined && isShutdown(error.cause);
}
