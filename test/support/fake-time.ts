/** The timers and the time of day of the page, so that a test can let seconds pass in no time. */

interface Timer {
  readonly callback: () => void;
  readonly everyMs: number | undefined;
  dueMs: number;
}

/** The functions that are replaced while a test holds the time. */
const real = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now };

/** Time that passes only when the test lets it. */
export interface FakeTime {
  /** Lets `ms` pass: calls every timer that falls due at its time, in order. */
  advance(ms: number): void;
}

/**
 * Stops `setTimeout`, `setInterval` and `Date.now` of the page until `letTimeGoOn`. Promises, frames, messages and
 * timers without a delay, which wait for no time, continue; code that waits with another timer, including `waitFor…` of a library, would wait endlessly.
 */
export function holdTime(): FakeTime {
  const timers = new Map<number, Timer>();
  let nowMs = real.now();
  let lastId = 0;
  const add = (callback: unknown, ms: unknown, isRepeated: boolean): number => {
    if (typeof callback !== 'function') throw new TypeError('A timer calls a function.');
    const delayMs = Math.max(0, Number(ms ?? 0));
    // Negative, unlike those of the page.
    lastId -= 1;
    const everyMs = isRepeated ? Math.max(1, delayMs) : undefined;
    timers.set(lastId, { callback: callback as () => void, everyMs, dueMs: nowMs + delayMs });
    return lastId;
  };
  const remove = (id: number): void => {
    if (!timers.delete(id)) real.clearTimeout.call(globalThis, id);
  };
  const next = (endMs: number): [number, Timer] | undefined => {
    const due = [...timers].filter(([, { dueMs }]) => dueMs <= endMs);
    return due.sort(([, one], [, other]) => one.dueMs - other.dueMs)[0];
  };
  const callAndForget = (id: number, timer: Timer): void => {
    nowMs = Math.max(nowMs, timer.dueMs);
    if (timer.everyMs === undefined) timers.delete(id);
    else timer.dueMs += timer.everyMs;
    timer.callback();
  };
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, ms?: unknown) =>
      Number(ms ?? 0) > 0 ? add(callback, ms, false) : real.setTimeout.call(globalThis, callback),
    setInterval: (callback: unknown, ms?: unknown) => add(callback, ms, true),
    clearTimeout: remove,
    clearInterval: remove,
  });
  Date.now = () => nowMs;
  return {
    advance(ms) {
      const endMs = nowMs + ms;
      for (let due = next(endMs); due !== undefined; due = next(endMs)) callAndForget(...due);
      nowMs = endMs;
    },
  };
}

/** Restores the page's own time. Timers that were held are never called. */
export function letTimeGoOn(): void {
  const { now, ...timers } = real;
  Object.assign(globalThis, timers);
  Date.now = now;
}
