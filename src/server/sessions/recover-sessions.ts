import { SessionEndedError } from '../../runner/graph-runner.js';
import type { SessionStore, UnfinishedSession } from '../store/session-store.js';
import type { Background } from './background.js';
import type { SessionFinder } from './find-session.js';
import type { LogReader } from './log-reader.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionCache } from './session-cache.js';
import { draining } from './session-errors.js';
import type { Session } from './session.js';

/** Sessions that are listed at once. */
const PAGE_SESSIONS = 1000;

/** Dependencies of `SessionRecovery`. */
export interface SessionRecoveryOptions {
  readonly store: SessionStore;
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

  /**
   * Lists the sessions whose nodes were running, newest first. Called before the first creation of this process,
   * whose sessions must not be in the list.
   */
  async findInterrupted(): Promise<readonly string[]> {
    const { store } = this.#options;
    const ids: string[] = [];
    for (let before: UnfinishedSession | undefined; ;) {
      const page = await store.findUnfinished('running', PAGE_SESSIONS, before);
      for (const { sessionId } of page) ids.push(sessionId);
      before = page.at(-1);
      // A page may be shorter than its limit although more follow: damaged rows are left out.
      if (before === undefined) return ids;
    }
  }

  /** Continues sessions, one after the other. A broken one is reported, and does not affect the others. */
  async continueAll(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) {
      if (this.#isClosed) return;
      await this.#options.background.run(this.#continue(sessionId));
    }
  }

  /**
   * Makes sure that a session that has not ended runs in this process, so that it can be written.
   *
   * @throws Error when its log or its plan cannot be read. GraphRunError `unavailable` while the server shuts down.
   */
  wake(session: Session): Promise<void> {
    const isAwake = session.runner !== undefined || session.signal.aborted;
    if (session.hasEnded || session.isDeleted || isAwake) return Promise.resolve();
    const waking =
      this.#waking.get(session) ?? this.#wake(session).finally(() => this.#waking.delete(session));
    this.#waking.set(session, waking);
    return waking;
  }

  async #continue(sessionId: string): Promise<void> {
    const { finder, cache } = this.#options;
    const session = await finder.find(sessionId);
    if (session === undefined) return;
    try {
      await this.wake(session);
    } catch (error) {
      session.isUnrecovered = !this.#isClosed;
      cache.keep(session);
      throw error;
    }
  }

  async #wake(session: Session): Promise<void> {
    const { store, reader, cache, host } = this.#options;
    const { sessionId } = session;
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
