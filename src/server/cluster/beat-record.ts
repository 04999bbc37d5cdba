/** The times of a lease, in milliseconds. */
export interface LeaseTimes {
  /** How often a process shows that it lives. */
  readonly beatMs: number;
  /** A process that did not show it for so long is dead. */
  readonly leaseMs: number;
}

/**
 * The beats of this process that reached the store, by a monotonic clock in milliseconds: by them it knows whether it may
 * judge others. Pure.
 */
export class BeatRecord {
  readonly #times: LeaseTimes;
  #sinceMs = 0;
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(times: LeaseTimes) {
    this.#times = times;
  }

  /** Notes a beat that was made at a time. */
  made(atMs: number): void {
    if (this.#isLate(atMs)) this.#sinceMs = atMs;
    this.#newestMs = Math.max(this.#newestMs, atMs);
  }

  /**
   * True when its beats were in time for a whole lease, up to now. After an outage of the store the beats of all are old:
   * without this, those that come back first would take everything from the others.
   */
  mayJudge(nowMs: number): boolean {
    return !this.#isLate(nowMs) && nowMs - this.#sinceMs >= this.#times.leaseMs;
  }

  /** True when the others may have reason to take this process for dead, or nearly so. */
  #isLate(atMs: number): boolean {
    return atMs - this.#newestMs > Math.max(this.#times.leaseMs / 2, 2 * this.#times.beatMs);
  }
}
