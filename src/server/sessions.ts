import { isTerminalEvent, type GraphRunEventBody } from '../protocol/events.js';
import { outlineOf, type Graph } from '../protocol/graph.js';
import type { JsonObject } from '../protocol/json.js';
import { GraphRunError } from '../protocol/problems.js';
import { applyEvents, EMPTY_SESSION, toSummary, type SessionState } from '../protocol/session-state.js';
import { isTerminalStatus, type KnownSessionStatus, type SessionSummary } from '../protocol/session.js';
import { SessionEndedError, type GraphRunner, type RunnerSession } from '../runner/graph-runner.js';
import { decideResume } from './decide-resume.js';
import type { ServerLimits } from './limits.js';
import { deletionChange, ListWatchers, rowChange } from './list-watchers.js';
import { LogWriter } from './log-writer.js';
import { fromLogged, planAppend, type AppendPlan } from './logged-event.js';
import { Session, type SessionFold } from './session.js';
import { SessionCache } from './session-cache.js';
import {
  StaleEpochError,
  type LoggedEvent,
  type SessionList,
  type SessionPlan,
  type SessionRecord,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
} from './session-store.js';
import { Wakeup } from './wakeup.js';

/** What the sessions of a server are made of. */
export interface SessionsOptions {
  readonly store: SessionStore;
  readonly runner: GraphRunner;
  readonly limits: ServerLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of what went wrong where no caller waits for it. */
  readonly onError: (error: unknown) => void;
}

/** A session to create; already validated. */
export interface CreateRequest {
  readonly principal: string;
  readonly graphId: string;
  readonly graph: Graph;
  readonly mode: SessionPlan['mode'];
  readonly inputs: SessionPlan['inputs'];
  readonly accessToken?: string;
  /** Recognises a repetition: the client's key, and a digest of what it asked for. */
  readonly receipt?: { readonly key: string; readonly digest: string };
}

/** The body of the answer to a creation, and whether it was given before. */
export interface CreateResult {
  readonly body: string;
  readonly sessionId: string;
  readonly isReplay: boolean;
}

/** An answer to a question; already validated. */
export interface ResumeRequest {
  readonly interactionId: string;
  readonly response: JsonObject;
  readonly accessToken?: string;
}

/** What became of an answer. */
export interface ResumeOutcome {
  readonly status: KnownSessionStatus;
  /** Log index of the `inputResolved`. */
  readonly index: number;
  readonly isDuplicate: boolean;
}

type Decide = (state: SessionState) => readonly GraphRunEventBody[];

/**
 * The sessions of a server, without HTTP. All writing goes through one queue; what is visible here is
 * durable.
 */
export class Sessions {
  readonly limits: ServerLimits;
  readonly watchers = new ListWatchers();
  readonly #store: SessionStore;
  readonly #runner: GraphRunner;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #cache = new SessionCache();
  readonly #writer: LogWriter;
  /** Sessions that have not ended, and creations under way, per principal. */
  readonly #openCounts = new Map<string, number>();
  readonly #creations = new Map<string, string>();
  readonly #erasures = new Set<Wakeup>();
  readonly #sweeper: ReturnType<typeof setInterval>;
  #isClosed = false;

