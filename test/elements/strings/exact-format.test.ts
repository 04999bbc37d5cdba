import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exactFormat } from '../../../src/elements/strings/exact-format.js';

describe('exactFormat', () => {
  it('writes every number as the platform does', () => {
    const values = [
      0,
      -0,
      1,
      7,
      999,
      1000,
      1234,
      1e6,
      -1,
      -1234,
      0.5,
      1234.5,
      0.1 + 0.2,
      1e21,
      NaN,
      Infinity,
    ];
    for (const locale of ['en', 'de']) {
      const format = exactFormat(locale);
      for (const value of values) {
        assert.equal(format(value), value.toLocaleString(locale, { maximumFractionDigits: 20 }), `${value}`);
      }
    }
  });
});
