import type { GraphRunEvent } from '../../protocol/events.js';
import { GraphRunError } from '../../protocol/problems.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import type { SessionState } from '../../protocol/session-state.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import { SessionEndedError, type GraphRunner, type RunnerSession } from '../../runner/graph-runner.js';
import type { ServerLimits } from '../limits.js';
import type { LogReader } from './log-reader.js';
import { StoreFailure } from '../writing/write-job.js';
import { retryDelayMs } from '../scheduling/retry-delay.js';
import { outageOf } from './session-errors.js';
import type { SessionLog } from './session-log.js';
import type { Session } from './session.js';
import type { Ownership } from '../store/ownership.js';
import { StaleEpochError, type SessionPlan } from '../store/session-store.js';
import { Wakeup } from '../scheduling/wakeup.js';

/** Delays before another attempt to end a session whose events the store rejects. */
const RETRY_DELAYS = { minMs: 1000, maxMs: 60_000 } as const;
/** Delays before another attempt to read a log while the store cannot be used. */
const READ_DELAYS = { minMs: 50, maxMs: 1000 } as const;
/** How often it is reported that a session cannot be ended. */
const REPORT_MS = 60_000;

/** Dependencies of `RunnerHost`. */
export interface RunnerHostOptions {
  readonly runner: GraphRunner;
  readonly log: Pick<SessionLog, 'append' | 'isClosed'>;
  readonly reader: Pick<LogReader, 'readAll'>;
  readonly limits: Pick<ServerLimits, 'eventBytes'>;
  /** Called when another process has claimed a session that was run here. */
  readonly onStale: (session: Session) => void;
  readonly onError: (error: unknown) => void;
}

/** Runs sessions with a runner, and ends the ones that it cannot continue. */
export class RunnerHost {
  readonly #options: RunnerHostOptions;
  /** Sessions whose terminal event the store has not accepted yet. */
  readonly #failing = new Map<Session, Wakeup>();
  /** Runs that wait until their logs can be read. */
  readonly #reading = new Set<Wakeup>();
  /** Set while this process leaves: called with each session that comes to run here all the same. */
  #onLate: ((session: Session) => void) | undefined;

  constructor(options: RunnerHostOptions) {
    this.#options = options;
  }

  /** Gives a session the interface to the runner, so that it can be started. `answered`: see `RunnerSession`. */
  attachRunner(session: Session, plan: SessionPlan, answered?: ReadonlySet<string>): void {
    session.runner = this.#runnerSession(session, plan, answered);
    this.#onLate?.(session);
  }

  /** Starts a session, or continues it after a restart, without waiting for it. */
  start(session: Session): void {
    this.#run(session, (runner) => this.#options.runner.start(runner));
  }

  /** Resumes a session after an answer, without waiting for it. */
  resume(session: Session, interactionId: string): void {
    this.#run(session, (runner) => this.#options.runner.resume(runner, interactionId));
  }

