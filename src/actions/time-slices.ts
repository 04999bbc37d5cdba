/** Length of a time slice: half a frame. */
const SLICE_MS = 8;

/**
 * Divides work into time slices, between which the browser paints and takes input. Before each piece, the
 * worker asks whether the slice is over, and if so waits for the next one. A slice counts the time since its
 * first piece, whatever was done in it: parsing and rendering count too.
 */
export class TimeSlices {
  #startedMs: number | undefined;
  #next: Promise<void> | undefined;

  /** True if the current slice is used up. Reading it starts a slice if there is none. */
  get isOver(): boolean {
    const nowMs = performance.now();
    this.#startedMs ??= nowMs;
    // Requested at the start of the slice: it then also comes while the worker waits for more to do.
    this.#next ??= this.#startNext();
    return nowMs - this.#startedMs > SLICE_MS;
  }

  /** Resolves when the browser has had the chance to paint. */
  async next(): Promise<void> {
    await this.#next;
  }

  async #startNext(): Promise<void> {
    await yieldToMain();
    this.#startedMs = undefined;
    this.#next = undefined;
  }
}

/**
 * Lets the browser paint and take input. Uses a message: timers are clamped, and continuations of
 * `scheduler.yield` run before the frame that is due, which then waits for a tenth of a second.
 */
function yieldToMain(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
