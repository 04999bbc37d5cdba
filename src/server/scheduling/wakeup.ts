/** Longest delay of a timer: a longer or infinite one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Clamps a delay for a timer: `Infinity`, which switches a limit off, becomes 25 days. */
export function timerMs(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_TIMER_MS);
}

/**
 * A sleeper that can be woken. A wake before the sleep is not lost: the next sleep ends at once. So a loop
 * may check first and then sleep, whatever happens in between.
 */
export class Wakeup {
  #isSet = false;
  #wakeSleeper: (() => void) | undefined;

  /** Ends the current sleep, or the next one. */
  wake(): void {
    this.#isSet = true;
    this.#wakeSleeper?.();
  }

  /** Resolves when woken, or after `ms` milliseconds. One sleeper at a time. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isSet) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timerMs(ms));
        this.#wakeSleeper = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wakeSleeper = undefined;
    }
    this.#isSet = false;
  }
}
