import { Signal } from 'signal-polyfill';
import type { SessionSummary } from '../protocol/session-summary.js';
import type { KeyedSignals } from './keyed-signals.js';
import { areSameCounts, NO_COUNTS, recount, type SessionCounts } from './session-counts.js';
import { ALL_SESSIONS, isNoFilter, matcherOf, type SessionFilter } from './session-filter.js';

/** The ids of the sessions that pass a filter, updated row by row. Backed by signals. */
export class FilteredSessions {
  readonly #sessions: KeyedSignals<string, SessionSummary>;
  readonly #filter = new Signal.State<SessionFilter>(ALL_SESSIONS);
  readonly #ids = new Signal.State<readonly string[] | undefined>(undefined);
  readonly #counts = new Signal.State<SessionCounts | undefined>(undefined, { equals: areEqual });
  /** Ids that pass the filter; undefined if all do. */
  #matching: Set<string> | undefined;
  /** The sessions that match text and time, of any status; undefined without both. */
  #found: Map<string, SessionSummary> | undefined;

  /** @param sessions all sessions; `update` must follow each change of them. */
  constructor(sessions: KeyedSignals<string, SessionSummary>) {
    this.#sessions = sessions;
  }

  /** The filter; default: all sessions. */
  get filter(): SessionFilter {
    return this.#filter.get();
  }

  /** Ids of the sessions that pass, in the order of all; a new array only when one is added, removed or moved. */
  get ids(): readonly string[] {
    return this.#ids.get() ?? this.#sessions.keys;
  }

  /** Numbers of the sessions that match text and time of the filter, whatever their status; undefined without both. */
  get counts(): SessionCounts | undefined {
    return this.#counts.get();
  }

  /** Sets the filter and tests every session once. */
  setFilter(filter: SessionFilter): void {
    const before = Signal.subtle.untrack(() => this.#filter.get());
    const isSameText = before.text === filter.text && before.since === filter.since;
    this.#filter.set(filter);
    const keys = Signal.subtle.untrack(() => this.#sessions.keys);
    if (!isSameText) this.#find(filter, keys);
    if (isNoFilter(filter)) {
      this.#matching = undefined;
      this.#ids.set(undefined);
      return;
    }
    const matches = matcherOf(filter);
    const ids = keys.filter((sessionId) => {
      const session = this.#found === undefined ? this.#sessions.peek(sessionId) : this.#found.get(sessionId);
      return session !== undefined && matches(session);
    });
    this.#matching = new Set(ids);
    this.#ids.set(ids);
  }

  /** Tests only the sessions that have changed; makes a new list of ids only if one was added, removed or moved. */
  update(rows: ReadonlyMap<string, SessionSummary>, removed: readonly string[], isReordered: boolean): void {
    const matching = this.#matching;
    if (matching === undefined) return;
    const filter = Signal.subtle.untrack(() => this.#filter.get());
    this.#updateFound(filter, rows, removed);
    const matches = matcherOf(filter);
    let isChanged = isReordered;
    for (const [sessionId, row] of rows) {
      if (matches(row) === matching.has(sessionId)) continue;
      isChanged = true;
      if (!matching.delete(sessionId)) matching.add(sessionId);
    }
    for (const sessionId of removed) isChanged = matching.delete(sessionId) || isChanged;
    if (!isChanged) return;
    const keys = Signal.subtle.untrack(() => this.#sessions.keys);
    this.#ids.set(keys.filter((sessionId) => matching.has(sessionId)));
  }

  #find({ text, since }: SessionFilter, keys: readonly string[]): void {
    if (text.trim() === '' && since === undefined) {
      this.#found = undefined;
      this.#counts.set(undefined);
      return;
    }
    const matches = matcherOf(ofAnyStatus({ text, since }));
    const found = new Map<string, SessionSummary>();
    for (const sessionId of keys) {
      const session = this.#sessions.peek(sessionId);
      if (session !== undefined && matches(session)) found.set(sessionId, session);
    }
    this.#found = found;
    this.#counts.set(recount(NO_COUNTS, [], found.values()));
  }

  #updateFound(
    filter: SessionFilter,
    rows: ReadonlyMap<string, SessionSummary>,
    removed: readonly string[],
  ): void {
    const found = this.#found;
    if (found === undefined) return;
    const matches = matcherOf(ofAnyStatus(filter));
    const ids = new Set([...rows.keys(), ...removed]);
    const before = [...ids].flatMap((sessionId) => found.get(sessionId) ?? []);
    for (const sessionId of ids) {
      const row = rows.get(sessionId);
      if (row !== undefined && matches(row)) found.set(sessionId, row);
      else found.delete(sessionId);
    }
    const after = [...ids].flatMap((sessionId) => found.get(sessionId) ?? []);
    this.#counts.set(recount(Signal.subtle.untrack(() => this.#counts.get()) ?? NO_COUNTS, before, after));
  }
}

function ofAnyStatus({
  text,
  since,
}: Pick<SessionFilter, 'text'> & { readonly since?: string | undefined }): SessionFilter {
  return { status: 'all', text, ...(since === undefined ? {} : { since }) };
}

function areEqual(a: SessionCounts | undefined, b: SessionCounts | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.total === b.total && a.needsInput === b.needsInput && areSameCounts(a.byStatus, b.byStatus);
}
