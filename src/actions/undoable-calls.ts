import { withPause, type Countdown } from '../controller/countdown.js';

/** Time in which a deletion can be undone, in milliseconds. */
export const DELETION_UNDO_MS = 5000;

/** Time in which an answer that was given with one key can be undone, in milliseconds. */
export const ANSWER_UNDO_MS = 3000;

/** A call that can still be undone. */
export interface UndoableCall extends Countdown {
  readonly id: number;
}

/** Options of `UndoableCalls`. */
export interface UndoableCallsOptions<Call> {
  /** Time in which a call can be undone, in milliseconds. */
  readonly undoMs: number;
  /** Shows a call that waits: when it is added, and when its countdown is paused or continues. */
  readonly show: (call: Call & UndoableCall) => void;
  /**
   * Carries out a call that can no longer be undone; called once for each. What it has not sent when `leaving` aborts, it
   * sends at once. Never rejects.
   */
  readonly carryOut: (call: Call & Pick<UndoableCall, 'id'>, leaving: AbortSignal) => Promise<void>;
}

interface Waiting<Call> {
  readonly call: Call;
  readonly countdown: Countdown;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Calls that wait, so that a person can undo them. They are carried out at once when the page is left: what a person has
 * done happens.
 */
export class UndoableCalls<Call> {
  readonly #options: UndoableCallsOptions<Call>;
  readonly #waiting = new Map<number, Waiting<Call>>();
  /** Calls under way; a page that is left must not wait for their answers. */
  readonly #sending = new Set<AbortController>();
  #isHeld = false;
  #lastId = 0;

  constructor(options: UndoableCallsOptions<Call>) {
    this.#options = options;
  }

  /** Carries out a call when the time to undo it is over. */
  add(call: Call): void {
    this.#lastId += 1;
    const nowMs = Date.now();
    // A second registration of the same listener has no effect.
    globalThis.addEventListener?.('pagehide', this.#leave);
    this.#count(this.#lastId, call, withPause({ dueMs: nowMs + this.#options.undoMs }, this.#isHeld, nowMs));
  }

  /** Undoes a call and returns it; undefined if it is too late. */
  undo(id: number): Call | undefined {
    const call = this.#take(id);
    this.#stopListening();
    return call;
  }

  /** Pauses all countdowns while a person may be about to undo: the pointer or the focus is on the message about them. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const [id, { call, countdown }] of this.#waiting) {
      const next = withPause(countdown, isHeld, Date.now());
      if (next !== countdown) this.#count(id, call, next);
    }
  }

  /** Carries out all waiting calls at once. */
  flush(): void {
    for (const id of this.#waiting.keys()) void this.#carryOut(id);
  }

  readonly #leave = (): void => {
    for (const sending of this.#sending) sending.abort();
    for (const id of this.#waiting.keys()) void this.#carryOut(id, AbortSignal.abort());
  };

  #count(id: number, call: Call, countdown: Countdown): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    const timer =
      countdown.pausedMs === undefined
        ? setTimeout(() => void this.#carryOut(id), countdown.dueMs - Date.now())
        : undefined;
    this.#waiting.set(id, { call, countdown, timer });
    this.#options.show({ ...call, id, ...countdown });
  }

  #take(id: number): Call | undefined {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(id);
    return waiting?.call;
  }

  async #carryOut(id: number, left?: AbortSignal): Promise<void> {
    const call = this.#take(id);
    if (call === undefined) return;
    const sending = new AbortController();
    this.#sending.add(sending);
    await this.#options.carryOut({ ...call, id }, left ?? sending.signal);
    this.#sending.delete(sending);
    this.#stopListening();
  }

  #stopListening(): void {
    if (this.#waiting.size > 0 || this.#sending.size > 0) return;
    globalThis.removeEventListener?.('pagehide', this.#leave);
  }
}
