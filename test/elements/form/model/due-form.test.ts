import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { plainForm, settleDraft, type DueDraft } from '../../../../src/elements/form/model/due-form.js';
import type { Field } from '../../../../src/elements/form/model/fields.js';
import {
  draftOf,
  formValues,
  initialDraft,
  setText,
  setValue,
  textOf,
} from '../../../../src/elements/form/model/form-draft.js';
import {
  loadSchemaCheck,
  type Fits,
  type SchemaCheck,
} from '../../../../src/elements/form/schema/schema-check.js';
import { problemsAtFields } from '../../../../src/elements/form/model/schema-problems.js';
import { checkForm } from '../../../../src/elements/form/model/validate.js';
import {
  isJsonObject,
  isSameJson,
  type JsonObject,
  type JsonValue,
} from '../../../../src/protocol/values/json.js';

const TEXT = { type: 'string' };
const of = (properties: JsonObject, required: readonly string[] = [], more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required,
  ...more,
});
const when = (name: string, value: JsonValue): JsonObject => ({
  properties: { [name]: { const: value } },
  required: [name],
});
/** A condition with what follows from it. */
const rule = (condition: JsonValue, follows: JsonObject, otherwise?: JsonObject): JsonObject =>
  Object.fromEntries(
    // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
    Object.entries({ if: condition, then: follows, else: otherwise }).flatMap(([keyword, part]) =>
      part === undefined ? [] : [[keyword, part]],
    ),
  );

/** The fields of a form, as `name: kind`; `?` marks optional ones. */
function shape(field: Field): string {
  if (field.kind === 'object') {
    return `{${field.fields.map((child) => `${child.name}${child.isRequired ? '' : '?'}: ${shape(child)}`).join(', ')}}`;
  }
  if (field.kind === 'options') return `[${field.options.map(({ value }) => String(value)).join(' ')}]`;
  return field.kind;
}

/** The field at a pointer. */
function fieldAt(form: Field, pointer: string): Field {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Field>((field, key) => {
      if (field.kind === 'object') return field.fields.find((child) => child.name === key) ?? field;
      return field.kind === 'array' ? field.itemAt(Number(key)) : field;
    }, form);
}

/** Enters values one after the other, as a person does; undefined empties a field. */
type Step = readonly [pointer: string, value: JsonValue | undefined, fields: string, answer: JsonObject];

