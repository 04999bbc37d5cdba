import { Signal } from 'signal-polyfill';
import { IDLE_CONNECTION, type ConnectionState, type MonitorMessage } from '../protocol/stream/messages.js';
import type { GraphRunError } from '../protocol/problems.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../protocol/session-summary.js';
import type { Countdown } from './countdown.js';
import { ClockOffset } from './clock-offset.js';
import { FilteredSessions } from './filtered-sessions.js';
import { KeyedSignals } from './keyed-signals.js';
import { Reruns } from './reruns.js';
import { areSameCounts, type SessionCounts, type StatusCounts } from './session-counts.js';
import { comparerOf, isMoved, type SessionOrder } from './session-order.js';
import { ALL_SESSIONS, needsInput, type SessionFilter } from './session-filter.js';

/** Sessions that are about to be deleted; until then the deletion can be undone. */
export interface PendingDeletion extends Countdown {
  readonly id: number;
  readonly sessions: readonly SessionSummary[];
}

/** The sessions that are older than those that the server sent. */
export interface OlderRows {
  /** `ready`: the next ones can be read. `complete`: all were read. */
  readonly phase: 'ready' | 'loading' | 'failed' | 'complete';
  /** Present if they could not be read. */
  readonly error?: GraphRunError;
  /** The place of the next ones, for `GraphRunService.listOlder`. */
  readonly next: string;
}

/** An operation of this client on a session. */
export interface SessionOperation {
  readonly kind: 'cancel' | 'delete' | 'rename' | 'pin';
  /** Present if it failed. */
  readonly error?: GraphRunError;
}

/**
 * The sessions of one graph, or of all graphs (`ALL_GRAPHS`). All getters are backed by signals: reading them in a
 * computed, or in a Lit element made with `SignalWatcher`, subscribes.
 */
export class SessionHistoryController {
  readonly #graphId = new Signal.State<string | undefined>(undefined);
  readonly #sessions = new KeyedSignals<string, SessionSummary>(comparerOf('newest'));
  readonly #order = new Signal.State<SessionOrder>('newest');
  readonly #operations = new KeyedSignals<string, SessionOperation>();
  readonly #counts = new Signal.State<StatusCounts>({}, { equals: areSameCounts });
  readonly #pendingSessions = new Signal.State(0);
  readonly #activeSessionId = new Signal.State<string | undefined>(undefined);
  readonly #monitor = new Signal.State<ConnectionState>(IDLE_CONNECTION);
  readonly #isLoaded = new Signal.State(false);
  readonly #isTruncated = new Signal.State(false);
  readonly #older = new Signal.State<OlderRows | undefined>(undefined);
  readonly #filtered = new FilteredSessions(this.#sessions);
  readonly #deletions = new Signal.State<readonly PendingDeletion[]>([]);
  readonly #reruns = new Reruns();
  readonly #clockOffset = new ClockOffset();
  /** The newest time of a change, in seconds since 1970. */
  #newestUpdate = 0;
  /** Rows that are hidden because they are about to be deleted. */
  readonly #hidden = new Map<string, SessionSummary>();
  /** Ids in the snapshot that is arriving. */
  #snapshot: Set<string> | undefined;
  /** Ids of sessions that were created here and are not listed yet: the next snapshot may be older than they are. */
  readonly #unconfirmed = new Set<string>();
  /** Ids of deleted sessions: a row that was sent before the deletion must not restore one. */
  readonly #deleted = new Set<string>();

  /** The graph whose sessions these are; `ALL_GRAPHS`: all graphs. */
  get graphId(): string | undefined {
    return this.#graphId.get();
  }

  /** The order of the list; default: newest first. */
  get order(): SessionOrder {
    return this.#order.get();
  }

  /** Ids of all sessions, in the order of the list. */
  get sessionIds(): readonly string[] {
    return this.#sessions.keys;
  }

  /** The filter of the list. */
  get filter(): SessionFilter {
    return this.#filtered.filter;
  }

