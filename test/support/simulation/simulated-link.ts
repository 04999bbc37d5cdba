import type { SeededRandom } from '../fuzz/seeded-random.js';
import type { SimulatedDatabase } from './simulated-database.js';
import type { Actor, VirtualTime } from './virtual-time.js';

/** How a network is, as probabilities. */
export interface NetworkSettings {
  /** Of a call that takes long. */
  readonly slow: number;
  /** Of a call that never reaches the database. */
  readonly lostRequest: number;
  /** Of a call that has its effect, and no response. */
  readonly lostResponse: number;
  /** Of a hint that does not arrive. */
  readonly lostHint: number;
  /** Of a hint that arrives twice. */
  readonly doubledHint: number;
}

/** A network without faults. */
export const CALM: NetworkSettings = {
  slow: 0,
  lostRequest: 0,
  lostResponse: 0,
  lostHint: 0,
  doubledHint: 0,
};

/** A call had no response, or the database could not be reached. */
export class LostCallError extends Error {
  override readonly name = 'LostCallError';
}

/** How long a slow way takes at most. */
const SLOW_MS = 600;
/** How long a process waits for a response before it gives a call up. */
const STATEMENT_MS = 600;

/** The connections of one process to the database. */
export class SimulatedLink {
  /** How the network is now. */
  network: NetworkSettings = CALM;
  /** Until when nothing passes. */
  cutUntilMs = 0;
  /** When a call was lost or late the last time, other than because the database was down. */
  troubledAtMs = Number.NEGATIVE_INFINITY;
  /** When a call was lost the last time, whatever the reason. */
  lostAtMs = Number.NEGATIVE_INFINITY;
  readonly #time: VirtualTime;
  readonly #actor: Actor;
  readonly #random: SeededRandom;
  readonly #database: SimulatedDatabase;
  readonly #server: Actor;

  /** `server`: what the effects of calls happen to, also when the process has ended meanwhile. */
  constructor(
    time: VirtualTime,
    actor: Actor,
    random: SeededRandom,
    database: SimulatedDatabase,
    server: Actor,
  ) {
    this.#time = time;
    this.#actor = actor;
    this.#random = random;
    this.#database = database;
    this.#server = server;
  }

  /** Delay of one way. */
  delayMs(): number {
    const base = 0.1 + this.#random.number() * 2;
    if (!this.#random.chance(this.network.slow)) return base;
    const delayMs = base + this.#random.number() * SLOW_MS;
    this.troubledAtMs = Math.max(this.troubledAtMs, this.#time.nowMs + delayMs);
    return delayMs;
  }

  /**
   * Calls the database: the effect comes later, and the response still later.
   *
   * `actor`: what gets the response, if it is not the main thread.
   *
   * @throws LostCallError: the effect may have come. Any error of the effect.
   */
  call<Result>(label: string, effect: () => Promise<Result>, actor = this.#actor): Promise<Result> {
    const [isRequestLost, isResponseLost] = [
      this.#random.chance(this.network.lostRequest),
      this.#random.chance(this.network.lostResponse),
    ];
    const [thereMs, backMs] = [this.delayMs(), this.delayMs()];
    // A broken connection is noticed at once, a silent one by the limit of a statement.
    const patienceMs = this.#random.chance(0.2) ? STATEMENT_MS : this.#random.number() * 20;
    return new Promise((resolve, reject) => {
      const lose = (): void => {
        const error = new LostCallError(`${label} has no response.`);
        this.lostAtMs = this.#time.nowMs;
        if (!this.#database.isDown) this.troubledAtMs = Math.max(this.troubledAtMs, this.#time.nowMs);
        this.#time.plan(actor, patienceMs, `${label} is lost`, () => {
          this.lostAtMs = this.#time.nowMs;
          reject(error);
        });
      };
      const respond = (settle: () => void): void => {
        this.#time.plan(actor, backMs, `gets ${label}`, () => {
          if (isResponseLost || this.#isCut) lose();
          else settle();
        });
      };
      this.#time.plan(this.#server, thereMs, `${label} of ${this.#actor.name}`, () => {
        if (isRequestLost || this.#isCut) lose();
        else {
          effect().then(
            (result) => respond(() => resolve(result)),
            (error: unknown) => respond(() => reject(error)),
          );
        }
      });
    });
  }

  get #isCut(): boolean {
    return this.#database.isDown || this.cutUntilMs > this.#time.nowMs;
  }
}
