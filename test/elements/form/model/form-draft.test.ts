import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { ArrayField, Field, Form } from '../../../../src/elements/form/model/fields.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import {
  addItem,
  chooseVariant,
  chosenVariant,
  draftOf,
  formValues,
  initialDraft,
  itemsAt,
  moveItem,
  removeItem,
  setText,
  setValue,
  textOf,
  type FormDraft,
} from '../../../../src/elements/form/model/form-draft.js';
import { valueAt } from '../../../../src/protocol/schema/json-pointer.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import { checkForm } from '../../../../src/elements/form/model/validate.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../src/protocol/values/json.js';

function fieldAt(form: Form, pointer: string): Field {
  let field: Field = form;
  for (const key of pointer.split('/').slice(1)) {
    const next: Field | undefined =
      field.kind === 'object'
        ? field.fields.find(({ name }) => name === key)
        : field.kind === 'array'
          ? field.itemAt(Number(key))
          : undefined;
    assert.ok(next, `no field ${pointer}`);
    field = next;
  }
  return field;
}

/** Types a text into a field, as a person does. */
function type(form: Form, draft: FormDraft, pointer: string, text: string): FormDraft {
  const field = fieldAt(form, pointer);
  assert.ok(field.kind === 'text' || field.kind === 'number' || field.kind === 'json');
  return setText(form, draft, field, text);
}

/** The number of fields of a form before anything is chosen. */
function countShown(field: Field): number {
  if (field.kind !== 'object') return 1;
  return field.fields.reduce((sum, child) => sum + countShown(child), 1);
}

function listOf(form: Form): ArrayField {
  const field = fieldAt(form, '/list');
  assert.ok(field.kind === 'array');
  return field;
}

function formOf(properties: JsonObject, required: readonly string[] = []): Form {
  return formFields({ type: 'object', properties, required }, 'Poet');
}

function kindOf(property: JsonObject, defs: JsonObject = {}): Field {
  const form = formFields({ type: 'object', properties: { a: property }, $defs: defs }, 'Poet');
  return fieldAt(form, '/a');
}

