import { StaleEpochError, type SessionStore, type SessionWrite } from '../store/session-store.js';

/** The store rejected a write; nothing was written. `cause` is its error. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/**
 * One step in the queue. `prepare` is called when it is its turn and returns the write, or undefined for
 * none. Then exactly one of the other three is called, and none of them may throw.
 */
export interface WriteJob {
  prepare(): SessionWrite | undefined;
  /**
   * Everything that was prepared up to this job is durable. Called in the order of the commit, synchronously
   * for all jobs of a transaction.
   */
  committed(revision: number | undefined): void;
  /**
   * `prepare` threw; the other jobs continue. Called when their writes are durable, because they may be the
   * reason why it threw.
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

/** Maximal number of jobs per transaction. */
const MAX_BATCH = 128;

/**
 * The only writer of a store. Jobs that arrive while a transaction is in progress are written together in
 * the next one (group commit), in the order of their arrival.
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

  /** Appends a job to the queue. */
  submit(job: WriteJob): void {
    this.#queue.push(job);
    this.#running ??= this.#run();
  }

  /** Resolves when the queue is empty and nothing is being written. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Jobs of the same turn of the event loop get into the same transaction; and a run that writes as fast
      // as it can leaves turns for everything else, even with a store that is synchronous.
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
          : new StoreFailure('The store rejected a write.', { cause: error });
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

/** Resolves in the next turn of the event loop, after input and output. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // Not every runtime has `setImmediate`; `setTimeout` may take a millisecond.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
