import { isExactNumber, parseExactJson } from '../../../protocol/values/exact-number.js';
import { isText, type JsonValue } from '../../../protocol/values/json.js';
import type { Field, JsonField, NumberField, TextField } from './fields.js';

/** The character before the decimals of a number. */
export type DecimalMark = '.' | ',';

/**
 * The value of a text typed into a field; undefined for an empty text and for one that is not a value of the
 * field.
 */
export function parseText(
  field: TextField | NumberField | JsonField,
  text: string,
  decimalMark: DecimalMark,
): JsonValue | undefined {
  if (field.kind === 'text') return text === '' ? undefined : text;
  if (text.trim() === '') return undefined;
  if (field.kind === 'number') return parseNumber(text, decimalMark);
  const json = parseExactJson(text);
  // Whatever looks like the beginning of JSON is meant as JSON, and is a typing error if it is none.
  return json === undefined && field.shape === 'any' && !/^\s*[[{"]/.test(text) ? text : json;
}

/** True for a number as people type it, with either mark. */
export function isNumberText(text: string): boolean {
  return /^[+-]?(\d+(?:[.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(asciiNumber(text));
}

/** The zeros of scripts whose keyboards type digits of their own: Arabic, Persian, Devanagari, Bengali. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6];

/** How far the full-width characters are from those of ASCII. */
const FULL_WIDTH = 0xfee0;

/**
 * The number with the characters of JSON: full-width characters, the minus sign (U+2212) and digits of other scripts are
 * what some keyboards type. Nothing else is converted: 10² is not 102.
 */
export function asciiNumber(text: string): string {
  return text
    .trim()
    .replaceAll(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH))
    .replaceAll(/\p{Nd}/gu, toDigit)
    .replace('\u2212', '-')
    .replace('\u066b', '.');
}

function toDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => first <= code && code < first + 10);
  return zero === undefined ? digit : String(code - zero);
}

/**
 * Parses a number as people type it; undefined for anything else, and for a number that parsing would change.
 */
function parseNumber(text: string, decimalMark: DecimalMark): number | undefined {
  if (!isNumberText(text)) return undefined;
  const typed = asciiNumber(text);
  if (decimalMark === '.' && typed.includes(',')) return undefined;
  // Where 1,5 is one and a half, some people read 1.500 as more than a thousand.
  if (decimalMark === ',' && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(typed)) return undefined;
  const plain = typed.replace(',', '.');
  return isExactNumber(plain) ? Number(plain) : undefined;
}

/** The text that a field shows for a value, with this mark in a number; empty for no value. */
export function showValue(
  field: Field,
  value: JsonValue | undefined,
  decimalMark: DecimalMark = '.',
): string {
  if (value === undefined) return '';
  if (field.kind === 'json') {
    const isPlain = isText(value) && field.shape === 'any' && parseText(field, value, '.') === value;
    return isPlain ? value : JSON.stringify(value, null, 2);
  }
  if (value === null) return '';
  if (isText(value)) return value;
  const text = JSON.stringify(value);
  return field.kind === 'number' ? text.replace('.', decimalMark) : text;
}
