import type { JsonObject, JsonValue } from '../../../src/protocol/values/json.js';
import type { SeededRandom } from './seeded-random.js';

/** Texts that made programs fail: inherited names, control characters, paths, markup, placeholders, lengths. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  'a',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff x',
  '\u202e',
  '\u2028',
  '\n',
  '\r\nX: y',
  '\r\nSet-Cookie: a=b',
  '\n\ndata: {}\n\n',
  '\u001b[31mred\u001b[0m\nforged line of a log',
  '../../etc/passwd',
  '%2e%2e/',
  '..%2f',
  'x'.repeat(5000),
  '😀'.repeat(300),
  'e\u0301'.repeat(100),
  "'; drop table events; --",
  '${7*7}',
  '{{n0}}',
  '{{__proto__}}',
  '<script>',
  'new',
  'events',
  'status',
  ':resume',
  'NaN',
  '-0',
  '1e309',
  '9007199254740993',
  'true',
  'null',
  '[]',
  'ｎｅｗ',
  'İ',
  '\ufeff',
];

/** Numbers at the ends of ranges. */
export const HOSTILE_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1,
  1.5,
  50,
  100_000,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e308,
  5e-324,
];

const MEMBER_NAMES = ['parts', 'text', 'role', 'inlineData', 'mimeType', 'data', 'json', 'ids', 'selected'];
const MAX_DEPTH = 5;

/** Any JSON, with a leaning to what is hostile. */
export function anyValue(random: SeededRandom, depth = 0): JsonValue {
  const kind = random.number();
  if (kind < 0.25) return random.pick(HOSTILE_TEXTS);
  if (kind < 0.4) return random.pick(HOSTILE_NUMBERS);
  if (kind < 0.5) return random.pick([true, false, null]);
  if (depth > MAX_DEPTH) return {};
  if (kind < 0.7) return random.list(4, () => anyValue(random, depth + 1));
  return objectOf(
    random.list(4, () => [
      random.pick([...HOSTILE_TEXTS, ...MEMBER_NAMES, 'input']),
      anyValue(random, depth + 1),
    ]),
  );
}

/** An object of these members; `__proto__` is a member like others. */
export function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(entries);
}

/** Content of the protocol, or what only looks like it. */
export function anyContent(random: SeededRandom): JsonValue {
  const text = random.pick(HOSTILE_TEXTS);
  const value = anyValue(random);
  return random.pick<JsonValue>([
    { parts: [{ text }] },
    { role: 'user', parts: [] },
    { parts: [{ inlineData: { mimeType: text, data: 'AAAA' } }] },
    { parts: [value] },
    { parts: value },
    value,
  ]);
}

/** The texts of so many brackets within each other. */
export function nested(depth: number, open = '[', inner = '', close = ']'): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}
