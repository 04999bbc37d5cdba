import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArrayField, Field, Form } from '../../../../src/elements/form/model/fields.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import {
  addItem,
  chooseVariant,
  chosenVariant,
  draftOf,
  initialDraft,
  removeItem,
  setText,
  setValue,
  textOf,
} from '../../../../src/elements/form/model/form-draft.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/json.js';
import { formOf, sentValue } from '../../../support/one-field-form.js';

function fieldOf(form: Form): Field {
  assert.ok(form.kind === 'object' && form.fields[0] !== undefined);
  return form.fields[0];
}

function listOf(form: Form): ArrayField {
  const field = fieldOf(form);
  assert.ok(field.kind === 'array');
  return field;
}

const text = { type: 'string' };
const number = { type: 'number' };

describe('a list with places', () => {
  const notations: readonly (readonly [string, JsonObject])[] = [
    ['prefixItems', { type: 'array', prefixItems: [text, number], items: false, minItems: 2 }],
    ['a list of items', { items: [text, number], additionalItems: false, minItems: 2 }],
  ];
  for (const [notation, schema] of notations) {
    it(`has a field for each, written as ${notation}`, () => {
      const form = formOf(schema);
      const list = listOf(form);
      assert.deepEqual([list.placeCount, list.isExtensible, list.maxItems], [2, false, 2]);
      assert.deepEqual([list.itemAt(0).kind, list.itemAt(1).kind], ['text', 'number']);
      assert.equal(list.itemAt(1).label, 'X 2');
      let draft = initialDraft(form);
      assert.deepEqual(sentValue(form, draft), { '/x/0': 'required', '/x/1': 'required' });
      draft = setValue(form, draft, '/x/1', 5);
      assert.deepEqual(sentValue(form, draft), { '/x/0': 'required' });
      draft = setValue(form, draft, '/x/0', 'a');
      assert.deepEqual(sentValue(form, draft), ['a', 5]);
      assert.deepEqual(sentValue(form, draftOf({ x: ['a', 5, true] })), { '/x': 'maxItems' });
    });
  }

  it('is left out when it is optional and empty, and is as long as what was entered', () => {
    const form = formOf({ type: 'array', prefixItems: [text, number, text] }, false);
    assert.deepEqual(sentValue(form, initialDraft(form)), 'nothing');
    let draft = setValue(form, initialDraft(form), '/x/0', 'a');
    assert.deepEqual(sentValue(form, draft), ['a']);
    draft = setValue(form, draft, '/x/2', 'c');
    assert.deepEqual(sentValue(form, draft), { '/x/1': 'required' });
    draft = setValue(form, draft, '/x/2', undefined);
    assert.deepEqual(sentValue(form, draft), ['a']);
    draft = setValue(form, draft, '/x/0', undefined);
    assert.deepEqual(sentValue(form, draft), 'nothing');
  });

  it('keeps what cannot be read, and says so', () => {
    const form = formOf({ prefixItems: [number] }, false);
    const place = listOf(form).itemAt(0);
    assert.ok(place.kind === 'number');
    const draft = setText(form, initialDraft(form), place, 'two');
    assert.equal(draft.typed['/x/0'], 'two');
    assert.deepEqual(sentValue(form, draft), { '/x/0': 'number' });
  });

  it('starts with its constants and defaults', () => {
    const form = formOf({
      prefixItems: [{ const: 'point' }, { type: 'boolean' }, { ...number, default: 1 }],
      items: false,
      minItems: 3,
    });
    assert.deepEqual(sentValue(form, initialDraft(form)), ['point', false, 1]);
  });

  it('may have further items, which can be added and removed', () => {
    const form = formOf({ prefixItems: [text], items: number, maxItems: 3 }, false);
    const list = listOf(form);
    assert.deepEqual([list.placeCount, list.isExtensible, list.maxItems], [1, true, 3]);
    let draft = addItem(form, initialDraft(form), list);
    draft = setValue(form, draft, '/x/1', 7);
    assert.deepEqual(draft.values, { x: ['', 7] });
    assert.deepEqual(sentValue(form, removeItem(form, draft, list, 1)), 'nothing');
    draft = setValue(form, draft, '/x/0', 'a');
    assert.deepEqual(sentValue(form, draft), ['a', 7]);
    const old = listOf(formOf({ items: [text], additionalItems: number }));
    assert.deepEqual([old.isExtensible, old.itemAt(4).kind], [true, 'number']);
  });

  it('keeps further items that it does not ask for', () => {
    const form = formOf({ prefixItems: [text] });
    assert.equal(listOf(form).isExtensible, false);
    assert.deepEqual(sentValue(form, draftOf({ x: ['a', { b: 1 }, null] })), ['a', { b: 1 }, null]);
  });

  it('that contains itself opens when a person wants it to', () => {
    const many = Array.from({ length: 50 }, () => ({ $ref: '#/$defs/node' }));
    const schema = { $defs: { node: { prefixItems: many, minItems: 50 } } };
    const form = formFields(
      { type: 'object', properties: { x: { $ref: '#/$defs/node' } }, required: ['x'], ...schema },
      '',
    );
    assert.equal(listOf(form).itemAt(49).kind, 'variant');
  });
});

