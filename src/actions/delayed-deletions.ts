import type { PendingDeletion, SessionHistoryController } from '../controller/session-history-controller.js';
import type { SessionSummary } from '../protocol/session-summary.js';

/** Time in which a deletion can be undone. */
export const UNDO_MS = 5000;

/** A deletion that has not been carried out yet. */
interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  /** Id of its session that was open. */
  readonly opened: string | undefined;
}

/** Deletes sessions; what it has not sent when `leaving` aborts, it sends at once. Never rejects. */
export type Erase = (sessionIds: readonly string[], leaving: AbortSignal) => Promise<void>;

/**
 * Deletions that wait, so that they can be undone. They are carried out at once when the page is left: the
 * person no longer can undo them.
 */
export class DelayedDeletions {
  readonly #history: SessionHistoryController;
  readonly #erase: Erase;
  readonly #waiting = new Map<number, Waiting>();
  /** Deletions under way; a page that is left must not wait for their answers. */
  readonly #sending = new Set<AbortController>();
  #lastId = 0;

  constructor(history: SessionHistoryController, erase: Erase) {
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
    // A second registration of the same listener has no effect.
    globalThis.addEventListener?.('pagehide', this.#leave);
    this.#waiting.set(id, { timer: setTimeout(() => this.#carryOut(id), UNDO_MS), opened });
  }

  /** Undoes a deletion; does nothing if it is too late. Returns the id of its session that was open. */
  undo(id: number): string | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.#stopListening();
    this.#history.endDeletion(id);
    return waiting.opened;
  }

  /** Carries out all waiting deletions at once. */
  readonly flush = (): void => {
    for (const id of this.#waiting.keys()) this.#carryOut(id);
  };

  readonly #leave = (): void => {
    for (const sending of this.#sending) sending.abort();
    for (const id of this.#waiting.keys()) this.#carryOut(id, AbortSignal.abort());
  };

  #carryOut(id: number, left?: AbortSignal): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    this.#waiting.delete(id);
    const deletion = this.#history.deletions.find((pending) => pending.id === id);
    if (deletion !== undefined) void this.#send(deletion, left);
    this.#stopListening();
  }

  async #send({ id, sessions }: PendingDeletion, left: AbortSignal | undefined): Promise<void> {
    const sending = new AbortController();
    this.#sending.add(sending);
    const ids = sessions.map(({ sessionId }) => sessionId);
    await this.#erase(ids, left ?? sending.signal);
    this.#sending.delete(sending);
    this.#stopListening();
    // A session that could not be deleted returns to the list, with the reason.
    this.#history.endDeletion(id);
  }

  #stopListening(): void {
    if (this.#waiting.size > 0 || this.#sending.size > 0) return;
    globalThis.removeEventListener?.('pagehide', this.#leave);
  }
}
