import { SessionEndedError } from '../../runner/graph-runner.js';
import {
  StaleEpochError,
  StoreUnavailableError,
  UnknownOutcomeError,
  type SessionStore,
  type SessionWrite,
  type WriteOutcome,
  type Written,
} from '../store/session-store.js';
import { writeSize } from '../store/write-size.js';
import { FairQueue } from './fair-queue.js';
import { nextTurn } from '../../protocol/next-turn.js';
import { StoreOutage } from './store-outage.js';
import { prepare, StoreFailure, type PreparedJob, type WriteJob } from './write-job.js';
import { Wakeup } from '../scheduling/wakeup.js';

/** Dependencies of `LogWriter`. */
export interface LogWriterOptions {
  readonly store: SessionStore;
  readonly epoch: number;
  /**
   * Joins the processes that share the store again, when they have taken this one for dead; resolves with its new epoch.
   * Absent for a store that one process has for itself.
   */
  readonly rejoin?: () => Promise<number>;
  /** Called while the store cannot be written: soon, and then once a minute. */
  readonly onError: (error: StoreUnavailableError) => void;
  /** Called once, when the store belongs to another process: nothing more is written. */
  readonly onLost: (error: StaleEpochError) => void;
}

/** Maximal number of jobs per transaction. */
const MAX_BATCH = 128;
/** Bytes of events and plans after which a transaction gets no further job: a large one holds up all others for long. */
const BATCH_BYTES = 1024 * 1024;
/** Time after which a transaction gets no further job: to prepare a step of a large graph takes a millisecond. */
const PREPARE_MS = 10;
/** The outcome of a job that had nothing to write. */
const NOTHING_WRITTEN: Written = { kind: 'written' };
/** How long the callers of a commit wait for its outcome: longer than a database may take for a statement. */
const STUCK_MS = 4500;
/** How long the log of a session is left to another process, which has to read on and to append. */
const GIVE_WAY_MS = 100;
/** How often a writer that has nothing to write checks that the store is still its own. */
const CHECK_MS = 1000;

/**
 * The only writer of a store. Jobs that arrive while a transaction is in progress are written together in
 * the next one (group commit): those of a session in the order of their arrival, owners and sessions in turns. When the
 * store rejects a transaction, its jobs are written one by one, so that one bad write harms no other; while the store
 * cannot be written, they wait, and one that alone cannot be written does not hold up the others.
 */
export class LogWriter {
  readonly #store: SessionStore;
  readonly #rejoin: (() => Promise<number>) | undefined;
  #epoch: number;
  readonly #outage: StoreOutage;
  readonly #wakeup = new Wakeup();
  readonly #queue = new FairQueue<WriteJob>();
  /** Jobs of a rejected transaction, and those that failed alone: each gets one of its own. */
  readonly #single = new WeakSet<WriteJob>();
  /** Jobs that failed alone while the store could not be written, each since its first failure. */
  readonly #held = new WeakMap<WriteJob, StoreOutage>();
  /** Jobs per transaction: fewer after each one that could not be written, until that one alone waits which cannot. */
  #maxJobs = MAX_BATCH;
  readonly #onError: (error: StoreUnavailableError) => void;
  readonly #onLost: (error: StaleEpochError) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #isClosing = false;
  /** When the commit in progress began; `Infinity` when there is none. */
  #committingSinceMs = Number.POSITIVE_INFINITY;
  #lost: StaleEpochError | undefined;
  #running: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  /** Steps whose sessions are read on, each with what ends its waiting for the store. */
  readonly #reading = new Map<Promise<void>, Wakeup>();
  /** Sessions whose logs are left to another process, each until its timer. */
  readonly #givenWay = new Map<string, ReturnType<typeof setTimeout>>();

  constructor({ store, epoch, rejoin, onError, onLost }: LogWriterOptions) {
    this.#store = store;
    this.#epoch = epoch;
    this.#rejoin = rejoin;
    this.#outage = new StoreOutage(onError);
    this.#onError = onError;
    this.#onLost = onLost;
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    // The check alone must not keep a process running.
    this.#timer.unref();
  }

