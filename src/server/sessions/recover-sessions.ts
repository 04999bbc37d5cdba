import { SessionEndedError } from '../../runner/graph-runner.js';
import type { SessionState } from '../../protocol/session-state.js';
import type { ClaimedSession, Ownership } from '../store/ownership.js';
import type { SessionStore } from '../store/session-store.js';
import type { Background } from './background.js';
import type { SessionFinder } from './find-session.js';
import type { LogReader } from './log-reader.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionCache } from './session-cache.js';
import type { SessionClaims } from './claims/session-claims.js';
import { draining, outageOf, rethrowForCaller } from './session-errors.js';
import type { Session } from './session.js';

/** Sessions that are claimed at once. */
const CLAIMED_SESSIONS = 50;

/** How many processes in a row may die while they run a session, without a node that ended in between. */
const MAX_TAKEOVERS = 3;

/** Dependencies of `SessionRecovery`. */
export interface SessionRecoveryOptions {
  readonly store: SessionStore;
  readonly claims: SessionClaims;
  readonly reader: LogReader;
  readonly cache: SessionCache;
  readonly finder: SessionFinder;
  readonly host: RunnerHost;
  readonly background: Background;
  /** Brings a session up to what other processes have written. */
  readonly refresh: (session: Session) => Promise<void>;
}

/**
 * Continues the sessions that an earlier process left unfinished: those with running nodes in the background,
 * newest first; one that only waits for an answer when it is to be written.
 */
export class SessionRecovery {
  readonly #options: SessionRecoveryOptions;
  readonly #waking = new Map<Session, Promise<boolean>>();
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
   * Makes sure that a session that has not ended runs, so that it can be written: in this process, unless another one runs
   * it; then its log is read here. Resolves with true if it runs here.
   *
   * @throws Error when its log or its plan cannot be read. GraphRunError `unavailable` while the server shuts down, or
   *   the store cannot be written.
   */
  wake(session: Session): Promise<boolean> {
    const isAwake = session.runner !== undefined || session.signal.aborted;
    if (session.hasEnded || session.isDeleted || isAwake) return Promise.resolve(true);
    const waking =
      this.#waking.get(session) ?? this.#wake(session).finally(() => this.#waking.delete(session));
    this.#waking.set(session, waking);
    return waking;
  }

  /** Continues a session; as soon as the store can be read again, when it cannot now. The others do not wait for that. */
  async #continueOrWait(ownership: ClaimedSession): Promise<void> {
    try {
      await this.#continue(ownership);
    } catch (error) {
      if (outageOf(error) === undefined) throw error;
      void this.#options.background.runPatiently(() => this.#continue(ownership));
    }
  }

  async #continue(ownership: ClaimedSession): Promise<void> {
    const { finder, cache, refresh } = this.#options;
    const session = await finder.find(ownership.sessionId);
    if (session === undefined) return;
    try {
      // Other processes may have written since it was read.
      await refresh(session);
      if (session.runner !== undefined) session.letGo();
      session.ownership = ownership;
      await this.wake(session);
    } catch (error) {
      session.isUnrecovered = !this.#isClosed && outageOf(error) === undefined;
      cache.keep(session);
      throw error;
    }
  }

  async #wake(session: Session): Promise<boolean> {
    const { store, claims, reader, cache, host, refresh } = this.#options;
    const { sessionId } = session;
    if (session.ownership === undefined) {
      const claim = await claims.claim(sessionId).catch(rethrowForCaller);
      await refresh(session);
      if (session.hasEnded || session.isDeleted) return true;
      if (claim === undefined) throw new Error(`Session ${sessionId} ended without this process.`);
      if (claim === 'elsewhere') {
        const fold = await reader.fold(session);
        if (session.durable === undefined) session.load(fold);
        return false;
      }
      session.ownership = claim;
    }
    const { ownership } = session;
    const plan = await store.readPlan(sessionId);
    if (plan === undefined) throw new Error(`The plan of session ${sessionId} is missing.`);
    const fold = await reader.fold(session);
    if (this.#isClosed) throw draining(new SessionEndedError('The server is shutting down.'));
    if (session.durable === undefined) session.load(fold);
    cache.keep(session);
    if ('takeovers' in ownership && ownership.takeovers >= MAX_TAKEOVERS) {
      await host.end(session, ownership.takeovers);
      return true;
    }
    const unseen = unseenAnswers(fold.state, ownership);
    host.attachRunner(session, plan, new Set(unseen.values()));
    host.start(session);
    for (const interactionId of unseen.keys()) host.resume(session, interactionId);
    return true;
  }
}

/** The nodes whose questions were answered while no process ran the session, by the ids of the questions. */
function unseenAnswers(
  { resolved, nodes }: SessionState,
  ownership: Ownership | ClaimedSession,
): ReadonlyMap<string, string> {
  const after = 'unseenAfter' in ownership ? ownership.unseenAfter : undefined;
  const unseen = new Map<string, string>();
  if (after === undefined) return unseen;
  for (const [interactionId, { index, nodeId }] of resolved) {
    const isRunning = nodes.get(nodeId)?.status === 'running';
    if (index > after && isRunning) unseen.set(interactionId, nodeId);
  }
  return unseen;
}
