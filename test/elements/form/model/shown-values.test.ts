import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import { draftOf, formValues } from '../../../../src/elements/form/model/form-draft.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import { checkForm } from '../../../../src/elements/form/model/validate.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/json.js';

/** A schema, and a value that is valid under it. */
interface Sample {
  readonly schema: JsonObject;
  readonly value: JsonValue;
}

const text = fc.string({ minLength: 1, maxLength: 8 }).filter((value) => value.trim() !== '');
const number = fc.integer({ min: -50, max: 50 });
const name = fc.oneof(fc.constantFrom('', 'a', 'b', 'a/b', '~', '0', '10', 'new 1', '__proto__'), text);

const plain: fc.Arbitrary<Sample> = fc.oneof(
  text.map((value) => ({ schema: { type: 'string' }, value })),
  number.map((value) => ({ schema: { type: 'integer', minimum: -50, maximum: 50 }, value })),
  fc.boolean().map((value) => ({ schema: { type: 'boolean' }, value })),
  fc.oneof(text, number, fc.boolean(), fc.constant(null)).map((value) => ({
    schema: { type: ['string', 'number', 'boolean', 'null'] },
    value,
  })),
);

/** Values that may be null, also where their schema has a default. */
const nullable: fc.Arbitrary<Sample> = fc
  .record({
    preset: fc.option(fc.oneof(text, number), { nil: undefined }),
    others: fc.uniqueArray(fc.constantFrom('string', 'integer', 'boolean'), { minLength: 1 }),
    way: fc.constantFrom('types', 'anyOf', 'oneOf', 'reference'),
  })
  .chain(({ preset, others, way }) => {
    const values = { string: text, integer: number, boolean: fc.boolean() };
    const types = others as (keyof typeof values)[];
    const alternatives = [...types.map((type) => ({ type })), { type: 'null' }];
    const default_ = preset === undefined ? {} : { default: preset };
    const schemas = {
      types: { type: [...types, 'null'], ...default_ },
      anyOf: { anyOf: alternatives, ...default_ },
      oneOf: { oneOf: alternatives, ...default_ },
      reference: { nullable: true, allOf: [{ anyOf: types.map((type) => ({ type })) }], ...default_ },
    };
    const value: fc.Arbitrary<JsonValue> = fc.oneof(fc.constant(null), ...types.map((type) => values[type]));
    return value.map((one) => ({ schema: schemas[way], value: one }));
  });

/** Options that are lists, and lists of options with null. */
const options: fc.Arbitrary<Sample> = fc
  .tuple(fc.uniqueArray(fc.tuple(number, number), { minLength: 1, selector: String }), fc.nat())
  .map(([ranges, index]) => ({ schema: { enum: ranges }, value: ranges[index % ranges.length] ?? null }));

const ticks: fc.Arbitrary<Sample> = fc
  .tuple(
    fc.subarray<JsonValue>(['a', 1, null]),
    fc.constantFrom<JsonObject>(
      { enum: ['a', 1, null] },
      { anyOf: [{ enum: ['a', 1] }, { type: 'null' }] },
      { nullable: true, oneOf: [{ const: 'a' }, { const: 1 }] },
    ),
  )
  .map(([value, items]) => ({ schema: { type: 'array', items }, value }));

/** Members with names of their own, whose values fit the same schema. */
function pairs(samples: fc.Arbitrary<readonly [string, JsonValue]>): fc.Arbitrary<JsonObject> {
  return fc.array(samples, { maxLength: 4 }).map((members) => Object.fromEntries(members));
}

const dictionary: fc.Arbitrary<Sample> = fc.oneof(
  pairs(fc.tuple(name, fc.oneof(text, fc.constant('')))).map((value) => ({
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    value,
  })),
  pairs(
    fc.oneof(
      fc.tuple(
        text.map((rest) => `n${rest}`),
        number,
      ),
      fc.tuple(
        text.map((rest) => `t${rest}`),
        text,
      ),
    ),
  ).map((value) => ({
    schema: {
      type: 'object',
      patternProperties: { '^n': { type: 'number' }, '^t': { type: 'string' } },
      additionalProperties: false,
    },
    value,
  })),
  fc
    .tuple(
      number,
      pairs(
        fc.tuple(
          text.filter((key) => key !== 'fixed'),
          text,
        ),
      ),
    )
    .map(([fixed, others]) => ({
      schema: {
        type: 'object',
        properties: { fixed: { type: 'number' } },
        required: ['fixed'],
        additionalProperties: { type: 'string' },
      },
      value: { fixed, ...others },
    })),
);

function tuple(of: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc
    .record({
      places: fc.array(of, { minLength: 1, maxLength: 4 }),
      least: fc.nat(4),
      length: fc.nat(4),
      further: fc.option(fc.array(number, { maxLength: 3 }), { nil: undefined }),
      isOld: fc.boolean(),
    })
    .map(({ places, least, length, further, isOld }) => {
      const minItems = Math.min(least, places.length);
      const count = Math.min(places.length, Math.max(minItems, length));
      const items = places.slice(0, count).map(({ value }) => value);
      const isLonger = further !== undefined && count === places.length;
      const rest = further === undefined ? false : { type: 'integer' };
      const schemas = places.map(({ schema }) => schema);
      return {
        schema: {
          type: 'array',
          minItems,
          ...(isOld ? { items: schemas, additionalItems: rest } : { prefixItems: schemas, items: rest }),
        },
        value: isLonger ? [...items, ...further] : items,
      };
    });
}

function group(of: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return of.map(({ schema, value }) => ({
    schema: { type: 'object', properties: { inner: schema }, required: ['inner'] },
    value: { inner: value },
  }));
}

function list(of: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return of.map(({ schema, value }) => ({ schema: { type: 'array', items: schema }, value: [value, value] }));
}

const nullableMembers: fc.Arbitrary<Sample> = fc
  .tuple(fc.uniqueArray(name), fc.boolean())
  .chain(([names, isPreset]) =>
    pairs(fc.tuple(fc.constantFrom('', ...names), fc.oneof(text, fc.constant(null)))).map((value) => ({
      schema: {
        type: 'object',
        additionalProperties: { type: ['string', 'null'], ...(isPreset ? { default: 'preset' } : {}) },
      },
      value,
    })),
  );

const inner = fc.oneof(plain, nullable);
const outer = fc.oneof(plain, nullable, options, ticks, dictionary, nullableMembers, tuple(inner));
const sample = fc.oneof(outer, tuple(outer), group(outer), list(outer));

describe('a valid value from the JSON view', () => {
  it('is shown in fields, without a problem, and sent back as it was', async () => {
    const check = await loadSchemaCheck();
    fc.assert(
      fc.property(sample, fc.boolean(), ({ schema: x, value }, isRequired) => {
        const schema = { type: 'object', properties: { x }, ...(isRequired ? { required: ['x'] } : {}) };
        const form = formFields(schema, '');
        assert.ok(form.kind === 'object' && form.fields[0]?.kind !== 'json');
        const draft = draftOf({ x: value });
        const sent = formValues(form, draft);
        assert.equal(JSON.stringify(sent), JSON.stringify({ x: value }));
        assert.deepEqual([...checkForm(form, draft)], []);
        assert.deepEqual([...(check?.problems(schema, sent) ?? [])], []);
      }),
      { numRuns: 1000 },
    );
  });
});