  /** False while the store cannot be written, and once it belongs to another process. */
  get canWrite(): boolean {
    return this.#lost === undefined && !this.#outage.isLong;
  }

  /** True while a commit is in progress whose outcome is not known for longer than its callers can wait. */
  get isStuck(): boolean {
    return performance.now() - this.#committingSinceMs > STUCK_MS;
  }

  /** True while the store cannot be written, which is reported when it lasts. */
  get hasOutage(): boolean {
    return this.#outage.isOn;
  }

  /** Writes with another epoch from now on: this process has joined the others again. */
  renew(epoch: number): void {
    this.#epoch = epoch;
  }

  /** Appends a job to the queue. */
  submit(job: WriteJob): void {
    if (this.#lost !== undefined) {
      job.failed(this.#lost);
      return;
    }
    this.#queue.push(job.lane, job);
    this.#start();
  }

  /** Leaves the log of a session to another process for a moment, in which a person's step there gets its turn. */
  giveWay(sessionId: string): void {
    if (this.#isClosing || this.#lost !== undefined || this.#givenWay.has(sessionId)) return;
    this.#queue.hold(sessionId);
    this.#givenWay.set(
      sessionId,
      setTimeout(() => this.#resume(sessionId), GIVE_WAY_MS),
    );
  }

  /** Writes the log of a session again that was left to another process. */
  #resume(sessionId: string): void {
    clearTimeout(this.#givenWay.get(sessionId));
    this.#givenWay.delete(sessionId);
    this.#queue.release(sessionId);
    this.#start();
  }

  /**
   * Resolves when the queue is empty and nothing is being written. From now on nothing waits for a store that
   * cannot be written: those jobs fail with SessionEndedError.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    this.#wakeup.wake();
    for (const sessionId of this.#givenWay.keys()) this.#resume(sessionId);
    for (const wakeup of this.#reading.values()) wakeup.wake();
    await this.#checking;
    while (this.#running !== undefined || this.#reading.size > 0) {
      await this.#running;
      await Promise.all(this.#reading.keys());
    }
  }

  /** Looks whether the store can still be written, unless a write in progress shows it. */
  #check(): void {
    if (this.#running !== undefined || this.#checking !== undefined || this.#lost !== undefined) return;
    this.#checking = this.#look().finally(() => {
      this.#checking = undefined;
    });
  }

  async #look(): Promise<void> {
    const sinceMs = performance.now();
    try {
      // Only a write shows that a store can be written again.
      if (this.#outage.isOn) await this.#store.commit(this.#epoch, []);
      else await this.#store.checkEpoch(this.#epoch);
      this.#outage.end();
    } catch (error) {
      if (error instanceof StaleEpochError) await this.#displaced(error);
      else if (error instanceof StoreUnavailableError) this.#outage.failed(error, sinceMs);
      else this.#outage.failed(new StoreUnavailableError('The store cannot be checked.', { cause: error }));
    }
  }

