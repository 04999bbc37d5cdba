import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonErrorOffset } from '../../../src/elements/form/json-error.js';
import { parseJson } from '../../../src/protocol/values/json.js';

describe('jsonErrorOffset', () => {
  const CASES: readonly (readonly [text: string, offset: number | undefined])[] = [
    ['{"a": [1, true, null, "x\\u00e9"]}', undefined],
    [' 1 ', undefined],
    ['', 0],
    ['  ', 2],
    ['{"a": tru}', 6],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ["{'a': 1}", 1],
    ['[1 2]', 3],
    ['[1}', 2],
    ['{"a": 1', 7],
    ['{} x', 3],
    ['{}{}', 2],
    ['01', 1],
    ['"line\nbreak"', 0],
  ];
  for (const [text, offset] of CASES) {
    it(`is ${offset ?? 'nowhere'} in ${JSON.stringify(text)}`, () => {
      assert.equal(jsonErrorOffset(text), offset);
    });
  }

  it('finds an error exactly when JSON.parse throws', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', ':', '{', ']', '1', 't', ' ', '\\', '\u0001'))
      .map(([text, place, insert]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + insert + text.slice(at + (insert === '' ? 1 : 0));
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.json(), fc.string()), (text) => {
        const offset = jsonErrorOffset(text);
        assert.equal(offset === undefined, parseJson(text) !== undefined, text);
        assert.ok(offset === undefined || offset <= text.length);
      }),
      { numRuns: 3000 },
    );
  });
});
