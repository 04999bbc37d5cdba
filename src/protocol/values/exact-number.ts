import { parseJson, type JsonValue } from './json.js';

/** The number of significant digits that a double can hold. */
const DIGITS = 17;

/** True for the text of a number that keeps its value when a program reads it and writes it again. */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(value) || String(value) === text;
  const [digits = ''] = text.toLowerCase().split('e');
  const significant = withoutLastZeros(digits.replaceAll(/[+.-]/g, '').replace(/^0+/, ''));
  return Number.isFinite(value) && significant.length <= DIGITS && (value !== 0 || significant === '');
}

/** The digits without the zeros at their end. An expression would try each run of zeros from all its positions. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** Parses a JSON text; undefined for invalid JSON, and when parsing would change one of its numbers. */
export function parseExactJson(text: string): JsonValue | undefined {
  const value = parseJson(text);
  return value === undefined || inexactNumber(text) !== undefined ? undefined : (value as JsonValue);
}

/** Matches numbers, and strings, which may contain digits. A string without an end is the rest of the text. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*"?|-?\d[\d.eE+-]*/g;

/**
 * The first number of a JSON text that parsing would change, as written; undefined when there is none.
 * `12345678901234567890` becomes …7000, and `1e400` infinite.
 */
export function inexactNumber(json: string): string | undefined {
  for (const [token] of json.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && !isExactNumber(token)) return token;
  }
  return undefined;
}
