import { isKept, Session } from './session.js';
import type { StoredSession } from '../store/session-store.js';

/** Ended sessions that are kept in memory though nobody reads them. */
const MAX_IDLE = 64;

/** The sessions in memory: all that have not ended, and the ended ones that were asked for last. */
export class SessionCache {
  readonly #sessions = new Map<string, Session>();
  /** Ended sessions, least recently used first. */
  readonly #ended = new Set<Session>();
  /**
   * Ended sessions that were forgotten here, and that a request may still hold: two objects of one session
   * would not know of each other's changes and readers.
   */
  readonly #forgotten = new Map<string, WeakRef<Session>>();
  readonly #collected = new FinalizationRegistry<string>((sessionId) => {
    if (this.#forgotten.get(sessionId)?.deref() === undefined) this.#forgotten.delete(sessionId);
  });

  get(sessionId: string): Session | undefined {
    const session = this.#sessions.get(sessionId) ?? this.#remember(sessionId);
    if (session !== undefined && this.#ended.delete(session)) this.#ended.add(session);
    return session;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Takes a session in that has not ended. */
  add(session: Session): void {
    this.#sessions.set(session.sessionId, session);
  }

  /** Takes a session in that has ended; its log is read when it is needed. */
  addEnded(stored: StoredSession): Session {
    const session = new Session(stored, stored.status, stored.lastIndex, stored.labels);
    this.#sessions.set(session.sessionId, session);
    this.markEnded(session);
    return session;
  }

  /** Says that a session has ended and may be forgotten when others need the room. */
  markEnded(session: Session): void {
    this.#ended.add(session);
    if (session.durable !== undefined && !isKept(session.durable)) session.unload();
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MAX_IDLE) return;
      if (!oldest.hasReaders && oldest !== session) this.#forget(oldest);
    }
  }

  /** Takes out a session that was deleted. */
  remove(session: Session): void {
    this.#sessions.delete(session.sessionId);
    this.#ended.delete(session);
    this.#forgotten.delete(session.sessionId);
  }

  #forget(session: Session): void {
    this.remove(session);
    this.#forgotten.set(session.sessionId, new WeakRef(session));
    this.#collected.register(session, session.sessionId);
  }

  #remember(sessionId: string): Session | undefined {
    const session = this.#forgotten.get(sessionId)?.deref();
    if (session === undefined) return undefined;
    this.#forgotten.delete(sessionId);
    this.#sessions.set(sessionId, session);
    this.markEnded(session);
    return session;
  }
}
