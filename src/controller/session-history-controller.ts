import { Signal } from 'signal-polyfill';
import { IDLE_CONNECTION, type ConnectionState, type MonitorMessage } from '../protocol/messages.js';
import type { GraphRunError } from '../protocol/problems.js';
import type { SessionStatus, SessionSummary } from '../protocol/session.js';
import { KeyedSignals } from './keyed-signals.js';

/** Number of sessions by status; statuses that none has are absent. */
export type StatusCounts = Readonly<Partial<Record<SessionStatus, number>>>;

/** Something being done to a session from here. */
export interface SessionOperation {
  readonly kind: 'cancel' | 'delete';
  /** Present when it did not succeed. */
  readonly error?: GraphRunError;
}

/**
 * The sessions of one graph. All getters are backed by signals: reading them in a computed, or in a
 * Lit element made with `SignalWatcher`, subscribes.
 */
export class SessionHistoryController {
  readonly #graphId = new Signal.State<string | undefined>(undefined);
  readonly #sessions = new KeyedSignals<string, SessionSummary>(newestFirst);
  readonly #operations = new KeyedSignals<string, SessionOperation>();
  readonly #counts = new Signal.State<StatusCounts>({});
  readonly #pendingSessions = new Signal.State(0);
  readonly #activeSessionId = new Signal.State<string | undefined>(undefined);
  readonly #monitor = new Signal.State<ConnectionState>(IDLE_CONNECTION);
  readonly #isLoaded = new Signal.State(false);
  /** Ids of the snapshot that is arriving. */
  #snapshot: Set<string> | undefined;
  /** Created here and not in the list yet: the next snapshot may be older than they are. */
  readonly #unconfirmed = new Set<string>();
  /** Deleted here: a row that was under way when it was deleted must not bring it back. Ids are never used twice. */
  readonly #deleted = new Set<string>();

  /** The graph whose sessions these are. */
  get graphId(): string | undefined {
    return this.#graphId.get();
  }

  /** Ids of all sessions, newest first. */
  get sessionIds(): readonly string[] {
    return this.#sessions.keys;
  }

  /** One session; depends on that session alone. */
  getSession(sessionId: string): SessionSummary | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Number of sessions by status. */
  get counts(): StatusCounts {
    return this.#counts.get();
  }

  /** Number of sessions with at least one open question. */
  get needsInputCount(): number {
    return this.#pendingSessions.get();
  }

  /** The session that the panel shows, or undefined. */
  get activeSessionId(): string | undefined {
    return this.#activeSessionId.get();
  }

  /** Where the connection to the list stands. */
  get monitor(): ConnectionState {
    return this.#monitor.get();
  }

  /** True once a whole list has arrived: before that, an empty list means nothing. */
  get isLoaded(): boolean {
    return this.#isLoaded.get();
  }

  /** What is being done to a session, or has failed. */
  operationOf(sessionId: string): SessionOperation | undefined {
    return this.#operations.get(sessionId);
  }

