import type { StoreUnavailableError } from '../store/session-store.js';
import { retryDelayMs } from '../scheduling/retry-delay.js';

/** How long callers wait for a store that cannot be written, before they get an error. */
const PATIENCE_MS = 1000;
/** How often the reason is reported while it lasts. */
const REPORT_MS = 60_000;
const DELAYS = { minMs: 10, maxMs: 250 } as const;

/** The time in which a store cannot be written; reports the reason as long as it lasts. */
export class StoreOutage {
  readonly #onError: (error: StoreUnavailableError) => void;
  #failures = 0;
  #beganAt = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #reported = '';

  constructor(onError: (error: StoreUnavailableError) => void) {
    this.#onError = onError;
  }

  /** True from the first failed attempt until one succeeds. */
  get isOn(): boolean {
    return this.#failures > 0;
  }

  /** True when it lasts so long that callers must not wait for its end. */
  get isLong(): boolean {
    return this.isOn && performance.now() - this.#beganAt >= PATIENCE_MS;
  }

  /**
   * Counts a failed attempt, which began at `sinceMs` of the monotonic clock: its callers have waited since. Returns the
   * delay before the next attempt, in milliseconds.
   */
  failed(error: StoreUnavailableError, sinceMs = performance.now()): number {
    const now = performance.now();
    if (this.#failures === 0) this.#beganAt = sinceMs;
    this.#failures += 1;
    if (this.isLong && (now - this.#reportedAt >= REPORT_MS || error.message !== this.#reported)) {
      this.#reportedAt = now;
      this.#reported = error.message;
      this.#onError(error);
    }
    return retryDelayMs(this.#failures, DELAYS);
  }

  /** Ends it: an attempt succeeded. */
  end(): void {
    this.#failures = 0;
  }
}