  /**
   * Ids of the sessions that pass the filter, in the order of `sessionIds`. A new array only when one is added,
   * removed or moved: other changes notify no reader.
   */
  get matchingIds(): readonly string[] {
    return this.#filtered.ids;
  }

  /** The deletions that can still be undone, oldest first. */
  get deletions(): readonly PendingDeletion[] {
    return this.#deletions.get();
  }

  /** Ids of the sessions that have ended and are not pinned: those that “Clear finished” deletes. */
  get finishedIds(): readonly string[] {
    return this.#sessions.keys.filter((sessionId) => {
      const session = this.#sessions.peek(sessionId);
      return session !== undefined && isTerminalStatus(session.status) && session.pinned !== true;
    });
  }

  /** One session; depends on that session alone. */
  getSession(sessionId: string): SessionSummary | undefined {
    return this.#sessions.get(sessionId);
  }

  /** The id of a completed session that ran this one again; undefined without one. */
  solverOf(sessionId: string): string | undefined {
    return this.#reruns.solverOf(sessionId);
  }

  /** Number of sessions by status. */
  get counts(): StatusCounts {
    return this.#counts.get();
  }

  /** Numbers of the sessions that match the text of the filter, whatever their status. */
  get foundCounts(): SessionCounts {
    const found = this.#filtered.counts;
    if (found !== undefined) return found;
    return { total: this.sessionIds.length, needsInput: this.needsInputCount, byStatus: this.counts };
  }

  /** Ids of the sessions with an operation that is running or has failed. */
  get operatedIds(): readonly string[] {
    return this.#operations.keys;
  }

  /** Number of sessions with at least one open question. */
  get needsInputCount(): number {
    return this.#pendingSessions.get();
  }

  /** The session that the panel shows, or undefined. */
  get activeSessionId(): string | undefined {
    return this.#activeSessionId.get();
  }

  /** State of the connection to the list. */
  get monitor(): ConnectionState {
    return this.#monitor.get();
  }

  /** How far this machine's clock is ahead of the server's, in milliseconds, as the server's times show it. */
  get clockOffsetMs(): number {
    return this.#clockOffset.ms;
  }

  /** True once a complete list has arrived: an empty list means nothing before that. */
  get isLoaded(): boolean {
    return this.#isLoaded.get();
  }

  /** True if the server has older sessions that it did not send. */
  get isTruncated(): boolean {
    return this.#isTruncated.get();
  }

  /** The sessions that are older than those that the server sent; undefined when it sent all. */
  get older(): OlderRows | undefined {
    return this.#older.get();
  }

  /** The operation on a session that is running or has failed. */
  operationOf(sessionId: string): SessionOperation | undefined {
    return this.#operations.get(sessionId);
  }

  /** Switches to another graph and drops the list of the previous one. Does nothing for the same graph. */
  setGraph(graphId: string | undefined): void {
    const before = Signal.subtle.untrack(() => this.#graphId.get());
    if (before === graphId) return;
    this.#graphId.set(graphId);
    this.#sessions.clear();
    this.#operations.clear();
    this.#reruns.clear();
    this.#snapshot = undefined;
    this.#unconfirmed.clear();
    this.#hidden.clear();
    this.#deletions.set([]);
    this.setFilter(ALL_SESSIONS);
    this.#isLoaded.set(false);
    this.#isTruncated.set(false);
    this.#older.set(undefined);
    // Before the first graph, a session may have been opened by its id.
    if (before !== undefined) this.#activeSessionId.set(undefined);
    this.#monitor.set(IDLE_CONNECTION);
    this.#counts.set({});
    this.#pendingSessions.set(0);
  }

  /** Orders the list. */
  setOrder(order: SessionOrder): void {
    if (Signal.subtle.untrack(() => this.#order.get()) === order) return;
    this.#order.set(order);
    this.#sessions.reorder(comparerOf(order));
    this.setFilter(Signal.subtle.untrack(() => this.filter));
  }

  /** Filters the list; tests every session once. */
  setFilter(filter: SessionFilter): void {
    this.#filtered.setFilter(filter);
  }

  /** Hides sessions that are about to be deleted; for a known id, replaces the countdown. */
  addDeletion(deletion: PendingDeletion): void {
    const deletions = Signal.subtle.untrack(() => this.#deletions.get());
    if (deletions.some(({ id }) => id === deletion.id)) {
      this.#deletions.set(deletions.map((known) => (known.id === deletion.id ? deletion : known)));
      return;
    }
    for (const { sessionId } of deletion.sessions) {
      const row = this.#sessions.peek(sessionId);
      if (row !== undefined) this.#hidden.set(sessionId, row);
    }
    this.#change(
      new Map(),
      deletion.sessions.map(({ sessionId }) => sessionId),
    );
    this.#deletions.set([...deletions, deletion]);
  }

  /** Removes a deletion that was undone or carried out; sessions that still exist return to the list. */
  endDeletion(id: number): void {
    const deletions = Signal.subtle.untrack(() => this.#deletions.get());
    const ended = deletions.find((deletion) => deletion.id === id);
    if (ended === undefined) return;
    const rows = new Map<string, SessionSummary>();
    for (const { sessionId } of ended.sessions) {
      const row = this.#hidden.get(sessionId);
      this.#hidden.delete(sessionId);
      if (row !== undefined && !this.#deleted.has(sessionId)) rows.set(sessionId, row);
    }
    this.#deletions.set(deletions.filter((deletion) => deletion !== ended));
    this.#change(rows, []);
  }

  /**
   * Applies a change that a person made to a row (title, pin) before the list reports it. Keeps the other
   * fields: the list may have reported newer ones in the meantime.
   */
  change({ sessionId, title, graphTitle, pinned }: SessionSummary): void {
    const row = this.#sessions.peek(sessionId);
    if (row === undefined) return;
    const { title: _title, graphTitle: _graphTitle, pinned: _pinned, ...rest } = row;
    const changed = {
      ...rest,
      ...(title === undefined ? {} : { title }),
      ...(graphTitle === undefined ? {} : { graphTitle }),
      ...(pinned === undefined ? {} : { pinned }),
    };
    this.#change(new Map([[sessionId, changed]]), []);
  }

  /** Sets how far older sessions were read, with those that were: what the list reports of a session is newer. */
  setOlder(older: OlderRows, rows: readonly SessionSummary[] = []): void {
    this.#older.set(older);
    const isKnown = ({ sessionId }: SessionSummary): boolean =>
      this.#sessions.peek(sessionId) !== undefined ||
      this.#hidden.has(sessionId) ||
      this.#deleted.has(sessionId);
    const others = rows.filter((row) => !isKnown(row));
    this.#change(new Map(others.map((row) => [row.sessionId, row])), []);
  }

  /** Marks the session that the panel shows. */
  setActive(sessionId: string | undefined): void {
    this.#activeSessionId.set(sessionId);
  }

  /** Sets the state of the connection to the list. */
  setMonitor(connection: ConnectionState): void {
    this.#monitor.set(connection);
  }

  /** Sets the operation on a session; undefined removes it. */
  setOperation(sessionId: string, operation: SessionOperation | undefined): void {
    this.#operations.apply(
      operation === undefined ? [] : [[sessionId, operation]],
      operation === undefined ? [sessionId] : [],
    );
  }

  /** Adds a session that was created here before the list reports it; does nothing if it was already deleted. */
  add(session: SessionSummary): void {
    if (this.#sessions.peek(session.sessionId) !== undefined || this.#deleted.has(session.sessionId)) return;
    this.#unconfirmed.add(session.sessionId);
    this.#change(new Map([[session.sessionId, session]]), []);
  }

  /** Removes a deleted session permanently. */
  remove(sessionId: string): void {
    this.#deleted.add(sessionId);
    this.#hidden.delete(sessionId);
    this.#change(new Map(), [sessionId]);
  }

  /** Applies the messages of one batch as one change of the list. */
  apply(messages: readonly MonitorMessage[]): void {
    const rows = new Map<string, SessionSummary>();
    const removed = new Set<string>();
    for (const message of messages) {
      switch (message.kind) {
        case 'connection':
          this.#monitor.set(message.connection);
          this.#clockOffset.set(message.connection.clockAheadMs);
          // What a new connection brings is newer than these deletions: a listed session was restored from a backup.
          if (message.connection.phase === 'connecting') this.#deleted.clear();
          break;
        case 'snapshotStart':
          this.#snapshot = new Set();
          break;
        case 'row':
          this.#learnTime(message.row);
          if (this.#deleted.has(message.row.sessionId)) break;
          this.#snapshot?.add(message.row.sessionId);
          this.#unconfirmed.delete(message.row.sessionId);
          if (this.#hidden.has(message.row.sessionId)) {
            this.#hidden.set(message.row.sessionId, message.row);
            break;
          }
          rows.set(message.row.sessionId, message.row);
          removed.delete(message.row.sessionId);
          break;
        case 'deleted':
          this.#deleted.add(message.sessionId);
          this.#hidden.delete(message.sessionId);
          rows.delete(message.sessionId);
          removed.add(message.sessionId);
          break;
        case 'snapshotComplete':
          for (const sessionId of this.#missing(message, rows)) {
            rows.delete(sessionId);
            this.#hidden.delete(sessionId);
            removed.add(sessionId);
          }
          this.#snapshot = undefined;
          this.#isLoaded.set(true);
          this.#isTruncated.set(message.isTruncated);
          this.#startOlder(message.isTruncated ? message.oldestCreatedAt : undefined);
          break;
      }
    }
    this.#change(rows, removed);
  }

  /** Learns the server's time from a row that has changed just now: newer than any other, and not of a snapshot. */
  #learnTime({ updatedAt }: SessionSummary): void {
    if (updatedAt <= this.#newestUpdate) return;
    this.#newestUpdate = updatedAt;
    if (this.#snapshot === undefined && Signal.subtle.untrack(() => this.isLoaded)) {
      this.#clockOffset.learn(updatedAt * 1000);
    }
  }

  /** Older sessions are read from the end of the first snapshot on; those of a later one have been read by then. */
  #startOlder(oldestCreatedAt: number | undefined): void {
    if (oldestCreatedAt === undefined) this.#older.set(undefined);
    else if (Signal.subtle.untrack(() => this.#older.get()) === undefined) {
      this.#older.set({ phase: 'ready', next: String(oldestCreatedAt) });
    }
  }

  /** Ids that are missing in the finished snapshot, within the range of time that it covers. */
  #missing(
    { isTruncated, oldestCreatedAt }: Extract<MonitorMessage, { kind: 'snapshotComplete' }>,
    rows: ReadonlyMap<string, SessionSummary>,
  ): readonly string[] {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return [];
    const known = new Set([...this.#sessions.keys, ...rows.keys(), ...this.#hidden.keys()]);
    return [...known].filter((sessionId) => {
      if (snapshot.has(sessionId) || this.#unconfirmed.delete(sessionId)) return false;
      const row = rows.get(sessionId) ?? this.#sessions.peek(sessionId) ?? this.#hidden.get(sessionId);
      return !isTruncated || (oldestCreatedAt !== undefined && (row?.createdAt ?? 0) >= oldestCreatedAt);
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
      if (needsInput(session)) pendingSessions += by;
    };
    const removedIds = [...removed];
    let isReordered = false;
    const order = Signal.subtle.untrack(() => this.#order.get());
    for (const [sessionId, row] of rows) {
      const before = this.#sessions.peek(sessionId);
      isReordered ||= before !== undefined && isMoved(before, row, order);
      count(before, -1);
      count(row, 1);
    }
    for (const sessionId of removedIds) count(this.#sessions.peek(sessionId), -1);
    if (rows.size === 0 && removedIds.length === 0) return;
    this.#sessions.apply(rows, removedIds, { isReordered });
    this.#operations.apply([], removedIds);
    this.#reruns.update(rows, removedIds);
    this.#filtered.update(rows, removedIds, isReordered);
    this.#counts.set(counts);
    this.#pendingSessions.set(pendingSessions);
  }
}
