import { Signal } from 'signal-polyfill';

/** A smaller difference, in milliseconds, is the way of a message rather than a wrong clock. */
const TOLERANCE_MS = 5000;
/** Number of the latest messages that are compared. */
const KEPT = 8;

/**
 * How far the clock of this machine is ahead of the server's: as a connection says, and learned from the times of live
 * messages. A message can only be late, so the smallest difference of the latest ones is the nearest to the truth.
 */
export class ClockOffset {
  readonly #ms = new Signal.State(0);
  #differences: number[] = [];
  /** The time of day without the time since the page began, when the difference was last learned. */
  #beginningMs = beginningMs();

  /** The difference, in milliseconds; negative for a clock that is behind, 0 below five seconds. Backed by a signal. */
  get ms(): number {
    return this.#ms.get() + Math.min(0, this.#jumpMs());
  }

  /** Takes the difference that a connection found; undefined changes nothing. */
  set(aheadMs: number | undefined): void {
    if (aheadMs === undefined) return;
    this.#differences = [];
    this.#add(aheadMs);
  }

  /** Takes the server's time of a message that arrives as it happens, in milliseconds since 1970. */
  learn(serverMs: number): void {
    // Differences from before a jump of the clock say nothing about it now.
    if (this.#jumpMs() !== 0) this.#differences = [];
    this.#add(Date.now() - serverMs);
  }

  #add(aheadMs: number): void {
    this.#beginningMs = beginningMs();
    this.#differences.push(aheadMs);
    if (this.#differences.length > KEPT) this.#differences.shift();
    const least = Math.min(...this.#differences);
    const ms = Math.abs(least) < TOLERANCE_MS ? 0 : least;
    // Shown times would flicker with every message.
    const known = Signal.subtle.untrack(() => this.#ms.get());
    if (Math.abs(ms - known) >= 1000 || ms === 0) this.#ms.set(ms);
  }

  /**
   * How far the clock has been set forward since, in milliseconds; 0 if it has not. A clock that was set back is certain;
   * forward may also be a machine that slept, so it counts only when the next message comes.
   */
  #jumpMs(): number {
    const jumpMs = beginningMs() - this.#beginningMs;
    return Math.abs(jumpMs) < TOLERANCE_MS ? 0 : jumpMs;
  }
}

function beginningMs(): number {
  return Date.now() - performance.now();
}
