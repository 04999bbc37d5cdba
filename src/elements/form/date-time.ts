import { isDay } from './model/formats.js';

/** Conversions between the moments and times of JSON Schema (RFC 3339) and the controls for them, which show local time. */

const MOMENT = /^(\d{4}-\d\d-\d\d)[t ]\d\d:\d\d/i;

/**
 * Converts a moment to local time, as the control for date and time shows it; empty for anything else. Has seconds, and
 * parts of them, where they are not zero.
 */
export function toLocalDateTime(moment: string): string {
  const date = new Date(moment);
  const day = MOMENT.exec(moment)?.[1];
  if (day === undefined || !isDay(day) || Number.isNaN(date.getTime())) return '';
  // Not by its distance from Greenwich, which had seconds before there were time zones.
  const local = new Date(0);
  local.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  local.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  const text = local.toISOString();
  if (!isDay(text.slice(0, 10))) return '';
  return text.replace(/(?::00)?(?:\.000)?Z$/, '');
}

/** Converts local time to a `date-time` of JSON Schema, which has a time zone; what is no moment of our time stays as it is. */
export function toMoment(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? local : date.toISOString();
}

const TIME = /^(\d\d):(\d\d)(:\d\d)?(?:\.\d+)?(Z|([+-])(\d\d):?(\d\d))?$/i;
const DAY_MINUTES = 24 * 60;

/** True for a time of day without a time zone. RFC 3339 does not allow it, and many servers expect it. */
export function isZoneless(time: unknown): boolean {
  if (typeof time !== 'string') return false;
  const match = TIME.exec(time);
  return match !== null && match[4] === undefined;
}

/**
 * Converts a time of day to local time, as the control for times shows it; one without a time zone stays as it is, and
 * anything else is empty. `offsetMinutes` is that of local time, east of Greenwich.
 */
export function toLocalTime(time: string, offsetMinutes = localOffset()): string {
  const match = TIME.exec(time);
  if (match === null) return '';
  const [, hours = '', minutes = '', seconds = '', zone, sign, zoneHours, zoneMinutes] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || seconds > ':59') return '';
  const shown = seconds === ':00' ? '' : seconds;
  if (zone === undefined) return `${hours}:${minutes}${shown}`;
  const own = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  const total = Number(hours) * 60 + Number(minutes) - own + offsetMinutes;
  const local = ((total % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return `${two(Math.floor(local / 60))}:${two(local % 60)}${shown}`;
}

/** Converts what the control for times shows to a `full-time` of RFC 3339 section 5.6, in local time. */
export function toFullTime(local: string, offsetMinutes = localOffset()): string {
  if (local === '') return '';
  const distance = Math.abs(offsetMinutes);
  const zone = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
  return `${local.length === 5 ? `${local}:00` : local}${offsetMinutes === 0 ? 'Z' : zone}`;
}

function localOffset(): number {
  return -new Date().getTimezoneOffset();
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
