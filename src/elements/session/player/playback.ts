import { positionAtTime, positionOf } from '../../../controller/run/event-search.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { untracked } from '../../base/signal-element.js';
import { markOf } from '../timeline/named-event.js';
import type { TimelineLayout } from '../timeline/timeline-layout.js';
import { advanceTime } from './advance-time.js';
import { momentAfter } from './moment-after.js';

/** How much faster than the run it is played. */
export const SPEEDS = [1, 4, 16] as const;
/** Longest time between two frames that counts: a page that was hidden does not leap. */
const LONGEST_FRAME_MS = 250;
/** Time between two steps of a log without times. */
const STEP_MS = 500;

/** What is played, and where it shows. */
export interface PlaybackHost {
  readonly run: RunController | undefined;
  /** The timeline as it is drawn; undefined for a log without times. */
  readonly layout: TimelineLayout | undefined;
  /** Shows the moment of an event; undefined: the newest. */
  seek(index: number | undefined): void;
  /** Draws the time between two events; undefined: that of the event. */
  showTime(ms: number | undefined): void;
  requestUpdate(): void;
}

/**
 * Plays a run from the moment that is shown to its newest event, by its real times and with shortened waits in one tick.
 * Stops when someone else shows another moment. With reduced motion, jumps from step to step.
 */
export class Playback {
  readonly #host: PlaybackHost;
  readonly #calm = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)');
  #frame: number | undefined;
  #beforeMs = 0;
  #ms = 0;
  /** The moment that was shown last. */
  #position: number | undefined;
  #speed: (typeof SPEEDS)[number] = 1;

  constructor(host: PlaybackHost) {
    this.#host = host;
  }

  /** True while it plays. */
  get isPlaying(): boolean {
    return this.#frame !== undefined;
  }

  /** How much faster than the run it is played. */
  get speed(): number {
    return this.#speed;
  }

  /** Takes the next speed; after the fastest the slowest. */
  nextSpeed(): void {
    this.#speed = SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length] ?? 1;
    this.#host.requestUpdate();
  }

  /** Starts at the moment that is shown; at the newest one, from the beginning. */
  start(): void {
    const { run } = this.#host;
    if (run === undefined || this.isPlaying) return;
    if (untracked(() => run.position) === undefined) this.#seek(untracked(() => run.firstPosition));
    this.#position = untracked(() => run.position);
    if (this.#position === undefined) return;
    this.#ms = this.#host.layout === undefined ? 0 : (untracked(() => run.positionTs) ?? 0);
    this.#beforeMs = performance.now();
    this.#request();
    this.#host.requestUpdate();
  }

  /** Stops where it is. */
  stop(): void {
    if (this.#frame === undefined) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#host.showTime(undefined);
    this.#host.requestUpdate();
  }

  #request(): void {
    this.#frame = requestAnimationFrame(this.#tick);
  }

  readonly #tick = (): void => {
    const { run, layout } = this.#host;
    if (run === undefined || untracked(() => run.position) !== this.#position) {
      this.stop();
      return;
    }
    const nowMs = performance.now();
    const byMs = Math.min(LONGEST_FRAME_MS, nowMs - this.#beforeMs) * this.#speed;
    this.#beforeMs = nowMs;
    if (layout === undefined) this.#playSteps(run, byMs);
    else this.#playTimes(run, advanceTime(this.#ms, byMs, layout.gaps));
    if (this.isPlaying) this.#request();
  };

  #playTimes(run: RunController, ms: number): void {
    this.#ms = ms;
    const { events } = run;
    const isCalm = this.#calm?.matches === true;
    const reached = untracked(() => {
      const position = positionAtTime(events, ms);
      return position >= events.length - 1 ? undefined : events.at(Math.max(0, position))?.index;
    });
    this.#seek(isCalm && reached !== undefined ? this.#stepUpTo(reached, run) : reached);
    if (!isCalm && this.isPlaying) this.#host.showTime(ms);
  }

  /** The last step up to an event; the moment that is shown if there is none since. */
  #stepUpTo(index: number, { events }: RunController): number | undefined {
    return untracked(() => {
      const shown = positionOf(events, this.#position ?? 0);
      for (let position = positionOf(events, index); position > shown; position -= 1) {
        const event = events.at(position);
        if (event !== undefined && markOf(event) !== undefined) return event.index;
      }
      return this.#position;
    });
  }

  #playSteps(run: RunController, byMs: number): void {
    this.#ms += byMs;
    if (this.#ms < STEP_MS) return;
    this.#ms = 0;
    this.#seek(momentAfter(run, 1, false));
  }

  /** Shows a moment; at the newest one, and where the host of the panel prevents it, stops. */
  #seek(index: number | undefined): void {
    const { run } = this.#host;
    if (run === undefined || (index === this.#position && index !== undefined)) return;
    this.#host.seek(index);
    this.#position = untracked(() => run.position);
    if (this.#position === undefined || this.#position !== index) this.stop();
  }
}
