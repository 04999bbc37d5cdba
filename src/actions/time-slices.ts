/** After so much work the page gets a turn: half a frame. */
const TURN_MS = 8;

/**
 * Divides work into turns, between which the browser paints and takes input. Whoever works asks before each
 * piece whether the turn is over, and then waits for the next one. A turn is over by the time since its first
 * piece, whatever was done in it: parsing and rendering count too.
 */
export class Turns {
  #startedMs: number | undefined;
  #next: Promise<void> | undefined;

  /** True when enough was done in this turn. Asking begins one where none is under way. */
  get isOver(): boolean {
    const nowMs = performance.now();
    this.#startedMs ??= nowMs;
    // Asked for at the beginning: it also comes when the work has to wait for more to do.
    this.#next ??= this.#begin();
    return nowMs - this.#startedMs > TURN_MS;
  }

  /** Resolves when the browser has had the chance to paint. */
  async next(): Promise<void> {
    await this.#next;
  }

  async #begin(): Promise<void> {
    await yieldToMain();
    this.#startedMs = undefined;
    this.#next = undefined;
  }
}

/**
 * Lets the browser paint and take input. A message: timers are clamped, and what `scheduler.yield` goes on with
 * comes before the frame that is due, which then waits for a tenth of a second.
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
