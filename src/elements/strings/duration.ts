import { perLocale, timeLocale } from './time-format.js';

/**
 * Formats durations, by one rule for the whole panel: “340 ms”, “3.3 s”, “52 s”, “2 m 03 s”, “1 h 05 m”, “3 d 2 h”.
 * Durations are in milliseconds; a negative one counts as none.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units of durations; every catalogue of texts has them. The number is already formatted. */
export interface DurationWords {
  /** Language of the units; numbers are formatted in the reader's variant of it. */
  readonly locale: string;
  readonly inDays: (days: string) => string;
  readonly inHours: (hours: string) => string;
  readonly inMinutes: (minutes: string) => string;
  readonly inSeconds: (seconds: string) => string;
  readonly inMilliseconds: (milliseconds: string) => string;
}

const numberFormat = (options: Intl.NumberFormatOptions) =>
  perLocale((locale) => new Intl.NumberFormat(locale, options));
const whole = numberFormat({ maximumFractionDigits: 0 });
const tenths = numberFormat({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = numberFormat({ minimumIntegerDigits: 2, maximumFractionDigits: 0 });
const twoAndTenths = numberFormat({
  minimumIntegerDigits: 2,
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const thousandths = numberFormat({
  minimumIntegerDigits: 2,
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});

/** The two largest units, rounded, without a second one of zero; “<1 ms” for no time that can be measured. */
export function duration(ms: number, words: DurationWords): string {
  return write(ms, words, Math.round);
}

/** The same of a clock that runs, in whole seconds that have passed: “<1 s”, “7 s”, “2 m 03 s”. */
export function runningDuration(ms: number, words: DurationWords): string {
  if (ms < SECOND) return `<${words.inSeconds(formatter(whole, words)(1))}`;
  if (ms < MINUTE) return words.inSeconds(formatter(whole, words)(Math.floor(ms / SECOND)));
  return write(ms, words, Math.floor);
}

/** A duration that is true to a step only: “≈ 2.1 s”. */
export function aboutDuration(text: string): string {
  return `≈\u202f${text}`;
}

/** The largest unit alone, rounded, where there is no space for two: “3 d”, “5 h”, “12 m”, “40 s”. */
export function roundDuration(ms: number, words: DurationWords): string {
  const number = formatter(whole, words);
  const isBelow = (unitMs: number, limitMs: number) => Math.round(ms / unitMs) * unitMs < limitMs;
  if (isBelow(SECOND, MINUTE)) return duration(ms, words);
  if (isBelow(MINUTE, HOUR)) return words.inMinutes(number(ms / MINUTE));
  if (isBelow(HOUR, DAY)) return words.inHours(number(ms / HOUR));
  return words.inDays(number(ms / DAY));
}

function write(ms: number, words: DurationWords, toWhole: (value: number) => number): string {
  const number = formatter(whole, words);
  // Rounded before a unit is chosen, so that 59.7 s are “1 m” and not “60 s”.
  const rounded = (unitMs: number) => toWhole(Math.max(0, ms) / unitMs) * unitMs;
  if (rounded(1) < SECOND) {
    return rounded(1) === 0
      ? `<${words.inMilliseconds(number(1))}`
      : words.inMilliseconds(number(rounded(1)));
  }
  if (rounded(100) < 10 * SECOND) return words.inSeconds(formatter(tenths, words)(rounded(100) / SECOND));
  if (rounded(SECOND) < MINUTE) return words.inSeconds(number(rounded(SECOND) / SECOND));
  if (rounded(SECOND) < HOUR) {
    return two(rounded(SECOND), MINUTE, words.inMinutes, SECOND, words.inSeconds, words);
  }
  if (rounded(MINUTE) < DAY) {
    return two(rounded(MINUTE), HOUR, words.inHours, MINUTE, words.inMinutes, words);
  }
  const hours = rounded(HOUR);
  const days = words.inDays(number(Math.floor(hours / DAY)));
  return hours % DAY === 0 ? days : `${days} ${words.inHours(number((hours % DAY) / HOUR))}`;
}

/**
 * A time since a start, to the millisecond and in one width: “+00:00.012”; from an hour on to a tenth of a second:
 * “+02:00:04.1”, “+3d 02:00:04.1”.
 */
export function elapsedTime(ms: number, words: DurationWords): string {
  const wholeMs = Math.trunc(ms);
  const sign = wholeMs < 0 ? '−' : '+';
  const { format: digits } = twoDigits(timeLocale(words.locale));
  const length = Math.abs(wholeMs);
  const minutes = digits(Math.floor((length % HOUR) / MINUTE));
  if (length < HOUR) {
    return `${sign}${minutes}:${thousandths(timeLocale(words.locale)).format((length % MINUTE) / SECOND)}`;
  }
  // Cut off and not rounded: 59.97 s must not become 60.0 s.
  const seconds = twoAndTenths(timeLocale(words.locale)).format(Math.floor((length % MINUTE) / 100) / 10);
  const days = length < DAY ? '' : `${formatter(whole, words)(Math.floor(length / DAY))}d `;
  return `${sign}${days}${digits(Math.floor((length % DAY) / HOUR))}:${minutes}:${seconds}`;
}

/** A large unit and, with two digits, what is left of a small one. */
function two(
  ms: number,
  largeMs: number,
  inLarge: (count: string) => string,
  smallMs: number,
  inSmall: (count: string) => string,
  words: DurationWords,
): string {
  const large = inLarge(formatter(whole, words)(Math.floor(ms / largeMs)));
  const rest = ms % largeMs;
  return rest === 0 ? large : `${large} ${inSmall(formatter(twoDigits, words)(rest / smallMs))}`;
}

function formatter(
  format: (locale: string) => Intl.NumberFormat,
  words: DurationWords,
): (value: number) => string {
  const { format: write } = format(timeLocale(words.locale));
  return (value) => write(value);
}
