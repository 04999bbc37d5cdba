import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitTexts } from '../../../src/elements/form/limit-texts.js';
import { formFields } from '../../../src/elements/form/model/fields-from-schema.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';

/** The limits that the only field of a form states, in English or another language. */
function limits(schema: JsonObject, strings = englishStrings): string {
  const form = formFields({ type: 'object', properties: { x: schema } }, '');
  assert.ok(form.kind === 'object' && form.fields[0] !== undefined);
  return limitTexts(form.fields[0], strings).join(' · ');
}

describe('the limits of a field', () => {
  it('are stated before a mistake is made', () => {
    const number = { type: 'number' };
    const text = { type: 'string' };
    assert.equal(limits({ ...number, minimum: 1, maximum: 10 }), '1 to 10');
    assert.equal(limits({ ...number, minimum: 1 }), 'at least 1');
    assert.equal(limits({ ...number, maximum: 10 }), 'at most 10');
    assert.equal(limits({ ...number, exclusiveMinimum: 0, maximum: 1 }), 'more than 0 · at most 1');
    assert.equal(limits({ ...number, exclusiveMaximum: 10, multipleOf: 5 }), 'less than 10 · in steps of 5');
    assert.equal(limits({ ...text, maxLength: 200 }), 'at most 200 characters');
    assert.equal(limits({ ...text, minLength: 1, maxLength: 200 }), 'at most 200 characters');
    assert.equal(limits({ ...text, minLength: 3, maxLength: 9 }), '3 to 9 characters');
    assert.equal(limits({ ...text, minLength: 4, maxLength: 4 }), 'exactly 4 characters');
    assert.equal(limits({ ...text, minLength: 1, maxLength: 1 }), 'exactly 1 character');
    assert.equal(limits({ ...text, pattern: '^[A-Z]{2}$' }), 'in the form ^[A-Z]{2}$');
    assert.equal(limits({ type: 'array', items: text, minItems: 2 }), 'at least 2 items');
    assert.equal(limits({ type: 'array', items: { enum: ['a', 'b', 'c'] }, maxItems: 2 }), 'at most 2 items');
  });

  it('are stated in German', () => {
    const german = (schema: JsonObject) => limits(schema, germanStrings);
    assert.equal(german({ type: 'integer', minimum: 0, multipleOf: 5 }), 'mindestens 0 · in Schritten von 5');
    assert.equal(german({ type: 'string', maxLength: 1000 }), 'höchstens 1.000 Zeichen');
    assert.equal(german({ type: 'number', examples: [2.5] }), 'zum Beispiel 2,5');
  });

  it('are not stated where they say nothing, or where the description states them', () => {
    assert.equal(limits({ type: 'integer', multipleOf: 1 }), '');
    assert.equal(limits({ type: 'string', minLength: 1 }), '');
    assert.equal(limits({ type: 'array', items: { type: 'string' }, minItems: 1 }), '');
    const { MIN_SAFE_INTEGER: minimum, MAX_SAFE_INTEGER: maximum } = Number;
    assert.equal(limits({ type: 'integer', minimum, maximum }), '');
    const described = { title: 'X', description: 'Between 1 and 10, please' };
    assert.equal(limits({ type: 'integer', minimum: 1, maximum: 10, ...described }), '');
    assert.equal(limits({ type: 'integer', minimum: 1, maximum: 100, ...described }), '1 to 100');
    assert.equal(limits({ type: 'string', pattern: '^a+$', title: 'X', description: 'Letters a' }), '');
    assert.equal(limits({ type: 'string', pattern: `^${'a'.repeat(50)}$` }), '');
    assert.equal(limits({ type: 'string', maxLength: 5, readOnly: true, default: 'a' }), '');
  });

  it('are followed by examples, unless these are suggested while a person types', () => {
    assert.equal(
      limits({ type: 'integer', minimum: 1, examples: [5, 1000] }),
      'at least 1 · for example 5, 1000',
    );
    assert.equal(
      limits({ type: 'string', format: 'textarea', examples: ['a', 'b', 'c', 'd'] }),
      'for example a, b, c',
    );
    assert.equal(limits({ type: 'string', examples: ['a'] }), '');
    assert.equal(limits({ type: 'string', format: 'password', examples: ['a'] }), '');
  });
});
