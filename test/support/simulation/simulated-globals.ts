import type { SeededRandom } from '../fuzz/seeded-random.js';
import type { Actor, Planned, VirtualTime } from './virtual-time.js';

/** Longest delay of a callback after its time: a busy event loop. */
const LATE_MS = 0.5;

/** A timer as Node has it. */
class SimulatedTimer {
  planned: Planned | undefined;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The timers, clocks and random numbers of one process. */
export class SimulatedGlobals {
  readonly #time: VirtualTime;
  readonly #actor: Actor;
  readonly #random: SeededRandom;
  readonly #skewMs: number;

  /** `skewMs`: how wrong the time of day of this process is. */
  constructor(time: VirtualTime, actor: Actor, random: SeededRandom, skewMs: number) {
    this.#time = time;
    this.#actor = actor;
    this.#random = random;
    this.#skewMs = skewMs;
  }

  random(): number {
    return this.#random.number();
  }

  /** Milliseconds of a clock that cannot be set. */
  monotonicMs(): number {
    return this.#time.nowMs;
  }

  /** Milliseconds since 1970. */
  timeMs(): number {
    return Math.floor(1_700_000_000_000 + this.#time.nowMs + this.#skewMs);
  }

  randomUUID(): `${string}-${string}-${string}-${string}-${string}` {
    const hex = Array.from({ length: 32 }, () => this.#random.below(16).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  setTimeout(callback: () => void, ms = 0): SimulatedTimer {
    const timer = new SimulatedTimer();
    timer.planned = this.#plan(ms, 'timer', callback);
    return timer;
  }

  setInterval(callback: () => void, ms = 0): SimulatedTimer {
    const timer = new SimulatedTimer();
    const next = (): void => {
      timer.planned = this.#plan(ms, 'interval', () => {
        next();
        callback();
      });
    };
    next();
    return timer;
  }

  clearTimer(timer: unknown): void {
    if (timer instanceof SimulatedTimer && timer.planned !== undefined) timer.planned.isCancelled = true;
  }

  setImmediate(callback: () => void): void {
    this.#plan(0, 'turn', callback);
  }

  #plan(ms: number, label: string, callback: () => void): Planned {
    return this.#time.plan(this.#actor, ms + this.#random.number() * LATE_MS, label, callback);
  }
}
