import type { GraphRunEvent, GraphRunEventBody } from '../../protocol/events.js';
import { RERUN_FROM, SERVER_FEATURES } from '../../protocol/stream/features.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { KnownSessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import type { GraphRunner } from '../../runner/graph-runner.js';
import { Wakeup } from '../scheduling/wakeup.js';
import { acceptAnswer, type ResumeOutcome, type ResumeRequest } from './changes/accept-answer.js';
import { Background } from './background.js';
import { cancelSession } from './changes/cancel-session.js';
import { ClusterMembership } from './claims/cluster-membership.js';
import type { CreateRequest, CreateResult } from './changes/create-session.js';
import { SessionFinder } from './find-session.js';
import type { ServerLimits } from '../limits.js';
import { labelSession, rowOf } from './changes/label-session.js';
import { ListWatchers, type ListWatcher } from './list-watchers.js';
import { SessionFollowing } from './following/session-following.js';
import { LocalClaims } from './claims/local-claims.js';
import { LogReader } from './log-reader.js';
import { fromLogged } from '../writing/logged-event.js';
import { LogWriter } from '../writing/log-writer.js';
import { OpenCounts } from './changes/open-counts.js';
import { QuestionExpiry } from './upkeep/question-expiry.js';
import { SessionRecovery } from './recover-sessions.js';
import { RunningCapacity } from './running-capacity.js';
import { RunnerHost } from './runner-host.js';
import { SessionCache } from './session-cache.js';
import { SessionCredentials } from './session-credentials.js';
import type { SessionDigest } from './session-digest.js';
import { SessionCreations } from './changes/session-creations.js';
import { SessionDeletions } from './changes/delete-session.js';
import { reuseNodes } from './changes/reuse-nodes.js';
import { outageOf, rerunFromUnsupported, sessionDeleted, sessionNotFound } from './session-errors.js';
import { SessionLog } from './session-log.js';
import { SharedClaims } from './claims/shared-claims.js';
import type { Session } from './session.js';
import type {
  AnyListName,
  LoggedEvent,
  SessionList,
  SessionPlan,
  SessionStore,
  StaleEpochError,
  ListPlace,
} from '../store/session-store.js';
import { Sweeper } from './upkeep/sweeper.js';

/** How long a request waits for what other processes have written to a session that is run here. */
const OWNER_REFRESH_MS = 500;

/** Options of `SessionManager.open`. */
export interface SessionManagerOptions {
  readonly store: SessionStore;
  readonly runner: GraphRunner;
  readonly limits: ServerLimits;
  /** See `GraphSessionsHandlerOptions`. */
  readonly tokenKeys?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with errors that no caller can receive. */
  readonly onError: (error: unknown) => void;
  /** Called with what the operator may want to know although it is not an error, as one sentence. */
  readonly onNotice?: (text: string) => void;
  /**
   * Called once, when another process has taken the store over: the sessions are released, and what is read here
   * may be old from now on.
   */
  readonly onLost?: (error: StaleEpochError) => void;
}

/**
 * The sessions of a server, without HTTP. All writes go through one queue; everything that is visible here
 * is durable.
 */
export class SessionManager {
  readonly limits: ServerLimits;
  readonly watchers = new ListWatchers();
  readonly #options: SessionManagerOptions;
  readonly #store: SessionStore;
  readonly #writer: LogWriter;
  readonly #log: SessionLog;
  readonly #reader: LogReader;
  readonly #host: RunnerHost;
  readonly #cache = new SessionCache();
  readonly #finder: SessionFinder;
  readonly #recovery: SessionRecovery;
  readonly #capacity: RunningCapacity;
  readonly #credentials: SessionCredentials;
  readonly #openCounts: OpenCounts;
  readonly #creations: SessionCreations;
  readonly #deletions: SessionDeletions;
  readonly #background: Background;
  readonly #following: SessionFollowing;
  readonly #membership: ClusterMembership | undefined;
  readonly #sweeper: Sweeper;
  /** Requests in progress that may make a session run here. */
  readonly #starting = new Set<Promise<unknown>>();

