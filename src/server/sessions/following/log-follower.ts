import type { GraphRunEvent } from '../../../protocol/events.js';
import { SessionFold } from '../../../protocol/session-state.js';
import { toSummary } from '../../../protocol/to-summary.js';
import { nextTurn } from '../../../protocol/next-turn.js';
import {
  StoreUnavailableError,
  type LoggedEvent,
  type SessionLook,
  type SessionStore,
} from '../../store/session-store.js';
import { fromLogged } from '../../writing/logged-event.js';
import type { FoldedLog, Session } from '../session.js';

/** Logs that are read at once. */
const LOGS_PER_READ = 100;
/** Events of one log that are read at once. */
const EVENTS_PER_READ = 256;

/** Sessions that could not be brought up to what the store has. */
interface Unread {
  /**
   * Up to which index, because a write was in progress that builds on what was known: it has written before what was read,
   * or reads on by itself.
   */
  readonly hindered: Map<Session, number>;
  /** Why their logs cannot be read. */
  readonly damaged: Map<Session, unknown>;
}

/** Dependencies of `LogFollower`. */
export interface LogFollowerOptions {
  readonly store: SessionStore;
  /** Bytes of one log that are read at once. */
  readonly pageBytes: number;
  /** Resolves when no write of a session is in progress that was when it was called. */
  readonly settled: (session: Session) => Promise<void>;
  /** Called with events of other processes when they are visible. */
  readonly onGrown: (session: Session, events: readonly GraphRunEvent[]) => void;
  /** Called for a session that another process has deleted. */
  readonly onDeleted: (session: Session) => void;
  /** Called once with why a log cannot be read on; it is tried again at the next occasion. */
  readonly onError: (error: unknown) => void;
}

