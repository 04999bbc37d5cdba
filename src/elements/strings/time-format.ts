/** Formats times and sizes. Times are in milliseconds since 1970; “now” is always an argument. */

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
const millisecondsFormat = dateFormat({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const fullDateFormat = dateFormat({ dateStyle: 'full' });
const absoluteFormat = dateFormat({ dateStyle: 'full', timeStyle: 'medium' });
const shortFormat = dateFormat({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
const dayFormat = dateFormat({ weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYearFormat = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' });
const nowFormat = perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const wholeFormat = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));

/** “10:42”. */
export function clockTime(ms: number, locale: string): string {
  return clockFormat(locale).format(ms);
}

/** “10:42:07”. */
export function clockTimeWithSeconds(ms: number, locale: string): string {
  return secondsFormat(locale).format(ms);
}

/** “10:42:07.012”: in one width. */
export function clockTimeWithMilliseconds(ms: number, locale: string): string {
  return millisecondsFormat(locale).format(ms);
}

/** “Friday, 21 November 2025”. */
export function fullDate(ms: number, locale: string): string {
  return fullDateFormat(locale).format(ms);
}

/** “Friday, 21 November 2025 at 10:42:07”. */
export function absoluteTime(ms: number, locale: string): string {
  return absoluteFormat(locale).format(ms);
}

/** “21 Nov, 10:42”. */
export function shortDateTime(ms: number, locale: string): string {
  return shortFormat(locale).format(ms);
}

/** “10:42”, with the day unless that is today. */
export function minuteText(ms: number, nowMs: number, locale: string): string {
  return isToday(ms, nowMs) ? clockTime(ms, locale) : shortDateTime(ms, locale);
}

/** Words for times in the past; every catalogue of texts has them. The number is already formatted. */
export interface RelativeWords {
  /** Language of the words; numbers are formatted in the reader's variant of it. */
  readonly locale: string;
  readonly minutesAgo: (minutes: string) => string;
  readonly hoursAgo: (hours: string) => string;
}

/** “now”, “5 min ago”, “3 h ago”; the clock time for another day, if more than an hour ago. */
export function relativeTime(ms: number, nowMs: number, words: RelativeWords): string {
  const locale = timeLocale(words.locale);
  if (!isToday(ms, nowMs) && nowMs - ms >= HOUR) return clockTime(ms, locale);
  // If the clock is behind the server's, do not show “in 2 minutes” for the past.
  const ago = Math.max(0, nowMs - ms);
  const number = (value: number) => wholeFormat(locale).format(Math.floor(value));
  if (ago < MINUTE) return nowFormat(locale).format(0, 'second');
  return ago < HOUR ? words.minutesAgo(number(ago / MINUTE)) : words.hoursAgo(number(ago / HOUR));
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