describe('the item of a list whose default a person takes out', () => {
  const presets: readonly (readonly [JsonObject, JsonValue])[] = [
    [{ type: 'integer', default: 5 }, { '/x/0': 'required' }],
    [{ type: 'string', default: 'draft' }, { '/x/0': 'required' }],
    [{ type: ['integer', 'null'], default: 5 }, [null]],
    [{ type: ['string', 'null'], default: 'draft' }, [null]],
  ];
  for (const [items, expected] of presets) {
    it(`stays empty, so that another can be typed: ${JSON.stringify(items)}`, () => {
      const form = formOf({ type: 'array', items });
      const added = addItem(form, initialDraft(form), listOf(form));
      assert.deepEqual(sentValue(form, added), [items['default']]);
      const item = listOf(form).itemAt(0);
      assert.ok(item.kind === 'text' || item.kind === 'number');
      const emptied = setText(form, added, item, '');
      assert.equal(textOf(item, emptied), '');
      assert.deepEqual(sentValue(form, emptied), expected);
    });
  }

  it('is not filled with the word null, which is its value', () => {
    const form = formOf({ type: 'array', items: {} });
    const item = listOf(form).itemAt(0);
    assert.ok(item.kind === 'json');
    const added = addItem(form, initialDraft(form), listOf(form));
    const typed = setText(form, added, item, 'a');
    assert.deepEqual(sentValue(form, typed), ['a']);
    for (const draft of [added, setText(form, typed, item, '')]) {
      assert.equal(textOf(item, draft), '');
      assert.deepEqual(sentValue(form, draft), [null]);
    }
    assert.equal(textOf(item, draftOf({ x: [null] })), 'null');
  });

  it('stays empty in a place that others follow', () => {
    const form = formOf({ type: 'array', prefixItems: [{ ...number, default: 5 }, text], minItems: 2 });
    const draft = setValue(form, initialDraft(form), '/x/1', 'a');
    assert.deepEqual(sentValue(form, draft), [5, 'a']);
    assert.deepEqual(sentValue(form, setValue(form, draft, '/x/0', undefined)), { '/x/0': 'required' });
  });
});

describe('a group or list that is optional', () => {
  it('does not drop a number that cannot be read', () => {
    const form = formOf({ type: 'object', properties: { n: number } }, false);
    const group = fieldOf(form);
    assert.ok(group.kind === 'object' && group.fields[0]?.kind === 'number');
    const draft = setText(form, initialDraft(form), group.fields[0], 'two');
    assert.deepEqual(sentValue(form, draft), { '/x/n': 'number' });
  });
});

describe('an optional group with a default', () => {
  it('is sent when it is the default again', () => {
    const form = formOf({ type: 'object', properties: { n: number }, default: { n: 1 } }, false);
    const changed = setValue(form, initialDraft(form), '/x/n', 2);
    assert.deepEqual(sentValue(form, setValue(form, changed, '/x/n', 1)), { n: 1 });
  });
});

