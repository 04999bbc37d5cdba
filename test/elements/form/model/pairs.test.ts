import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Form, ObjectField } from '../../../../src/elements/form/model/fields.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import {
  addItem,
  draftOf,
  formValues,
  initialDraft,
  moveItem,
  setText,
  setValue,
  textOf,
  type FormDraft,
} from '../../../../src/elements/form/model/form-draft.js';
import { addPair, removePair, renamePair } from '../../../../src/elements/form/model/pair-draft.js';
import { pairsIn } from '../../../../src/elements/form/model/pair-names.js';
import { withUsableNames } from '../../../../src/elements/form/model/usable-names.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import { problemsAtFields } from '../../../../src/elements/form/model/schema-problems.js';
import { valueAt } from '../../../../src/protocol/schema/json-pointer.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { formOf, sentValue } from '../../../support/one-field-form.js';

function groupOf(form: Form): ObjectField {
  const field = form.kind === 'object' ? form.fields[0] : undefined;
  assert.ok(field?.kind === 'object' && field.pairs !== undefined);
  return field;
}

/** The draft with another member of the group `x`, as a person adds it. */
function add(form: Form, draft: FormDraft, name: string, text: string): FormDraft {
  const added = addPair(form, draft, groupOf(form));
  const named = renamePair(form, added.draft, groupOf(form), added.key, name);
  return type(form, named, added.key, name, text);
}

function type(form: Form, draft: FormDraft, key: string, name: string, text: string): FormDraft {
  const field = groupOf(form).pairs?.valueField(key, name);
  assert.ok(field?.kind === 'text' || field?.kind === 'number' || field?.kind === 'json');
  return setText(form, draft, field, text);
}

function namesIn(form: Form, draft: FormDraft): readonly string[] {
  return pairsIn(groupOf(form), valueAt(draft.values, '/x'), draft.names).map(({ name }) => name);
}

const texts = { type: 'object', additionalProperties: { type: 'string' } };
const numbers = { type: 'object', additionalProperties: { type: 'number' } };

