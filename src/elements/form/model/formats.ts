import type { TextEntry } from './fields.js';

/** The last year of dates in browsers, and of their controls. */
const LAST_YEAR = 275_760;

/** True for a day that the calendar has and a control can show: since the year 1. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (/^(\d{4,6})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  // The calendar repeats itself after 400 years.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return year > 0 && year < LAST_YEAR && month > 0 && month < 13 && day > 0 && day <= lastDay;
}

/** Coarse on purpose: they catch typing errors; the server decides. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[a-z][a-z\d+.-]*:\S+$/i,
  date: /^\d{4,}-\d\d-\d\d$/,
  time: /^\d\d:\d\d/,
  'date-time': /^\d{4,}-\d\d-\d\d[t ]\d\d:\d\d/i,
};

/** True for a text with the form that its entry asks for, and for any text where it asks for none. */
export function hasFormat(entry: TextEntry, value: string): boolean {
  const match = FORMATS[entry]?.exec(value);
  if (match === undefined) return true;
  if (match === null) return false;
  const [day] = /^\d{4,6}-\d\d-\d\d/.exec(value) ?? [];
  const [, hours = '0', minutes = '0'] = /(?:^|[t ])(\d\d):(\d\d)/i.exec(match[0]) ?? [];
  return (day === undefined || isDay(day)) && Number(hours) < 24 && Number(minutes) < 60;
}