  private constructor(options: SessionsOptions, epoch: number) {
    this.limits = options.limits;
    this.#store = options.store;
    this.#runner = options.runner;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#writer = new LogWriter(options.store, epoch);
    this.#sweeper = setInterval(() => {
      this.#inBackground(this.sweep());
    }, options.limits.sweepMs);
    this.#sweeper.unref();
  }

  /**
   * Takes a store over and goes on with every session that has not ended. Resolves when all of them can
   * be served.
   */
  static async open(options: SessionsOptions): Promise<Sessions> {
    const sessions = new Sessions(options, await options.store.beginEpoch());
    await sessions.#recover();
    return sessions;
  }

  /**
   * Lets go of every session: their signals abort, and nothing is written any more once it resolves. The
   * sessions stay as they are, for the next process.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    for (const session of this.#cache.all()) session.letGo();
    for (const erasure of this.#erasures) erasure.wake();
    await this.#writer.idle();
  }

  /**
   * A session of a principal.
   *
   * @throws GraphRunError `session-not-found` (also when it is somebody else's) or `session-deleted`.
   */
  async get(principal: string, sessionId: string): Promise<Session> {
    const session = await this.#find(sessionId);
    if (session === undefined || session.record.principal !== principal) {
      throw new GraphRunError('session-not-found', 'Graph session not found', { status: 404 });
    }
    if (session.isDeleted) throw deletedError();
    return session;
  }

  /**
   * Creates a session and starts it. With a receipt, a repetition gets the first answer again.
   *
   * @throws GraphRunError `idempotency-in-progress`, `idempotency-key-reused`, `too-many-sessions` or
   *   `unavailable`.
   */
  async create(request: CreateRequest): Promise<CreateResult> {
    const { principal, receipt } = request;
    if (receipt === undefined) return this.#createNew(request);
    const key = JSON.stringify([principal, receipt.key]);
    const running = this.#creations.get(key);
    if (running !== undefined) {
      throw running === receipt.digest ? inProgressError() : keyReusedError();
    }
    this.#creations.set(key, receipt.digest);
    try {
      const known = await this.#store.findReceipt(principal, receipt.key);
      if (known === undefined) return await this.#createNew(request);
      if (known.digest !== receipt.digest) throw keyReusedError();
      const { sessionId } = JSON.parse(known.body) as { sessionId: string };
      return { body: known.body, sessionId, isReplay: true };
    } finally {
      this.#creations.delete(key);
    }
  }

  /**
   * Records the answer to a question and goes on with the node that asked; does not wait for it.
   *
   * @throws GraphRunError `interaction-conflict`, `session-terminal`, `interaction-not-found` or
   *   `unavailable`; nothing has changed then.
   */
  async resume(session: Session, request: ResumeRequest): Promise<ResumeOutcome> {
    const { interactionId, response, accessToken } = request;
    await this.fold(session);
    let isDuplicate = false;
    const state = await this.#append(session, (current) => {
      const decision = decideResume(current, interactionId, response);
      isDuplicate = decision.kind === 'duplicate';
      if (decision.kind === 'duplicate') return [];
      const { nodeId } = decision;
      return [{ type: 'inputResolved', nodeId, interactionId, by: 'response', response }];
    }).catch(toUnavailable);
    if (!isDuplicate && !session.hasEnded) {
      if (accessToken !== undefined) session.accessToken = accessToken;
      this.#run(session, (runner) => this.#runner.resume(runner, interactionId));
    }
    const index = state.resolved.get(interactionId)?.index ?? state.lastIndex;
    return { status: session.status, index, isDuplicate };
  }

  /** Ends a session. Resolves with its status: the real one, when it had ended before. */
  async cancel(session: Session): Promise<KnownSessionStatus> {
    if (session.hasEnded) return session.status;
    const { sessionId } = session;
    const state = await this.#append(session, ({ status }) =>
      isTerminalStatus(status) ? [] : [{ type: 'graphCancelled', sessionId }],
    ).catch(toUnavailable);
    return state.status;
  }

  /**
   * Deletes a session, cancelling it first. Who reads it now may go on to its end, within limits.
   *
   * @throws GraphRunError `session-deleted` when another deletion was first.
   */
  async delete(session: Session): Promise<void> {
    await this.cancel(session);
    const deletedMs = this.#now();
    const { record } = session;
    await this.#write(
      () => {
        if (session.isDeleted) throw deletedError();
        session.isDeleted = true;
        return { kind: 'delete', record, deletedMs };
      },
      (revision) => {
        this.#cache.remove(session);
        if (revision !== undefined) {
          this.watchers.publish(record, deletionChange(record, revision, deletedMs));
        }
      },
      () => {
        session.isDeleted = false;
      },
    ).catch(toUnavailable);
    const erasure = this.#erase(session);
    await (session.hasReaders ? this.#inBackground(erasure) : erasure);
  }

  /** The state of a session, read from its log where it is not in memory. */
  async fold(session: Session): Promise<SessionState> {
    const known = session.durable ?? session.loading;
    if (known !== undefined) return (await known).state;
    session.loading = this.#foldLog(session.record, session.lastIndex);
    try {
      const fold = await session.loading;
      session.load(fold);
      return fold.state;
    } finally {
      session.loading = undefined;
    }
  }

  /** The next events of a session after an index, at most up to `through`. */
  readPage(
    session: Session,
    after: number,
    through = session.lastIndex,
    maxEvents = 1000,
  ): Promise<readonly LoggedEvent[]> {
    const maxBytes = this.limits.pageBytes;
    return this.#store.readEvents(session.sessionId, after, { through, maxEvents, maxBytes });
  }

  /** The newest sessions of a graph, at one revision. */
  list(principal: string, graphId: string): Promise<SessionList> {
    return this.#store.list(principal, graphId, this.limits.monitorRows);
  }

  /** Deletes what has been kept long enough. */
  async sweep(): Promise<void> {
    const now = this.#now();
    for (const stored of await this.#store.findEndedBefore(now - this.limits.retentionMs)) {
      await this.#deleteStored(stored);
    }
    await this.#store.expire({
      tombstonesBeforeMs: now - this.limits.tombstoneMs,
      receiptsBeforeMs: now - this.limits.receiptMs,
    });
  }

  async #createNew(request: CreateRequest): Promise<CreateResult> {
    const { principal, graphId, graph, mode, inputs, receipt } = request;
    const createdMs = this.#now();
    const sessionId = crypto.randomUUID();
    const record: SessionRecord = { sessionId, graphId, principal, logId: crypto.randomUUID(), createdMs };
    const plan: SessionPlan = { graph, mode, inputs };
    const session = new Session(record, 'running', -1);
    const start = { type: 'graphStart', sessionId, graph: outlineOf(graph) } as const;
    const first = planAppend(EMPTY_SESSION, 0, [start], this.limits, createdMs);
    const fold = foldOf(first.state, first.logBytes);
    const body = JSON.stringify({ sessionId, status: first.state.status, createdAt: createdMs / 1000 });
    this.#countOpen(principal, 1);
    try {
      await this.#write(
        () => ({
          kind: 'create',
          record,
          plan,
          events: first.events,
          status: first.state.status,
          row: fold.row,
          ...(receipt === undefined ? {} : { receipt: { ...receipt, body } }),
        }),
        (revision) => {
          this.#adopt(session, plan, fold);
          this.#publishRow(record, fold.row, revision);
        },
      );
    } catch (error) {
      this.#countOpen(principal, -1);
      return toUnavailable(error);
    }
    session.accessToken = request.accessToken;
    this.#run(session, (runner) => this.#runner.start(runner));
    this.#inBackground(this.#deleteSurplus(record));
    return { body, sessionId, isReplay: false };
  }

  /** @throws GraphRunError `too-many-sessions` when a principal may not have one more. */
  #countOpen(principal: string, change: 1 | -1): void {
    const count = (this.#openCounts.get(principal) ?? 0) + change;
    const limit = this.limits.openSessionsPerPrincipal;
    if (change === 1 && count > limit) {
      throw new GraphRunError('too-many-sessions', `More than ${limit} sessions have not ended yet.`, {
        status: 429,
        retryAfterMs: 5000,
      });
    }
    if (count === 0) this.#openCounts.delete(principal);
    else this.#openCounts.set(principal, count);
  }

  /** From here on the session is served from memory and may be appended to. */
  #adopt(session: Session, plan: SessionPlan, fold: SessionFold): void {
    session.load(fold);
    session.runner = this.#runnerSession(session, plan);
    this.#cache.add(session);
  }

  #runnerSession(session: Session, plan: SessionPlan): RunnerSession {
    const { sessionId, signal } = session;
    return {
      ...plan,
      sessionId,
      signal,
      get state() {
        return session.durable?.state ?? EMPTY_SESSION;
      },
      readEvents: async () => (await this.#readAll(session.record, session.lastIndex)).map(fromLogged),
      append: (build) =>
        this.#append(session, (state) => {
          if (isTerminalStatus(state.status)) throw new SessionEndedError('The session has ended.');
          return build(state);
        }).catch((error: unknown) => this.#runnerError(session, error)),
      accessToken: () => session.accessToken,
    };
  }

  /** What an append of the runner rejects with. A store that fails costs the session its run. */
  #runnerError(session: Session, error: unknown): never {
    if (error instanceof StaleEpochError) {
      session.letGo();
      throw new SessionEndedError('Another process runs this session now.', { cause: error });
    }
    throw error;
  }

  #run(session: Session, work: (runner: RunnerSession) => Promise<void>): void {
    const { runner, sessionId } = session;
    if (runner === undefined) return;
    this.#inBackground(
      work(runner).catch(async (error: unknown) => {
        this.#onError(error);
        await this.#append(session, ({ status }) =>
          isTerminalStatus(status) ? [] : [{ type: 'graphError', sessionId, error: 'internal error' }],
        );
      }),
    );
  }

  /** Appends what `decide` says at its turn. Resolves with the state after it, once it is durable. */
  async #append(session: Session, decide: Decide): Promise<SessionState> {
    let plan: AppendPlan | undefined;
    let next: SessionFold | undefined;
    await this.#write(
      () => {
        const draft = session.draft;
        if (draft === undefined) throw new Error('A session was appended to before it was loaded.');
        next = draft;
        const bodies = decide(draft.state);
        if (bodies.length === 0) return undefined;
        if (isTerminalStatus(draft.state.status)) throw new SessionEndedError('The session has ended.');
        checkEnd(bodies);
        plan = planAppend(draft.state, draft.logBytes, bodies, this.limits, this.#now());
        const row = plan.mayChangeRow ? toSummary(plan.state) : draft.row;
        const hasNewRow = !isSameRow(row, draft.row);
        next = { state: plan.state, logBytes: plan.logBytes, row: hasNewRow ? row : draft.row };
        session.draft = next;
        return {
          kind: 'append',
          record: session.record,
          expectedLastIndex: draft.state.lastIndex,
          events: plan.events,
          status: plan.state.status,
          ...(hasNewRow ? { row } : {}),
        };
      },
      (revision) => {
        if (plan === undefined || next === undefined) return;
        session.advance(next);
        this.#publishRow(session.record, next.row, revision);
        if (session.hasEnded) this.#ended(session);
      },
      () => {
        session.draft = session.durable;
      },
    );
    if (plan?.isLogFull === true) throw new SessionEndedError('The log of the session is full.');
    return (next ?? session.durable)?.state ?? EMPTY_SESSION;
  }

  #publishRow(record: SessionRecord, summary: SessionSummary, revision: number | undefined): void {
    if (revision !== undefined) this.watchers.publish(record, rowChange({ summary, revision }));
  }

  #ended(session: Session): void {
    this.#countOpen(session.record.principal, -1);
    this.#cache.retire(session);
  }

  /** Puts one step into the queue; resolves when it is durable. */
  #write(
    prepare: () => SessionWrite | undefined,
    onCommitted: (revision: number | undefined) => void,
    onFailed: () => void = () => undefined,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new SessionEndedError('The server is shutting down.');
      this.#writer.submit({
        prepare,
        committed: (revision) => {
          onCommitted(revision);
          resolve();
        },
        refused: reject,
        failed: (error) => {
          onFailed();
          reject(error);
        },
      });
    });
  }

  async #erase(session: Session): Promise<void> {
    const { sessionId } = session;
    if (session.hasReaders) {
      const wakeup = new Wakeup();
      this.#erasures.add(wakeup);
      session.onceIdle(() => wakeup.wake());
      await wakeup.sleep(this.limits.eraseDelayMs);
      this.#erasures.delete(wakeup);
    }
    // A process that ends here erases at its next start.
    if (this.#isClosed) return;
    await this.#write(
      () => ({ kind: 'erase', sessionId }),
      () => undefined,
    );
  }

  async #deleteSurplus({ principal, graphId }: SessionRecord): Promise<void> {
    const surplus = await this.#store.findSurplus(principal, graphId, this.limits.sessionsPerGraph);
    for (const stored of surplus) await this.#deleteStored(stored);
  }

  async #deleteStored(stored: StoredSession): Promise<void> {
    try {
      await this.delete(this.#cache.get(stored.sessionId) ?? this.#cache.addEnded(stored));
    } catch (error) {
      if (!(error instanceof GraphRunError && error.code === 'session-deleted')) throw error;
    }
  }

  async #find(sessionId: string): Promise<Session | undefined> {
    const known = this.#cache.get(sessionId);
    if (known !== undefined) return known;
    const stored = await this.#store.find(sessionId);
    if (stored === undefined) return undefined;
    const now = this.#cache.get(sessionId);
    if (now !== undefined) return now;
    if (stored.isDeleted) {
      const deleted = new Session(stored, stored.status, stored.lastIndex);
      deleted.isDeleted = true;
      return deleted;
    }
    if (!isTerminalStatus(stored.status)) throw new Error(`Session ${sessionId} could not be recovered.`);
    return this.#cache.addEnded(stored);
  }

  async #recover(): Promise<void> {
    for (const sessionId of await this.#store.findUnerased()) {
      await this.#write(
        () => ({ kind: 'erase', sessionId }),
        () => undefined,
      );
    }
    for (const stored of await this.#store.findUnfinished()) {
      try {
        await this.#recoverSession(stored);
      } catch (error) {
        // One broken log must not keep the others from being served.
        this.#onError(error);
      }
    }
    await this.sweep();
  }

  async #recoverSession(stored: StoredSession): Promise<void> {
    const { sessionId, status, lastIndex, principal } = stored;
    const plan = await this.#store.readPlan(sessionId);
    if (plan === undefined) throw new Error(`The plan of session ${sessionId} is missing.`);
    const session = new Session(stored, status, lastIndex);
    this.#adopt(session, plan, await this.#foldLog(stored, lastIndex));
    this.#openCounts.set(principal, (this.#openCounts.get(principal) ?? 0) + 1);
    this.#run(session, (runner) => this.#runner.start(runner));
  }

  async #foldLog(record: SessionRecord, lastIndex: number): Promise<SessionFold> {
    const events = await this.#readAll(record, lastIndex);
    const logBytes = events.reduce((sum, { bytes }) => sum + bytes, 0);
    return foldOf(applyEvents(EMPTY_SESSION, events.map(fromLogged)), logBytes);
  }

  async #readAll({ sessionId }: SessionRecord, through: number): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    const limits = { through, maxEvents: 1000, maxBytes: this.limits.pageBytes };
    for (let after = -1; after < through;) {
      const page = await this.#store.readEvents(sessionId, after, limits);
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of session ${sessionId} ends at ${after}.`);
      events.push(...page);
      after = last.index;
    }
    return events;
  }

  async #inBackground(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof SessionEndedError)) this.#onError(error);
    }
  }
}

function foldOf(state: SessionState, logBytes: number): SessionFold {
  return { state, logBytes, row: toSummary(state) };
}

function isSameRow(a: SessionSummary, b: SessionSummary): boolean {
  return a === b || JSON.stringify({ ...a, updatedAt: 0 }) === JSON.stringify({ ...b, updatedAt: 0 });
}

/** @throws TypeError for a mistake of the runner. */
function checkEnd(bodies: readonly GraphRunEventBody[]): void {
  if (bodies.slice(0, -1).some(isTerminalEvent)) {
    throw new TypeError('Nothing can follow the event that ends a session.');
  }
}

/** Storage that does not take a write is a matter of time, and nothing was written: try again. */
function toUnavailable(error: unknown): never {
  if (error instanceof GraphRunError) throw error;
  throw new GraphRunError('unavailable', 'The server cannot store this now.', {
    status: 503,
    retryAfterMs: 1000,
    cause: error,
  });
}

function deletedError(): GraphRunError {
  return new GraphRunError('session-deleted', 'The session was deleted.', { status: 404 });
}

function inProgressError(): GraphRunError {
  return new GraphRunError('idempotency-in-progress', 'The first request is still in progress.', {
    status: 409,
    retryAfterMs: 1000,
  });
}

function keyReusedError(): GraphRunError {
  return new GraphRunError('idempotency-key-reused', 'This key was used for another request.', {
    status: 422,
  });
}
