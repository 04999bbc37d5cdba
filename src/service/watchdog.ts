import type { Environment } from './environment.js';

/** Time for bytes that are waiting in a buffer to arrive after the machine or the page woke up. */
const GRACE_MS = 2000;

/**
 * Calls `onStall` when nothing was heard for too long while somebody listens. It looks in short
 * periods instead of setting one long timer, because that shows when the machine slept: a look that
 * comes far too late. Then it gives a short grace instead of the rest of a long wait.
 */
export class Watchdog {
  readonly #environment: Environment;
  readonly #onStall: () => void;
  #limitMs = 0;
  #deadline = 0;
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
    const now = this.#environment.now();
    if (now < this.#deadline) return;
    this.#deadline = now + GRACE_MS;
    this.disarm();
    this.#look();
  }

  #look(): void {
    const { now, setTimer } = this.#environment;
    const start = now();
    if (start >= this.#deadline) {
      this.#onStall();
      return;
    }
    const period = Math.min(5000, this.#deadline - start);
    this.#cancel = setTimer(() => {
      this.#cancel = undefined;
      const hasSlept = now() - start > 3 * period;
      if (hasSlept && now() >= this.#deadline) this.#deadline = now() + GRACE_MS;
      this.#look();
    }, period);
  }
}
