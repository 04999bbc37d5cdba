import { EMPTY_SESSION, SessionFold, type SessionState } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { ServerLimits } from '../limits.js';
import { fromLogged } from './logged-event.js';
import { isKept, type Session, type FoldedLog } from './session.js';
import type { LoggedEvent, SessionRecord, SessionStore } from '../store/session-store.js';

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

  /** The whole log up to `through`. @throws Error when it ends before. */
  async readAll(record: SessionRecord, through: number): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const page of this.#pages(record, through)) events.push(...page);
    return events;
  }

  /** The fold of a log up to `through`. Holds a page of it at a time. @throws Error when it ends before. */
  async foldLog(record: SessionRecord, through: number): Promise<FoldedLog> {
    const fold = new SessionFold(EMPTY_SESSION);
    let logBytes = 0;
    for await (const page of this.#pages(record, through)) {
      for (const event of page) {
        logBytes += event.bytes;
        fold.apply(fromLogged(event));
      }
    }
    const state = fold.finish();
    return { state, logBytes, row: toSummary(state) };
  }

  async *#pages(record: SessionRecord, through: number): AsyncGenerator<readonly LoggedEvent[]> {
    for (let after = -1; after < through;) {
      const page = await this.readPage(record, after, through);
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of session ${record.sessionId} ends at ${after}.`);
      yield page;
      after = last.index;
    }
  }

  /** The state of a session, read from its log where it is not in memory. */
  async state(session: Session): Promise<SessionState> {
    return (await this.fold(session)).state;
  }

  /** The fold of a session's log, read where it is not in memory. A large one is not kept there. */
  async fold(session: Session): Promise<FoldedLog> {
    if (session.durable !== undefined) return session.durable;
    session.loading ??= this.foldLog(session.record, session.lastIndex);
    try {
      const fold = await session.loading;
      if (isKept(fold)) session.load(fold);
      return fold;
    } finally {
      session.loading = undefined;
    }
  }
}