describe('the fields of a form with conditions', async () => {
  const check = await loadSchemaCheck();
  assert.ok(check !== undefined);

  const start = (schema: JsonObject): DueDraft => {
    const source = { schema, title: '', check };
    const plain = plainForm(source);
    return settleDraft(source, plain, initialDraft(plain));
  };
  const enter = (
    schema: JsonObject,
    { form, draft }: DueDraft,
    pointer: string,
    value: JsonValue | undefined,
  ) => settleDraft({ schema, title: '', check }, form, setValue(form, draft, pointer, value));

  const CAR = of(
    { car: { type: 'boolean' } },
    ['car'],
    rule(when('car', true), of({ plate: { ...TEXT, default: 'B-' } }, ['plate']), of({ bus: TEXT })),
  );
  const PLAYS: Readonly<Record<string, readonly [JsonObject, ...(readonly Step[])]>> = {
    'come and go with a condition; a text comes back': [
      CAR,
      ['/bus', '7', '{car: boolean, bus?: text}', { car: false, bus: '7' }],
      ['/car', true, '{car: boolean, plate: text}', { car: true, plate: 'B-' }],
      ['/plate', 'B-X 1', '{car: boolean, plate: text}', { car: true, plate: 'B-X 1' }],
      ['/car', false, '{car: boolean, bus?: text}', { car: false, bus: '7' }],
      ['/car', true, '{car: boolean, plate: text}', { car: true, plate: 'B-X 1' }],
      ['/plate', undefined, '{car: boolean, plate: text}', { car: true }],
    ],
    'of several conditions': [
      of({ land: { enum: ['US', 'CA'] } }, ['land'], {
        allOf: [
          rule(when('land', 'US'), of({ zip: TEXT }, ['zip'])),
          rule(when('land', 'CA'), of({ code: TEXT })),
        ],
      }),
      ['/land', 'US', '{land: [US CA], zip: text}', { land: 'US' }],
      ['/zip', '1', '{land: [US CA], zip: text}', { land: 'US', zip: '1' }],
      ['/land', 'CA', '{land: [US CA], code?: text}', { land: 'CA' }],
    ],
    'of a member that brings others': [
      of({ a: TEXT }, [], { dependentSchemas: { a: of({ b: TEXT }), b: of({ c: TEXT }) } }),
      ['/a', '1', '{a?: text, b?: text}', { a: '1' }],
      ['/b', '2', '{a?: text, b?: text, c?: text}', { a: '1', b: '2' }],
      ['/c', '3', '{a?: text, b?: text, c?: text}', { a: '1', b: '2', c: '3' }],
      ['/a', undefined, '{a?: text}', {}],
    ],
    'that other members require, described or not': [
      of({ card: TEXT, place: TEXT }, [], { dependencies: { card: ['place', 'other'] } }),
      ['/card', '1', '{card?: text, place: text, other: json}', { card: '1' }],
      ['/other', 'x', '{card?: text, place: text, other: json}', { card: '1', other: 'x' }],
      ['/card', undefined, '{card?: text, place?: text}', {}],
    ],
    'that other members require, in the newer notation': [
      of({ card: TEXT, place: TEXT }, [], { dependentRequired: { card: ['place'] } }),
      ['/card', '1', '{card?: text, place: text}', { card: '1' }],
    ],
    'of the alternative that a member decides for': [
      of({ pets: { enum: ['No', 'One', 'Many'] } }, ['pets'], {
        dependencies: {
          pets: {
            oneOf: [
              of({ pets: { enum: ['No'] } }),
              of({ pets: { enum: ['One'] }, age: { type: 'number', minimum: 1 } }, ['age']),
              of({ pets: { enum: ['Many'] }, rid: { type: 'boolean' } }, ['rid']),
            ],
          },
        },
      }),
      ['/pets', 'One', '{pets: [No One Many], age: number}', { pets: 'One' }],
      ['/age', 0, '{pets: [No One Many], age: number}', { pets: 'One', age: 0 }],
      ['/pets', 'Many', '{pets: [No One Many], rid: boolean}', { pets: 'Many', rid: false }],
      ['/pets', 'No', '{pets: [No One Many]}', { pets: 'No' }],
    ],
    'that decide themselves among alternatives': [
      of({ a: TEXT }, [], {
        dependentSchemas: {
          a: {
            oneOf: [
              of({ kind: { const: 'p' }, x: TEXT }, ['kind']),
              of({ kind: { const: 'q' }, y: TEXT }, ['kind']),
            ],
          },
        },
      }),
      ['/a', '1', '{a?: text, kind: [p q]}', { a: '1' }],
      ['/kind', 'q', '{a?: text, kind: [p q], y?: text}', { a: '1', kind: 'q' }],
      ['/kind', 'p', '{a?: text, kind: [p q], x?: text}', { a: '1', kind: 'p' }],
    ],
    'that a condition forbids': [
      of({ a: { type: 'boolean' }, b: TEXT }, [], rule(when('a', true), { properties: { b: false } })),
      ['/b', 't', '{a?: boolean, b?: text}', { b: 't' }],
      ['/a', true, '{a?: boolean}', { a: true }],
      ['/a', false, '{a?: boolean, b?: text}', { a: false, b: 't' }],
    ],
    'that a condition describes further': [
      of(
        { land: { enum: ['A', 'B'] }, town: TEXT },
        [],
        rule(when('land', 'A'), { properties: { town: { enum: ['Graz', 'Linz'] } }, required: ['town'] }),
      ),
      ['/land', 'A', '{land?: [A B], town: [Graz Linz]}', { land: 'A' }],
      ['/land', 'B', '{land?: [A B], town?: text}', { land: 'B' }],
    ],
    'in a group, by a reference': [
      of({ home: { $ref: '#/$defs/home' } }, ['home'], {
        $defs: {
          home: { allOf: [of({ land: { enum: ['A', 'B'] } }), rule(when('land', 'A'), of({ zip: TEXT }))] },
        },
      }),
      ['/home/land', 'A', '{home: {land?: [A B], zip?: text}}', { home: { land: 'A' } }],
      ['/home/zip', '1', '{home: {land?: [A B], zip?: text}}', { home: { land: 'A', zip: '1' } }],
      ['/home/land', 'B', '{home: {land?: [A B]}}', { home: { land: 'B' } }],
    ],
    'in a group, by a condition around it': [
      of(
        { home: of({ land: { enum: ['A', 'B'] } }) },
        ['home'],
        rule(
          { properties: { home: when('land', 'A') } },
          { properties: { home: of({ land: { const: 'A' }, zip: TEXT }, ['zip']) } },
        ),
      ),
      ['/home/land', 'A', '{home: {land?: [A B], zip: text}}', { home: { land: 'A' } }],
      ['/home/zip', '1', '{home: {land?: [A B], zip: text}}', { home: { land: 'A', zip: '1' } }],
    ],
    'of both branches when a condition cannot be determined': [
      of(
        { mail: TEXT },
        [],
        rule(
          { properties: { mail: { format: 'email', minLength: 2 } } },
          of({ a: TEXT }, ['a']),
          of({ b: TEXT }, ['b']),
        ),
      ),
      ['/mail', 'ab', '{mail?: text, a?: text, b?: text}', { mail: 'ab' }],
      ['/b', '1', '{mail?: text, a?: text, b?: text}', { mail: 'ab', b: '1' }],
      ['/mail', 'a', '{mail?: text, b: text}', { mail: 'a', b: '1' }],
    ],
    'when conditions contradict each other: all of them': [
      of({ a: TEXT }, [], rule({ required: ['z'] }, {}, { required: ['z'] })),
      ['/z', '1', '{a?: text, z: json}', { z: '1' }],
    ],
  };
  for (const [what, [schema, ...steps]] of Object.entries(PLAYS)) {
    it(what, () => {
      let due = start(schema);
      for (const [pointer, value, fields, answer] of steps) {
        due = enter(schema, due, pointer, value);
        assert.equal(shape(due.form), fields, `after ${pointer} = ${JSON.stringify(value)}`);
        assert.deepEqual(formValues(due.form, due.draft), answer);
      }
    });
  }

  it('differ from item to item of a list', () => {
    const item = of({ kind: { enum: ['x', 'y'] } }, ['kind'], rule(when('kind', 'x'), of({ more: TEXT })));
    const schema = of({ list: { type: 'array', items: item } });
    let due = enter(schema, start(schema), '/list', [{ kind: 'x' }, { kind: 'y' }]);
    due = enter(schema, due, '/list/0/more', '1');
    const items = (index: number) => {
      assert.ok(due.form.kind === 'object');
      const [list] = due.form.fields;
      assert.ok(list?.kind === 'array');
      return shape(list.itemAt(index));
    };
    assert.deepEqual([items(0), items(1)], ['{kind: [x y], more?: text}', '{kind: [x y]}']);
    due = enter(schema, due, '/list/0/kind', 'y');
    assert.deepEqual(formValues(due.form, due.draft), { list: [{ kind: 'y' }, { kind: 'y' }] });
  });

  it('start with their default in a member that a person named', () => {
    const vehicle = of(
      { kind: TEXT },
      [],
      rule(when('kind', 'car'), of({ plate: { ...TEXT, default: 'B-' } })),
    );
    const schema = { type: 'object', additionalProperties: vehicle };
    const source = { schema, title: '', check };
    const before = plainForm(source);
    const named = { ...draftOf({ mine: {} }), names: { '/mine': 'mine' } };
    const changed = setValue(before, named, '/mine/kind', 'car');
    const { draft } = settleDraft(source, before, changed);
    assert.deepEqual(draft.values, { mine: { kind: 'car', plate: 'B-' } });
  });

  it('that were left with an unfinished text do not keep an optional group from being left out', () => {
    const group = of(
      { a: TEXT, need: TEXT },
      ['need'],
      rule({ required: ['a'] }, of({ n: { type: 'number' } })),
    );
    const schema = of({ group });
    const source = { schema, title: '', check };
    let due = enter(schema, start(schema), '/group/a', '1');
    const field = fieldAt(due.form, '/group/n');
    assert.ok(field.kind === 'number');
    due = settleDraft(source, due.form, setText(due.form, due.draft, field, '-'));
    assert.deepEqual([...checkForm(due.form, due.draft).keys()], ['/group/need', '/group/n']);
    due = enter(schema, due, '/group/a', undefined);
    assert.deepEqual([...checkForm(due.form, due.draft)], []);
    assert.deepEqual(formValues(due.form, due.draft), {});
    due = enter(schema, due, '/group/a', '1');
    assert.equal(textOf(fieldAt(due.form, '/group/n'), due.draft), '-');
  });

  it('are those of the chosen variant', () => {
    const variants = [
      of({ kind: { const: 'p' }, x: TEXT }, ['kind'], rule({ required: ['x'] }, { required: ['w'] })),
      of({ kind: { const: 'q' } }, ['kind']),
    ];
    const schema = { type: 'object', oneOf: variants };
    const due = enter(schema, start(schema), '/x', '1');
    assert.ok(due.form.kind === 'variant');
    const variant = due.form.variants[0]?.field;
    assert.equal(variant && shape(variant), '{kind: [p], x?: text, w: json}');
    const problems = problemsAtFields(
      check.problems(schema, formValues(due.form, due.draft)),
      due.form,
      due.draft,
    );
    assert.deepEqual([...problems], [['/w', { kind: 'required' }]]);
  });

  it('take no time when conditions multiply or contain themselves', () => {
    const $defs: Record<string, JsonObject> = { d30: of({ end: TEXT }) };
    for (let level = 0; level < 30; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { allOf: [rule({ required: ['a'] }, next), rule({ required: ['a'] }, next)] };
    }
    const doubled: JsonObject = { ...of({ a: TEXT }), $defs, allOf: [{ $ref: '#/$defs/d0' }] };
    const itself: JsonObject = of({ a: TEXT }, [], rule({ required: ['a'] }, { $ref: '#' }));
    const node = of(
      { child: { $ref: '#' }, v: TEXT },
      [],
      rule({ required: ['v'] }, of({ child: { $ref: '#' }, w: TEXT })),
    );
    for (const schema of [doubled, itself, node]) {
      const startMs = performance.now();
      const due = enter(schema, start(schema), schema === node ? '/v' : '/a', '1');
      formValues(due.form, due.draft);
      assert.ok(performance.now() - startMs < 2000);
    }
  });

  it('are determined group by group: a key checks the conditions of its own group alone', () => {
    const groups = Array.from({ length: 100 }, (_, index) => [
      `g${index}`,
      of(
        Object.fromEntries(Array.from({ length: 9 }, (_field, field) => [`f${field}`, TEXT])),
        [],
        rule({ required: ['f0'] }, of({ more: TEXT })),
      ),
    ]);
    const schema = of(
      Object.fromEntries(groups) as JsonObject,
      groups.map(([name]) => String(name)),
    );
    let count = 0;
    const counted = new Map<Fits, Fits>();
    const counting: SchemaCheck = {
      ...check,
      fitsIn: (root, values) => {
        const fits = check.fitsIn(root, values);
        const known = counted.get(fits);
        if (known !== undefined) return known;
        const wrapped: Fits = (part, value) => {
          count += 1;
          return fits(part, value);
        };
        counted.set(fits, wrapped);
        return wrapped;
      },
    };
    const source = { schema, title: '', check: counting };
    const plain = plainForm(source);
    let due = settleDraft(source, plain, initialDraft(plain));
    assert.ok(count >= 100);
    for (const text of ['x', 'xy', 'xyz']) {
      due = settleDraft(source, due.form, setValue(due.form, due.draft, '/g50/f1', text));
      count = 0;
      due = settleDraft(source, due.form, setValue(due.form, due.draft, '/g50/f1', `${text}!`));
      assert.ok(count <= 3, `${count} conditions were checked for one key`);
    }
  });
});

