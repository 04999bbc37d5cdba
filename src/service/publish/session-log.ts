import type { GraphRunEvent, GraphRunEventBody } from '../../protocol/events.js';
import type { Cursor, SessionBatch } from '../../protocol/stream/messages.js';
import { sessionTerminal } from '../../protocol/questions/refusals.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { applyEvents, type SessionState } from '../../protocol/session-state.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import { untilWoken } from '../until-woken.js';
import { LogPublisher, type SessionLogView } from './log-publisher.js';

/**
 * The log of one session, in memory: for an engine that reports what happens. Any number of connections read it, each from
 * the beginning or from a cursor, and get what is appended.
 */
export class SessionLog {
  readonly #view: SessionLogView;
  readonly #events: GraphRunEvent[] = [];
  readonly #waiters = new Set<() => void>();
  #state: SessionState = EMPTY_SESSION;

  /** @param about what readers learn about the session apart from its events. */
  constructor(about: Pick<SessionLogView, 'graphId' | 'fidelity'> = {}) {
    this.#view = { ...about, events: this.#events };
  }

  /** All events so far. The list itself grows. */
  get events(): readonly GraphRunEvent[] {
    return this.#events;
  }

  /** The state after the last event; `toSummary` makes the row of a list from it. */
  get state(): SessionState {
    return this.#state;
  }

  /**
   * Appends events, all at once, and gives them their indexes. The first one of a log must be `graphStart`.
   *
   * @param ts when they happened, in milliseconds since 1970; default: now.
   * @throws GraphRunError `session-terminal` when a terminal event is there already.
   */
  append(bodies: readonly GraphRunEventBody[], ts = Date.now()): void {
    if (bodies.length === 0) return;
    if (isTerminalStatus(this.#state.status)) throw sessionTerminal(this.#state.status);
    const events = bodies.map((body, offset) => ({ ...body, index: this.#events.length + offset, ts }));
    this.#events.push(...events);
    this.#state = applyEvents(this.#state, events);
    for (const waiter of this.#waiters) waiter();
  }

  /**
   * Reads the log for one connection (see `createConnection`): what is there after `cursor`, then what is appended. Ends after
   * the terminal event, or when `signal` aborts.
   */
  async *read(signal: AbortSignal, cursor?: Cursor): AsyncGenerator<SessionBatch, void, undefined> {
    const publisher = new LogPublisher(cursor);
    while (!signal.aborted) {
      yield* publisher.publish(this.#view);
      if (publisher.isEnded) return;
      if (publisher.count === this.#events.length) await untilWoken(this.#waiters, signal);
    }
  }
}
