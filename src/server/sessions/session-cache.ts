import { isKept, Session } from './session.js';
import type { StoredSession } from '../store/session-store.js';

/** Maximal number of ended sessions that are kept in memory without readers. */
const MAX_IDLE = 64;

/** The sessions in memory: all that have not ended, and the most recently used ended ones. */
export class SessionCache {
  readonly #sessions = new Map<string, Session>();
  /** Ended sessions, least recently used first. */
  readonly #ended = new Set<Session>();
  /**
   * Ended sessions that were evicted but may still be in use by a request: two objects of one session would
   * not share changes and readers.
   */
  readonly #evicted = new Map<string, WeakRef<Session>>();
  readonly #collected = new FinalizationRegistry<string>((sessionId) => {
    if (this.#evicted.get(sessionId)?.deref() === undefined) this.#evicted.delete(sessionId);
  });

  get(sessionId: string): Session | undefined {
    const session = this.#sessions.get(sessionId) ?? this.#readmit(sessionId);
    if (session !== undefined && this.#ended.delete(session)) this.#ended.add(session);
    return session;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Adds a session that has not ended. */
  add(session: Session): void {
    this.#sessions.set(session.sessionId, session);
  }

  /** Adds a session that has ended; its log is read when it is needed. */
  addEnded(stored: StoredSession): Session {
    const session = new Session(stored, stored.status, stored.lastIndex, stored.labels);
    this.#sessions.set(session.sessionId, session);
    this.markEnded(session);
    return session;
  }

  /** Marks a session as ended, so that it may be evicted when others need the room. */
  markEnded(session: Session): void {
    this.#ended.add(session);
    if (session.durable !== undefined && !isKept(session.durable)) session.unload();
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MAX_IDLE) return;
      if (!oldest.hasReaders && oldest !== session) this.#evict(oldest);
    }
  }

  /** Removes a session that was deleted. */
  remove(session: Session): void {
    this.#sessions.delete(session.sessionId);
    this.#ended.delete(session);
    this.#evicted.delete(session.sessionId);
  }

  #evict(session: Session): void {
    this.remove(session);
    this.#evicted.set(session.sessionId, new WeakRef(session));
    this.#collected.register(session, session.sessionId);
  }

  #readmit(sessionId: string): Session | undefined {
    const session = this.#evicted.get(sessionId)?.deref();
    if (session === undefined) return undefined;
    this.#evicted.delete(sessionId);
    this.#sessions.set(sessionId, session);
    this.markEnded(session);
    return session;
  }
}
