import type { DelayedAnswer, InboxController } from '../controller/inbox-controller.js';

/** Time in which an answer that was given with one key can be undone. */
export const ANSWER_UNDO_MS = 3000;

/**
 * Answers that wait, so that they can be undone. They are sent at once when the page is left: what a person has
 * confirmed happens.
 */
export class DelayedAnswers {
  readonly #state: InboxController;
  readonly #send: (answer: DelayedAnswer) => void;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #lastId = 0;

  /** @param send sends an answer that can no longer be undone; called once for each. */
  constructor(state: InboxController, send: (answer: DelayedAnswer) => void) {
    this.#state = state;
    this.#send = send;
  }

  /** Sends an answer when the time to undo it is over. */
  add(answer: Omit<DelayedAnswer, 'id' | 'dueMs'>): void {
    this.#lastId += 1;
    const id = this.#lastId;
    // A second registration of the same listener has no effect.
    globalThis.addEventListener?.('pagehide', this.flush);
    this.#timers.set(
      id,
      setTimeout(() => this.#carryOut(id), ANSWER_UNDO_MS),
    );
    this.#state.addDelayed({ ...answer, id, dueMs: Date.now() + ANSWER_UNDO_MS });
  }

  /** Undoes an answer and returns it; undefined if it is too late. */
  undo(id: number): DelayedAnswer | undefined {
    return this.#end(id);
  }

  /** Sends all waiting answers at once. */
  readonly flush = (): void => {
    for (const id of this.#timers.keys()) this.#carryOut(id);
  };

  #carryOut(id: number): void {
    const answer = this.#end(id);
    if (answer !== undefined) this.#send(answer);
  }

  #end(id: number): DelayedAnswer | undefined {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (this.#timers.size === 0) globalThis.removeEventListener?.('pagehide', this.flush);
    const answer = this.#state.delayed.find((delayed) => delayed.id === id);
    this.#state.endDelayed(id);
    return answer;
  }
}
