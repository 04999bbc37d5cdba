import type { Environment } from '../environment.js';

const MIN_LIMIT_MS = 10_000;
const MAX_LIMIT_MS = 120_000;
/** Comments at a shorter interval came out of one buffer and do not show how often the server sends them. */
const MIN_INTERVAL_MS = 1000;
/** In effect no limit; a wait of infinite length could not be shortened. */
const NO_LIMIT_MS = 86_400_000;

/**
 * Measures how long a server may be silent that does not announce a heartbeat: three times the longest interval between
 * two of its comments, once there were two.
 */
export class LegacySilence {
  readonly #environment: Environment;
  #lastMs: number | undefined;
  #intervalMs = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The longest silence to accept, in milliseconds: 10 to 120 seconds, or a day while no interval is known. */
  get limitMs(): number {
    if (this.#intervalMs === 0) return NO_LIMIT_MS;
    return Math.min(MAX_LIMIT_MS, Math.max(MIN_LIMIT_MS, 3 * this.#intervalMs));
  }

  /** Notes a new connection: the time since the last comment was not a silence of the server. */
  connect(): void {
    this.#lastMs = undefined;
  }

  /** Notes that a comment came. */
  onComment(): void {
    const now = this.#environment.now();
    const intervalMs = this.#lastMs === undefined ? 0 : now - this.#lastMs;
    if (intervalMs >= MIN_INTERVAL_MS) this.#intervalMs = Math.max(this.#intervalMs, intervalMs);
    this.#lastMs = now;
  }
}
