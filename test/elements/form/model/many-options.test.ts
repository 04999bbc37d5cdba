import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';

const names = (count: number) => Array.from({ length: count }, (_, number) => `n${number}`);

/** The kinds of the fields of a form with these properties. */
function kindsOf(properties: JsonObject): readonly string[] {
  const form = formFields({ type: 'object', properties }, '');
  assert.ok(form.kind === 'object');
  return form.fields.map(({ kind }) => kind);
}

describe('a field with very many options', () => {
  const list = (count: number) => ({ type: 'string', enum: names(count) });

  it('lists a thousand of them, and is typed beyond', () => {
    assert.deepEqual(kindsOf({ a: list(1000), b: list(1001) }), ['options', 'text']);
  });

  it('has at most two hundred boxes to tick', () => {
    const ticks = (count: number) => ({ type: 'array', uniqueItems: true, items: list(count) });
    assert.deepEqual(kindsOf({ a: ticks(200), b: ticks(201) }), ['options', 'array']);
  });

  it('is typed when the other fields list five thousand', () => {
    const properties = Object.fromEntries(names(7).map((name) => [name, list(1000)]));
    assert.deepEqual(kindsOf(properties), [...Array.from({ length: 5 }, () => 'options'), 'text', 'text']);
  });

  it('does not count options that it does not list', () => {
    const doubles = { type: 'array', uniqueItems: false, items: list(200) };
    const properties = Object.fromEntries(names(26).map((name) => [name, doubles]));
    assert.equal(kindsOf({ ...properties, last: list(1000) }).at(-1), 'options');
  });

  it('is JSON with more than a hundred variants', () => {
    const variants = (count: number) => ({
      oneOf: names(count).map((title) => ({ type: 'object', title, properties: { [title]: {} } })),
    });
    assert.deepEqual(kindsOf({ a: variants(100), b: variants(101) }), ['variant', 'json']);
  });
});
