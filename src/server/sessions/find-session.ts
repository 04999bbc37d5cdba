import type { SessionStore } from '../store/session-store.js';
import { isStorable } from '../store/storable-text.js';
import type { SessionCache } from './session-cache.js';
import { Session } from './session.js';

/**
 * Finds sessions in memory or in the store, and makes only one object of each: two would not share changes and
 * readers, and both would be run.
 */
export class SessionFinder {
  readonly #store: SessionStore;
  readonly #cache: SessionCache;
  readonly #finding = new Map<string, Promise<Session | undefined>>();

  constructor(store: SessionStore, cache: SessionCache) {
    this.#store = store;
    this.#cache = cache;
  }

  /** Resolves with undefined for a session that does not exist. */
  async find(sessionId: string): Promise<Session | undefined> {
    // No session has such an id, and a database may refuse to look for one.
    if (!isStorable(sessionId)) return undefined;
    return this.#cache.get(sessionId) ?? this.#finding.get(sessionId) ?? this.#once(sessionId);
  }

  /** Finds a session to delete it, also one whose row cannot be read; that one can only be deleted. */
  async findToDelete(sessionId: string): Promise<Session | undefined> {
    try {
      return await this.find(sessionId);
    } catch (error) {
      const damaged = await this.#store.findDamaged(sessionId);
      if (damaged === undefined || damaged.isDeleted) throw error;
      const session = this.#cache.get(sessionId) ?? this.#cache.addStored(damaged);
      session.isUnrecovered = true;
      return session;
    }
  }

  /**
   * Makes `find` wait for a creation in progress, which adds the session to the cache: the store may have it
   * earlier, and also when the creation has failed because it is not known that it was written.
   */
  expect(sessionId: string, creation: Promise<void>): void {
    const created = () => this.#cache.get(sessionId) ?? this.#read(sessionId);
    // Who looks for it meanwhile gets the error.
    this.#share(sessionId, creation.then(created, created)).catch(() => undefined);
  }

  #once(sessionId: string): Promise<Session | undefined> {
    return this.#share(sessionId, this.#read(sessionId));
  }

  #share(sessionId: string, finding: Promise<Session | undefined>): Promise<Session | undefined> {
    const shared = finding.finally(() => this.#finding.delete(sessionId));
    this.#finding.set(sessionId, shared);
    return shared;
  }

  async #read(sessionId: string): Promise<Session | undefined> {
    for (;;) {
      const { removals } = this.#cache;
      const stored = await this.#store.find(sessionId);
      if (stored === undefined) return undefined;
      const known = this.#cache.get(sessionId);
      if (known !== undefined) return known;
      // If a session was deleted meanwhile, it may be this one, as it was before.
      if (removals !== this.#cache.removals) continue;
      if (!stored.isDeleted) return this.#cache.addStored(stored);
      const deleted = new Session(stored, stored.status, stored.lastIndex);
      deleted.isDeleted = true;
      return deleted;
    }
  }
}