describe('formFields', () => {
  const KINDS: readonly (readonly [expected: string, property: JsonObject])[] = [
    ['text', { type: 'string' }],
    ['json', { title: 'No type at all' }],
    ['text', { title: 'No type, but a length', maxLength: 10 }],
    ['text', { type: ['string', 'null'] }],
    ['number', { type: 'integer' }],
    ['number', { anyOf: [{ type: 'number' }, { type: 'null' }] }],
    ['boolean', { type: 'boolean' }],
    ['options', { type: 'string', enum: ['a', 'b'] }],
    ['options', { oneOf: [{ const: 1, title: 'One' }, { const: 2 }] }],
    ['options', { type: 'array', uniqueItems: true, items: { enum: ['a', 'b'] } }],
    ['options', { type: 'array', items: { enum: ['a', 'b'] } }],
    ['options', { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }, { const: 'b' }] } }],
    ['array', { type: 'array', uniqueItems: false, items: { enum: ['a', 'b'] } }],
    ['array', { type: 'array', minItems: 3, items: { enum: ['a', 'b'] } }],
    ['array', { type: 'array', default: ['a', 'a'], items: { enum: ['a', 'b'] } }],
    ['object', { type: 'object', properties: { b: {} } }],
    ['object', { $ref: '#/$defs/place' }],
    ['object', { $ref: '#/$defs/a%20place%3C%25%3E~1x' }],
    ['object', { $ref: '#there' }],
    ['object', { $ref: '#old' }],
    ['json', { $ref: '#nowhere' }],
    ['json', { $ref: '#/$defs/%E0%A4%A' }],
    ['json', { $ref: '#/$defs/length' }],
    ['object', { allOf: [{ $ref: '#/$defs/place' }], description: 'Where to' }],
    ['content', { type: 'object', behavior: ['llm-content'] }],
    ['json', { type: 'object' }],
    ['json', { type: 'array' }],
    ['variant', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['json', { $ref: '#/$defs/missing' }],
    ['variant', { type: ['string', 'number'] }],
  ];
  for (const [expected, property] of KINDS) {
    it(`makes ${JSON.stringify(property)} a field of kind ${expected}`, () => {
      const place = { properties: { city: { type: 'string' } } };
      const defs = {
        place,
        'a place<%>/x': place,
        anchored: { $anchor: 'there', ...place },
        old: { $id: '#old', ...place },
      };
      assert.equal(kindOf(property, defs).kind, expected);
    });
  }

  const ENTRIES: readonly (readonly [expected: string, property: JsonObject])[] = [
    ['line', {}],
    ['email', { format: 'email' }],
    ['uri', { format: 'url' }],
    ['date', { format: 'date' }],
    ['time', { format: 'time' }],
    ['date-time', { format: 'date-time' }],
    ['multiline', { format: 'textarea' }],
    ['multiline', { maxLength: 2000 }],
    ['multiline', { default: 'a\nb' }],
    ['line', { format: 'hostname', maxLength: 60 }],
  ];
  for (const [expected, property] of ENTRIES) {
    it(`enters ${JSON.stringify(property)} as ${expected}`, () => {
      const field = kindOf({ type: 'string', ...property });
      assert.equal(field.kind === 'text' && field.entry, expected);
    });
  }

  const LABELS: readonly (readonly [label: string, description: string, property: JsonObject])[] = [
    ['City', 'Where to', { title: 'City', description: 'Where to' }],
    ['Where to', '', { title: '', description: 'Where to' }],
    ['Poet', '', { title: '' }],
    ['A', '', {}],
  ];
  for (const [label, description, property] of LABELS) {
    it(`labels ${JSON.stringify(property)} “${label}”`, () => {
      const field = kindOf(property);
      assert.deepEqual([field.label, field.description], [label, description]);
    });
  }

  it('turns names into words', () => {
    const form = formOf({ maxPrice: {}, start_date: {}, zip: {} });
    assert.ok(form.kind === 'object');
    assert.deepEqual(
      form.fields.map(({ label }) => label),
      ['Max price', 'Start date', 'Zip'],
    );
  });

  it('opens a recursive group only when a person chooses it, and falls back to JSON at the depth limit', () => {
    const schema = {
      type: 'object',
      $defs: { node: { type: 'object', title: 'Node', properties: { next: { $ref: '#/$defs/node' } } } },
      properties: { first: { $ref: '#/$defs/node' } },
    };
    const form = formFields(schema, '');
    const next = fieldAt(form, '/first/next');
    assert.ok(next.kind === 'variant');
    assert.deepEqual([next.label, chosenVariant(next, initialDraft(form))], ['Next', undefined]);
    const draft = chooseVariant(form, initialDraft(form), next, 0);
    assert.deepEqual(formValues(form, draft), { first: { next: {} } });
    assert.equal(chosenVariant(next, draftOf({ first: { next: { next: {} } } })), 0);
    let field: Field | undefined = next;
    let depth = 0;
    while (field?.kind === 'object' || field?.kind === 'variant') {
      field = field.kind === 'variant' ? field.variants[0]?.field : field.fields[0];
      depth += 1;
    }
    assert.equal(field?.kind, 'json');
    assert.ok(depth < 20);
  });

  it('asks for the variant of a required recursive value, and makes no further fields until it is chosen', () => {
    const operation = (name: string) => ({
      title: name,
      properties: { op: { const: name }, left: { $ref: '#/$defs/e' }, right: { $ref: '#/$defs/e' } },
      required: ['left', 'right'],
    });
    const literal = { title: 'number', properties: { value: { type: 'number' } }, required: ['value'] };
    const schema = {
      $defs: { e: { anyOf: [operation('and'), operation('or'), literal] } },
      properties: { sum: { $ref: '#/$defs/e' } },
      required: ['sum'],
    };
    const form = formFields(schema, '');
    const draft = initialDraft(form);
    assert.deepEqual(formValues(form, draft), { sum: { op: 'and' } });
    assert.deepEqual([...checkForm(form, draft).keys()], ['/sum/left', '/sum/right']);
  });

  it('has no more fields at once than a page can show, even if a short schema describes more', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const level = (target: JsonObject) => ({
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, target])),
      required: names,
    });
    const SCHEMAS: readonly JsonObject[] = [
      level({ $ref: '#' }),
      {
        ...level({ $ref: '#/$defs/l1' }),
        $defs: Object.fromEntries(
          [1, 2, 3, 4, 5, 6].map((depth) => [`l${depth}`, level({ $ref: `#/$defs/l${depth + 1}` })]),
        ),
      },
    ];
    for (const schema of SCHEMAS) {
      const count = countShown(formFields(schema, ''));
      assert.ok(count < 2000, String(count));
    }
  });

  it('labels a field by its own name, not by the definition that it refers to', () => {
    const person = { type: 'object', title: 'Person', description: 'Somebody', properties: { name: {} } };
    const reference = { $ref: '#/$defs/person' };
    const form = formFields(
      {
        properties: {
          mother: reference,
          father: { anyOf: [reference, { type: 'null' }] },
          friends: { type: 'array', items: reference },
          boss: { title: 'The boss', ...reference },
        },
        $defs: { person },
      },
      '',
    );
    const labels = ['/mother', '/father', '/friends/0', '/boss'].map((at) => fieldAt(form, at).label);
    assert.deepEqual(labels, ['Mother', 'Father', 'Friends 1', 'The boss']);
    assert.equal(fieldAt(form, '/mother').description, 'Somebody');
    assert.equal(formFields({ ...reference, $defs: { person } }, '').label, 'Person');
  });
});

