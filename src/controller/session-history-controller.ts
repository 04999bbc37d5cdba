import { Signal } from 'signal-polyfill';
import { IDLE_CONNECTION, type ConnectionState, type MonitorMessage } from '../protocol/messages.js';
import type { GraphRunError } from '../protocol/problems.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../protocol/session-summary.js';
import { KeyedSignals } from './keyed-signals.js';
import { isNoFilter, matcherOf, needsInput, NO_FILTER, type SessionFilter } from './session-filter.js';

/** Number of sessions by status; statuses that none has are absent. */
export type StatusCounts = Readonly<Partial<Record<SessionStatus, number>>>;

/** Sessions that are about to be deleted; until then it can be taken back. */
export interface PendingDeletion {
  readonly id: number;
  readonly sessions: readonly SessionSummary[];
  /** When it happens, in milliseconds since 1970. */
  readonly dueMs: number;
}

/** Something being done to a session from here. */
export interface SessionOperation {
  readonly kind: 'cancel' | 'delete' | 'rename' | 'pin';
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
  readonly #counts = new Signal.State<StatusCounts>({}, { equals: areSameCounts });
  readonly #pendingSessions = new Signal.State(0);
  readonly #activeSessionId = new Signal.State<string | undefined>(undefined);
  readonly #monitor = new Signal.State<ConnectionState>(IDLE_CONNECTION);
  readonly #isLoaded = new Signal.State(false);
  readonly #isTruncated = new Signal.State(false);
  readonly #filter = new Signal.State<SessionFilter>(NO_FILTER);
  readonly #matchingIds = new Signal.State<readonly string[] | undefined>(undefined);
  /** Ids that pass the filter; undefined while it narrows nothing. Kept up to date row by row. */
  #matching: Set<string> | undefined;
  readonly #deletions = new Signal.State<readonly PendingDeletion[]>([]);
  /** Rows that are not shown, because they are about to be deleted. */
  readonly #hidden = new Map<string, SessionSummary>();
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

  /** What the list is narrowed to. */
  get filter(): SessionFilter {
    return this.#filter.get();
  }

  /**
   * Ids of the sessions that pass the filter, in the order of `sessionIds`. A new array only when one
   * comes or goes: a change that lets none in or out wakes nobody.
   */
  get matchingIds(): readonly string[] {
    return this.#matchingIds.get() ?? this.#sessions.keys;
  }

  /** What is about to be deleted, oldest first. */
  get deletions(): readonly PendingDeletion[] {
    return this.#deletions.get();
  }

  /** Ids of the sessions that have ended and are not pinned: what “Clear finished” would delete. */
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

  /** True when the server has older sessions than those of the list, which it did not send. */
  get isTruncated(): boolean {
    return this.#isTruncated.get();
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
    this.#hidden.clear();
    this.#deletions.set([]);
    this.setFilter(NO_FILTER);
    this.#isLoaded.set(false);
    this.#isTruncated.set(false);
    this.#activeSessionId.set(undefined);
    this.#monitor.set(IDLE_CONNECTION);
    this.#counts.set({});
    this.#pendingSessions.set(0);
  }

  /** Narrows the list; looks at every session once. */
  setFilter(filter: SessionFilter): void {
    this.#filter.set(filter);
    if (isNoFilter(filter)) {
      this.#matching = undefined;
      this.#matchingIds.set(undefined);
      return;
    }
    const matches = matcherOf(filter);
    const keys = Signal.subtle.untrack(() => this.#sessions.keys);
    const ids = keys.filter((sessionId) => {
      const session = this.#sessions.peek(sessionId);
      return session !== undefined && matches(session);
    });
    this.#matching = new Set(ids);
    this.#matchingIds.set(ids);
  }

  /** Takes sessions off the list that are about to be deleted. */
  addDeletion(deletion: PendingDeletion): void {
    for (const { sessionId } of deletion.sessions) {
      const row = this.#sessions.peek(sessionId);
      if (row !== undefined) this.#hidden.set(sessionId, row);
    }
    this.#change(
      new Map(),
      deletion.sessions.map(({ sessionId }) => sessionId),
    );
    this.#deletions.set([...Signal.subtle.untrack(() => this.#deletions.get()), deletion]);
  }

  /** Forgets a deletion that was taken back or is done; the sessions that are still there come back. */
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
   * Takes over what a person has changed of a row, title and pin, before the list says so. The rest of the
   * row stays: the list may have said something newer of it meanwhile.
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

  /** Adds a session that was just created here, before the list says so; one that it says to be gone stays so. */
  add(session: SessionSummary): void {
    if (this.#sessions.peek(session.sessionId) !== undefined || this.#deleted.has(session.sessionId)) return;
    this.#unconfirmed.add(session.sessionId);
    this.#change(new Map([[session.sessionId, session]]), []);
  }

  /** Removes a session that was deleted, for good. */
  remove(sessionId: string): void {
    this.#deleted.add(sessionId);
    this.#hidden.delete(sessionId);
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
    const gone = [...removed];
    let isReordered = false;
    for (const [sessionId, row] of rows) {
      const before = this.#sessions.peek(sessionId);
      isReordered ||= before !== undefined && (before.pinned === true) !== (row.pinned === true);
      count(before, -1);
      count(row, 1);
    }
    for (const sessionId of gone) count(this.#sessions.peek(sessionId), -1);
    if (rows.size === 0 && gone.length === 0) return;
    this.#sessions.apply(rows, gone, { isReordered });
    this.#operations.apply([], gone);
    this.#refilter(rows, gone, isReordered);
    this.#counts.set(counts);
    this.#pendingSessions.set(pendingSessions);
  }

  /** Looks only at what has changed; the list of ids is made anew only when one came or went. */
  #refilter(rows: ReadonlyMap<string, SessionSummary>, gone: readonly string[], isReordered: boolean): void {
    const matching = this.#matching;
    if (matching === undefined) return;
    const matches = matcherOf(Signal.subtle.untrack(() => this.#filter.get()));
    let isChanged = isReordered;
    for (const [sessionId, row] of rows) {
      if (matches(row) === matching.has(sessionId)) continue;
      isChanged = true;
      if (!matching.delete(sessionId)) matching.add(sessionId);
    }
    for (const sessionId of gone) isChanged = matching.delete(sessionId) || isChanged;
    if (!isChanged) return;
    const keys = Signal.subtle.untrack(() => this.#sessions.keys);
    this.#matchingIds.set(keys.filter((sessionId) => matching.has(sessionId)));
  }
}

function areSameCounts(a: StatusCounts, b: StatusCounts): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((status) => a[status] === b[status]);
}

/** Pinned ones on top, then newest first; the id decides between equal times, so that the order never wavers. */
function newestFirst(a: SessionSummary, b: SessionSummary): number {
  const byPin = Number(b.pinned === true) - Number(a.pinned === true);
  return byPin || b.createdAt - a.createdAt || (a.sessionId < b.sessionId ? 1 : -1);
}
