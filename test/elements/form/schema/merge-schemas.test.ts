import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Field } from '../../../../src/elements/form/model/fields.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import { mergeSchemas } from '../../../../src/elements/form/schema/merge-schemas.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import { isJsonObject, type JsonObject } from '../../../../src/protocol/values/json.js';

const TEXT = { type: 'string' };

/** The fields of a form, as `name: kind`; groups in brackets. */
function shape(field: Field): string {
  if (field.kind !== 'object') return field.kind;
  return `{${field.fields.map((child) => `${child.name}${child.isRequired ? '' : '?'}: ${shape(child)}`).join(', ')}}`;
}

describe('schemas that apply together', () => {
  const FORMS: readonly (readonly [string, JsonObject, string])[] = [
    [
      'two groups',
      { allOf: [{ properties: { a: TEXT }, required: ['a'] }, { properties: { b: TEXT } }] },
      '{a: text, b?: text}',
    ],
    [
      'a base and members of its own, as OpenAPI writes inheritance',
      {
        $defs: { Base: { type: 'object', properties: { id: TEXT }, required: ['id'] } },
        allOf: [{ $ref: '#/$defs/Base' }, { type: 'object', properties: { size: { type: 'integer' } } }],
      },
      '{id: text, size?: number}',
    ],
    [
      'a base, with members next to the reference',
      {
        $defs: { Base: { properties: { id: TEXT } } },
        allOf: [{ $ref: '#/$defs/Base' }],
        properties: { own: TEXT },
        required: ['own'],
      },
      '{own: text, id?: text}',
    ],
    [
      'a base of a base',
      {
        $defs: {
          A: { properties: { a: TEXT } },
          B: { allOf: [{ $ref: '#/$defs/A' }, { properties: { b: TEXT } }] },
        },
        allOf: [{ $ref: '#/$defs/B' }, { properties: { c: TEXT } }],
      },
      '{a?: text, b?: text, c?: text}',
    ],
    [
      'two descriptions of one member',
      {
        allOf: [
          { properties: { a: { enum: ['x', 'y', 'z'] } } },
          { properties: { a: { enum: ['z', 'y'] } } },
        ],
      },
      '{a?: options}',
    ],
    [
      'a member of two groups',
      { properties: { p: { allOf: [{ properties: { a: TEXT } }, { properties: { b: TEXT } }] } } },
      '{p?: {a?: text, b?: text}}',
    ],
    [
      'what cannot be said as one: that member is entered as JSON',
      { properties: { p: { allOf: [{ pattern: '^a' }, { pattern: 'b$' }] }, q: TEXT } },
      '{p?: json, q?: text}',
    ],
  ];
  for (const [name, schema, expected] of FORMS) {
    it(`make one form: ${name}`, () => {
      assert.equal(shape(formFields(schema, '')), expected);
    });
  }

  it('keep the stricter bounds', () => {
    const first = { type: 'number', minimum: 1, maximum: 10 };
    const second = { type: 'integer', minimum: 3, maximum: 20, multipleOf: 2 };
    assert.deepEqual(mergeSchemas(first, second), {
      type: 'integer',
      minimum: 3,
      maximum: 10,
      multipleOf: 2,
    });
    assert.equal(mergeSchemas({ type: 'string' }, { type: 'number' }), undefined);
    assert.equal(mergeSchemas({ enum: [1] }, { enum: [2] }), undefined);
  });

  it('allow together what both allow', async () => {
    const check = await loadSchemaCheck();
    assert.ok(check !== undefined);
    const bound = fc.option(fc.integer({ min: -3, max: 6 }), { nil: undefined });
    const leaf = fc
      .record({
        type: fc.constantFrom(undefined, 'integer', 'number', 'string', ['string', 'integer']),
        minimum: bound,
        exclusiveMaximum: bound,
        minLength: fc.option(fc.nat(3), { nil: undefined }),
        enum: fc.constantFrom(undefined, [1, 2, 'a'], [2, 'a', 'abc'], [0.5, 3]),
      })
      .map(defined);
    const group = fc
      .record({
        properties: fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }),
        required: fc.constantFrom(undefined, ['a'], ['b'], ['a', 'b']),
      })
      .map(defined);
    const member = fc.constantFrom(undefined, 0.5, 1, 2, 3, 7, 'a', 'abc', '');
    fc.assert(
      fc.property(group, group, member, member, (first, second, a, b) => {
        const values = defined({ a, b });
        const merged = mergeSchemas(first, second);
        assert.ok(merged !== undefined);
        const isBoth = check.problems(first, values).size === 0 && check.problems(second, values).size === 0;
        assert.equal(check.problems(merged, values).size === 0, isBoth, JSON.stringify({ merged, values }));
      }),
    );
  });

  it('take no time when they list or preset very many values', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `value ${index}`);
    const startMs = performance.now();
    const both = { allOf: [{ enum: long }, { enum: [...long].reverse() }] };
    const several = { type: 'array', items: { enum: ['a', 'b'] }, default: long };
    assert.equal(
      shape(formFields({ properties: { both, several } }, '')),
      '{both?: json, several?: options}',
    );
    // Comparing each with each took minutes.
    assert.ok(performance.now() - startMs < 5000);
  });

  it('take no time when they multiply, and end when they contain themselves', () => {
    const $defs: Record<string, JsonObject> = { d30: { properties: { a: TEXT } } };
    for (let level = 0; level < 30; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { allOf: [next, next, { properties: { [`m${level}`]: TEXT } }] };
    }
    assert.ok(shape(formFields({ $ref: '#/$defs/d0', $defs }, '')).includes('m0?: text'));
    const self = { allOf: [{ $ref: '#' }, { properties: { a: TEXT } }] };
    assert.equal(typeof shape(formFields(self, '')), 'string');
    const tree = {
      allOf: [{ properties: { name: TEXT } }, { properties: { next: { $ref: '#' } } }],
    };
    assert.equal(shape(formFields(tree, '')), '{name?: text, next?: {name?: text, next?: variant}}');
  });
});

function defined(value: object): JsonObject {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const copy: unknown = Object.fromEntries(members);
  assert.ok(isJsonObject(copy));
  return copy;
}
