import * as fc from 'fast-check';
import { parseJson, type JsonValue } from '../../src/protocol/values/json.js';

/** JSON of `depth` nested lists; parsing it needs no stack, writing it out recursively does. */
export function deepList(depth: number, inner = ''): JsonValue {
  return parseJson('['.repeat(depth) + inner + ']'.repeat(depth)) as JsonValue;
}

/** JSON of `depth` nested objects. */
export function deepObject(depth: number): JsonValue {
  return parseJson('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)) as JsonValue;
}

/** A list of `length` numbers. */
export function longList(length: number): JsonValue {
  return Array.from({ length }, () => 0);
}

/**
 * Values that often make programs fail: own members with inherited names, objects without a conversion to
 * text, extreme numbers, nesting, lengths. As JSON text, because that is how they arrive.
 */
const HOSTILE_TEXTS: readonly string[] = [
  '{"__proto__":{"type":"graphStart","index":0,"isAdmin":true}}',
  '{"__proto__":null}',
  '{"constructor":{"prototype":{"index":0}},"hasOwnProperty":1}',
  '{"toString":1,"valueOf":1}',
  '{"length":3,"0":"a"}',
  '{"then":"x"}',
  '[null,[],{},[[]]]',
  '1e999',
  '-1e999',
  '9007199254740993',
  '-0',
  '0.1',
  '""',
  '"\\u0000\\ud800"',
  '"constructor"',
  '"__proto__"',
  'null',
  'true',
];

const hostileValues: readonly JsonValue[] = [
  ...HOSTILE_TEXTS.map((text) => parseJson(text) as JsonValue),
  deepList(20_000),
  deepObject(20_000),
  longList(200_000),
];

/** Any JSON, much of it hostile. */
export const anyJson: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue> },
);

/** JSON where a certain kind is expected: mostly that kind, sometimes anything. */
function perhaps(expected: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: expected }, { weight: 1, arbitrary: anyJson });
}

/**
 * Objects with these members, each of them present or missing and of the right or of any other kind, and with
 * unexpected members. Parsed from text, so that `__proto__` is a member like others.
 */
export function anyObject(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(Object.entries(members).map(([key, value]) => [key, perhaps(value)]));
  return fc
    .tuple(fc.record(model, { requiredKeys: [] }), fc.option(fc.constantFrom(...HOSTILE_TEXTS)))
    .map(([object, extra]) => {
      const others = extra === null ? {} : parseJson(extra);
      return typeof others === 'object' ? { ...others, ...object } : object;
    });
}
