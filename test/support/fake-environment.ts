import type { Environment, EnvironmentEvent } from '../../src/service/http/environment.js';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** What a fake environment starts with. */
export interface FakeEnvironmentOptions {
  /** The numbers that `random` gives, again and again; default: always 0. */
  readonly randomNumbers?: readonly number[];
  /** Milliseconds since 1970 at the beginning. */
  readonly wallMs?: number;
}

/**
 * A world whose time passes only when a test says so. Its methods are bound, because what uses an
 * environment may take them out of it.
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

  /** How many timers wait. After a connection has ended: none. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** How many listeners there are. After a connection has ended: none. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Milliseconds until the next timer; undefined when none waits. */
  get nextTimerMs(): number | undefined {
    const next = this.#nextTimer();
    return next === undefined ? undefined : next.dueMs - this.#nowMs;
  }

  /**
   * Lets `ms` pass: every timer that falls due is called at its time, in order. What a timer sets off
   * runs before the next one.
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
   * The machine sleeps for `ms`: the clock jumps, and what fell due meanwhile is called late. With
   * `isClockStopped` only the time of day goes on, and timers wait as long as if there had been no sleep.
   */
  async sleep(ms: number, { isClockStopped = false } = {}): Promise<void> {
    await settled();
    if (isClockStopped) this.#startWallMs += ms;
    else this.#nowMs += ms;
    await this.advance(0);
  }

  /** Time passes and no timer is called: a browser saves energy. The next `advance` calls them late. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets everything run that is ready to, while no time passes. */
  readonly turn = settled;

  /** Tells all listeners of an event; `online` and `offline` also change what the browser believes. */
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

/** Everything that is ready to run has run: promise callbacks, and what they set off in turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
