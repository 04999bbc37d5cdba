import type { Environment } from '../environment.js';

const MIN_LIMIT_MS = 10_000;
const MAX_LIMIT_MS = 120_000;
/** Comments closer than this came out of one buffer and say nothing about the server's rhythm. */
const MIN_DISTANCE_MS = 1000;
/** As good as no limit; a real infinity cannot be shortened. */
const NO_LIMIT_MS = 86_400_000;

/**
 * How long a server may be silent that does not say how often it gives a sign of life: three times the
 * longest distance between two of its comments, once there were two.
 */
export class LegacySilence {
  readonly #environment: Environment;
  #lastMs: number | undefined;
  #distanceMs = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** In milliseconds: 10 to 120 seconds, or a day while nothing is known. */
  get limitMs(): number {
    if (this.#distanceMs === 0) return NO_LIMIT_MS;
    return Math.min(MAX_LIMIT_MS, Math.max(MIN_LIMIT_MS, 3 * this.#distanceMs));
  }

  /** A new connection: the time in between was no silence. */
  connect(): void {
    this.#lastMs = undefined;
  }

  /** Notes that a comment came. */
  onComment(): void {
    const now = this.#environment.now();
    const distanceMs = this.#lastMs === undefined ? 0 : now - this.#lastMs;
    if (distanceMs >= MIN_DISTANCE_MS) this.#distanceMs = Math.max(this.#distanceMs, distanceMs);
    this.#lastMs = now;
  }
}
