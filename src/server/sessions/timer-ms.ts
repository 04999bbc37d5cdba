/** The longest time that a timer takes: longer ones, and those for ever, would go off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time for a timer: `Infinity`, which switches a limit off, becomes 25 days. */
export function timerMs(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_TIMER_MS);
}