describe('a draft', () => {
  it('starts with the defaults, and with the implied values of boxes and lists', () => {
    const form = formOf(
      {
        city: { type: 'string', default: 'Oslo' },
        agreed: { type: 'boolean' },
        late: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        topic: { behavior: ['llm-content'], default: '{"parts":[{"text":"Beans"}],"role":"user"}' },
      },
      ['agreed', 'tags'],
    );
    assert.deepEqual(initialDraft(form).values, {
      city: 'Oslo',
      agreed: false,
      tags: [],
      topic: { parts: [{ text: 'Beans' }], role: 'user' },
    });
  });

  it('ignores a default whose type does not fit its field', () => {
    const form = formOf({
      count: { type: 'number', default: 'many' },
      news: { type: 'boolean', default: 'yes' },
      size: { enum: ['S', 'L'], default: 'XXL' },
      tags: { type: 'array', items: { type: 'string' }, default: 'x' },
      place: { type: 'object', properties: { city: { type: 'string' } }, default: [1] },
    });
    assert.deepEqual(initialDraft(form).values, {});
    assert.equal(checkForm(form, initialDraft(form)).size, 0);
  });

  it('keeps a number as it is typed', () => {
    const form = formOf({ nights: { type: 'number' } });
    let draft = initialDraft(form);
    for (const [text, value] of [
      ['1', 1],
      ['1.', 1],
      ['1.5', 1.5],
      ['1.50', 1.5],
      ['', undefined],
      ['-', undefined],
      ['abc', undefined],
      ['0x10', undefined],
      ['9007199254740993', undefined],
      [' 7 ', 7],
      ['１２．５', 12.5],
      ['\u2212５', -5],
      ['٣٫٥', 3.5],
      ['۱۲', 12],
      ['१०', 10],
      // To convert these would change their value.
      ['10²', undefined],
      ['①', undefined],
      ['½', undefined],
      ['Ⅻ', undefined],
    ] as const) {
      draft = type(form, draft, '/nights', text);
      assert.equal(textOf(fieldAt(form, '/nights'), draft), text);
      assert.equal(draft.values['nights'], value);
    }
  });

  it('keeps text that is not a number, and reports it', () => {
    const form = formOf({ nights: { type: 'number' } });
    const draft = type(form, initialDraft(form), '/nights', 'three');
    assert.deepEqual(checkForm(form, draft).get('/nights'), { kind: 'number' });
  });

  it('omits an optional group while it is empty', () => {
    const address = {
      type: 'object',
      required: ['street'],
      properties: { street: { type: 'string' }, country: { type: 'string', default: 'NO' } },
    };
    const form = formOf({ address });
    const empty = initialDraft(form);
    assert.deepEqual(formValues(form, empty), {});
    assert.equal(checkForm(form, empty).size, 0);
    const filled = type(form, empty, '/address/street', 'Main St');
    assert.deepEqual(formValues(form, filled), { address: { country: 'NO', street: 'Main St' } });
    assert.deepEqual(formValues(form, type(form, filled, '/address/street', '')), {});
  });

  it('asks for the fields of a required group, not for the group', () => {
    const form = formOf({ a: { type: 'object', required: ['b'], properties: { b: { type: 'string' } } } }, [
      'a',
    ]);
    assert.deepEqual([...checkForm(form, draftOf({}))], [['/a/b', { kind: 'required' }]]);
  });

  it('moves typed text with its item', () => {
    const form = formOf({ list: { type: 'array', items: { type: 'number' } } });
    let draft = initialDraft(form);
    for (let count = 0; count < 3; count += 1) draft = addItem(form, draft, listOf(form));
    assert.deepEqual(itemsAt(draft, '/list'), [null, null, null]);
    draft = type(form, draft, '/list/0', '1');
    draft = type(form, draft, '/list/1', 'two');
    draft = type(form, draft, '/list/2', '3.0');
    draft = removeItem(form, draft, listOf(form), 0);
    assert.deepEqual(draft, { values: { list: [null, 3] }, typed: { '/list/0': 'two', '/list/1': '3.0' } });
    assert.deepEqual([...checkForm(form, draft)], [['/list/0', { kind: 'number' }]]);
    assert.deepEqual(removeItem(form, draft, listOf(form), 0), {
      values: { list: [3] },
      typed: { '/list/0': '3.0' },
    });
  });

  it('handles fields named like built-in members of objects', () => {
    const properties = JSON.parse(
      '{"__proto__":{"type":"string"},"constructor":{"type":"string"}}',
    ) as JsonObject;
    const form = formOf(properties, ['constructor']);
    assert.deepEqual([...checkForm(form, initialDraft(form)).keys()], ['/constructor']);
    const draft = type(form, initialDraft(form), '/__proto__', 'x');
    assert.equal(JSON.stringify(draft.values), '{"__proto__":"x"}');
    assert.equal(Object.getPrototypeOf(draft.values), Object.prototype);
  });
});

