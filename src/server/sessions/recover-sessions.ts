import { SessionEndedError } from '../../runner/graph-runner.js';
import type { SessionState } from '../../protocol/session-state.js';
import type { ClaimedSession, Ownership } from '../store/ownership.js';
import type { SessionStore, Unwritten } from '../store/session-store.js';
import type { Background } from './background.js';
import type { SessionFinder } from './find-session.js';
import type { LogReader } from './log-reader.js';
import type { RunningCapacity } from './running-capacity.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionCache } from './session-cache.js';
import type { SessionCredentials } from './session-credentials.js';
import type { SessionClaims } from './claims/session-claims.js';
import { draining, outageOf, rethrowForCaller } from './session-errors.js';
import type { SessionLog } from './session-log.js';
import type { Session } from './session.js';

/** Sessions that are claimed at once. */
const CLAIMED_SESSIONS = 50;

/** How many processes in a row may die while they run a session, without a node that ended in between. */
const MAX_TAKEOVERS = 3;

/** Dependencies of `SessionRecovery`. */
export interface SessionRecoveryOptions {
  readonly store: SessionStore;
  readonly claims: SessionClaims;
  readonly log: SessionLog;
  readonly reader: LogReader;
  readonly cache: SessionCache;
  readonly finder: SessionFinder;
  readonly host: RunnerHost;
  readonly background: Background;
  readonly capacity: RunningCapacity;
  readonly credentials: SessionCredentials;
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
    const { claims, background, capacity } = this.#options;
    while (!this.#isClosed) {
      const limit = Math.min(CLAIMED_SESSIONS, capacity.room());
      // Without room, it still finds out which processes are dead.
      const claimed = await claims.claimReady(limit);
      if (claimed.length === 0) return;
      for (const ownership of claimed) {
        if (this.#isClosed) return;
        await background.run(this.#continueOrWait(ownership));
      }
    }
  }

  /**
   * Makes sure that a session that has not ended runs, so that it can be written: in this process, unless another one runs
   * it, or this one has no room; then its log is read here. Resolves with true if it runs here.
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
      // A request may have woken it meanwhile, with a later claim.
      if ((session.ownership?.epoch ?? 0) < ownership.epoch) {
        if (session.runner !== undefined) session.letGo();
        session.ownership = ownership;
      }
      // A request may have found it at another process before this claim, and be still on its way: it does not run it.
      while (!(await this.wake(session)) && session.ownership === ownership);
    } catch (error) {
      session.isUnrecovered = !this.#isClosed && outageOf(error) === undefined;
      cache.keep(session);
      throw error;
    }
  }

  async #wake(session: Session): Promise<boolean> {
    const { claims, reader, capacity, refresh, background } = this.#options;
    const { sessionId, ownership } = session;
    if (ownership !== undefined) return this.#run(session, ownership);
    const claim = capacity.room() === 0 ? 'elsewhere' : await claims.claim(sessionId).catch(rethrowForCaller);
    if (typeof claim === 'object') {
      try {
        session.ownership = claim;
        await refresh(session);
        return await this.#run(session, claim);
      } catch (error) {
        // No other process runs what this one has claimed, also when the caller has given up.
        if (outageOf(error) !== undefined) void background.runPatiently(() => this.#continue(claim));
        throw error;
      }
    }
    await refresh(session);
    if (session.hasEnded || session.isDeleted) return true;
    if (claim === undefined) throw new Error(`Session ${sessionId} ended without this process.`);
    const fold = await reader.fold(session);
    if (session.durable === undefined) session.load(fold);
    return false;
  }

  /** Runs a session that this process has claimed. */
  async #run(session: Session, ownership: Ownership | ClaimedSession): Promise<boolean> {
    const { store, reader, cache, host, refresh } = this.#options;
    const { sessionId } = session;
    if (session.hasEnded || session.isDeleted) return true;
    const plan = await store.readPlan(sessionId);
    if (plan === undefined) {
      // Another process may have deleted it, and erased what it had.
      await refresh(session);
      if (session.isDeleted) return true;
      throw new Error(`The plan of session ${sessionId} is missing.`);
    }
    const fold = await reader.fold(session);
    if (this.#isClosed) throw draining(new SessionEndedError('The server is shutting down.'));
    if (session.durable === undefined) session.load(fold);
    cache.keep(session);
    if ('takeovers' in ownership && ownership.takeovers >= MAX_TAKEOVERS) {
      await host.end(session, ownership.takeovers);
      return true;
    }
    const unseen = await this.#noteSeen(session, ownership);
    if (unseen === 'ended') return true;
    if (unseen === 'stale') {
      session.letGo();
      return this.#wake(session);
    }
    host.attachRunner(session, plan, new Set(unseen.values()));
    host.start(session);
    for (const interactionId of unseen.keys()) host.resume(session, interactionId);
    return true;
  }

  /**
   * Notes that the answers are seen that no process has seen so far, before their nodes are resumed. Resolves with the nodes
   * by the ids of the questions; or with why it is not run here.
   */
  async #noteSeen(
    session: Session,
    ownership: Ownership | ClaimedSession,
  ): Promise<ReadonlyMap<string, string> | 'ended' | 'stale'> {
    for (let noted = 0; ;) {
      await this.#options.credentials.restore(session);
      // Others may answer meanwhile.
      const state = session.durable?.state;
      if (state === undefined || session.hasEnded || session.isDeleted) return 'ended';
      const unseen = unseenAnswers(state, ownership);
      if (unseen.size <= noted) return unseen;
      noted = unseen.size;
      const refusal = await this.#writeSeen(session, ownership);
      if (refusal !== undefined) return refusal;
    }
  }

  async #writeSeen({ record: lane }: Session, ownership: Ownership): Promise<'ended' | 'stale' | undefined> {
    let refusal: 'ended' | 'stale' | undefined;
    const prepare = () => ({ kind: 'seen', ownership }) as const;
    const onUnwritten = ({ kind }: Unwritten): void => {
      refusal = kind === 'stale' ? 'stale' : 'ended';
    };
    await this.#options.log.write({ lane, prepare, onUnwritten }).catch(rethrowForCaller);
    return refusal;
  }
}

/**
 * The nodes whose questions were answered while no process ran the session, by the ids of the questions: before the claim, or
 * since.
 */
function unseenAnswers(
  { resolved, nodes }: SessionState,
  ownership: Ownership | ClaimedSession,
): ReadonlyMap<string, string> {
  const unseen = new Map<string, string>();
  if (!('lastIndex' in ownership)) return unseen;
  const after = ownership.unseenAfter ?? ownership.lastIndex;
  for (const [interactionId, { index, nodeId }] of resolved) {
    const isRunning = nodes.get(nodeId)?.status === 'running';
    if (index > after && isRunning) unseen.set(interactionId, nodeId);
  }
  return unseen;
}
