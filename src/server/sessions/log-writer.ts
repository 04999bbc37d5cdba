import { StaleEpochError, type SessionStore, type SessionWrite } from '../store/session-store.js';

/** The store did not take a write; nothing was written. `cause` is what it said. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/**
 * One step that waits for its turn. `prepare` is called when the turn has come and says what to write
 * (nothing: undefined). Then exactly one of the other three is called, and none of them may throw.
 */
export interface WriteJob {
  prepare(): SessionWrite | undefined;
  /**
   * All that was prepared up to this job is durable. Called in the order of the commit, without a pause
   * between two jobs.
   */
  committed(revision: number | undefined): void;
  /**
   * `prepare` threw; the other jobs go on. Called when theirs is durable: why it threw may be what they
   * wrote.
   */
  refused(error: unknown): void;
  /** The transaction failed: nothing of it was written. */
  failed(error: StoreFailure | StaleEpochError): void;
}

interface PreparedJob {
  readonly job: WriteJob;
  readonly write?: SessionWrite;
  readonly refusal?: { readonly error: unknown };
}

/** Jobs of one transaction. */
const MAX_BATCH = 128;

/**
 * The only writer of a store. Jobs that arrive while a transaction is under way are written together
 * in the next one (group commit), in the order in which they came.
 */
export class LogWriter {
  readonly #store: SessionStore;
  readonly #epoch: number;
  readonly #queue: WriteJob[] = [];
  #running: Promise<void> | undefined;

  constructor(store: SessionStore, epoch: number) {
    this.#store = store;
    this.#epoch = epoch;
  }

  /** Puts a job at the end of the queue. */
  submit(job: WriteJob): void {
    this.#queue.push(job);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Whoever submits in the same turn of the event loop gets into the same transaction; and a run that
      // writes as fast as it can leaves turns for everybody else, also where a store needs none.
      await nextTurn();
      await this.#writeBatch(this.#queue.splice(0, MAX_BATCH));
    }
    this.#running = undefined;
  }

  async #writeBatch(batch: readonly WriteJob[]): Promise<void> {
    const prepared = batch.map(prepare);
    const writes = prepared.flatMap(({ write }) => (write === undefined ? [] : [write]));
    let revisions: readonly (number | undefined)[] = [];
    try {
      if (writes.length > 0) revisions = await this.#store.commit(this.#epoch, writes);
    } catch (error) {
      const failure =
        error instanceof StaleEpochError
          ? error
          : new StoreFailure('The store did not take a write.', { cause: error });
      for (const { job } of prepared) job.failed(failure);
      return;
    }
    let position = 0;
    for (const { job, write, refusal } of prepared) {
      if (refusal !== undefined) job.refused(refusal.error);
      else job.committed(write === undefined ? undefined : revisions[position++]);
    }
  }
}

function prepare(job: WriteJob): PreparedJob {
  try {
    const write = job.prepare();
    return write === undefined ? { job } : { job, write };
  } catch (error) {
    return { job, refusal: { error } };
  }
}

/** Resolves in the next turn of the event loop, after input and output had theirs. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // Not every runtime has the first; the second may take a millisecond.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
