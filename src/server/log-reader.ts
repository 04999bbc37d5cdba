import { applyEvents, EMPTY_SESSION, toSummary, type SessionState } from '../protocol/session-state.js';
import type { ServerLimits } from './limits.js';
import { fromLogged } from './logged-event.js';
import type { Session, SessionFold } from './session.js';
import type { LoggedEvent, SessionRecord, SessionStore } from './session-store.js';

const PAGE_EVENTS = 1000;

/** Reads logs, page by page. */
export class LogReader {
  readonly #store: SessionStore;
  readonly #maxBytes: number;

  constructor(store: SessionStore, limits: Pick<ServerLimits, 'pageBytes'>) {
    this.#store = store;
    this.#maxBytes = limits.pageBytes;
  }

  /** The next events of a session after an index, at most up to `through`. */
  readPage(
    { sessionId }: SessionRecord,
    after: number,
    through: number,
    maxEvents = PAGE_EVENTS,
  ): Promise<readonly LoggedEvent[]> {
    return this.#store.readEvents(sessionId, after, { through, maxEvents, maxBytes: this.#maxBytes });
  }

  /** @throws Error when the log ends before `through`. */
  async readAll(record: SessionRecord, through: number): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (let after = -1; after < through;) {
      const page = await this.readPage(record, after, through);
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of session ${record.sessionId} ends at ${after}.`);
      events.push(...page);
      after = last.index;
    }
    return events;
  }

  /** The fold of a log up to `through`. */
  async foldLog(record: SessionRecord, through: number): Promise<SessionFold> {
    const events = await this.readAll(record, through);
    const logBytes = events.reduce((sum, { bytes }) => sum + bytes, 0);
    const state = applyEvents(EMPTY_SESSION, events.map(fromLogged));
    return { state, logBytes, row: toSummary(state) };
  }

  /** The state of a session, read from its log where it is not in memory. */
  async state(session: Session): Promise<SessionState> {
    const known = session.durable ?? session.loading;
    if (known !== undefined) return (await known).state;
    session.loading = this.foldLog(session.record, session.lastIndex);
    try {
      const fold = await session.loading;
      session.load(fold);
      return fold.state;
    } finally {
      session.loading = undefined;
    }
  }
}
