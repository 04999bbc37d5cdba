import { SessionEndedError } from '../../runner/graph-runner.js';
import type { Ownership, SessionStore } from '../store/session-store.js';
import type { Background } from './background.js';
import type { SessionFinder } from './find-session.js';
import type { LogReader } from './log-reader.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionCache } from './session-cache.js';
import type { SessionClaims } from './session-claims.js';
import { draining, outageOf, rethrowForCaller } from './session-errors.js';
import type { Session } from './session.js';

/** Sessions that are claimed at once. */
const CLAIMED_SESSIONS = 50;

/** Dependencies of `SessionRecovery`. */
export interface SessionRecoveryOptions {
  readonly store: SessionStore;
  readonly claims: SessionClaims;
  readonly reader: LogReader;
  readonly cache: SessionCache;
  readonly finder: SessionFinder;
  readonly host: RunnerHost;
  readonly background: Background;
}

/**
 * Continues the sessions that an earlier process left unfinished: those with running nodes in the background,
 * newest first; one that only waits for an answer when it is to be written.
 */
export class SessionRecovery {
  readonly #options: SessionRecoveryOptions;
  readonly #waking = new Map<Session, Promise<void>>();
  #isClosed = false;

  constructor(options: SessionRecoveryOptions) {
    this.#options = options;
  }

  /** Stops recovering; the next process continues. */
  close(): void {
    this.#isClosed = true;
  }

  /** Finds the sessions to continue. Called before the first creation of this process. */
  open(): Promise<void> {
    return this.#options.claims.open();
  }

  /** Continues all sessions whose nodes were running, one after the other. A broken one is reported, and does not affect the others. */
  async continueAll(): Promise<void> {
    const { claims, background } = this.#options;
    while (!this.#isClosed) {
      const claimed = await claims.claimReady(CLAIMED_SESSIONS);
      if (claimed.length === 0) return;
      for (const ownership of claimed) {
        if (this.#isClosed) return;
        await background.run(this.#continueOrWait(ownership));
      }
    }
  }

  /**
   * Makes sure that a session that has not ended runs in this process, so that it can be written.
   *
   * @throws Error when its log or its plan cannot be read. GraphRunError `unavailable` while the server shuts down, or
   *   the store cannot be written.
   */
  wake(session: Session): Promise<void> {
    const isAwake = session.runner !== undefined || session.signal.aborted;
    if (session.hasEnded || session.isDeleted || isAwake) return Promise.resolve();
    const waking =
      this.#waking.get(session) ?? this.#wake(session).finally(() => this.#waking.delete(session));
    this.#waking.set(session, waking);
    return waking;
  }

  /** Continues a session; as soon as the store can be read again, when it cannot now. The others do not wait for that. */
  async #continueOrWait(ownership: Ownership): Promise<void> {
    try {
      await this.#continue(ownership);
    } catch (error) {
      if (outageOf(error) === undefined) throw error;
      void this.#options.background.runPatiently(() => this.#continue(ownership));
    }
  }

  async #continue(ownership: Ownership): Promise<void> {
    const { finder, cache } = this.#options;
    const session = await finder.find(ownership.sessionId);
    if (session === undefined) return;
    session.ownership = ownership;
    try {
      await this.wake(session);
    } catch (error) {
      session.isUnrecovered = !this.#isClosed && outageOf(error) === undefined;
      cache.keep(session);
      throw error;
    }
  }

  async #wake(session: Session): Promise<void> {
    const { store, claims, reader, cache, host } = this.#options;
    const { sessionId } = session;
    session.ownership ??= await claims.claim(sessionId).catch(rethrowForCaller);
    if (session.ownership === undefined) {
      if (session.hasEnded || session.isDeleted) return;
      throw new Error(`Session ${sessionId} ended without this process.`);
    }
    const plan = await store.readPlan(sessionId);
    if (plan === undefined) throw new Error(`The plan of session ${sessionId} is missing.`);
    const fold = await reader.fold(session);
    if (this.#isClosed) throw draining(new SessionEndedError('The server is shutting down.'));
    if (session.durable === undefined) session.load(fold);
    cache.keep(session);
    host.attachRunner(session, plan);
    host.start(session);
  }
}