  /** Turns to another graph: the list of the one before is dropped. The same graph changes nothing. */
  setGraph(graphId: string | undefined): void {
    if (Signal.subtle.untrack(() => this.#graphId.get()) === graphId) return;
    this.#graphId.set(graphId);
    this.#sessions.clear();
    this.#operations.clear();
    this.#snapshot = undefined;
    this.#unconfirmed.clear();
    this.#isLoaded.set(false);
    this.#activeSessionId.set(undefined);
    this.#monitor.set(IDLE_CONNECTION);
    this.#counts.set({});
    this.#pendingSessions.set(0);
  }

  /** Marks the session that the panel shows. */
  setActive(sessionId: string | undefined): void {
    this.#activeSessionId.set(sessionId);
  }

  /** Says where the connection to the list stands. */
  setMonitor(connection: ConnectionState): void {
    this.#monitor.set(connection);
  }

  /** Says what is being done to a session; undefined when it is over. */
  setOperation(sessionId: string, operation: SessionOperation | undefined): void {
    this.#operations.apply(
      operation === undefined ? [] : [[sessionId, operation]],
      operation === undefined ? [sessionId] : [],
    );
  }

  /** Adds a session that was just created here, before the list says so. */
  add(session: SessionSummary): void {
    if (this.#sessions.peek(session.sessionId) !== undefined) return;
    this.#unconfirmed.add(session.sessionId);
    this.#change(new Map([[session.sessionId, session]]), []);
  }

  /** Removes a session that was deleted, for good. */
  remove(sessionId: string): void {
    this.#deleted.add(sessionId);
    this.#change(new Map(), [sessionId]);
  }

  /** Applies what one step of the network brought, as one change of the list. */
  apply(messages: readonly MonitorMessage[]): void {
    const rows = new Map<string, SessionSummary>();
    const removed = new Set<string>();
    for (const message of messages) {
      switch (message.kind) {
        case 'connection':
          this.#monitor.set(message.connection);
          break;
        case 'snapshotStart':
          this.#snapshot = new Set();
          break;
        case 'row':
          if (this.#deleted.has(message.row.sessionId)) break;
          this.#snapshot?.add(message.row.sessionId);
          this.#unconfirmed.delete(message.row.sessionId);
          rows.set(message.row.sessionId, message.row);
          removed.delete(message.row.sessionId);
          break;
        case 'deleted':
          this.#deleted.add(message.sessionId);
          rows.delete(message.sessionId);
          removed.add(message.sessionId);
          break;
        case 'snapshotComplete':
          for (const sessionId of this.#missing(message, rows)) removed.add(sessionId);
          this.#snapshot = undefined;
          this.#isLoaded.set(true);
          break;
      }
    }
    this.#change(rows, removed);
  }

  /** Rows that the finished snapshot did not have, as far as it speaks of them. */
  #missing(
    { isTruncated, oldestCreatedAt }: Extract<MonitorMessage, { kind: 'snapshotComplete' }>,
    rows: ReadonlyMap<string, SessionSummary>,
  ): readonly string[] {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return [];
    return this.#sessions.keys.filter((sessionId) => {
      if (snapshot.has(sessionId) || rows.has(sessionId)) return false;
      if (this.#unconfirmed.delete(sessionId)) return false;
      const createdAt = this.#sessions.peek(sessionId)?.createdAt ?? 0;
      return !isTruncated || (oldestCreatedAt !== undefined && createdAt >= oldestCreatedAt);
    });
  }

  #change(rows: ReadonlyMap<string, SessionSummary>, removed: Iterable<string>): void {
    const counts: Partial<Record<SessionStatus, number>> = {
      ...Signal.subtle.untrack(() => this.#counts.get()),
    };
    let pendingSessions = Signal.subtle.untrack(() => this.#pendingSessions.get());
    const count = (session: SessionSummary | undefined, by: 1 | -1) => {
      if (session === undefined) return;
      const next = (counts[session.status] ?? 0) + by;
      if (next === 0) delete counts[session.status];
      else counts[session.status] = next;
      if (session.pendingInputs > 0) pendingSessions += by;
    };
    const gone = [...removed];
    for (const [sessionId, row] of rows) {
      count(this.#sessions.peek(sessionId), -1);
      count(row, 1);
    }
    for (const sessionId of gone) count(this.#sessions.peek(sessionId), -1);
    if (rows.size === 0 && gone.length === 0) return;
    this.#sessions.apply(rows, gone);
    this.#operations.apply([], gone);
    this.#counts.set(counts);
    this.#pendingSessions.set(pendingSessions);
  }
}

/** Newest first; the id decides between equal times, so that the order never wavers. */
function newestFirst(a: SessionSummary, b: SessionSummary): number {
  return b.createdAt - a.createdAt || (a.sessionId < b.sessionId ? 1 : -1);
}
