import type { SessionHistoryController } from '../controller/session-history-controller.js';
import type { SessionSummary } from '../protocol/session-summary.js';

/** Time in which a deletion can be undone. */
export const UNDO_MS = 5000;

/** Deletions sent in parallel: a cleared list must not flood the server. */
const CONCURRENCY = 4;

/** A deletion that has not been carried out yet. */
interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  /** Id of its session that was open. */
  readonly opened: string | undefined;
}

/**
 * Deletions that wait, so that they can be undone. They are carried out at once when the page is left: the
 * person no longer can undo them.
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
   * Removes the sessions from the list now, and deletes them when the time to undo is over. `opened` is the id of
   * the one that was open.
   */
  add(sessions: readonly SessionSummary[], opened: string | undefined): void {
    if (sessions.length === 0) return;
    this.#lastId += 1;
    const id = this.#lastId;
    this.#history.addDeletion({ id, sessions, dueMs: Date.now() + UNDO_MS });
    if (this.#waiting.size === 0) globalThis.addEventListener?.('pagehide', this.flush);
    this.#waiting.set(id, { timer: setTimeout(() => this.#carryOut(id), UNDO_MS), opened });
  }

  /** Undoes a deletion; does nothing if it is too late. Returns the id of its session that was open. */
  undo(id: number): string | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#forget(id);
    this.#history.endDeletion(id);
    return waiting.opened;
  }

  /** Carries out all waiting deletions at once. */
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
    // A session that could not be deleted returns to the list, with the reason.
    void Promise.all(Array.from({ length: CONCURRENCY }, work)).then(() => this.#history.endDeletion(id));
  }

  #forget(id: number): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) globalThis.removeEventListener?.('pagehide', this.flush);
  }
}
