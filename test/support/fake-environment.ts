import type { Environment, EnvironmentEvent } from '../../src/service/http/environment.js';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Options of a fake environment. */
export interface FakeEnvironmentOptions {
  /** The numbers that `random` returns, in a cycle; default: always 0. */
  readonly randomNumbers?: readonly number[];
  /** Time of day at the beginning, in milliseconds since 1970. */
  readonly wallMs?: number;
}

/**
 * An environment whose time passes only when a test lets it. Its methods are bound, because its users may detach them.
 */
export class FakeEnvironment implements Environment {
  readonly #randomNumbers: readonly number[];
  #startWallMs: number;
  readonly #timers = new Set<Timer>();
  readonly #listeners = new Set<(event: EnvironmentEvent) => void>();
  #nowMs = 0;
  #randomCount = 0;
  #isOnline = true;

  constructor({ randomNumbers = [0], wallMs = 1_760_000_000_000 }: FakeEnvironmentOptions = {}) {
    this.#randomNumbers = randomNumbers;
    this.#startWallMs = wallMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly wallNow = (): number => this.#startWallMs + this.#nowMs;

  readonly random = (): number => {
    const position = this.#randomCount % this.#randomNumbers.length;
    this.#randomCount += 1;
    return this.#randomNumbers[position] ?? 0;
  };

  readonly setTimer = (callback: () => void, ms: number): (() => void) => {
    const timer: Timer = { callback, dueMs: this.#nowMs + Math.max(0, ms) };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  readonly isOnline = (): boolean => this.#isOnline;

  readonly subscribe = (listener: (event: EnvironmentEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Number of waiting timers. After a connection has ended: 0. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Number of listeners. After a connection has ended: 0. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Milliseconds until the next timer; undefined without one. */
  get nextTimerMs(): number | undefined {
    const next = this.#nextTimer();
    return next === undefined ? undefined : next.dueMs - this.#nowMs;
  }

  /**
   * Lets `ms` pass: calls every timer that falls due at its time, in order. The effects of a timer happen
   * before the next one.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const next = this.#nextTimer();
      if (next === undefined || next.dueMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#call(next);
      await settled();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /**
   * Simulates a sleep of the machine for `ms`: the clock jumps, and timers that fell due meanwhile are called late. With
   * `isClockStopped` only the time of day advances, and timers wait as long as without the sleep.
   */
  async sleep(ms: number, { isClockStopped = false } = {}): Promise<void> {
    await settled();
    if (isClockStopped) this.#startWallMs += ms;
    else this.#nowMs += ms;
    await this.advance(0);
  }

  /** Lets time pass without calling timers, as a browser that saves energy. The next `advance` calls them late. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Runs everything that is ready, while no time passes. */
  readonly turn = settled;

  /** Calls all listeners with an event; `online` and `offline` also change `isOnline`. */
  emit(event: EnvironmentEvent): void {
    if (event === 'online') this.#isOnline = true;
    if (event === 'offline') this.#isOnline = false;
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener(event);
  }

  #nextTimer(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.dueMs < next.dueMs) next = timer;
    }
    return next;
  }

  #call(timer: Timer): void {
    this.#timers.delete(timer);
    timer.callback();
  }
}

/** Resolves when everything that was ready has run: promise callbacks, and their effects in turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