describe('checkForm', () => {
  const CASES: readonly (readonly [expected: string | undefined, property: JsonObject, value: JsonValue])[] =
    [
      [undefined, { type: 'string', format: 'email' }, 'ann@example.org'],
      ['format', { type: 'string', format: 'email' }, 'ann'],
      ['format', { type: 'string', format: 'uri' }, 'example.org'],
      [undefined, { type: 'string', format: 'uri' }, 'https://example.org/?a=b'],
      ['format', { type: 'string', format: 'date' }, '12 May'],
      [undefined, { type: 'string', format: 'date-time' }, '2026-11-22T10:42:00Z'],
      ['minLength', { type: 'string', minLength: 3 }, 'ab'],
      [undefined, { type: 'string', maxLength: 2 }, '👍👍'],
      ['maxLength', { type: 'string', maxLength: 2 }, 'abc'],
      ['pattern', { type: 'string', pattern: '^[A-Z]{3}$' }, 'osl'],
      [undefined, { type: 'string', pattern: '(?<broken' }, 'osl'],
      ['type', { type: 'string' }, 3],
      ['minimum', { type: 'number', minimum: 1 }, 0],
      ['maximum', { type: 'number', maximum: 1 }, 2],
      ['above', { type: 'number', exclusiveMinimum: 1 }, 1],
      ['below', { type: 'number', exclusiveMaximum: 1 }, 1],
      ['integer', { type: 'integer' }, 1.5],
      [undefined, { type: 'number', multipleOf: 0.1 }, 0.3],
      ['multiple', { type: 'integer', multipleOf: 5 }, 7],
      ['option', { enum: ['a', 'b'] }, 'c'],
      [undefined, { enum: [{ x: 1, y: 2 }] }, { y: 2, x: 1 }],
      ['option', { const: true }, false],
      ['minItems', { type: 'array', minItems: 2, items: { type: 'string' } }, ['a']],
      [
        'maxItems',
        { type: 'array', uniqueItems: true, maxItems: 1, items: { enum: ['a', 'b'] } },
        ['a', 'b'],
      ],
      ['type', { type: 'array', items: { type: 'string' } }, 'a'],
      [undefined, { type: ['string', 'null'] }, null],
      ['required', { type: 'string' }, null],
      ['type', { behavior: ['llm-content'] }, 'text'],
    ];
  for (const [expected, property, value] of CASES) {
    it(`reports ${expected ?? 'nothing'} for ${JSON.stringify(value)} in ${JSON.stringify(property)}`, () => {
      const problems = checkForm(formOf({ a: property }), draftOf({ a: value }));
      assert.equal(problems.get('/a')?.kind, expected);
      assert.equal(problems.size, expected === undefined ? 0 : 1);
    });
  }

  it('treats blank text and empty content as missing', () => {
    const form = formOf({ a: { type: 'string' }, b: { behavior: ['llm-content', 'hint-required'] } }, ['a']);
    const problems = checkForm(form, draftOf({ a: '  ', b: { role: 'user', parts: [{ text: '' }] } }));
    assert.deepEqual([...problems.keys()], ['/a', '/b']);
  });
});

