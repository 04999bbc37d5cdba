import type { GraphRunEvent } from '../../protocol/events.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { SessionFold } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { ServerLimits } from '../limits.js';
import { fromLogged } from '../writing/logged-event.js';
import { outageOf, sessionDeleted } from './session-errors.js';
import { digestOf, type SessionDigest } from './session-digest.js';
import { isKept, type Session, type FoldedLog } from './session.js';
import { Turns } from '../scheduling/turns.js';
import type { LoggedEvent, PageLimits, SessionRecord, SessionStore } from '../store/session-store.js';

/** Events of a page. Their sizes are read first, and those that do not fit into the page are dropped. */
const PAGE_EVENTS = 256;
/** Positions among which events that change the state are looked for in one turn. */
const STEP_WINDOW_EVENTS = 5000;

/** Reads logs, page by page, each page in a turn of the event loop of its own. */
export class LogReader {
  readonly #store: SessionStore;
  readonly #maxBytes: number;
  readonly #turns = new Turns();
  /** Pages that are being read, by what they are. */
  readonly #reading = new Map<string, Promise<readonly LoggedEvent[]>>();

  constructor(store: SessionStore, limits: Pick<ServerLimits, 'pageBytes'>) {
    this.#store = store;
    this.#maxBytes = limits.pageBytes;
  }

  /**
   * Reads the next events of a session after an index: a page, at most up to `through`. All who ask for the same page meanwhile
   * share one read, as the readers do who were woken by the same event.
   */
  readPage(
    { sessionId }: SessionRecord,
    after: number,
    through: number,
    maxEvents = PAGE_EVENTS,
  ): Promise<readonly LoggedEvent[]> {
    const key = `${after} ${through} ${maxEvents} ${sessionId}`;
    const reading =
      this.#reading.get(key) ??
      this.#readPage(sessionId, after, this.#page(through, maxEvents)).finally(() =>
        this.#reading.delete(key),
      );
    this.#reading.set(key, reading);
    return reading;
  }

  async #readPage(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    await this.#turns.next();
    return this.#store.readEvents(sessionId, after, limits);
  }

  /**
   * Reads the log after an index, by default the whole, up to `through`, oldest first.
   *
   * @throws Error when it ends before. GraphRunError `session-deleted` when that is because it was erased.
   */
  async *readAll(
    record: SessionRecord,
    through: number,
    after = -1,
  ): AsyncGenerator<readonly GraphRunEvent[]> {
    for await (const page of this.#pages(record, through, after)) yield page.map(fromLogged);
  }

  /**
   * Folds a log up to `through`, on from an earlier fold if there is one. Most of a long log is what nodes emitted, which changes nothing but the time of the
   * newest event: only the newest event and those that change the state are read.
   *
   * @throws Error when the log ends before `through`, or one of these events is damaged.
   */
  async foldLog(record: SessionRecord, through: number, earlier?: FoldedLog): Promise<FoldedLog> {
    const begin = earlier?.state ?? EMPTY_SESSION;
    const fold = new SessionFold(begin);
    for (let after = begin.lastIndex; after < through - 1;) {
      await this.#turns.next();
      const end = Math.min(after + STEP_WINDOW_EVENTS, through - 1);
      const steps = await this.#store.readSteps(record.sessionId, after, this.#page(end));
      for (const event of steps) fold.apply(fromLogged(event));
      after = steps.at(-1)?.index ?? end;
    }
    const [newest] = await this.readPage(record, through - 1, through);
    const stored = await this.#store.find(record.sessionId);
    if (newest === undefined || stored === undefined) throw endsAt(record, fold.lastIndex);
    fold.apply(fromLogged(newest));
    const state = fold.finish();
    return { state, logBytes: stored.logBytes, row: toSummary(state) };
  }

  #page(through: number, maxEvents = PAGE_EVENTS): PageLimits {
    return { through, maxEvents: Math.min(maxEvents, PAGE_EVENTS), maxBytes: this.#maxBytes };
  }

  async *#pages(
    record: SessionRecord,
    through: number,
    from: number,
  ): AsyncGenerator<readonly LoggedEvent[]> {
    for (let after = from; after < through;) {
      const page = await this.readPage(record, after, through);
      const last = page.at(-1);
      if (last === undefined) throw (await this.#isGone(record)) ? sessionDeleted() : endsAt(record, after);
      yield page;
      after = last.index;
    }
  }

  /** The digest of a session, read from its log where it is not in memory. */
  async digest(session: Session): Promise<SessionDigest> {
    return session.digest ?? digestOf((await this.fold(session)).state);
  }

  /**
   * The fold of a session's log, read where it is not in memory. A large one is not kept there.
   *
   * @throws GraphRunError `session-deleted` when the log was erased meanwhile. Error when it cannot be read.
   */
  async fold(session: Session): Promise<FoldedLog> {
    let earlier: FoldedLog | undefined;
    for (;;) {
      if (session.durable !== undefined) return session.durable;
      const { lastIndex } = session;
      const loading = (session.loading ??= this.foldLog(session.record, lastIndex, earlier));
      try {
        const fold = await loading;
        // Another caller may have loaded it, and the log may have grown since, also by another process.
        if (session.durable !== undefined) return session.durable;
        if (fold.state.lastIndex < session.lastIndex) {
          earlier = fold;
          continue;
        }
        if (isKept(fold)) session.load(fold);
        else session.summarize(fold);
        return fold;
      } catch (error) {
        if (session.isDeleted || (await this.#isGone(session))) throw sessionDeleted();
        throw error;
      } finally {
        // Another one who has waited may fold on already.
        if (session.loading === loading) session.loading = undefined;
      }
    }
  }

  /**
   * True when another process has deleted a session, and may have erased its log. False when its row cannot be read.
   *
   * @throws The error of a store that is out of reach: to ask again may show it.
   */
  async #isGone({ sessionId }: Pick<SessionRecord, 'sessionId'>): Promise<boolean> {
    try {
      const stored = await this.#store.find(sessionId);
      return stored === undefined || stored.isDeleted;
    } catch (error) {
      if (outageOf(error) !== undefined) throw error;
      return false;
    }
  }
}

function endsAt({ sessionId }: SessionRecord, index: number): Error {
  return new Error(`The log of session ${sessionId} ends at ${index}.`);
}
