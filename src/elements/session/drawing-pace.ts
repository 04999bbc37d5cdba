import { TimeSlices } from '../../actions/time-slices.js';

/** How often is drawn what passes by in a replay: nobody reads it that fast. */
const PASSING_MS = 100;

type Drawn = void | Promise<unknown>;

/**
 * When the elements that share it are drawn: one after the other in turns of the page, so that many at once
 * do not freeze it, and now and then only while the past passes by.
 */
export class DrawingPace {
  readonly #turns = new TimeSlices();
  #isBeginning = false;
  /** Until it resolves nothing is drawn of what passes by. */
  #rest: Promise<void> | undefined;
  /** Those that wait, each for the one before it. */
  #queue: Promise<unknown> | undefined;

  /** Draws at once where there is time, else later; then resolves when it is done. Rejects with what `draw` throws. */
  draw(isPassing: boolean, draw: () => Drawn): Drawn {
    if (isPassing) this.#begin();
    const isResting = isPassing && this.#rest !== undefined;
    if (!isResting && this.#queue === undefined && !this.#turns.isOver) return draw();
    const drawn = this.#drawAfter(this.#queue, isPassing, draw);
    // Whoever comes next waits for it, however it ends.
    const queue = Promise.allSettled([drawn]).then(() => {
      if (this.#queue === queue) this.#queue = undefined;
    });
    this.#queue = queue;
    return drawn;
  }

  async #drawAfter(before: Promise<unknown> | undefined, isPassing: boolean, draw: () => Drawn) {
    await before;
    if (isPassing) await this.#rest;
    while (this.#turns.isOver) await this.#turns.next();
    await draw();
  }

  /** What is to be drawn in this task is drawn; then there is a rest. */
  #begin(): void {
    if (this.#rest !== undefined || this.#isBeginning) return;
    this.#isBeginning = true;
    setTimeout(() => {
      this.#isBeginning = false;
      this.#rest = this.#pause();
    });
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, PASSING_MS);
    });
    this.#rest = undefined;
  }
}
