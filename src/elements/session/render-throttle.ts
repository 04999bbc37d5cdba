import type { RunController } from '../../controller/run/run-controller.js';
import { watch } from '../../controller/watch.js';
import { TimeSlices } from '../../actions/reading/time-slices.js';
import { untracked } from '../base/signal-element.js';
import { isReplaying } from './watched-session.js';

/** Least time between two drawings of a replay: no person reads faster. */
const REPLAY_MS = 250;
/** What is drawn of a replay rests for this many times as long as it took, so that reading the log gets most of the time. */
const REST_FACTOR = 20;
/** Longest time between two drawings of a replay: it is seen to move, and what a person does is answered. */
const MAX_REST_MS = 1000;

/** The result of drawing, as Lit's `scheduleUpdate` returns it. */
export type Drawn = void | Promise<unknown>;

/** What is drawn. */
export interface ThrottledElement {
  /** The run of whose replay it draws the next state; undefined if that is not a later state of a replay. */
  replayed(): RunController | undefined;
}

/**
 * Decides when the elements that share it render: one after the other in slices of time, so that many at
 * once do not freeze the page, and only every now and then during a replay.
 */
export class RenderThrottle {
  readonly #slices = new TimeSlices();
  /** Resolves when more of the replay may be drawn, or when it is over; undefined when that is so. */
  #rest: Promise<void> | undefined;
  /** What was drawn of a replay in this task, with which the rest has begun; undefined in the tasks after it. */
  #drawn: Set<ThrottledElement> | undefined;
  /** Time that drawing took since the last rest. */
  #spentMs = 0;
  /** The last element that waits; each waits for the one before it. */
  #queue: Promise<unknown> | undefined;

  /** Draws at once where there is time, otherwise later, and resolves when it is done. Rejects with what `draw` throws. */
  draw(element: ThrottledElement, draw: () => Drawn): Drawn {
    if (!this.#isResting(element) && this.#queue === undefined && !this.#slices.isOver) {
      return this.#drawNow(element, draw);
    }
    const drawn = this.#drawAfter(this.#queue, element, draw);
    // The next element waits for this one, whether it succeeds or fails.
    const queue = Promise.allSettled([drawn]).then(() => {
      if (this.#queue === queue) this.#queue = undefined;
    });
    this.#queue = queue;
    return drawn;
  }

  async #drawAfter(before: Promise<unknown> | undefined, element: ThrottledElement, draw: () => Drawn) {
    await before;
    while (this.#isResting(element)) await this.#rest;
    while (this.#slices.isOver) await this.#slices.next();
    await this.#drawNow(element, draw);
  }

  #drawNow(element: ThrottledElement, draw: () => Drawn): Drawn {
    const run = element.replayed();
    if (run !== undefined) {
      // All that are due in the same task are drawn, too, each once: many batches may arrive in it.
      this.#drawn?.add(element);
      if (this.#rest === undefined) {
        this.#drawn = new Set([element]);
        this.#rest = this.#pause(run);
      }
    }
    const startedMs = performance.now();
    try {
      return draw();
    } finally {
      this.#spentMs += performance.now() - startedMs;
    }
  }

  #isResting(element: ThrottledElement): boolean {
    if (this.#rest === undefined || this.#drawn?.has(element) === false) return false;
    return element.replayed() !== undefined;
  }

  async #pause(run: RunController): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    this.#drawn = undefined;
    const restMs = Math.min(MAX_REST_MS, Math.max(REPLAY_MS, REST_FACTOR * this.#spentMs));
    this.#spentMs = 0;
    await replayRest(run, restMs);
    this.#rest = undefined;
  }
}

/** Resolves after a time, or when the replay is over or another session is opened: that is drawn at once. */
async function replayRest(run: RunController, ms: number): Promise<void> {
  const replayed = () => (isReplaying(run) ? run.sessionId : undefined);
  const sessionId = untracked(replayed);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    stop = watch(replayed, (current) => {
      if (current === undefined || current !== sessionId) resolve();
    });
  });
  clearTimeout(timer);
  stop?.();
}
