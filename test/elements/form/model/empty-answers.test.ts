import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Form } from '../../../../src/elements/form/model/fields.js';
import {
  draftOf,
  formValues,
  initialDraft,
  isSelected,
  setText,
  setValue,
} from '../../../../src/elements/form/model/form-draft.js';
import { checkForm } from '../../../../src/elements/form/model/validate.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/json.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import { formOf } from '../../../support/one-field-form.js';

const NULL = { type: 'null' };
const TEXT = { type: 'string' };

function fieldOf(form: Form) {
  const field = form.kind === 'object' ? form.fields[0] : undefined;
  assert.ok(field !== undefined);
  return field;
}

/** The answer of a form: its values, or the kinds of its problems. */
function answerOf(form: Form, draft = initialDraft(form)): JsonObject | string {
  const problems = checkForm(form, draft);
  return problems.size === 0
    ? formValues(form, draft)
    : [...problems.values()].map(({ kind }) => kind).join();
}

describe('a field that may be null', () => {
  const WAYS: Readonly<Record<string, JsonObject>> = {
    'anyOf text and null': { anyOf: [TEXT, NULL] },
    'oneOf text and null': { oneOf: [NULL, TEXT] },
    'null as its default': { anyOf: [TEXT, NULL], default: null },
    'a list of types': { type: ['integer', 'null'] },
    'a group or null': { anyOf: [{ type: 'object', properties: { a: TEXT } }, NULL], default: null },
    'two groups or null': {
      anyOf: [{ properties: { a: TEXT } }, { properties: { b: TEXT } }, NULL],
      type: ['object', 'null'],
    },
    'one of several or null': { anyOf: [TEXT, { type: 'integer' }, NULL] },
    'an enum with null': { enum: ['prod', 'dev', null] },
    'an enum of one value and null': { enum: ['yes', null] },
    'a yes or no': { type: ['boolean', 'null'] },
    'a list': { type: ['array', 'null'], items: TEXT },
    'several of some': { type: ['array', 'null'], items: { enum: ['a', 'b'] } },
    'nullable of OpenAPI': { type: 'string', nullable: true },
    'nullable next to a group': { nullable: true, allOf: [{ type: 'object', properties: { a: TEXT } }] },
    'nullable next to an enum': { nullable: true, allOf: [{ enum: ['a', 'b'] }] },
    'text or the enum of null': { anyOf: [TEXT, { enum: [null] }] },
    'the type null': NULL,
    'the constant null': { const: null },
    'any value': {},
  };
  for (const [way, property] of Object.entries(WAYS)) {
    if (way !== 'any value') {
      it(`is null when it is required and left empty: ${way}`, () => {
        assert.deepEqual(answerOf(formOf(property, true)), { x: null });
      });
    }
    it(`is left out when it is optional and left empty: ${way}`, () => {
      assert.deepEqual(answerOf(formOf(property, false)), {});
    });
  }

  it('is null when a person takes its default out, which the receiver would put back', () => {
    const form = formOf({ enum: ['prod', 'dev', null], default: 'prod' }, false);
    assert.deepEqual(answerOf(form), { x: 'prod' });
    assert.deepEqual(answerOf(form, setValue(form, initialDraft(form), '/x', undefined)), { x: null });
    const text = formOf({ anyOf: [TEXT, NULL], default: 'as before' }, false);
    const field = fieldOf(text);
    assert.ok(field.kind === 'text');
    assert.deepEqual(answerOf(text, setText(text, initialDraft(text), field, '')), { x: null });
  });

  it('is left out without its default where null is not allowed: there is no other way to say it', () => {
    const form = formOf({ type: 'string', default: 'as before' }, false);
    assert.deepEqual(answerOf(form, setValue(form, initialDraft(form), '/x', undefined)), {});
  });

  it('has to be chosen where null is an option of its own', () => {
    const form = formOf(
      {
        oneOf: [
          { const: 'ada', title: 'Ada' },
          { const: null, title: 'Nobody' },
        ],
      },
      true,
    );
    const field = fieldOf(form);
    assert.deepEqual(field.kind === 'options' && field.options, [
      { value: 'ada', label: 'Ada' },
      { value: null, label: 'Nobody' },
    ]);
    assert.equal(answerOf(form), 'required');
    assert.deepEqual(answerOf(form, setValue(form, initialDraft(form), '/x', null)), { x: null });
  });
});