/** A value with two variants, distinguished by a constant. */
const VARIANTS: JsonObject = {
  type: 'object',
  oneOf: [
    { properties: { by: { const: 'post' }, city: { type: 'string' } }, required: ['by', 'city'] },
    { properties: { by: { const: 'mail' }, copies: { type: 'integer', minimum: 1, maximum: 9 } } },
  ],
};

/** Schemas as people write them, a few levels deep. */
const { property } = fc.letrec<{ property: JsonObject; object: JsonObject }>((tie) => ({
  property: fc.oneof(
    // Deeper levels are entered as JSON, which only the whole schema can check.
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    fc.record({ type: fc.constant('string'), minLength: fc.nat(2) }),
    fc.constantFrom<JsonObject>(
      { type: 'string' },
      { type: 'number' },
      { type: 'integer', minimum: 1, maximum: 9 },
      { type: 'boolean' },
      { enum: ['a', 'b', 3] },
      { type: ['string', 'null'] },
      { type: 'array', uniqueItems: true, items: { enum: ['x', 'y'] } },
      { type: 'string', default: 'preset' },
      { type: 'object' },
      { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 1, maximum: 9 }] },
      VARIANTS,
    ),
    tie('object'),
    fc.record({ type: fc.constant('array'), items: tie('property') }),
  ),
  object: fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', '~f'), tie('property'), { minKeys: 1, maxKeys: 4 })
    .chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
      }),
    ),
}));
const groupOf = (...names: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.constantFrom(...names), property, { minKeys: 1, maxKeys: 5 }).chain((properties) =>
    fc.record({
      type: fc.constant('object'),
      properties: fc.constant(properties),
      required: fc.subarray(Object.keys(properties)),
    }),
  );
