import { Signal } from 'signal-polyfill';

/** A smaller difference, in milliseconds, is the way of a message rather than a wrong clock. */
const TOLERANCE_MS = 5000;
/** Number of the latest messages that are compared. */
const KEPT = 8;

/**
 * How far the clock of this machine is ahead of the server's, learned from the times of live messages. A message
 * can only be late, so the smallest difference of the latest ones is the nearest to the truth.
 */
export class ClockOffset {
  readonly #ms = new Signal.State(0);
  readonly #differences: number[] = [];

  /** The difference, in milliseconds; negative for a clock that is behind, 0 below five seconds. Backed by a signal. */
  get ms(): number {
    return this.#ms.get();
  }

  /** Takes the server's time of a message that arrives as it happens, in milliseconds since 1970. */
  learn(serverMs: number): void {
    this.#differences.push(Date.now() - serverMs);
    if (this.#differences.length > KEPT) this.#differences.shift();
    const least = Math.min(...this.#differences);
    const ms = Math.abs(least) < TOLERANCE_MS ? 0 : least;
    // Shown times would flicker with every message.
    const known = Signal.subtle.untrack(() => this.#ms.get());
    if (Math.abs(ms - known) >= 1000 || ms === 0) this.#ms.set(ms);
  }
}