describe('the options of an enum', () => {
  it('have the names at their places, whichever of them is null', () => {
    const values = fc.uniqueArray(fc.oneof(fc.constant(null), fc.string(), fc.integer()), { minLength: 2 });
    fc.assert(
      fc.property(values, (list) => {
        const enumNames = list.map((_value, index) => `name ${index}`);
        const field = fieldOf(formOf({ enum: list as JsonValue, enumNames }, true));
        assert.ok(field.kind === 'options');
        assert.deepEqual(
          field.options,
          list.map((value, index) => ({ value, label: enumNames[index] })),
        );
      }),
    );
  });

  it('have the names and meanings that generators write next to them', () => {
    for (const [more, expected] of [
      [{ 'x-enumNames': ['One', 'Two'] }, ['One', 'Two']],
      [{ 'x-enum-varnames': ['ONE', 'TWO'] }, ['ONE', 'TWO']],
      [{ enumDescriptions: ['The first', ' '] }, ['1: The first', '2']],
    ] as const) {
      const field = fieldOf(formOf({ enum: [1, 2], ...more }, true));
      assert.ok(field.kind === 'options');
      const shown = field.options.map(({ label, description }) =>
        description === undefined ? label : `${label}: ${description}`,
      );
      assert.deepEqual(shown, expected);
    }
  });

  it('are one list, where the alternatives are nothing but lists', () => {
    const definitions = {
      State: { enum: ['open', 'closed'] },
      Blank: { enum: [''] },
      Null: { enum: [null] },
    };
    const references = Object.keys(definitions).map((name) => ({ $ref: `#/definitions/${name}` }));
    const form = formFields(
      { type: 'object', definitions, properties: { x: { oneOf: references } }, required: ['x'] },
      '',
    );
    const field = fieldOf(form);
    assert.deepEqual(field.kind === 'options' && field.options.map(({ value }) => value), [
      'open',
      'closed',
      '',
    ]);
    assert.equal(field.isNullable, true);
    // One of two alternatives decides what a value means that both have.
    assert.equal(fieldOf(formOf({ anyOf: [{ enum: [1, 2] }, { enum: [2, 3] }] }, true)).kind, 'variant');
  });

  it('have names that tell them apart', () => {
    const labelsOf = (schema: JsonObject) => {
      const field = fieldOf(formOf(schema, true));
      return field.kind === 'options' && field.options.map(({ label }) => label);
    };
    assert.deepEqual(labelsOf({ enum: ['1', 1, true, 'true', 'a'] }), ['"1"', '1', 'true', '"true"', 'a']);
    const constants = [
      { const: 'a', title: 'Same' },
      { const: 2, title: 'Same' },
    ];
    assert.deepEqual(labelsOf({ oneOf: constants }), ['Same ("a")', 'Same (2)']);
    // The title is that of the field.
    assert.deepEqual(labelsOf({ const: 'v1', title: 'Version' }), ['v1']);
  });

  it('are selected as a whole, also where they are lists', () => {
    const field = fieldOf(formOf({ enum: [['a'], 'a', [['a']]] }, true));
    assert.ok(field.kind === 'options');
    const values = field.options.map(({ value }) => value);
    for (const chosen of values) {
      const selected: readonly JsonValue[] = values.filter((value) =>
        isSelected(draftOf({ x: chosen }), field, value),
      );
      assert.deepEqual(selected, [chosen]);
    }
  });

  it('have a name each, which the view has for the empty text', () => {
    const field = fieldOf(formOf({ enum: ['', 'a', 1, null] }, true));
    assert.deepEqual(field.kind === 'options' && field.options.map(({ label }) => label), ['', 'a', '1']);
  });
});

describe('the bounds of a number', () => {
  const BOUNDS: readonly (readonly [JsonObject, readonly number[], readonly number[]])[] = [
    [{ minimum: 0, maximum: 10, exclusiveMaximum: false }, [0, 5, 10], [-1, 11]],
    [{ minimum: 0, exclusiveMinimum: true }, [0.5, 7], [0, -1]],
    [{ maximum: 10, exclusiveMaximum: true }, [9.5], [10]],
    [{ exclusiveMaximum: true }, [5, 1e9], []],
    [{ exclusiveMinimum: 0, exclusiveMaximum: 10 }, [5], [0, 10]],
  ];
  for (const [bounds, allowed, refused] of BOUNDS) {
    it(`are those of its time: ${JSON.stringify(bounds)}`, () => {
      const form = formOf({ type: 'number', ...bounds }, true);
      const isAllowed = (value: number) =>
        typeof answerOf(form, setValue(form, initialDraft(form), '/x', value)) !== 'string';
      assert.deepEqual(allowed.filter(isAllowed), allowed);
      assert.deepEqual(refused.filter(isAllowed), []);
    });
  }
});

describe('a value of any type', () => {
  const TYPED: readonly (readonly [string, JsonValue | undefined])[] = [
    ['hello', 'hello'],
    ['hello world, 2', 'hello world, 2'],
    ['5', 5],
    ['true', true],
    ['null', null],
    ['"5"', '5'],
    ['007', '007'],
    ['[1, "a"]', [1, 'a']],
    ['{"a": 1}', { a: 1 }],
    ['{"a": 1', undefined],
    ['[1,', undefined],
    ['"open', undefined],
  ];
  for (const [text, value] of TYPED) {
    it(`typed as ${text} is ${value === undefined ? 'a typing error' : JSON.stringify(value)}`, () => {
      const form = formOf({ title: 'Any' }, true);
      const field = fieldOf(form);
      assert.ok(field.kind === 'json');
      const draft = setText(form, initialDraft(form), field, text);
      assert.deepEqual(answerOf(form, draft), value === undefined ? 'json' : { x: value });
    });
  }

  it('keeps its default, of whatever type', () => {
    for (const preset of [5, 'five', '5', ['a'], { a: 1 }, false]) {
      const form = formOf({ default: preset }, true);
      assert.deepEqual(answerOf(form), { x: preset });
    }
  });
});
