import { isKept, Session } from './session.js';
import type { StoredSession } from '../store/session-store.js';

/** Maximal number of sessions that are kept in memory although nothing runs or reads them. */
const MAX_IDLE = 64;

/** The sessions in memory: all that this process runs, and the most recently used others. */
export class SessionCache {
  readonly #sessions = new Map<string, Session>();
  /** Sessions that this process does not run (ended, or waiting since before its start), least recently used first. */
  readonly #idle = new Set<Session>();
  /**
   * Sessions that were evicted but may still be in use by a request: two objects of one session would
   * not share changes and readers.
   */
  readonly #evicted = new Map<string, WeakRef<Session>>();
  readonly #collected = new FinalizationRegistry<string>((sessionId) => {
    if (this.#evicted.get(sessionId)?.deref() === undefined) this.#evicted.delete(sessionId);
  });

  #removals = 0;

  /** How many sessions were removed so far: what was read from the store before a removal may be old. */
  get removals(): number {
    return this.#removals;
  }

  get(sessionId: string): Session | undefined {
    const session = this.#sessions.get(sessionId) ?? this.#readmit(sessionId);
    if (session !== undefined && this.#idle.delete(session)) this.#idle.add(session);
    return session;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Adds a session that this process runs. */
  add(session: Session): void {
    this.#sessions.set(session.sessionId, session);
  }

  /** Adds a session that this process does not run; its log is read when it is needed. */
  addStored(stored: StoredSession): Session {
    const session = new Session(stored, stored.status, stored.lastIndex, stored.labels);
    this.#sessions.set(session.sessionId, session);
    this.markIdle(session);
    return session;
  }

  /** Keeps a session until it is marked as idle: this process runs it from now on. */
  keep(session: Session): void {
    if (session.isDeleted) return;
    this.#evicted.delete(session.sessionId);
    this.#idle.delete(session);
    this.add(session);
  }

  /** Marks a session that is no longer run, so that it may be evicted when others need the room. */
  markIdle(session: Session): void {
    this.#idle.add(session);
    if (session.durable !== undefined && !isKept(session.durable)) session.unload();
    for (const oldest of this.#idle) {
      if (this.#idle.size <= MAX_IDLE) return;
      if (!oldest.hasReaders && oldest !== session) this.#evict(oldest);
    }
  }

  /** Removes a session that was deleted. */
  remove(session: Session): void {
    this.#removals += 1;
    this.#drop(session);
  }

  #evict(session: Session): void {
    this.#drop(session);
    this.#evicted.set(session.sessionId, new WeakRef(session));
    this.#collected.register(session, session.sessionId);
  }

  #drop(session: Session): void {
    this.#sessions.delete(session.sessionId);
    this.#idle.delete(session);
    this.#evicted.delete(session.sessionId);
  }

  #readmit(sessionId: string): Session | undefined {
    const session = this.#evicted.get(sessionId)?.deref();
    if (session === undefined) return undefined;
    this.#evicted.delete(sessionId);
    this.#sessions.set(sessionId, session);
    this.markIdle(session);
    return session;
  }
}
