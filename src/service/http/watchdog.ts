import type { Environment } from './environment.js';

/**
 * Time for bytes that are waiting in a buffer to arrive after the machine or the page woke up. With the
 * wait before the next attempt it is less than 2 s.
 */
const GRACE_MS = 1500;

/**
 * Calls `onStall` when nothing was heard for too long while somebody listens. It looks in short
 * periods instead of setting one long timer, because that shows when the machine slept: a look that
 * comes far too late, by the monotonic clock or (that one stands still in some sleeps) by the time of day.
 * Then it gives a short grace instead of the rest of a long wait.
 */
export class Watchdog {
  readonly #environment: Environment;
  readonly #onStall: () => void;
  #limitMs = 0;
  #deadline = 0;
  /** When the wait began, by the time of day. */
  #armedWallMs = 0;
  #cancel: (() => void) | undefined;

  constructor(environment: Environment, onStall: () => void) {
    this.#environment = environment;
    this.#onStall = onStall;
  }

  /** Begins to wait for a sign of life, at most `limitMs` from now. */
  arm(limitMs: number): void {
    this.disarm();
    this.#limitMs = limitMs;
    this.#deadline = this.#environment.now() + limitMs;
    this.#armedWallMs = this.#environment.wallNow();
    this.#look();
  }

  /** Waits for nothing any more. */
  disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Waits no longer than `limitMs` from the last sign of life, if it waits at all. */
  shorten(limitMs: number): void {
    if (this.#cancel === undefined || limitMs >= this.#limitMs) return;
    this.#deadline -= this.#limitMs - limitMs;
    this.#limitMs = limitMs;
    this.disarm();
    this.#look();
  }

  /** The machine or the page woke up: a sign of life that is overdue may only take the grace. */
  wake(): void {
    if (this.#cancel === undefined) return;
    if (!this.#isOverdue()) return;
    this.#allowGrace();
    this.disarm();
    this.#look();
  }

  #look(): void {
    const { now, wallNow, setTimer } = this.#environment;
    const start = now();
    const wallStart = wallNow();
    if (start >= this.#deadline) {
      this.#onStall();
      return;
    }
    const period = Math.min(5000, this.#deadline - start);
    this.#cancel = setTimer(() => {
      this.#cancel = undefined;
      const hasSlept = Math.max(now() - start, wallNow() - wallStart) > 3 * period;
      if (hasSlept && this.#isOverdue()) this.#allowGrace();
      this.#look();
    }, period);
  }

  #allowGrace(): void {
    const now = this.#environment.now();
    const end = now + GRACE_MS;
    this.#deadline = this.#deadline > now ? Math.min(this.#deadline, end) : end;
  }

  #isOverdue(): boolean {
    const { now, wallNow } = this.#environment;
    return now() >= this.#deadline || wallNow() - this.#armedWallMs >= this.#limitMs;
  }
}