describe('a value with variants', () => {
  const variant = (by: string, others: JsonObject, more: JsonObject): JsonObject => ({
    type: 'object',
    properties: { by: { const: by }, ...others },
    ...more,
  });
  const formWith = (more: JsonObject) =>
    formOf({ oneOf: [variant('post', { city: text }, more), variant('mail', { copies: number }, more)] });

  it('has the constant that identifies its variant, where the schema requires it', () => {
    const form = formWith({ required: ['by'] });
    assert.deepEqual(sentValue(form, draftOf({ x: { copies: 2 } })), { by: 'mail', copies: 2 });
    assert.deepEqual(sentValue(form, draftOf({ x: { by: 'mail', copies: 2 } })), { by: 'mail', copies: 2 });
  });

  it('starts with that constant, and is sent as it came without it, where it is optional', () => {
    const form = formWith({});
    const field = fieldOf(form);
    assert.ok(field.kind === 'variant');
    assert.deepEqual(sentValue(form, chooseVariant(form, initialDraft(form), field, 1)), { by: 'mail' });
    assert.deepEqual(sentValue(form, draftOf({ x: { copies: 2 } })), { copies: 2 });
  });

  it('does not contain other constants that were not chosen', () => {
    const agreement = { agreed: { const: true } };
    const form = formOf({
      oneOf: [variant('post', agreement, { required: ['by'] }), variant('mail', {}, { required: ['by'] })],
    });
    const field = fieldOf(form);
    assert.ok(field.kind === 'variant');
    assert.deepEqual(sentValue(form, chooseVariant(form, initialDraft(form), field, 0)), { by: 'post' });
  });

  it('is named by the values that it is limited to', () => {
    const labelsOf = (anyOf: readonly JsonObject[]) => {
      const field = fieldOf(formOf({ anyOf }));
      return field.kind === 'variant' && field.variants.map(({ label }) => label);
    };
    assert.deepEqual(labelsOf([{ ...text, enum: ['low', 'high'] }, text]), ['low, high', 'String']);
    assert.deepEqual(labelsOf([{ const: 'auto' }, { enum: [1, 2, 3, 4] }, number]), [
      'auto',
      '1, 2, 3, …',
      'Number',
    ]);
  });
});

describe('a type', async () => {
  const check = await loadSchemaCheck();
  const refusals = (x: JsonObject, value: JsonValue) => {
    const schema = { type: 'object', properties: { x } };
    return [...(check?.problems(schema, { x: value }) ?? [])].map(([, { kind }]) => kind);
  };

  it('may be written in capital letters', () => {
    const schema = {
      type: 'OBJECT',
      properties: { list: { type: 'ARRAY', items: { type: 'STRING' } }, id: { type: ['INTEGER', 'NULL'] } },
    };
    const field = fieldOf(formOf(schema));
    assert.ok(field.kind === 'object');
    assert.deepEqual(
      field.fields.map(({ kind, isNullable }) => [kind, isNullable]),
      [
        ['array', false],
        ['number', true],
      ],
    );
    assert.deepEqual(refusals(schema, { list: ['a'], id: 1 }), []);
    assert.deepEqual(refusals(schema, { list: [1], id: null }), ['type']);
  });

  it('that there is not refuses no value: it could not be answered', () => {
    for (const type of ['str', 'file', '', null, ['text', 'null']]) {
      assert.equal(fieldOf(formOf({ type })).kind, 'json');
      assert.deepEqual(refusals({ type }, 'hello'), [], JSON.stringify(type));
    }
  });
});

describe('a list of types', () => {
  const variantOf = (schema: JsonObject, required = true) => {
    const form = formOf(schema, required);
    const field = fieldOf(form);
    assert.ok(field.kind === 'variant');
    return { form, field };
  };

  it('lets a person choose the type', () => {
    const { form, field } = variantOf({ type: ['string', 'number', 'integer', 'boolean', 'null'] });
    assert.deepEqual(
      field.variants.map((variant) => [variant.label, variant.field.kind]),
      [
        ['String', 'text'],
        ['Number', 'number'],
        ['Boolean', 'boolean'],
      ],
    );
    assert.equal(field.isNullable, true);
    const chosen = chooseVariant(form, initialDraft(form), field, 0);
    const entry = field.variants[0]?.field;
    assert.ok(entry?.kind === 'text');
    assert.deepEqual(sentValue(form, setText(form, chosen, entry, 'hello')), 'hello');
    assert.deepEqual(sentValue(form, setText(form, chosen, entry, '5')), '5');
  });

  it('shows each value as its type', () => {
    const schema = {
      type: ['string', 'number', 'array', 'object', 'boolean'],
      items: text,
      properties: { a: number },
    };
    const { form, field } = variantOf(schema);
    const values: readonly JsonValue[] = ['a', 5, ['b'], { a: 1 }, false];
    values.forEach((value, index) => {
      const draft = draftOf({ x: value });
      assert.equal(chosenVariant(field, draft), index);
      assert.deepEqual(sentValue(form, draft), value);
    });
  });

  it('names variants of the same type by their position', () => {
    const pattern = (letter: string) => ({ ...text, pattern: `^${letter}` });
    const { field } = variantOf({ anyOf: [pattern('a'), pattern('b'), number] });
    assert.deepEqual(
      field.variants.map(({ label }) => label),
      ['String 1', 'String 2', 'Number'],
    );
  });

  it('of one type, or of null and one type, is no choice', () => {
    assert.equal(fieldOf(formOf({ type: ['string'] })).kind, 'text');
    assert.equal(fieldOf(formOf({ type: ['null', 'integer'] })).kind, 'number');
    assert.equal(fieldOf(formOf({ type: ['integer', 'number'] })).kind, 'number');
  });
});