/** Answers with one shape and with several variants, with and without members that all variants share. */
const schemas: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 3, arbitrary: groupOf('a', 'b', 'c', 'd/e', '~f') },
  { weight: 1, arbitrary: fc.constant(VARIANTS) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(groupOf('a', 'b'), fc.array(groupOf('c', 'd/e', '~f'), { minLength: 2, maxLength: 3 }))
      .map(([common, anyOf]) => ({ ...common, anyOf })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(groupOf('a', 'b', 'c'), { minLength: 2, maxLength: 3 })
      .map((anyOf): JsonObject => ({ anyOf })),
  },
);

describe('a value with several variants', () => {
  const form = formOf({ delivery: VARIANTS, size: { anyOf: [{ type: 'string' }, { type: 'number' }] } }, [
    'delivery',
  ]);
  const field = fieldAt(form, '/delivery');
  assert.ok(field.kind === 'variant');

  it('lists its variants by name, and starts with the first when one is required', () => {
    assert.deepEqual(
      field.variants.map(({ label }) => label),
      ['Post', 'Mail'],
    );
    assert.deepEqual(initialDraft(form).values, { delivery: { by: 'post' } });
  });

  it('shows the variant that fits a value', () => {
    for (const [value, expected] of [
      [{ by: 'mail', copies: 2 }, 1],
      [{ by: 'post' }, 0],
      [{ copies: 2 }, 1],
    ] as const) {
      assert.equal(chosenVariant(field, draftOf({ delivery: value })), expected);
    }
  });

  it('can be the whole answer', () => {
    const whole = formFields({ title: 'Delivery', ...VARIANTS }, 'Poet');
    assert.ok(whole.kind === 'variant');
    assert.deepEqual(initialDraft(whole).values, { by: 'post' });
    assert.deepEqual([...checkForm(whole, initialDraft(whole)).keys()], ['/city']);
    const mail = chooseVariant(whole, initialDraft(whole), whole, 1);
    assert.deepEqual(formValues(whole, mail), { by: 'mail' });
    assert.equal(chosenVariant(whole, draftOf({ by: 'mail', copies: 2 })), 1);
  });

  it('offers no choice when the alternatives only say which members go together', () => {
    const properties = { mail: { type: 'string' }, phone: { type: 'string' } };
    const schema = { type: 'object', properties, anyOf: [{ required: ['mail'] }, { required: ['phone'] }] };
    const plain = formFields(schema, '');
    assert.equal(plain.kind, 'object');
    assert.equal(kindOf(schema).kind, 'object');
  });

  it('applies the keywords next to the alternatives to each variant', () => {
    const by = { type: 'string', title: 'How' };
    const [first] = VARIANTS['oneOf'] as readonly JsonObject[];
    const whole = formFields({ properties: { by }, oneOf: [first ?? {}, { title: 'Any' }] }, '');
    assert.ok(whole.kind === 'variant' && whole.variants[0]?.field.kind === 'object');
    const [how] = whole.variants[0].field.fields;
    assert.deepEqual([how?.label, how?.kind], ['How', 'options']);
  });

  it('carries shared members over to another variant, as typed', () => {
    const count = { type: 'number' };
    const whole = formFields(
      {
        properties: { name: { type: 'string' }, count },
        required: ['name'],
        oneOf: [
          { properties: { by: { const: 'post' }, code: { type: 'string' }, city: { type: 'string' } } },
          { properties: { by: { const: 'mail' }, code: { type: 'integer' } } },
        ],
      },
      '',
    );
    assert.ok(whole.kind === 'variant');
    const first = whole.variants[0]?.field;
    assert.ok(first?.kind === 'object');
    let draft = draftOf({ by: 'post', name: 'Ann', code: 'a', city: 'Ulm', extra: 1 });
    const field = first.fields.find(({ name }) => name === 'count');
    assert.ok(field?.kind === 'number');
    draft = setText(whole, draft, field, '1.50');
    const chosen = chooseVariant(whole, draft, whole, 1);
    assert.deepEqual(formValues(whole, chosen), { by: 'mail', name: 'Ann', count: 1.5, extra: 1 });
    assert.equal(textOf(field, chosen), '1.50');
  });

  it('starts over when another variant is chosen, and checks that one', () => {
    const chosen = chooseVariant(form, draftOf({ delivery: { by: 'post', city: 'Ulm' } }), field, 1);
    assert.deepEqual(formValues(form, chosen), { delivery: { by: 'mail' } });
    assert.equal(checkForm(form, chosen).size, 0);
    const back = chooseVariant(form, chosen, field, 0);
    assert.deepEqual([...checkForm(form, back).keys()], ['/delivery/city']);
  });

  it('stays at the variant that is being filled in', () => {
    const size = fieldAt(form, '/size');
    assert.ok(size.kind === 'variant');
    const chosen = chooseVariant(form, initialDraft(form), size, 1);
    const number = size.variants[1]!.field;
    assert.ok(number.kind === 'number');
    const typed = setText(form, chosen, number, 'x');
    assert.equal(chosenVariant(size, typed), 1);
    assert.deepEqual([...checkForm(form, typed)].at(-1), ['/size', { kind: 'number' }]);
    assert.equal(chosenVariant(size, chooseVariant(form, typed, size, undefined)), undefined);
  });
});

