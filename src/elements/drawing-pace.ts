import { Turns } from '../actions/turns.js';

/** How often is drawn what passes by in a replay: nobody reads it that fast. */
const PASSING_MS = 100;

/**
 * When the elements that share it are drawn: in turns of the page, so that many at once do not freeze it,
 * and now and then only while the past passes by.
 */
export class DrawingPace {
  readonly #turns = new Turns();
  #isDrawing = false;
  /** Until it resolves nothing is drawn of what passes by. */
  #rest: Promise<void> | undefined;

  /** Undefined when an element may be drawn at once; else resolves when it may. */
  wait(isPassing: boolean): Promise<void> | undefined {
    if (isPassing && this.#rest === undefined) this.#draw();
    const isResting = isPassing && this.#rest !== undefined;
    return isResting || this.#turns.isOver ? this.#wait(isPassing) : undefined;
  }

  async #wait(isPassing: boolean): Promise<void> {
    if (isPassing) await this.#rest;
    while (this.#turns.isOver) await this.#turns.next();
  }

  /** What is to be drawn in this task is drawn; then there is a rest. */
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
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
