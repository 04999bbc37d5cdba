import { parseJson, type JsonValue } from './json.js';

/** A double has no more digits than these. */
const DIGITS = 17;

/** True for a number, as it is written, that stays what it is when a program reads it and writes it again. */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(value) || String(value) === text;
  const [digits = ''] = text.toLowerCase().split('e');
  const significant = digits.replaceAll(/[+.-]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Number.isFinite(value) && significant.length <= DIGITS && (value !== 0 || significant === '');
}

/** The value of a JSON text; undefined for a text that is none, or whose numbers would become others. */
export function parseExactJson(text: string): JsonValue | undefined {
  const value = parseJson(text);
  return value === undefined || inexactNumber(text) !== undefined ? undefined : (value as JsonValue);
}

/** Strings, which may have digits, and numbers. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * The first number of a JSON text that would be changed by reading it, as it is written there; undefined when
 * there is none. `12345678901234567890` becomes …7000, and `1e400` infinite.
 */
export function inexactNumber(json: string): string | undefined {
  for (const [token] of json.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && !isExactNumber(token)) return token;
  }
  return undefined;
}
