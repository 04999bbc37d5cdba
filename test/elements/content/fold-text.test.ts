import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { foldText } from '../../../src/elements/content/fold-text.js';
import { jsonText } from '../../../src/elements/content/json-text.js';
import type { JsonValue } from '../../../src/protocol/values/json.js';
import { deepList, deepObject, longList } from '../../support/hostile-json.js';

test('a text is folded only where that hides much', () => {
  assert.deepEqual(foldText('x'.repeat(5000)), { shown: 'x'.repeat(5000), hidden: 0 });
  assert.equal(foldText('x'.repeat(5001)).hidden, 1001);
});

test('the beginning ends, and the end begins, with a whole word', () => {
  const text = 'word '.repeat(3000);
  assert.match(foldText(text).shown, /word$/);
  assert.match(foldText(text, 'end').shown, /^word/);
});

test('no character is cut in two', () => {
  for (const keep of ['beginning', 'end'] as const) {
    for (const prefix of ['', 'x']) {
      assert.doesNotMatch(foldText(prefix + '😀'.repeat(4000), keep).shown, /\p{Surrogate}/u);
    }
  }
});

test('what is shown and what is hidden make the whole', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 12_000, size: 'max' }),
      fc.constantFrom('beginning', 'end'),
      (text, keep) => {
        const { shown, hidden } = foldText(text, keep);
        assert.equal(shown.length + hidden, text.length);
        assert.ok(keep === 'end' ? text.endsWith(shown) : text.startsWith(shown));
      },
    ),
    { numRuns: 50 },
  );
});

test('JSON is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = value as JsonValue;
      assert.deepEqual(jsonText(json), JSON.stringify(value, null, 2));
    }),
  );
});

test('a huge or deep value costs no more than what is shown of it', () => {
  for (const value of [deepList(20_000), deepObject(20_000), longList(200_000), 'x'.repeat(5_000_000)]) {
    assert.equal(jsonText(value, 4000).length, 4000);
  }
});
