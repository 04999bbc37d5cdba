import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { untilWoken } from '../until-woken.js';
import { ListPublisher } from './list-publisher.js';

/** One reader of a list: the sessions whose newest row it has not read yet. */
interface Reader {
  readonly changed: Set<string>;
  readonly waiters: Set<() => void>;
}

/**
 * The sessions of one graph, in memory: for an engine that reports what happens. Any number of connections read it. A slow
 * reader gets only the newest row of each session.
 */
export class SessionList {
  readonly #rows = new Map<string, SessionSummary>();
  readonly #readers = new Set<Reader>();

  /** Adds the row of a session, or replaces it. */
  set(row: SessionSummary): void {
    this.#rows.set(row.sessionId, row);
    this.#announce(row.sessionId);
  }

  /** Removes a session; one that is not there is ignored. */
  delete(sessionId: string): void {
    if (this.#rows.delete(sessionId)) this.#announce(sessionId);
  }

  /** Reads the list for one connection (see `createConnection`): all rows, then what changes. Ends when `signal` aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const reader: Reader = { changed: new Set(), waiters: new Set() };
    const publisher = new ListPublisher();
    this.#readers.add(reader);
    try {
      // Of several of the same time, the last one is the newest.
      const rows = [...this.#rows.values()].reverse();
      yield [...publisher.publish(rows), ...publisher.describe({ phase: 'live', attempt: 0 })];
      while (!signal.aborted) {
        if (reader.changed.size === 0) await untilWoken(reader.waiters, signal);
        const ids = [...reader.changed];
        reader.changed.clear();
        const messages = publisher.update(
          ids.flatMap((id) => this.#rows.get(id) ?? []),
          ids.filter((id) => !this.#rows.has(id)),
        );
        if (messages.length > 0 && !signal.aborted) yield messages;
      }
    } finally {
      this.#readers.delete(reader);
    }
  }

  #announce(sessionId: string): void {
    for (const { changed, waiters } of this.#readers) {
      changed.add(sessionId);
      for (const waiter of waiters) waiter();
    }
  }
}
