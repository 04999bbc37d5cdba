import { roundDuration, runningDuration, type DurationWords } from './duration.js';

/** Shorter waits are shown in seconds. */
export const SOON_MS = 60_000;

/** The time that a session has waited, in milliseconds, as text: “7 s”, “12 m”, “2 d”. */
export function waitingTime(ms: number, words: DurationWords): string {
  return ms < SOON_MS ? runningDuration(ms, words) : roundDuration(ms, words);
}