describe('the items of a list', () => {
  const form = formOf({ list: { type: 'array', items: { type: 'number' } } });

  it('move together with the text typed into them', () => {
    let draft = draftOf({ list: [1, 2, 3] });
    draft = type(form, draft, '/list/0', 'one');
    const there = moveItem(form, draft, '/list', 0, 2);
    assert.deepEqual(there.values, { list: [2, 3, null] });
    assert.equal(textOf(fieldAt(form, '/list/2'), there), 'one');
    const back = moveItem(form, there, '/list', 2, 0);
    assert.deepEqual(back.values, draft.values);
    assert.deepEqual(back.typed, draft.typed);
    assert.deepEqual(moveItem(form, draft, '/list', 2, 3), draft);
  });
});

/** The input of a person into the leaves of a form, decided by a list of numbers. */
function fillIn(form: Form, start: FormDraft, choices: readonly number[]): FormDraft {
  let step = 0;
  const pick = <Item>(items: readonly Item[]): Item =>
    items[(choices[step++ % choices.length] ?? 0) % items.length]!;
  const fill = (field: Field, draft: FormDraft): FormDraft => {
    switch (field.kind) {
      case 'object':
        return field.fields.reduce((next, child) => fill(child, next), draft);
      case 'array': {
        let next = draft;
        const count = pick([0, 1, 2]);
        for (let index = 0; index < count; index += 1) {
          next = fill(field.itemAt(itemsAt(next, field.pointer).length), addItem(form, next, field));
        }
        if (count === 2 && pick([true, false])) next = moveItem(form, next, field.pointer, 0, 1);
        return pick([false, false, true]) && count > 0 ? removeItem(form, next, field, 0) : next;
      }
      case 'boolean':
        return setValue(form, draft, field.pointer, pick([true, false]));
      case 'options': {
        const { value } = pick(field.options);
        return setValue(form, draft, field.pointer, field.isMultiple ? [value] : value);
      }
      case 'variant': {
        const index = pick(field.variants.map((_variant, position) => position));
        return fill(field.variants[index]!.field, chooseVariant(form, draft, field, index));
      }
      case 'content':
      case 'file':
        return draft;
      default:
        return setText(form, draft, field, pick(['', 'abc', '5', '5.', '-', '{"a":[1]}', '12']));
    }
  };
  return fill(form, start);
}

