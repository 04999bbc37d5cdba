import { isEmittedType, type GraphRunEvent } from '../../protocol/events.js';
import { EMPTY_SESSION, SessionFold } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { ServerLimits } from '../limits.js';
import { fromLogged } from '../writing/logged-event.js';
import { digestOf, type SessionDigest } from './session-digest.js';
import { isKept, type Session, type FoldedLog } from './session.js';
import { Turns } from '../scheduling/turns.js';
import type { LoggedEvent, SessionRecord, SessionStore } from '../store/session-store.js';

const PAGE_EVENTS = 1000;

/** Reads logs, page by page, each page in a turn of the event loop of its own. */
export class LogReader {
  readonly #store: SessionStore;
  readonly #maxBytes: number;
  readonly #turns = new Turns();

  constructor(store: SessionStore, limits: Pick<ServerLimits, 'pageBytes'>) {
    this.#store = store;
    this.#maxBytes = limits.pageBytes;
  }

  /** The next events of a session after an index, at most up to `through`. */
  async readPage(
    { sessionId }: SessionRecord,
    after: number,
    through: number,
    maxEvents = PAGE_EVENTS,
  ): Promise<readonly LoggedEvent[]> {
    await this.#turns.next();
    return this.#store.readEvents(sessionId, after, { through, maxEvents, maxBytes: this.#maxBytes });
  }

  /** Reads the whole log up to `through`, oldest first. @throws Error when it ends before. */
  async *readAll(record: SessionRecord, through: number): AsyncGenerator<readonly GraphRunEvent[]> {
    for await (const page of this.#pages(record, through)) yield page.map(fromLogged);
  }

  /** The fold of a log up to `through`. Holds a page of it at a time. @throws Error when it ends before. */
  async foldLog(record: SessionRecord, through: number): Promise<FoldedLog> {
    const fold = new SessionFold(EMPTY_SESSION);
    let logBytes = 0;
    for await (const page of this.#pages(record, through)) {
      for (const event of page) {
        logBytes += event.bytes;
        // Most of a long log is what nodes emitted, which changes nothing but the time of the newest event.
        if (event.index === through || !isEmittedType(event.type)) fold.apply(fromLogged(event));
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

  /** The digest of a session, read from its log where it is not in memory. */
  async digest(session: Session): Promise<SessionDigest> {
    return session.digest ?? digestOf((await this.fold(session)).state);
  }

  /** The fold of a session's log, read where it is not in memory. A large one is not kept there. */
  async fold(session: Session): Promise<FoldedLog> {
    if (session.durable !== undefined) return session.durable;
    session.loading ??= this.foldLog(session.record, session.lastIndex);
    try {
      const fold = await session.loading;
      // Another caller may have loaded it, and the log may have grown since.
      if (session.durable !== undefined) return session.durable;
      if (isKept(fold)) session.load(fold);
      else session.summarize(fold);
      return fold;
    } finally {
      session.loading = undefined;
    }
  }
}
