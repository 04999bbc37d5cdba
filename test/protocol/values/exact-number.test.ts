import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { inexactNumber, isExactNumber } from '../../../src/protocol/values/exact-number.js';

describe('isExactNumber', () => {
  for (const text of [
    '0',
    '-0',
    '9007199254740991',
    '12345678901234567000',
    '0.1',
    '1e22',
    '1.50',
    '0.00',
    '0e5',
    '1e-300',
    '5.',
    '.5',
  ]) {
    it(`is true for ${text}`, () => assert.equal(isExactNumber(text), true));
  }
  for (const text of [
    '12345678901234567890',
    '9007199254740993',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1234567890123456789',
  ]) {
    it(`is false for ${text}`, () => assert.equal(isExactNumber(text), false));
  }

  it('is true for every number as JSON.stringify writes it', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(number, (value) => isExactNumber(JSON.stringify(value))));
  });
});

describe('inexactNumber', () => {
  const CASES: readonly (readonly [json: string, expected: string | undefined])[] = [
    ['{"a": [1, 2.5, -3e10], "b": "x"}', undefined],
    ['{"12345678901234567890": "12345678901234567890 \\" 1e400"}', undefined],
    ['{"a": 12345678901234567890}', '12345678901234567890'],
    ['[1, {"a": "\\\\", "b": 1e400}]', '1e400'],
    ['1e400', '1e400'],
  ];
  for (const [json, expected] of CASES) {
    it(`finds ${expected ?? 'none'} in ${json}`, () => assert.equal(inexactNumber(json), expected));
  }

  it('finds none in the output of JSON.stringify', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => inexactNumber(JSON.stringify(value)) === undefined));
  });
});