  /** Ends a session that is not run again, because that would end this process, too. */
  async end(session: Session, takeovers: number): Promise<void> {
    await this.#failWhenPossible(
      session,
      new Error(`Session ${session.sessionId} was ended: ${takeovers} processes ended while they ran it.`),
    );
  }

  /**
   * Starts no further nodes: another process does that. `onLate` is called with each session that comes to run here all the
   * same, because its creation or its claim was on its way.
   */
  leave(onLate: (session: Session) => void): void {
    this.#onLate = onLate;
  }

  close(): void {
    for (const wakeup of [...this.#failing.values(), ...this.#reading]) wakeup.wake();
  }

  #runnerSession(session: Session, plan: SessionPlan, answered?: ReadonlySet<string>): RunnerSession {
    const { log, limits } = this.#options;
    const { sessionId, signal, ownership } = session;
    return {
      ...plan,
      ...(answered === undefined ? {} : { answered }),
      sessionId,
      signal,
      isLeaving: () => this.#onLate !== undefined,
      maxEventBytes: limits.eventBytes,
      get state() {
        return session.durable?.state ?? EMPTY_SESSION;
      },
      readEvents: () => this.#readPatiently(session, signal),
      append: async (build) => {
        try {
          const decide = (current: SessionState) => {
            // Another run may have been started since: by this process, which has claimed the session again.
            if (session.ownership !== ownership) throw new SessionEndedError('Another run has the session.');
            if (isTerminalStatus(current.status)) throw new SessionEndedError('The session has ended.');
            return build(current);
          };
          return await log.append(session, decide, { isPatient: true, ownership });
        } catch (error) {
          throw this.#runnerError(session, ownership, error);
        }
      },
      accessToken: () => session.accessToken,
    };
  }

  /**
   * Reads the log of a session for its run. While the store cannot be used, waits until the run has ended: an outage, which
   * the writer reports, must not fail it.
   */
  async *#readPatiently(session: Session, signal: AbortSignal): AsyncGenerator<readonly GraphRunEvent[]> {
    const { log, reader } = this.#options;
    const { record, lastIndex } = session;
    const wakeup = new Wakeup();
    let failures = 0;
    for (let after = -1; after < lastIndex;) {
      try {
        for await (const page of reader.readAll(record, lastIndex, after)) {
          after = page.at(-1)?.index ?? lastIndex;
          failures = 0;
          yield page;
        }
      } catch (error) {
        if (outageOf(error) === undefined || signal.aborted || log.isClosed)
          throw this.#runnerError(session, session.ownership, error);
        failures += 1;
        this.#reading.add(wakeup);
        await wakeup.sleep(retryDelayMs(failures, READ_DELAYS));
        this.#reading.delete(wakeup);
      }
    }
  }

  /**
   * Converts an error of the store to the one that a run gets. A run of an earlier `ownership` changes nothing of the session:
   * another one may have begun in this process.
   */
  #runnerError(session: Session, ownership: Ownership | undefined, error: unknown): unknown {
    const isCurrent = session.ownership === ownership;
    if (error instanceof StaleEpochError) {
      if (isCurrent) this.#options.onStale(session);
      return new SessionEndedError('Another process runs this session now.', { cause: error });
    }
    if (error instanceof GraphRunError && error.code === 'session-deleted') {
      return new SessionEndedError('The session was deleted.', { cause: error });
    }
    if (error instanceof StoreFailure) {
      // An event is lost, so the run cannot continue; the session must not look as if it did.
      if (isCurrent) {
        session.release();
        void this.#failWhenPossible(session, error);
      }
      return new SessionEndedError('The store failed.', { cause: error });
    }
    return error;
  }

  #run(session: Session, work: (runner: RunnerSession) => Promise<void>): void {
    if (session.runner !== undefined) void this.#supervise(session, work(session.runner));
  }

  async #supervise(session: Session, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      await this.#failWhenPossible(session, error);
    }
  }

  /** Reports why a session cannot continue, and ends it as soon as the store accepts that. Never rejects. */
  async #failWhenPossible(session: Session, reason: unknown): Promise<void> {
    // All its pending work fails for the same reason, which is reported once.
    if (this.#failing.has(session)) return;
    this.#options.onError(reason);
    let reportedAt = performance.now();
    const wakeup = new Wakeup();
    this.#failing.set(session, wakeup);
    for (let failures = 1; ; failures += 1) {
      const failure = await this.#fail(session);
      if (failure === undefined || this.#options.log.isClosed) break;
      if (performance.now() - reportedAt >= REPORT_MS) {
        this.#options.onError(failure);
        reportedAt = performance.now();
      }
      await wakeup.sleep(retryDelayMs(failures, RETRY_DELAYS));
    }
    this.#failing.delete(session);
  }

  /** Ends a session. Resolves with the reason when the store rejects that for now. */
  async #fail(session: Session): Promise<StoreFailure | undefined> {
    if (session.isDeleted) return undefined;
    const { sessionId } = session;
    const end = (state: SessionState) =>
      isTerminalStatus(state.status)
        ? []
        : [{ type: 'graphError', sessionId, error: 'The server could not continue this run.' } as const];
    try {
      await this.#options.log.append(session, end, { isPatient: true, ownership: session.ownership });
    } catch (error) {
      if (error instanceof StoreFailure) return error;
      if (!(error instanceof SessionEndedError || error instanceof StaleEpochError)) {
        this.#options.onError(error);
      }
    }
    return undefined;
  }
}
