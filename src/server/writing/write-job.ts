import type { SessionEndedError } from '../../runner/graph-runner.js';
import type {
  SessionWrite,
  StaleEpochError,
  StoreUnavailableError,
  Unwritten,
  Written,
} from '../store/session-store.js';
import type { Lane } from './fair-queue.js';

/** The store rejected this write; nothing of it was written. `cause` is its error. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/**
 * One step in the queue. `prepare` is called when it is its turn and returns the write, or undefined for none.
 * When it was not written, `undo` is called, and `prepare` again when the step is repeated. In the end
 * exactly one of the other four is called. Only `prepare` may throw.
 */
export interface WriteJob {
  /** The session that it writes. */
  readonly lane: Lane;
  /** True: waits as long as the store cannot be written. False: its caller waits, so it fails soon. */
  readonly isPatient: boolean;
  prepare(): SessionWrite | undefined;
  /** Takes back what `prepare` has changed: it was not written. */
  undo(): void;
  /**
   * Everything that was prepared up to this job is durable. Called in the order of the commit, synchronously
   * for all jobs of a transaction.
   */
  committed(written: Written): void;
  /**
   * `prepare` threw; the other jobs continue. Called when their writes are durable, because they may be the
   * reason why it threw.
   */
  refused(error: unknown): void;
  /**
   * Called instead of `unwritten` when the log does not end where the step expects (after `undo`), if it is defined: reads
   * on. The session is held meanwhile; then the step is prepared again. Called again after StoreUnavailableError; any other
   * error fails the step.
   */
  readonly moved?: () => Promise<void>;
  /** The store did not write this step, but those of others; called after `undo`. */
  unwritten(outcome: Unwritten): void;
  /** Nothing of it was written, and it is not repeated. */
  failed(error: StoreFailure | StoreUnavailableError | StaleEpochError | SessionEndedError): void;
}

/** A job that was prepared: its write, or why it has none. */
export interface PreparedJob {
  readonly job: WriteJob;
  readonly write?: SessionWrite;
  readonly refusal?: { readonly error: unknown };
}

/** Prepares a job whose turn it is. */
export function prepare(job: WriteJob): PreparedJob {
  try {
    const write = job.prepare();
    return write === undefined ? { job } : { job, write };
  } catch (error) {
    return { job, refusal: { error } };
  }
}
