const DAY_MS = 24 * 60 * 60 * 1000;
/** How much later or earlier than expected a sweep may be: a busy machine, a small correction of the clock. */
const TOLERANCE_MS = 60 * 60 * 1000;

/**
 * Decides whether the time of a sweep may be used to delete sessions, which cannot be brought back: a machine may start
 * with a wrong clock, or its clock may jump.
 */
export class SweepClock {
  readonly #intervalMs: number;
  #lastMs: number | undefined;
  /** How long the clock has run without a jump. */
  #steadyMs = 0;

  /** @param intervalMs Time between two sweeps. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * True when the clock has not jumped since the sweep before, and the newest change of a session is less than a day
   * old. A server without changes is trusted after a day without a jump. Times are milliseconds since 1970.
   */
  isTrusted(nowMs: number, newestMs: number | undefined): boolean {
    const passedMs = nowMs - (this.#lastMs ?? Number.NaN);
    const isSteady = Math.abs(passedMs) <= this.#intervalMs + TOLERANCE_MS;
    this.#lastMs = nowMs;
    this.#steadyMs = isSteady ? this.#steadyMs + Math.max(0, passedMs) : 0;
    if (!isSteady) return false;
    return this.#steadyMs >= DAY_MS || (newestMs !== undefined && Math.abs(nowMs - newestMs) < DAY_MS);
  }
}
