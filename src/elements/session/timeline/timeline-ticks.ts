import { dayNumber } from '../../strings/time-format.js';
import { STEPS_MS, type Interval, type TimelineScale } from './timeline-scale.js';

/** A mark on the axis, with the space of its text. Positions are percentages of the width of the track. */
export interface TimelineTick {
  /** Time since the start of the session, in milliseconds. */
  readonly afterMs: number;
  readonly ms: number;
  readonly x: number;
  /** Position of the text relative to the mark. */
  readonly anchor: 'start' | 'middle' | 'end';
  /** True for the first mark of another day: its text has the date. */
  readonly isDated: boolean;
}

/** The marks of an axis. */
export interface TimelineTicks {
  readonly marks: readonly TimelineTick[];
  /** Distance of the regular marks, in milliseconds. */
  readonly stepMs: number;
  /** True if the marks have times of day; a shorter session has times since its start. */
  readonly isClock: boolean;
}

/** Widths of the text of a mark in pixels: “0”, a time since the start, a time of day, and one with its date. */
const ZERO_PX = 16;
const AFTER_PX = 54;
const CLOCK_PX = 72;
const DATED_PX = 112;
/** From this length on, marks have times of day. */
const CLOCK_MS = 60 * 60 * 1000;

interface Placed extends TimelineTick {
  readonly isAfterGap: boolean;
  readonly left: number;
  readonly right: number;
}

/** Places the marks: few, at round distances, one after each shortened stretch, and none over another. */
export function timelineTicks(
  { stretches, toX, linearMs }: TimelineScale,
  { startMs, endMs }: Interval,
  trackPx: number,
): TimelineTicks {
  const isClock = endMs - startMs > CLOCK_MS;
  const textPx = isClock ? CLOCK_PX : AFTER_PX;
  const round = stepOf(linearMs, (textPx / trackPx) * 100);
  // Times of day have whole seconds: marks in between would repeat them.
  const stepMs = isClock ? Math.max(1000, round) : round;
  const placed: Placed[] = [];
  const place = (ms: number, isAfterGap: boolean) => {
    for (;;) {
      const last = placed.at(-1);
      const isDated = isClock && dayNumber(ms) !== dayNumber(last?.ms ?? startMs);
      const px = isDated ? DATED_PX : ms === startMs && !isClock ? ZERO_PX : textPx;
      const mark = at(toX(ms), Math.min(100, (px / trackPx) * 100), isAfterGap);
      if (last === undefined || mark.left >= last.right) {
        placed.push({ ...mark, ms, afterMs: ms - startMs, isDated, isAfterGap });
        return;
      }
      // The end of a gap is worth more than a round time before it, and a date more than a time.
      const isWorthMore = isAfterGap && (!last.isAfterGap || (isDated && !last.isDated));
      if (!isWorthMore || placed.length === 1) return;
      placed.pop();
    }
  };
  for (const [position, stretch] of stretches.entries()) {
    if (stretch.isShortened) continue;
    if (stretches[position - 1]?.isShortened === true) place(stretch.startMs, true);
    if (stepMs <= 0) continue;
    const first = Math.ceil((stretch.startMs - startMs) / stepMs);
    const last = Math.floor((stretch.endMs - startMs) / stepMs);
    for (let step = first; step <= last; step += 1) place(startMs + step * stepMs, false);
  }
  const marks = placed.map(({ ms, afterMs, x, anchor, isDated }) => ({ ms, afterMs, x, anchor, isDated }));
  return { marks, stepMs, isClock };
}

function at(x: number, width: number, isAtStart: boolean): Pick<Placed, 'x' | 'anchor' | 'left' | 'right'> {
  if (x < width / 2 || (isAtStart && x + width <= 100))
    return { x, anchor: 'start', left: x, right: x + width };
  if (x > 100 - width / 2) return { x, anchor: 'end', left: x - width, right: x };
  return { x, anchor: 'middle', left: x - width / 2, right: x + width / 2 };
}

function stepOf(linearMs: number, textWidth: number): number {
  // At least two marks, if there is space.
  const longest = STEPS_MS.filter((candidate) => candidate <= linearMs * 0.75).at(-1) ?? linearMs / 2;
  const fitting = STEPS_MS.find((candidate) => linearMs / candidate <= 80 / textWidth) ?? linearMs / 4;
  return Math.min(longest, fitting);
}
