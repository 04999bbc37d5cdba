import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  canonicalJson,
  canonicalJsonPieces,
  isSameJson,
  jsonDepth,
  parseJson,
  type JsonValue,
} from '../../../src/protocol/values/json.js';
import { anyJson, deepList, deepObject, longList } from '../../support/hostile-json.js';

const jsonValue = fc.jsonValue() as fc.Arbitrary<JsonValue>;

describe('canonicalJson', () => {
  it('writes the same value, with sorted keys and without space', () => {
    assert.equal(
      canonicalJson({ b: [1, { d: null, c: 'x' }], a: true }),
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
    assert.equal(canonicalJson([]), '[]');
    assert.equal(canonicalJson({}), '{}');
    fc.assert(
      fc.property(jsonValue, (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.string(), jsonValue), { selector: ([key]) => key });
    fc.assert(
      fc.property(pairs, (entries) => {
        const forwards = Object.fromEntries(entries);
        const backwards = Object.fromEntries([...entries].reverse());
        assert.equal(canonicalJson(forwards), canonicalJson(backwards));
      }),
    );
  });

  it('keeps a member that is called __proto__', () => {
    const value = parseJson('{"b":1,"__proto__":{"c":2}}') as JsonValue;
    assert.equal(canonicalJson(value), '{"__proto__":{"c":2},"b":1}');
  });

  it('takes 100,000 levels of nesting and lists of any length', () => {
    assert.equal(canonicalJson(deepList(100_000)).length, 200_000);
    assert.equal(canonicalJson(deepObject(100_000)), '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000));
    assert.equal(canonicalJson(longList(500_000)).length, 1_000_001);
  });
});

describe('canonicalJsonPieces', () => {
  it('sorts and writes a large object in small steps', () => {
    const keys = Array.from({ length: 50_000 }, (_, number) => `k${(number * 7919) % 50_000}`);
    const value = { list: longList(50_000), object: Object.fromEntries(keys.map((key) => [key, key])) };
    const pieces = [...canonicalJsonPieces(value)];
    assert.ok(pieces.length > 100, `${pieces.length} pieces`);
    assert.ok(Math.max(...pieces.map(({ length }) => length)) < 100_000);
    const sorted = Object.fromEntries([...keys].sort().map((key) => [key, key]));
    assert.equal(pieces.join(''), JSON.stringify({ list: value.list, object: sorted }));
  });
});

describe('isSameJson', () => {
  it('is true for exactly the values with the same canonical text', () => {
    const pair = fc.oneof(
      fc.tuple(jsonValue, jsonValue),
      jsonValue.map((value) => [value, JSON.parse(canonicalJson(value)) as JsonValue] as const),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        assert.equal(isSameJson(a, b), canonicalJson(a) === canonicalJson(b));
      }),
    );
    for (const [a, b] of [
      [[], {}],
      [{ a: 1 }, { b: 1 }],
      [[1, 2], [1]],
      [null, {}],
      [{ toString: 1 }, {}],
    ] as const) {
      assert.equal(isSameJson(a, b), false);
      assert.equal(isSameJson(b, a), false);
    }
    assert.equal(isSameJson(deepObject(100_000), deepObject(100_000)), true);
  });
});

describe('jsonDepth', () => {
  it('counts the levels, up to the limit', () => {
    assert.equal(jsonDepth(1), 0);
    assert.equal(jsonDepth([]), 1);
    assert.equal(jsonDepth({ a: [1, { b: 2 }], c: 3 }), 3);
    assert.equal(jsonDepth(deepObject(100_000)), 100_000);
    assert.ok(jsonDepth(deepList(100_000), 64) > 64);
  });

  it('takes lists of any length', () => {
    assert.equal(jsonDepth(longList(500_000)), 1);
    assert.equal(jsonDepth({ a: longList(500_000) }, 64), 2);
  });

  it('never throws', () => {
    fc.assert(fc.property(anyJson, (value) => jsonDepth(value) >= 0));
  });
});
