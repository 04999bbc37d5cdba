/** Time until something happens by itself. */
export interface Countdown {
  /** When it happens, in milliseconds since 1970; later if the countdown is paused. */
  readonly dueMs: number;
  /** When the countdown was paused, in milliseconds since 1970; absent while it runs. */
  readonly pausedMs?: number;
}

/** The time left, in milliseconds, at least 0. It stays the same while the countdown is paused. */
export function timeLeftMs({ dueMs, pausedMs }: Countdown, nowMs: number): number {
  return Math.max(0, dueMs - (pausedMs ?? nowMs));
}

/** Pauses or continues a countdown. Returns the same one when there is nothing to change. */
export function withPause(countdown: Countdown, isPaused: boolean, nowMs: number): Countdown {
  const { dueMs, pausedMs } = countdown;
  if (isPaused) return pausedMs === undefined ? { dueMs, pausedMs: nowMs } : countdown;
  return pausedMs === undefined ? countdown : { dueMs: dueMs + nowMs - pausedMs };
}
