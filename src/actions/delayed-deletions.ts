import type { SessionHistoryController } from '../controller/session-history-controller.js';
import type { SessionSummary } from '../protocol/session-summary.js';

/** How long a deletion can be taken back. */
export const UNDO_MS = 5000;

/** Deletions started at once, so that a cleared list does not storm the server. */
const CONCURRENCY = 4;

/** A deletion that waits. */
interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  /** The session of it that was open. */
  readonly opened: string | undefined;
}

/**
 * Deletions that wait, so that they can be taken back. When the page goes before, they happen at once:
 * who deleted something and left meant it.
 */
export class DelayedDeletions {
  readonly #history: SessionHistoryController;
  readonly #erase: (sessionId: string) => Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param erase deletes one session; must not reject. */
  constructor(history: SessionHistoryController, erase: (sessionId: string) => Promise<void>) {
    this.#history = history;
    this.#erase = erase;
  }

  /**
   * Takes the sessions off the list now, and deletes them when it can no longer be taken back. `opened` is
   * the one of them that was open.
   */
  add(sessions: readonly SessionSummary[], opened: string | undefined): void {
    if (sessions.length === 0) return;
    this.#lastId += 1;
    const id = this.#lastId;
    this.#history.addDeletion({ id, sessions, dueMs: Date.now() + UNDO_MS });
    if (this.#waiting.size === 0) globalThis.addEventListener?.('pagehide', this.flush);
    this.#waiting.set(id, { timer: setTimeout(() => this.#carryOut(id), UNDO_MS), opened });
  }

  /** Takes a deletion back; too late, it does nothing. Returns the session of it that was open. */
  undo(id: number): string | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#forget(id);
    this.#history.endDeletion(id);
    return waiting.opened;
  }

  /** Deletes at once whatever waits. */
  readonly flush = (): void => {
    for (const id of this.#waiting.keys()) this.#carryOut(id);
  };

  #carryOut(id: number): void {
    this.#forget(id);
    const deletion = this.#history.deletions.find((pending) => pending.id === id);
    if (deletion === undefined) return;
    const left = deletion.sessions.map(({ sessionId }) => sessionId);
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await this.#erase(next);
    };
    // What could not be deleted comes back to the list, with the reason.
    void Promise.all(Array.from({ length: CONCURRENCY }, work)).then(() => this.#history.endDeletion(id));
  }

  #forget(id: number): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) globalThis.removeEventListener?.('pagehide', this.flush);
  }
}
