/**
 * Formats times, durations and sizes. Times are in milliseconds since 1970, durations in milliseconds; “now”
 * is always an argument.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The locale for times: the reader's variant of the language of the texts, such as en-GB with its 24-hour
 * clock. Without such a variant, the language itself.
 */
export function timeLocale(language: string, preferred: readonly string[] = preferredLocales()): string {
  const base = baseLanguage(language);
  return preferred.find((locale) => baseLanguage(locale) === base) ?? language;
}

function baseLanguage(locale: string): string {
  return (locale.split('-', 1)[0] ?? locale).toLowerCase();
}

function preferredLocales(): readonly string[] {
  return globalThis.navigator?.languages ?? [];
}

/** Creates a formatter once per locale: creating one costs more than a hundred uses. */
export function perLocale<Format>(make: (locale: string) => Format): (locale: string) => Format {
  const formats = new Map<string, Format>();
  return (locale) => {
    let format = formats.get(locale);
    if (format === undefined) {
      format = make(locale);
      formats.set(locale, format);
    }
    return format;
  };
}

function dateFormat(options: Intl.DateTimeFormatOptions): (locale: string) => Intl.DateTimeFormat {
  return perLocale((locale) => new Intl.DateTimeFormat(locale, options));
}

const clockFormat = dateFormat({ hour: 'numeric', minute: '2-digit' });
const secondsFormat = dateFormat({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
const absoluteFormat = dateFormat({ dateStyle: 'full', timeStyle: 'medium' });
const shortFormat = dateFormat({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
const dayFormat = dateFormat({ weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYearFormat = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' });
const relativeFormat = perLocale(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
);

/** “10:42”. */
export function clockTime(ms: number, locale: string): string {
  return clockFormat(locale).format(ms);
}

/** “10:42:07”. */
export function clockTimeWithSeconds(ms: number, locale: string): string {
  return secondsFormat(locale).format(ms);
}

/** Words for durations; every catalogue of texts has them. */
export interface DurationWords {
  /** Language of the words; numbers are formatted in the reader's variant of it. */
  readonly locale: string;
  readonly inDays: (days: string) => string;
  readonly inHours: (hours: string) => string;
  readonly inMinutes: (minutes: string) => string;
  readonly inSeconds: (seconds: string) => string;
}

/** “3 d”, “5 h”, “12 min”, “40 s”: the largest unit alone, rounded. Never negative. */
export function roundDuration(ms: number, words: DurationWords): string {
  const write = (value: number) => wholeFormat(timeLocale(words.locale)).format(Math.round(value));
  if (ms >= DAY) return words.inDays(write(ms / DAY));
  if (ms >= HOUR) return words.inHours(write(ms / HOUR));
  return ms >= MINUTE
    ? words.inMinutes(write(ms / MINUTE))
    : words.inSeconds(write(Math.max(0, ms) / SECOND));
}

/** “Friday, 21 November 2025 at 10:42:07”. */
export function absoluteTime(ms: number, locale: string): string {
  return absoluteFormat(locale).format(ms);
}

/** “21 Nov, 10:42”. */
export function shortDateTime(ms: number, locale: string): string {
  return shortFormat(locale).format(ms);
}

/** “now”, “5 min. ago”, “3 hr. ago”; the clock time for another day, if more than an hour ago. */
export function relativeTime(ms: number, nowMs: number, locale: string): string {
  if (!isToday(ms, nowMs) && nowMs - ms >= HOUR) return clockTime(ms, locale);
  const format = relativeFormat(locale);
  // If the clock is behind the server's, do not show “in 2 minutes” for the past.
  const ago = Math.max(0, nowMs - ms);
  if (ago < MINUTE) return format.format(0, 'second');
  if (ago < HOUR) return format.format(-Math.floor(ago / MINUTE), 'minute');
  return format.format(-Math.floor(ago / HOUR), 'hour');
}

/** “0:42”, “12:05”, “3:20:05”, “2 d 4 h”. Never negative. */
export function duration(ms: number, words: DurationWords): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) {
    const { format } = wholeFormat(timeLocale(words.locale));
    return `${words.inDays(format(Math.floor(hours / 24)))} ${words.inHours(format(hours % 24))}`;
  }
  const tail = `${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${pad(minutes % 60)}:${tail}` : `${minutes}:${tail}`;
}

const wholeFormat = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const tenthsFormat = perLocale(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);

/** Like `duration`, but with units below a minute: “0.4 s”, “12 s”. */
export function shortDuration(ms: number, words: DurationWords): string {
  if (ms >= MINUTE) return duration(ms, words);
  const seconds = Math.max(0, ms) / SECOND;
  // Zero has no decimals: “0 s”, never “0.0 s”.
  const formatOf = seconds < 9.95 && seconds >= 0.05 ? tenthsFormat : wholeFormat;
  return words.inSeconds(formatOf(timeLocale(words.locale)).format(seconds));
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** The number of a local day: equal for times of the same day, and one more for the next day. */
export function dayNumber(ms: number): number {
  const date = new Date(ms);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

/** “Today”, “Yesterday”, “Friday, 14 November”, with the year if it is not the current one. */
export function dayTitle(
  ms: number,
  nowMs: number,
  locale: string,
  words: { readonly today: string; readonly yesterday: string },
): string {
  const daysAgo = dayNumber(nowMs) - dayNumber(ms);
  if (daysAgo <= 0) return words.today;
  if (daysAgo === 1) return words.yesterday;
  const isThisYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return isThisYear ? dayFormat(locale).format(ms) : dayOfYearFormat(locale).format(ms);
}

/** True for a time on the same local day as `nowMs`. */
export function isToday(ms: number, nowMs: number): boolean {
  return dayNumber(ms) === dayNumber(nowMs);
}

const byteFormats = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const).map((unit) =>
  perLocale(
    (locale) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        // The short name of a byte has no plural in English.
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: 1,
      }),
  ),
);

/** “340 bytes”, “12 kB”, “1.5 MB”. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 0 : Math.min(byteFormats.length - 1, Math.floor(Math.log10(bytes) / 3));
  return byteFormats[power]?.(locale).format(bytes / 1000 ** power) ?? String(bytes);
}