describe('the answer of a form with any conditions', async () => {
  const check = await loadSchemaCheck();
  assert.ok(check !== undefined);

  const NAMES = ['a', 'b', 'c', 'd'] as const;
  const leaf = fc.constantFrom<JsonObject>(
    { type: 'string' },
    { type: 'boolean' },
    { enum: ['x', 'y'] },
    { type: 'integer' },
  );
  /** Each member has one description in the whole schema, so that conditions do not contradict each other in that. */
  const leaves = fc.record({ a: leaf, b: leaf, c: leaf, d: leaf });
  const name = fc.constantFrom(...NAMES);
  const names = fc.uniqueArray(name, { maxLength: 2 });
  const value = fc.constantFrom<JsonValue>('x', 'y', true, false, 1);
  const condition = fc.oneof(
    fc.tuple(name, value).map(([key, only]): JsonObject => ({ properties: { [key]: { const: only } } })),
    fc.tuple(name, value).map(([key, only]) => when(key, only)),
    name.map((key): JsonObject => ({ required: [key] })),
    name.map((key): JsonObject => ({ not: { required: [key] } })),
  );

  /** A schema of members and of conditions that bring others, made of names alone. */
  type Plan =
    | { readonly kind: 'members'; readonly shown: readonly string[]; readonly required: readonly string[] }
    | { readonly kind: 'if'; readonly condition: JsonObject; readonly yes: Plan; readonly no: Plan }
    | { readonly kind: 'by'; readonly keyword: string; readonly key: string; readonly brings: Plan }
    | {
        readonly kind: 'requires';
        readonly keyword: string;
        readonly key: string;
        readonly names: readonly string[];
      }
    | { readonly kind: 'all'; readonly plans: readonly Plan[] };
  const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
    plan: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('members' as const), shown: names, required: names }),
      fc.record({ kind: fc.constant('if' as const), condition, yes: tie('plan'), no: tie('plan') }),
      fc.record({
        kind: fc.constant('by' as const),
        keyword: fc.constantFrom('dependentSchemas', 'dependencies'),
        key: name,
        brings: tie('plan'),
      }),
      fc.record({
        kind: fc.constant('requires' as const),
        keyword: fc.constantFrom('dependentRequired', 'dependencies'),
        key: name,
        names,
      }),
      fc.record({ kind: fc.constant('all' as const), plans: fc.array(tie('plan'), { maxLength: 3 }) }),
    ),
  }));

  function schemaOf(part: Plan, described: JsonObject): JsonObject {
    switch (part.kind) {
      case 'members': {
        const shown = new Set([...part.shown, ...part.required]);
        const properties = Object.fromEntries([...shown].map((key) => [key, described[key] ?? {}]));
        return { properties, required: part.required };
      }
      case 'if':
        return rule(part.condition, schemaOf(part.yes, described), schemaOf(part.no, described));
      case 'by':
        return { [part.keyword]: { [part.key]: schemaOf(part.brings, described) } };
      case 'requires':
        return { [part.keyword]: { [part.key]: part.names } };
      case 'all':
        return { allOf: part.plans.map((each) => schemaOf(each, described)) };
    }
  }

  /** What a schema says about members for a value. */
  interface Members {
    readonly described: Set<string>;
    readonly required: Set<string>;
  }

  /** The members that a schema names for a value, by the validator: each condition checked as a schema of its own. */
  function addDue(schema: JsonObject, value: JsonObject, found: Members): Members {
    const { properties, required, allOf, dependentSchemas, dependentRequired, dependencies } = schema;
    if (isJsonObject(properties)) for (const each of Object.keys(properties)) found.described.add(each);
    const add = (part: JsonValue | undefined) => {
      if (isJsonObject(part)) addDue(part, value, found);
      if (Array.isArray(part)) for (const each of part) found.required.add(String(each));
    };
    add(required);
    if (Array.isArray(allOf)) for (const part of allOf) add(part as JsonValue);
    if (isJsonObject(schema['if'])) {
      add(check?.problems(schema['if'], value).size === 0 ? schema['then'] : schema['else']);
    }
    for (const byName of [dependentSchemas, dependentRequired, dependencies]) {
      if (!isJsonObject(byName)) continue;
      for (const [key, part] of Object.entries(byName)) if (Object.hasOwn(value, key)) add(part);
    }
    return found;
  }

  const dueFor = (schema: JsonObject, value: JsonObject) =>
    addDue(schema, value, { described: new Set(), required: new Set() });

  /** The answer with the members that are due for it; undefined when there is none, however often it is changed. */
  function reference(schema: JsonObject, entered: JsonObject, described: JsonObject): JsonObject | undefined {
    // A member that the schema names nowhere is kept.
    const anywhere = namesAnywhere(schema);
    let answer: JsonObject = {};
    let found: Members = { described: new Set(), required: new Set() };
    addUnconditional(schema, found);
    for (let round = 0; round < 12; round += 1) {
      const names = NAMES.filter(
        (each) => found.described.has(each) || found.required.has(each) || !anywhere.has(each),
      );
      const members = names.flatMap((each): [string, JsonValue][] => {
        if (Object.hasOwn(entered, each)) return [[each, entered[each] ?? null]];
        const isBox =
          found.described.has(each) && isJsonObject(described[each]) && described[each]['type'] === 'boolean';
        return isBox && found.required.has(each) ? [[each, false]] : [];
      });
      const next = Object.fromEntries(members);
      if (round > 0 && isSameJson(next, answer)) return answer;
      answer = next;
      found = dueFor(schema, answer);
    }
    return undefined;
  }

  function namesAnywhere(schema: JsonObject): ReadonlySet<string> {
    const { properties, required, dependentRequired, dependencies } = schema;
    const lists = [required, dependentRequired, dependencies].flatMap((part) =>
      isJsonObject(part) ? Object.values(part) : [part ?? null],
    );
    const named = [schema['dependentSchemas'], dependencies].flatMap((part) =>
      isJsonObject(part) ? Object.values(part) : [],
    );
    const { allOf, else: otherwise } = schema;
    const inner = [...(Array.isArray(allOf) ? allOf : []), schema['then'], otherwise, ...named];
    return new Set([
      ...(isJsonObject(properties) ? Object.keys(properties) : []),
      ...lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : [])),
      ...inner.flatMap((part: JsonValue | undefined) => (isJsonObject(part) ? [...namesAnywhere(part)] : [])),
    ]);
  }

  function addUnconditional({ properties, required, allOf }: JsonObject, found: Members): void {
    if (isJsonObject(properties)) for (const each of Object.keys(properties)) found.described.add(each);
    if (Array.isArray(required)) for (const each of required) found.required.add(String(each));
    if (Array.isArray(allOf)) for (const part of allOf) if (isJsonObject(part)) addUnconditional(part, found);
  }

  const draft = fc.record(
    { a: value, b: value, c: value, d: value },
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<JsonObject>;
  const nesting = fc.constantFrom<
    readonly [string, (schema: JsonObject) => JsonObject, (values: JsonObject) => JsonObject]
  >(
    ['', (schema) => schema, (values) => values],
    ['/in', (schema) => of({ in: schema }, ['in']), (values) => ({ in: values })],
    [
      '/in/0',
      (schema) =>
        of({ in: { type: 'array', items: { $ref: '#/$defs/x' } } }, ['in'], { $defs: { x: schema } }),
      (values) => ({ in: [values] }),
    ],
  );

  it('has exactly the members that are due, and is refused only at fields', () => {
    fc.assert(
      fc.property(
        leaves,
        plan,
        plan,
        draft,
        nesting,
        (described, first, second, entered, [pointer, outer, around]) => {
          const inner: JsonObject = {
            type: 'object',
            allOf: [schemaOf(first, described), schemaOf(second, described)],
          };
          const schema = outer(inner);
          const source = { schema, title: '', check };
          const plain = plainForm(source);
          const due = settleDraft(source, plain, draftOf(around(entered)));
          const answer = formValues(due.form, due.draft);
          const group = fieldAt(due.form, pointer);
          const shown = group.kind === 'object' ? group.fields.map((field) => field.name) : [];
          const own = pointer
            .split('/')
            .slice(1)
            .reduce<JsonValue>((at, key) => childOf(at, key), answer);
          const expected = dueFor(inner, isJsonObject(own) ? own : {});
          const names = new Set([...expected.described, ...expected.required]);
          const stable = reference(inner, entered, described);
          const context = JSON.stringify({ inner, entered, shown, answer });
          if (stable === undefined) {
            for (const each of names) assert.ok(shown.includes(each), context);
          } else {
            assert.deepEqual(own, stable, context);
            assert.deepEqual(new Set(shown), names, context);
          }
          if (checkForm(due.form, due.draft).size > 0) return;
          const problems = problemsAtFields(check.problems(schema, answer), due.form, due.draft);
          assert.deepEqual([...problems], [], JSON.stringify({ schema, answer }));
        },
      ),
      { numRuns: 1000 },
    );
  });

  function childOf(at: JsonValue, key: string): JsonValue {
    if (Array.isArray(at)) return (at as readonly JsonValue[])[Number(key)] ?? null;
    return isJsonObject(at) ? (at[key] ?? null) : null;
  }
});
