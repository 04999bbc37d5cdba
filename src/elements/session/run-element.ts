import type { RunController } from '../../controller/run/run-controller.js';
import { TimeSlices } from '../../actions/time-slices.js';
import { Printing } from '../base/printing.js';
import { SignalElement } from '../base/signal-element.js';
import { isReplaying } from './watched-session.js';

/** Interval at which a replay is drawn: no person reads faster, and drawing takes longer than reading the events. */
const REPLAY_MS = 250;

type Drawn = void | Promise<unknown>;

/**
 * Decides when the elements that share it render: one after the other in slices of time, so that many at
 * once do not freeze the page, and only every now and then during a replay.
 */
class RenderThrottle {
  readonly #slices = new TimeSlices();
  #isBeginning = false;
  /** Until it resolves, nothing of a replay is drawn. */
  #rest: Promise<void> | undefined;
  /** The last element that waits; each waits for the one before it. */
  #queue: Promise<unknown> | undefined;

  /** Draws at once where there is time, otherwise later, and resolves when it is done. Rejects with what `draw` throws. */
  draw(isReplay: boolean, draw: () => Drawn): Drawn {
    if (isReplay) this.#begin();
    const isResting = isReplay && this.#rest !== undefined;
    if (!isResting && this.#queue === undefined && !this.#slices.isOver) return draw();
    const drawn = this.#drawAfter(this.#queue, isReplay, draw);
    // The next element waits for this one, whether it succeeds or fails.
    const queue = Promise.allSettled([drawn]).then(() => {
      if (this.#queue === queue) this.#queue = undefined;
    });
    this.#queue = queue;
    return drawn;
  }

  async #drawAfter(before: Promise<unknown> | undefined, isReplay: boolean, draw: () => Drawn) {
    await before;
    if (isReplay) await this.#rest;
    while (this.#slices.isOver) await this.#slices.next();
    await draw();
  }

  /** Starts the rest once everything that is due in this task has been drawn. */
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
      setTimeout(resolve, REPLAY_MS);
    });
    this.#rest = undefined;
  }
}

/**
 * An element that shows the watched session. During a replay it does not render for every batch of
 * events: there are many more batches than frames.
 */
export abstract class RunElement extends SignalElement {
  /** The watched session. */
  declare run: RunController | undefined;

  /** @internal Draws everything while the page is printed. */
  protected readonly printing = new Printing(this);

  /** Decides when the element renders. Elements that share one render one after the other. */
  throttle = new RenderThrottle();

  protected override scheduleUpdate(): void | Promise<unknown> {
    // The page is printed as soon as the event that announces it has been handled.
    if (this.printing.isOn) return super.scheduleUpdate();
    const isReplay = this.hasUpdated && this.run !== undefined && isReplaying(this.run);
    return this.throttle.draw(isReplay, () => super.scheduleUpdate());
  }
}