/** Brings sessions up to what other processes have written. All that wait are read together, one read at a time. */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #waiting = new Set<Session>();
  /** Sessions whose damage was reported. */
  readonly #reported = new WeakSet<Session>();
  #next: Promise<Unread> | undefined;
  #reading: Promise<Unread> | undefined;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
  }

  /**
   * Brings a session up to what the store has now, or later.
   *
   * @throws Any error of the store. Error when its log cannot be read on.
   */
  async refresh(session: Session): Promise<void> {
    for (;;) {
      const { hindered, damaged } = await this.#read(session);
      if (damaged.has(session)) throw damaged.get(session);
      const through = hindered.get(session);
      if (through === undefined) return;
      await this.#options.settled(session);
      if (session.lastIndex >= through) return;
    }
  }

  /**
   * The same for a session whose writes wait for it, so that none is in progress, and none may be waited for.
   *
   * @throws Any error of the store. Error when its log cannot be read on: nothing can be decided on it.
   */
  async readOn(session: Session): Promise<void> {
    const { hindered, damaged } = await this.#read(session);
    if (damaged.has(session)) throw damaged.get(session);
    if (hindered.has(session))
      throw new Error(`Session ${session.sessionId} is written while it is read on.`);
  }

  /** The same for many sessions that nothing waits for. Never rejects: what fails is read at the next occasion. */
  async refreshAll(sessions: Iterable<Session>): Promise<void> {
    const reads = new Set([...sessions].map((session) => this.refresh(session)));
    // The store reports an outage itself.
    await Promise.allSettled(reads);
  }

  #read(session: Session): Promise<Unread> {
    this.#waiting.add(session);
    this.#next ??= this.#readNext();
    return this.#next;
  }

  /** Reads everything that waits when its turn comes: after the read in progress. */
  async #readNext(): Promise<Unread> {
    await nextTurn();
    await this.#reading?.catch(() => undefined);
    const sessions = [...this.#waiting];
    this.#waiting.clear();
    this.#next = undefined;
    this.#reading = this.#readAll(sessions);
    return this.#reading;
  }

  async #readAll(sessions: readonly Session[]): Promise<Unread> {
    const unread: Unread = { hindered: new Map(), damaged: new Map() };
    for (let start = 0; start < sessions.length; start += LOGS_PER_READ) {
      await this.#readPart(sessions.slice(start, start + LOGS_PER_READ), unread);
    }
    return unread;
  }

  async #readPart(sessions: readonly Session[], unread: Unread): Promise<void> {
    const { store, onDeleted } = this.#options;
    const looks = new Map<string, SessionLook>();
    for (const look of await store.look(sessions.map(({ sessionId }) => sessionId))) {
      looks.set(look.sessionId, look);
    }
    const behind = new Map<Session, number>();
    for (const session of sessions) {
      const look = looks.get(session.sessionId);
      if (look === undefined || look.isDeleted) {
        if (session.isDeleted) continue;
        // Its readers get the rest of its log, which its deletion has ended, as long as that is there.
        if (look?.kind === 'intact' && look.lastIndex > session.lastIndex)
          session.observe(look.status, look.lastIndex);
        onDeleted(session);
        continue;
      }
      if (look?.kind === 'damaged') {
        // The store reports it.
        unread.damaged.set(session, new Error(`The row of session ${session.sessionId} cannot be read.`));
        continue;
      }
      session.relabel(look.labels);
      if (look.lastIndex <= session.lastIndex) continue;
      if (session.durable === undefined) session.observe(look.status, look.lastIndex);
      else behind.set(session, look.lastIndex);
    }
    await this.#catchUp(behind, unread);
  }

  /** Reads logs on, each up to an index or beyond. */
  async #catchUp(behind: Map<Session, number>, { hindered, damaged }: Unread): Promise<void> {
    while (behind.size > 0) {
      const cursors = new Map([...behind.keys()].map((session) => [session, session.lastIndex]));
      const grown = await this.#readGrown(cursors, damaged);
      for (const [session, through] of behind) {
        const after = cursors.get(session) ?? session.lastIndex;
        if (damaged.has(session)) {
          behind.delete(session);
        } else if (session.draft !== session.durable) {
          hindered.set(session, through);
          behind.delete(session);
        } else {
          const isTaken = this.#take(session, after, grown.get(session.sessionId) ?? [], damaged);
          if (!isTaken || session.lastIndex >= through) behind.delete(session);
        }
      }
    }
  }

  /** Reads the next page of logs: together, unless one of them is damaged, which must not keep the others from being read. */
  async #readGrown(
    cursors: ReadonlyMap<Session, number>,
    damaged: Map<Session, unknown>,
  ): Promise<ReadonlyMap<string, readonly LoggedEvent[]>> {
    const { store, pageBytes } = this.#options;
    const limits = { maxEvents: EVENTS_PER_READ, maxBytes: pageBytes };
    try {
      const named = [...cursors].map(([{ sessionId }, after]) => [sessionId, after] as const);
      return await store.readGrown(new Map(named), limits);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      if (cursors.size > 1) {
        const pages = new Map<string, readonly LoggedEvent[]>();
        for (const one of cursors) {
          for (const page of await this.#readGrown(new Map([one]), damaged)) pages.set(...page);
        }
        return pages;
      }
      for (const session of cursors.keys()) this.#damaged(session, error, damaged);
      return new Map();
    }
  }

  /** Makes events visible. False when there is nothing to continue with. */
  #take(
    session: Session,
    after: number,
    page: readonly LoggedEvent[],
    damaged: Map<Session, unknown>,
  ): boolean {
    const { onGrown } = this.#options;
    // It has grown meanwhile: by a write of this process, or it was read as a whole.
    if (session.lastIndex !== after) return true;
    if (session.durable === undefined || session.isDeleted || page.length === 0) return false;
    try {
      const events = page.map(fromLogged);
      session.follow(foldOn(session.durable, page, events));
      onGrown(session, events);
      return true;
    } catch (error) {
      this.#damaged(session, error, damaged);
      return false;
    }
  }

  /** Notes why a log cannot be read on, and reports it once. */
  #damaged(session: Session, error: unknown, damaged: Map<Session, unknown>): void {
    damaged.set(session, error);
    if (this.#reported.has(session)) return;
    this.#reported.add(session);
    this.#options.onError(error);
  }
}

/** Folds the next events of a log. */
function foldOn(
  { state, logBytes }: FoldedLog,
  page: readonly LoggedEvent[],
  events: readonly GraphRunEvent[],
): FoldedLog {
  const fold = new SessionFold(state);
  for (const event of events) fold.apply(event);
  const next = fold.finish();
  const bytes = page.reduce((sum, event) => sum + event.bytes, 0);
  return { state: next, logBytes: logBytes + bytes, row: toSummary(next) };
}