  private constructor(options: SessionManagerOptions, epoch: number, credentials: SessionCredentials) {
    const { store, limits, runner, now, onError, onNotice = () => undefined } = options;
    this.#options = options;
    this.limits = limits;
    this.#store = store;
    this.#background = new Background({ onError, isOutageKnown: () => this.#writer.hasOutage });
    this.#reader = new LogReader(store, limits);
    this.#finder = new SessionFinder(store, this.#cache);
    const isShared = store.cluster !== undefined;
    // The sessions that other processes create are counted by the store.
    this.#openCounts = new OpenCounts(isShared ? Infinity : limits.openSessionsPerPrincipal);
    this.#following = new SessionFollowing({
      store,
      cache: this.#cache,
      watchers: this.watchers,
      limits,
      settled: (session) => this.#log.settled(session),
      onGrown: (session, events) => this.#grown(session, events),
      onDeleted: (session) => this.#deletedElsewhere(session),
      onTurn: (sessionId) => {
        if (this.#cache.get(sessionId)?.runner !== undefined) this.#writer.giveWay(sessionId);
      },
      onReady: () => this.#membership?.wake(),
      onError,
      onNotice,
    });
    this.#writer = new LogWriter({
      store,
      epoch,
      onError,
      onLost: (error) => this.#stepDown(error),
      ...(isShared ? { rejoin: () => this.#membership?.rejoin() ?? store.beginEpoch() } : {}),
    });
    this.#log = new SessionLog({
      writer: this.#writer,
      lists: this.#following.lists,
      bus: this.#following.bus,
      ...(isShared ? { readOn: (session) => this.#following.readOn(session) } : {}),
      limits,
      now,
      onEnd: (session) => this.#ended(session),
    });
    const onStale = (session: Session): void => {
      if (isShared) session.letGo();
      else session.release();
    };
    this.#host = new RunnerHost({ runner, log: this.#log, reader: this.#reader, limits, onStale, onError });
    this.#credentials = credentials;
    this.#capacity = new RunningCapacity(this.#cache, isShared ? limits.maxRunning : Infinity);
    const shared = {
      store,
      capacity: this.#capacity,
      credentials: this.#credentials,
      log: this.#log,
      reader: this.#reader,
      cache: this.#cache,
      finder: this.#finder,
      host: this.#host,
      background: this.#background,
    };
    const refresh = (session: Session) => this.#following.refresh(session);
    const storeClaims = store.cluster?.createClaims({ onError });
    this.#recovery = new SessionRecovery({
      ...shared,
      refresh,
      claims: storeClaims === undefined ? new LocalClaims(shared) : new SharedClaims(storeClaims, this.#log),
    });
    if (storeClaims !== undefined) {
      this.#membership = new ClusterMembership({
        ...shared,
        claims: storeClaims,
        recovery: this.#recovery,
        writer: this.#writer,
        bus: this.#following.bus,
        limits,
        onError,
      });
    }
    this.#creations = new SessionCreations({
      ...shared,
      openCounts: this.#openCounts,
      limits,
      now,
      onCreated: (record) => void this.#background.runPatiently(() => this.#sweeper.discardSurplus(record)),
    });
    this.#deletions = new SessionDeletions({
      ...shared,
      recovery: this.#recovery,
      lists: this.#following.lists,
      openCounts: this.#openCounts,
      limits,
      isShared,
      now,
    });
    this.#sweeper = new Sweeper({
      store,
      expiry: new QuestionExpiry({ ...shared, recovery: this.#recovery, refresh, limits }),
      eraseDeleted: () => this.#deletions.eraseDeleted(),
      takeChore: (periodMs) => storeClaims?.takeChore('sweep', periodMs) ?? Promise.resolve(true),
      background: this.#background,
      limits,
      now,
      discard: async (sessionId) => {
        const session = await this.#finder.find(sessionId);
        if (session === undefined) throw sessionDeleted();
        await this.delete(session);
      },
      onNotice,
    });
  }

  /**
   * Takes a store over. Resolves when all sessions can be served; those that have not ended are continued in
   * the background.
   */
  static async open(options: SessionManagerOptions): Promise<SessionManager> {
    // With keys that cannot be used, it must not join the others.
    const credentials = await SessionCredentials.open({ onNotice: () => undefined, ...options });
    const epoch = await options.store.beginEpoch();
    const sessions = new SessionManager(options, epoch, credentials);
    try {
      await sessions.#takeOver(epoch);
    } catch (error) {
      await sessions.close();
      throw error;
    }
    return sessions;
  }

  /**
   * Leaves the sessions that run here to the other processes on the store, within `handoverMs`. Does nothing where there is
   * none.
   */
  async handOver(): Promise<void> {
    await this.#membership?.handOver(this.limits.handoverMs, Promise.allSettled(this.#starting));
  }

  /**
   * Releases every session: their signals abort, and nothing is written once it has resolved. The sessions
   * stay as they are, for the next process.
   */
  async close(): Promise<void> {
    this.#sweeper.close();
    this.#recovery.close();
    this.#background.close();
    const claimed = this.#membership?.close();
    const closed = this.#log.close();
    for (const session of this.#cache.all()) session.release();
    this.#deletions.close();
    this.#host.close();
    await closed;
    await this.#background.idle();
    await claimed;
    await this.#membership?.leave();
    await this.#following.close();
  }

  /** See `LogWriter.isStuck`. */
  get isStuck(): boolean {
    return this.#writer.isStuck;
  }

  /** The time of the sessions, in milliseconds since 1970: the `ts` of events is by the same clock. */
  now(): number {
    return this.#options.now();
  }

  /** False while the store cannot be written, and once it belongs to another process. */
  get canWrite(): boolean {
    return this.#writer.canWrite;
  }

  /**
   * Finds a session of a principal.
   *
   * @throws GraphRunError `session-not-found` (also when it belongs to someone else) or `session-deleted`.
   *   Error when it could not be continued: then it can only be deleted.
   */
  async get(principal: string, sessionId: string, { isToDelete = false } = {}): Promise<Session> {
    const session = isToDelete
      ? await this.#finder.findToDelete(sessionId)
      : await this.#finder.find(sessionId);
    if (session === undefined || session.record.principal !== principal) throw sessionNotFound();
    await this.#refresh(session).catch((error: unknown) => {
      // What is damaged can be deleted.
      if (!isToDelete || outageOf(error) !== undefined) throw error;
    });
    if (session.isDeleted) throw sessionDeleted();
    if (session.isUnrecovered && !isToDelete) {
      throw new Error(`Session ${sessionId} could not be recovered.`);
    }
    return session;
  }

  /**
   * Creates a session and starts it. With a receipt, a repetition gets the first response again.
   *
   * @throws GraphRunError `idempotency-in-progress`, `idempotency-key-reused`, `too-many-sessions` or
   *   `unavailable`.
   */
  create(request: CreateRequest): Promise<CreateResult> {
    return this.#noteStart(this.#creations.create(request));
  }

  /**
   * Records the answer to a question and resumes the node that asked, without waiting for it.
   *
   * @throws GraphRunError `interaction-conflict`, `session-terminal`, `interaction-not-found` or
   *   `unavailable`; nothing has changed then.
   */
  resume(session: Session, request: ResumeRequest): Promise<ResumeOutcome> {
    return this.#noteStart(
      acceptAnswer(session, request, {
        log: this.#log,
        reader: this.#reader,
        host: this.#host,
        recovery: this.#recovery,
        credentials: this.#credentials,
      }),
    );
  }

  async #noteStart<Result>(work: Promise<Result>): Promise<Result> {
    this.#starting.add(work);
    try {
      return await work;
    } finally {
      this.#starting.delete(work);
    }
  }

  /**
   * Cancels a session. Resolves with its status, which is another one when it had already ended; calls `onChanged` when
   * it had not.
   */
  cancel(session: Session, onChanged?: () => void): Promise<KnownSessionStatus> {
    return cancelSession(session, { log: this.#log, recovery: this.#recovery }, onChanged);
  }

  /**
   * Deletes a session, cancelling it first. Current readers may finish its log, within limits.
   *
   * @throws GraphRunError `session-deleted` when another deletion was first.
   */
  delete(session: Session): Promise<void> {
    return this.#deletions.delete(session);
  }

  /**
   * Gives a session another title, or pins it. Resolves with its row; calls `onChanged` unless it was the same before.
   *
   * @throws GraphRunError `invalid-request`, `session-deleted` or `unavailable`; nothing has changed then.
   */
  label(session: Session, change: JsonObject, onChanged?: () => void): Promise<SessionSummary> {
    return labelSession(session, change, { log: this.#log, store: this.#store }, onChanged);
  }

  /** The row of a session now. @throws GraphRunError `session-deleted`. */
  row(session: Session): Promise<SessionSummary> {
    return rowOf(session, this.#store);
  }

  /** The plan of a session. @throws GraphRunError `session-deleted`. */
  async plan(session: Session): Promise<SessionPlan> {
    const plan = await this.#store.readPlan(session.sessionId);
    if (plan === undefined) throw sessionDeleted();
    return plan;
  }

  /**
   * The events of the nodes that a run of the session from `from` takes over.
   *
   * @throws GraphRunError `rerun-from-unsupported` when the runner cannot do that; `session-deleted`; and as `reuseNodes`.
   */
  async reusedEvents(session: Session, from: string): Promise<readonly GraphRunEventBody[]> {
    if (this.#options.runner.canReuseNodes !== true) throw rerunFromUnsupported();
    const { state } = await this.#reader.fold(session);
    return reuseNodes(state, from, this.limits);
  }

  /** The optional parts of the protocol that these sessions have. */
  get features(): readonly string[] {
    const { canReuseNodes } = this.#options.runner;
    return canReuseNodes === true ? SERVER_FEATURES : SERVER_FEATURES.filter((name) => name !== RERUN_FROM);
  }

  /** The part of a session's status that is not in its columns. */
  digest(session: Session): Promise<SessionDigest> {
    return this.#reader.digest(session);
  }

  /**
   * Reads the next events of a session after an index, at most up to `through`. Empty only when there is nothing to
   * read.
   *
   * @throws GraphRunError `session-deleted` when the log was erased meanwhile. Error when the store has lost events, or
   *   returns others than were written.
   */
  async readPage(
    session: Session,
    after: number,
    through: number,
    maxEvents?: number,
  ): Promise<readonly LoggedEvent[]> {
    const page = await this.#reader.readPage(session.record, after, through, maxEvents);
    if (page.length === 0 && after < through) {
      // Another process may have deleted it, and erased its log.
      if (!session.isDeleted) await this.refresh(session);
      if (session.isDeleted) throw sessionDeleted();
      throw new Error(`The log of session ${session.sessionId} ends at ${after}, not at ${through}.`);
    }
    return page;
  }

  /** Reads the events of a session up to an index, oldest first, a page at a time. @throws As `readPage`. */
  async *readEvents(session: Session, through: number): AsyncGenerator<GraphRunEvent, void, undefined> {
    for (let after = -1; after < through;) {
      const page = await this.readPage(session, after, through);
      for (const logged of page) yield fromLogged(logged);
      after = page.at(-1)?.index ?? through;
    }
  }

  /** The newest sessions of a list, at one revision. */
  list({ principal, graphId }: AnyListName): Promise<SessionList> {
    return this.#store.list(principal, graphId, this.limits.monitorRows);
  }

  /** The sessions of a list after a place, newest first, at most `limit` and as many as a snapshot has. */
  listAfter(
    name: AnyListName,
    place: ListPlace,
    limit: number,
  ): Promise<Pick<SessionList, 'rows' | 'isTruncated'>> {
    return this.#store.listAfter(name, place, Math.min(limit, this.limits.monitorRows));
  }

  /** Releases every session: another process runs them now. */
  #stepDown(error: StaleEpochError): void {
    const { onError, onLost } = this.#options;
    onError(error);
    onLost?.(error);
    this.#sweeper.close();
    this.#recovery.close();
    this.#background.close();
    for (const session of this.#cache.all()) session.release();
    this.#host.close();
  }

  /** Watches a list, see `ListFollower.watch`. */
  watchList(name: AnyListName, watcher: ListWatcher): Promise<void> {
    return this.#following.lists.watch(name, watcher);
  }

  unwatchList(name: AnyListName, watcher: ListWatcher): void {
    this.#following.lists.unwatch(name, watcher);
  }

  /** Brings a session up to what the store has, however long that takes. @throws Any error of the store. */
  refresh(session: Session): Promise<void> {
    return this.#following.refresh(session);
  }

  /**
   * Brings a session up to what the store has. One that is run here is shown as it is known when that takes long: nothing
   * but an answer or a label can be missing.
   */
  async #refresh(session: Session): Promise<void> {
    const refreshed = this.refresh(session);
    if (session.runner === undefined) return refreshed;
    const wakeup = new Wakeup();
    let failure: unknown;
    refreshed
      .catch((error: unknown) => {
        if (outageOf(error) === undefined) failure = error;
      })
      .finally(() => wakeup.wake());
    await wakeup.sleep(OWNER_REFRESH_MS);
    if (failure !== undefined) throw failure;
  }

  #ended(session: Session): void {
    this.#openCounts.subtract(session.record.principal);
    this.#cache.markIdle(session);
    if (this.#capacity.wasFull()) this.#membership?.wake();
  }

  /** Another process has written to a session: for a person, if it is run here. */
  #grown(session: Session, events: readonly GraphRunEvent[]): void {
    if (session.hasEnded) {
      this.#ended(session);
      return;
    }
    const { ownership, runner, record } = session;
    const answered = events.flatMap((event) => (event.type === 'inputResolved' ? [event.interactionId] : []));
    if (runner === undefined || ownership === undefined || answered.length === 0) return;
    const resume = async (): Promise<void> => {
      // The answer may have brought a newer one.
      await this.#credentials.restore(session);
      const prepare = () => ({ kind: 'seen', ownership }) as const;
      await this.#log.write({ lane: record, prepare, isPatient: true });
      for (const interactionId of answered) this.#host.resume(session, interactionId);
    };
    void this.#background.runPatiently(resume);
  }

  #deletedElsewhere(session: Session): void {
    session.isDeleted = true;
    session.release();
    this.#cache.remove(session);
  }

  async #takeOver(epoch: number): Promise<void> {
    await this.#membership?.join(epoch);
    await this.#following.open();
    this.#openCounts.addAll(await this.#store.countUnfinished());
    await this.#recovery.open();
    this.#membership?.open();
    void this.#background.run(this.#finishEarlierWork());
  }

  /** Finishes what an earlier process left: first its sessions, then its deletions, then what is overdue. */
  async #finishEarlierWork(): Promise<void> {
    if (this.#membership === undefined) await this.#recovery.continueAll();
    await this.#background.runPatiently(() => this.#deletions.eraseDeleted());
    if (!this.#log.isClosed) this.#sweeper.sweep();
  }
}