describe('members that a person names', () => {
  it('are added with a name and a value', () => {
    const form = formOf(numbers, false);
    assert.equal(sentValue(form, initialDraft(form)), 'nothing');
    const draft = add(form, add(form, initialDraft(form), 'b', '2'), 'a', '1.5');
    assert.deepEqual(sentValue(form, draft), { b: 2, a: 1.5 });
    assert.deepEqual(namesIn(form, draft), ['b', 'a']);
  });

  it('are sent as they are shown: a default that was taken out does not come back', () => {
    for (const [schema, expected] of [
      [{ type: 'integer', default: 5 }, { '/x/new 1': 'required' }],
      [{ type: ['integer', 'null'], default: 5 }, { a: null }],
      [{ type: 'string', default: 'draft' }, { a: '' }],
    ] as const) {
      const form = formOf({ type: 'object', additionalProperties: schema });
      const added = addPair(form, initialDraft(form), groupOf(form));
      const named = renamePair(form, added.draft, groupOf(form), added.key, 'a');
      assert.deepEqual(sentValue(form, named), { a: schema.default });
      assert.deepEqual(sentValue(form, type(form, named, added.key, 'a', '')), expected);
    }
  });

  it('keep value and position when they are renamed', () => {
    const form = formOf(numbers);
    let draft = draftOf({ x: { a: 1, b: 2, c: 3 } });
    for (const name of ['', 'c', 'cc', '10']) {
      draft = renamePair(form, draft, groupOf(form), 'b', name);
      assert.deepEqual(namesIn(form, draft), ['a', name, 'c']);
    }
    assert.deepEqual(sentValue(form, draft), { a: 1, '10': 2, c: 3 });
    draft = type(form, draft, 'b', '10', '');
    assert.deepEqual(namesIn(form, draft), ['a', '10', 'c']);
    assert.deepEqual(sentValue(form, draft), { '/x/b': 'required' });
    assert.deepEqual(sentValue(form, type(form, draft, 'b', '10', '7')), { a: 1, '10': 7, c: 3 });
  });

  it('say at the name that it is missing, double or not allowed', () => {
    const form = formOf({
      type: 'object',
      properties: { fixed: { type: 'string' } },
      additionalProperties: { type: 'string' },
      propertyNames: { pattern: '^[a-z]+$', maxLength: 6 },
    });
    const named = (name: string) => sentValue(form, add(form, draftOf({ x: { a: '1' } }), name, '2'));
    assert.deepEqual(named(''), { 'name:/x/new 1': 'required' });
    assert.deepEqual(named('a'), { 'name:/x/new 1': 'doubled' });
    assert.deepEqual(named('fixed'), { 'name:/x/new 1': 'doubled' });
    assert.deepEqual(named('A'), { 'name:/x/new 1': 'pattern' });
    assert.deepEqual(named('abcdefg'), { 'name:/x/new 1': 'maxLength' });
    assert.deepEqual(named('b'), { a: '1', b: '2' });
    const closed = formOf({
      type: 'object',
      patternProperties: { '^x-': {}, '^y-': {} },
      additionalProperties: false,
    });
    assert.deepEqual(sentValue(closed, add(closed, initialDraft(closed), 'z', '1')), {
      'name:/x/new 1': 'unwanted',
    });
    const listed = formOf({ ...texts, propertyNames: { enum: ['de', 'en'] } });
    assert.deepEqual(sentValue(listed, add(listed, initialDraft(listed), 'fr', '1')), {
      'name:/x/new 1': 'option',
    });
  });

  it('lose nothing while two have the same name', () => {
    const form = formOf(numbers);
    const draft = add(form, draftOf({ x: { a: 1 } }), 'a', '2');
    assert.deepEqual(formValues(form, draft), { x: { a: 1, 'new 1': 2 } });
  });

  it('can be an empty text, and have an empty name that they came with', () => {
    const form = formOf(texts);
    assert.deepEqual(sentValue(form, draftOf({ x: { '': '', a: '' } })), { '': '', a: '' });
    assert.deepEqual(sentValue(form, add(form, initialDraft(form), 'b', '')), { b: '' });
  });

  it('keep a text that is not a value', () => {
    const form = formOf(numbers, false);
    const draft = add(form, initialDraft(form), 'a', 'two');
    const field = groupOf(form).pairs?.valueField('new 1', 'a');
    assert.equal(field && textOf(field, draft), 'two');
    assert.deepEqual(sentValue(form, draft), { '/x/new 1': 'number' });
  });

  it('have the value that their name asks for', () => {
    const form = formOf({
      type: 'object',
      patternProperties: { '^n': { type: 'number' }, s$: { type: 'string' } },
      additionalProperties: false,
    });
    const draft = add(form, initialDraft(form), 'as', '5');
    assert.deepEqual(sentValue(form, draft), { as: '5' });
    assert.deepEqual(sentValue(form, renamePair(form, draft, groupOf(form), 'new 1', 'n')), { n: 5 });
  });

  it('are removed with all that was typed into them', () => {
    const form = formOf(numbers, false);
    const draft = add(form, add(form, initialDraft(form), 'a', 'x'), 'b', '2');
    assert.deepEqual(sentValue(form, removePair(form, draft, groupOf(form), 'new 1')), { b: 2 });
    const none = removePair(form, removePair(form, draft, groupOf(form), 'new 1'), groupOf(form), 'new 2');
    assert.equal(sentValue(form, none), 'nothing');
    assert.deepEqual([none.typed, none.names], [{}, {}]);
  });

  it('keep their names when the item of a list that they are in moves', () => {
    const form = formFields({ type: 'object', properties: { list: { type: 'array', items: numbers } } }, '');
    const list = form.kind === 'object' ? form.fields[0] : undefined;
    assert.ok(list?.kind === 'array');
    let draft = addItem(form, addItem(form, initialDraft(form), list), list);
    const item = list.itemAt(0);
    assert.ok(item.kind === 'object');
    const added = addPair(form, draft, item);
    draft = setValue(form, renamePair(form, added.draft, item, added.key, 'a'), `/list/0/${added.key}`, 1);
    assert.deepEqual(formValues(form, moveItem(form, draft, '/list', 0, 1)), { list: [{}, { a: 1 }] });
  });

  it('can contain others of their kind', () => {
    const tree = { type: 'object', additionalProperties: { $ref: '#/$defs/tree' } };
    const form = formFields(
      { $defs: { tree }, type: 'object', properties: { x: { $ref: '#/$defs/tree' } } },
      '',
    );
    const value = { a: { b: {}, c: { d: {} } } };
    assert.deepEqual(sentValue(form, draftOf({ x: value })), value);
  });

  it('have fields of the same kind where the schema requires them by name', () => {
    const form = formOf({
      type: 'object',
      patternProperties: { '^is': { type: 'boolean' } },
      additionalProperties: { type: 'number' },
      required: ['width', 'isOpen'],
    });
    assert.deepEqual(
      groupOf(form).fields.map(({ name, kind }) => [name, kind]),
      [
        ['width', 'number'],
        ['isOpen', 'boolean'],
      ],
    );
  });

  it('get the problems that the whole schema has with them', async () => {
    const schema = { type: 'object', properties: { x: { ...numbers, maxProperties: 1 } } };
    const form = formFields(schema, '');
    const draft = add(form, initialDraft(form), 'a/b', '2');
    const check = await loadSchemaCheck();
    const strict = { ...schema, properties: { x: { additionalProperties: { type: 'number', maximum: 1 } } } };
    const found = check?.problems(strict, formValues(form, draft)) ?? new Map();
    assert.deepEqual([...problemsAtFields(found, form, draft).keys()], ['/x/new 1']);
  });

  it('are the form itself where it describes nothing else', () => {
    const form = formFields({ type: 'object', additionalProperties: true }, '');
    assert.ok(form.kind === 'object' && form.pairs !== undefined && !form.isPartial);
    assert.equal(form.pairs.valueField('a', 'a').kind, 'json');
  });

  it('are not offered beside fields, unless the schema describes them', () => {
    const pairsOf = (schema: JsonObject) => {
      const form = formFields({ type: 'object', properties: { a: {} }, ...schema }, '');
      return form.kind === 'object' && form.pairs !== undefined;
    };
    assert.equal(pairsOf({}), false);
    assert.equal(pairsOf({ additionalProperties: true }), false);
    assert.equal(pairsOf({ additionalProperties: {} }), false);
    assert.equal(pairsOf({ additionalProperties: false }), false);
    assert.equal(pairsOf({ additionalProperties: { type: 'string' } }), true);
    assert.equal(pairsOf({ patternProperties: { '^x-': true } }), true);
    assert.equal(pairsOf({ patternProperties: { '^x-': false } }), false);
  });
});

describe('a draft with names to be stored', () => {
  it('has the members under their names, without those whose name is not usable', () => {
    const form = formOf(numbers);
    let draft = add(form, draftOf({ x: { a: 1 } }), 'b', 'two');
    draft = add(form, add(form, draft, '', '3'), 'a', '4');
    assert.deepEqual(withUsableNames(draft), {
      values: { x: {} },
      typed: { '/x/b': 'two' },
      names: { '/x/b': 'b' },
    });
  });
});