/** An independent check of required and type against the schema itself. */
function conforms(schema: JsonObject, value: JsonValue | undefined): boolean {
  const { oneOf, anyOf, ...common } = schema;
  const forms = oneOf ?? anyOf;
  if (Array.isArray(forms)) {
    const fits = forms.some((inner: JsonObject) => conforms({ type: 'object', ...inner }, value));
    return fits && (common['properties'] === undefined || conforms(common, value));
  }
  if (schema['const'] !== undefined) return schema['const'] === value;
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(value as string);
  const types = new Set<unknown>([schema['type']].flat());
  if (value === null) return types.has('null');
  if (types.has('object')) {
    if (!isJsonObject(value)) return false;
    const required = (schema['required'] ?? []) as readonly string[];
    const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>;
    return (
      required.every((key) => Object.hasOwn(value, key)) &&
      Object.entries(properties).every(
        ([key, inner]) => !Object.hasOwn(value, key) || conforms(inner, value[key]),
      )
    );
  }
  if (types.has('array')) {
    return (
      Array.isArray(value) && value.every((item: JsonValue) => conforms(schema['items'] as JsonObject, item))
    );
  }
  if (types.has('integer')) {
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 9;
  }
  return types.has(typeof value);
}

describe('the form model, for any schema and any input', () => {
  const inputs = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 });

  it('yields values with the required members and types when it finds no problem', () => {
    let accepted = 0;
    fc.assert(
      fc.property(schemas, inputs, (schema, choices) => {
        const form = formFields(schema, '');
        const draft = fillIn(form, initialDraft(form), choices);
        if (checkForm(form, draft).size > 0) return;
        accepted += 1;
        assert.ok(conforms(schema, formValues(form, draft)), JSON.stringify(formValues(form, draft)));
      }),
      { numRuns: 2000 },
    );
    assert.ok(accepted > 200, `only ${accepted} inputs were accepted`);
  });

  it('yields values that a JSON Schema validator accepts when it finds no problem', async () => {
    const check = await loadSchemaCheck();
    assert.ok(check !== undefined);
    let accepted = 0;
    fc.assert(
      fc.property(schemas, inputs, (schema, choices) => {
        const form = formFields(schema, '');
        const draft = fillIn(form, initialDraft(form), choices);
        if (checkForm(form, draft).size > 0) return;
        accepted += 1;
        assert.deepEqual([...check.problems(schema, formValues(form, draft))], []);
      }),
      { numRuns: 1000 },
    );
    assert.ok(accepted > 100, `only ${accepted} inputs were accepted`);
  });

  it('yields the same values that it was given', () => {
    fc.assert(
      fc.property(schemas, inputs, (schema, choices) => {
        const form = formFields(schema, '');
        const draft = fillIn(form, initialDraft(form), choices);
        // An incomplete value can look like another variant.
        if (form.kind === 'variant' && checkForm(form, draft).size > 0) return;
        const values = formValues(form, draft);
        assert.deepEqual(formValues(form, draftOf(values)), values);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps members that no field shows', () => {
    fc.assert(
      fc.property(schemas, fc.jsonValue(), inputs, (schema, extra, choices) => {
        const form = formFields(schema, '');
        const draft = fillIn(
          form,
          draftOf({ ...initialDraft(form).values, extra: extra as JsonValue }),
          choices,
        );
        assert.deepEqual(formValues(form, draft)['extra'], extra);
      }),
    );
  });

  it('changes nothing when a person types the text that is already shown', () => {
    fc.assert(
      fc.property(schemas, inputs, (schema, choices) => {
        const form = formFields(schema, '');
        const before = fillIn(form, initialDraft(form), choices);
        const retype = (field: Field, draft: FormDraft): FormDraft => {
          if (field.kind === 'object')
            return field.fields.reduce((next, child) => retype(child, next), draft);
          if (field.kind !== 'text' && field.kind !== 'number' && field.kind !== 'json') return draft;
          if (valueAt(draft.values, field.pointer) === undefined) return draft;
          return setText(form, draft, field, textOf(field, draft));
        };
        assert.deepEqual(retype(form, before), before);
      }),
    );
  });
});
