import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { answerRows, MAX_ANSWER_ROWS } from '../../../../src/elements/session/activity/answer-rows.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/json.js';

const text = (value: string) => ({ kind: 'text', text: value }) as const;
const schema: JsonObject = {
  properties: {
    name: { type: 'string', title: 'Your name' },
    address: { title: 'Address', properties: { city: { title: 'City' } } },
    orders: { title: 'Orders', items: { properties: { item: { title: 'Item' } } } },
    photo: { title: 'Photo', contentEncoding: 'base64' },
  },
};

describe('the rows of a filled-in form', () => {
  it('are its members in their order, named by the schema; those of groups and lists have rows of their own', () => {
    const answer = {
      name: 'Ann',
      address: { city: 'Ulm' },
      orders: [{ item: 'Tea' }, { item: 'Cake' }],
      tags: ['a', 2],
      news: false,
      note: '',
    };
    assert.deepEqual(answerRows(answer, schema), [
      { path: ['Your name'], values: [text('Ann')] },
      { path: ['Address', 'City'], values: [text('Ulm')] },
      { path: ['Orders', '1', 'Item'], values: [text('Tea')] },
      { path: ['Orders', '2', 'Item'], values: [text('Cake')] },
      { path: ['tags'], values: [text('a'), text('2')] },
      { path: ['news'], values: [{ kind: 'flag', isTrue: false }] },
    ]);
  });

  it('name files and their sizes, never their bytes', () => {
    const content = {
      parts: [{ text: 'See' }, { inlineData: { mimeType: 'a/b', data: btoa('four'), title: 'x.b' } }],
    };
    assert.deepEqual(answerRows({ photo: btoa('seven b'), more: content }, schema), [
      { path: ['Photo'], values: [{ kind: 'file', name: '', bytes: 7 }] },
      { path: ['more'], values: [text('See'), { kind: 'file', name: 'x.b', bytes: 4 }] },
    ]);
  });

  it('are none for very many, also when they are nested deeper than the stack', () => {
    assert.equal(answerRows({ all: Array.from({ length: 99 }, (_, at) => ({ at })) }, {}), undefined);
    let deep: JsonValue = 1;
    for (let level = 0; level < 3000; level += 1) deep = { deep };
    assert.equal(answerRows({ deep }, {})?.length, 1);
  });

  it('are few, and never fail, for any value and any schema', () => {
    const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), value), (answer, any) => {
        const rows = answerRows(answer, { properties: any });
        assert.ok((rows?.length ?? 0) <= MAX_ANSWER_ROWS);
      }),
    );
  });
});