  /** Joins the other processes again; in a store that another process has for itself now, stops for good. */
  async #displaced(error: StaleEpochError): Promise<void> {
    if (this.#rejoin === undefined) {
      this.#lose(error);
      return;
    }
    try {
      this.#epoch = await this.#rejoin();
    } catch (cause) {
      const reason = new StoreUnavailableError('The store cannot be joined again.', { cause });
      await this.#wait(this.#outage.failed(reason), reason);
    }
  }

  /** Stops for good: another process writes now. */
  #lose(error: StaleEpochError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    clearInterval(this.#timer);
    for (const job of this.#takeAll()) job.failed(error);
    this.#onLost(error);
  }

  /** Begins to write, unless that is in progress, or there is nothing to write: jobs of sessions that are held do not count. */
  #start(): void {
    if (this.#queue.size > 0) this.#running ??= this.#run();
  }

  /** Only for `#start`: with an empty queue it would end before it is noted as running, and stay noted for good. */
  async #run(): Promise<void> {
    while (this.#queue.size > 0) {
      // Jobs of the same turn of the event loop get into the same transaction; and a run that writes as fast
      // as it can leaves turns for everything else, even with a store that is synchronous.
      await nextTurn();
      const prepared = this.#prepareBatch();
      // To write large events takes as long again as to prepare them.
      if (prepared.some(({ write }) => write !== undefined && writeSize(write) > BATCH_BYTES))
        await nextTurn();
      await this.#write(prepared);
    }
    this.#running = undefined;
  }

  #prepareBatch(): readonly PreparedJob[] {
    const batch: PreparedJob[] = [];
    let bytes = 0;
    const untilMs = performance.now() + PREPARE_MS;
    while (batch.length < this.#maxJobs && bytes < BATCH_BYTES && performance.now() < untilMs) {
      const next = this.#queue.peek();
      if (next === undefined) break;
      const isSingle = this.#single.has(next);
      if (isSingle && batch.length > 0) break;
      this.#queue.take(1);
      const prepared = prepare(next);
      batch.push(prepared);
      bytes += prepared.write === undefined ? 0 : writeSize(prepared.write);
      if (isSingle) break;
    }
    return batch;
  }

  /** Puts jobs back, each before the later ones of its session; the turns of other sessions come first. */
  #putBack(jobs: readonly WriteJob[]): void {
    for (const job of [...jobs].reverse()) this.#queue.putBack(job.lane, job);
  }

  #takeAll(): readonly WriteJob[] {
    return this.#queue.take(this.#queue.size);
  }

  async #write(prepared: readonly PreparedJob[]): Promise<void> {
    const writes = prepared.flatMap(({ write }) => (write === undefined ? [] : [write]));
    let outcomes: readonly WriteOutcome[] = [];
    const sinceMs = performance.now();
    this.#committingSinceMs = sinceMs;
    try {
      if (writes.length > 0) {
        outcomes = await this.#commit(writes);
        this.#outage.end();
        this.#maxJobs = Math.min(MAX_BATCH, this.#maxJobs * 2);
      }
    } catch (error) {
      this.#committingSinceMs = Number.POSITIVE_INFINITY;
      for (const { job } of prepared) job.undo();
      await this.#recover(
        prepared.map(({ job }) => job),
        error,
        sinceMs,
      );
      return;
    }
    this.#committingSinceMs = Number.POSITIVE_INFINITY;
    this.#settle(prepared, outcomes);
  }

  /** Commits steps. While it is not known whether they were written, asks again: they are written once. */
  async #commit(writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]> {
    for (;;) {
      const sinceMs = performance.now();
      try {
        return await this.#store.commit(this.#epoch, writes);
      } catch (error) {
        if (!(error instanceof UnknownOutcomeError)) throw error;
        const reason = new StoreUnavailableError(error.message, { cause: error.cause });
        if (this.#isClosing) throw reason;
        const delayMs = this.#outage.failed(reason, sinceMs);
        this.#refuseWaiting(reason);
        await this.#wakeup.sleep(delayMs);
      }
    }
  }

  /**
   * Calls the jobs of a transaction back. What was prepared after a step of the same session that was not written is
   * prepared again: it was decided on something that is not in the log.
   */
  #settle(prepared: readonly PreparedJob[], outcomes: readonly WriteOutcome[]): void {
    const unwritten = new Set<string>();
    const again: WriteJob[] = [];
    let position = 0;
    for (const { job, write, refusal } of prepared) {
      const outcome = write === undefined ? NOTHING_WRITTEN : (outcomes[position++] ?? NOTHING_WRITTEN);
      const { sessionId } = job.lane;
      if (unwritten.has(sessionId)) {
        job.undo();
        again.push(job);
      } else if (refusal !== undefined) {
        job.refused(refusal.error);
      } else if (outcome.kind === 'written') {
        job.committed(outcome);
      } else {
        unwritten.add(sessionId);
        job.undo();
        const { moved } = job;
        if (outcome.kind === 'moved' && moved !== undefined) this.#readOn(job, moved);
        else job.unwritten(outcome);
      }
    }
    this.#putBack(again);
  }

  /** Holds a session until a step of it has read on; then the step comes first. */
  #readOn(job: WriteJob, moved: () => Promise<void>): void {
    const { sessionId } = job.lane;
    this.#queue.hold(sessionId);
    const wakeup = new Wakeup();
    const read = this.#readPatiently(job, moved, wakeup).then(() => {
      this.#queue.release(sessionId);
      this.#reading.delete(read);
      this.#start();
    });
    this.#reading.set(read, wakeup);
  }

  /** Reads on and puts the step back. While the store cannot be read, tries again for as long as the step may wait. */
  async #readPatiently(job: WriteJob, moved: () => Promise<void>, wakeup: Wakeup): Promise<void> {
    const sinceMs = performance.now();
    for (;;) {
      try {
        await moved();
        this.#queue.putBack(job.lane, job);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) {
          job.failed(new StoreFailure('The log cannot be read on.', { cause: error }));
          return;
        }
        const delayMs = this.#outage.failed(error, sinceMs);
        if (this.#isClosing || (this.#outage.isLong && !job.isPatient)) {
          job.failed(this.#isClosing ? shuttingDown(error) : error);
          return;
        }
        await wakeup.sleep(delayMs);
      }
    }
  }

  /** Decides about the jobs of a transaction that failed, and began at `sinceMs`. */
  async #recover(batch: readonly WriteJob[], error: unknown, sinceMs: number): Promise<void> {
    if (error instanceof StaleEpochError) {
      this.#putBack(batch);
      await this.#displaced(error);
    } else if (error instanceof StoreUnavailableError) {
      const delayMs = this.#outage.failed(error, sinceMs);
      this.#maxJobs = Math.max(1, Math.floor(batch.length / 2));
      this.#putBack(batch.filter((job) => batch.length > 1 || this.#canWait(job, error, sinceMs)));
      await this.#wait(delayMs, error);
    } else if (batch.length === 1) {
      const failure = new StoreFailure('The store rejected a write.', { cause: error });
      for (const job of batch) job.failed(failure);
    } else {
      for (const job of batch) this.#single.add(job);
      this.#putBack(batch);
    }
  }

  /**
   * Decides about a job that could not be written alone, although others may be: a large one while the disk is almost
   * full. False when its caller has waited long enough; then it has failed.
   */
  #canWait(job: WriteJob, error: StoreUnavailableError, sinceMs: number): boolean {
    // While nothing can be written, that is reported for all.
    const onError = (reason: StoreUnavailableError): void => {
      if (!this.#outage.isLong) this.#onError(reason);
    };
    const outage = this.#held.get(job) ?? new StoreOutage(onError);
    this.#held.set(job, outage);
    this.#single.add(job);
    outage.failed(error, sinceMs);
    if (job.isPatient || !outage.isLong) return true;
    job.failed(error);
    return false;
  }

  /** Waits before the next attempt, and lets the callers know that it takes long. */
  async #wait(delayMs: number, error: StoreUnavailableError): Promise<void> {
    if (this.#isClosing) {
      const ended = shuttingDown(error);
      for (const job of this.#takeAll()) job.failed(ended);
    } else {
      this.#refuseWaiting(error);
    }
    if (this.#queue.size > 0) await this.#wakeup.sleep(delayMs);
  }

  /** Lets the callers in the queue know that it takes long. */
  #refuseWaiting(error: StoreUnavailableError): void {
    if (!this.#outage.isLong) return;
    for (const job of this.#takeAll()) {
      if (job.isPatient) this.#queue.push(job.lane, job);
      else job.failed(error);
    }
  }
}

function shuttingDown(cause: StoreUnavailableError): SessionEndedError {
  return new SessionEndedError('The server is shutting down.', { cause });
}
