/** The clock of a store that several processes share: their own may be wrong by hours, and nothing may depend on that. */
export class StoreClock {
  #storeMs = 0;
  #atMs = 0;

  /**
   * Notes that the clock of the store showed `storeMs` (milliseconds since 1970) at `atMs` of a monotonic clock that all threads share
   * (`monotonicMs`).
   */
  set(storeMs: number, atMs: number): void {
    this.#storeMs = storeMs;
    this.#atMs = atMs;
  }

  /** The time of the store now, in whole milliseconds since 1970; `nowMs` is that of the monotonic clock. */
  now(nowMs: number): number {
    return Math.round(this.#storeMs + nowMs - this.#atMs);
  }
}
