import { aboutDuration, duration, runningDuration, type DurationWords } from '../../strings/duration.js';
import type { TimelineTimes } from './timeline-times.js';

/** The two figures at the end of a row; undefined where there is nothing worth a figure. */
export interface TimelineFigures {
  readonly work: string | undefined;
  readonly wait: string | undefined;
}

/** Running time below this gets no figure next to that of a wait. */
const LEAST_WORK_MS = 50;

/**
 * Formats how long a row ran and waited; `isCounting` for one that still does, `isAbout` for times of whole steps.
 * Undefined times give no figures.
 */
export function timelineFigures(
  times: TimelineTimes | undefined,
  isCounting: boolean,
  words: DurationWords,
  isAbout = false,
): TimelineFigures {
  if (times === undefined) return { work: undefined, wait: undefined };
  const format = isCounting ? runningDuration : duration;
  const write = (ms: number) => (isAbout ? aboutDuration(format(ms, words)) : format(ms, words));
  const hasWaited = times.waitMs > 0;
  return {
    work: hasWaited && times.workMs < LEAST_WORK_MS ? undefined : write(times.workMs),
    wait: hasWaited ? write(times.waitMs) : undefined,
  };
}
