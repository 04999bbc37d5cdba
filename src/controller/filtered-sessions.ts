import { Signal } from 'signal-polyfill';
import type { SessionSummary } from '../protocol/session-summary.js';
import type { KeyedSignals } from './keyed-signals.js';
import { ALL_SESSIONS, isNoFilter, matcherOf, type SessionFilter } from './session-filter.js';

/** The ids of the sessions that pass a filter, updated row by row. Backed by signals. */
export class FilteredSessions {
  readonly #sessions: KeyedSignals<string, SessionSummary>;
  readonly #filter = new Signal.State<SessionFilter>(ALL_SESSIONS);
  readonly #ids = new Signal.State<readonly string[] | undefined>(undefined);
  /** Ids that pass the filter; undefined if all do. */
  #matching: Set<string> | undefined;

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

  /** Sets the filter and tests every session once. */
  setFilter(filter: SessionFilter): void {
    this.#filter.set(filter);
    if (isNoFilter(filter)) {
      this.#matching = undefined;
      this.#ids.set(undefined);
      return;
    }
    const matches = matcherOf(filter);
    const keys = Signal.subtle.untrack(() => this.#sessions.keys);
    const ids = keys.filter((sessionId) => {
      const session = this.#sessions.peek(sessionId);
      return session !== undefined && matches(session);
    });
    this.#matching = new Set(ids);
    this.#ids.set(ids);
  }

  /** Tests only the sessions that have changed; makes a new list of ids only if one was added, removed or moved. */
  update(rows: ReadonlyMap<string, SessionSummary>, removed: readonly string[], isReordered: boolean): void {
    const matching = this.#matching;
    if (matching === undefined) return;
    const matches = matcherOf(Signal.subtle.untrack(() => this.#filter.get()));
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
}
