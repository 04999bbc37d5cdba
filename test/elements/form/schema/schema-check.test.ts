import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import { draftOf, formValues } from '../../../../src/elements/form/model/form-draft.js';
import { loadSchemaCheck, type SchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import { problemsAtFields } from '../../../../src/elements/form/model/schema-problems.js';
import type { FieldProblems } from '../../../../src/elements/form/schema/field-problem.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';

/** The problems found in values, at the fields of the form, or with `json` each at its own place. */
async function found(schema: JsonObject, values: JsonObject, json = false): Promise<[string, string][]> {
  const check = await loadSchemaCheck();
  assert.ok(check !== undefined);
  const form = formFields(schema, '');
  const draft = draftOf(values);
  const problems = json
    ? check.problems(schema, values)
    : problemsAtFields(check.problems(schema, formValues(form, draft)), form, draft);
  return [...problems].map(([pointer, problem]) => [
    pointer,
    problem.kind === 'inside' ? `${problem.path.join('/')} ${problem.problem.kind}` : problem.kind,
  ]);
}

/** Checks a value with a list of many items, none of which fits any of its variants. */
async function checkMisfits(check: SchemaCheck, count: number): Promise<FieldProblems> {
  const variants = { anyOf: [{ type: 'string' }, { type: 'null' }] };
  return check.problems(of({ list: { type: 'array', items: variants } }), {
    list: Array.from({ length: count }, () => 1),
  });
}

const of = (properties: JsonObject, more: JsonObject = {}) => ({ type: 'object', properties, ...more });

type Case = readonly [string, JsonObject, JsonObject, [string, string][]];

describe('the check against the whole schema', () => {
  const CASES: readonly Case[] = [
    ['nothing wrong', of({ a: { type: 'string' } }), { a: 'x' }, []],
    [
      'a list with doubles',
      of({ a: { type: 'array', items: {}, uniqueItems: true } }),
      { a: [1, 1] },
      [['/a', 'unique']],
    ],
    [
      'a member that another one needs',
      of({ a: {}, b: {} }, { dependentRequired: { a: ['b'] } }),
      { a: '1' },
      [['/b', 'required']],
    ],
    [
      'a condition',
      of(
        { a: { type: 'boolean' }, b: {} },
        // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
        { if: { properties: { a: { const: true } } }, then: { required: ['b'] } },
      ),
      { a: true },
      [['/b', 'required']],
    ],
    [
      'something within JSON',
      of({ a: { additionalProperties: { type: 'integer', maximum: 3 } } }),
      { a: { x: 1, y: 7 } },
      [['/a', 'y maximum']],
    ],
    [
      'a member that a person named',
      of({ a: { type: 'object', additionalProperties: { type: 'integer', maximum: 3 } } }),
      { a: { x: 1, y: 7 } },
      [['/a/y', 'maximum']],
    ],
    [
      'too many members',
      of({ a: {} }, { additionalProperties: false }),
      { a: '1', b: 2 },
      [['', 'b unwanted']],
    ],
    [
      'none of several forms, reported once',
      of({ a: { anyOf: [{ type: 'string' }, { type: 'number' }] } }),
      { a: true },
      [['/a', 'type']],
    ],
    [
      'a name with special characters',
      of({ 'a/b c': { type: 'array', items: {}, uniqueItems: true } }),
      { 'a/b c': [1, 1] },
      [['/a~1b c', 'unique']],
    ],
    [
      'a reference',
      of({ a: { $ref: '#/$defs/n' } }, { $defs: { n: { type: 'number', minimum: 2 } } }),
      { a: 1 },
      [['/a', 'minimum']],
    ],
    [
      'content, whose schema says something else',
      of({ a: { type: 'string', behavior: ['llm-content'] } }),
      { a: { parts: [] } },
      [],
    ],
    [
      'what fields are less strict about',
      of({ a: { type: 'string', format: 'time' }, n: { multipleOf: 0.1 } }),
      { a: '10:30', n: 0.3 },
      [],
    ],
    ['a broken reference, which must not stop a person', of({ a: { $ref: '#/nowhere' } }), { a: 1 }, []],
    ['a pattern in another dialect, which must not either', of({ a: { pattern: '(?i)x' } }), { a: 'y' }, []],
    [
      'a pattern that takes too long, which must not freeze the page',
      of({ a: { additionalProperties: { pattern: '^(a+)+$' } } }),
      { a: { b: `${'a'.repeat(100)}!` } },
      [],
    ],
    [
      'a few lines that mean a thousand million schemas, which must not either',
      {
        ...of({}),
        $defs: Object.fromEntries(
          Array.from({ length: 30 }, (_, depth) => {
            const next = { $ref: `#/$defs/d${depth + 1}` };
            return [`d${depth}`, depth === 29 ? { type: 'string' } : { allOf: [next, next] }];
          }),
        ),
        allOf: [{ $ref: '#/$defs/d0' }, { $ref: '#/$defs/d0' }],
      },
      {},
      [],
    ],
    ...['not', 'dependencies', 'dependentSchemas', 'if'].map((keyword): Case => {
      const multiplied = Object.fromEntries(
        Array.from({ length: 30 }, (_, depth): [string, JsonObject] => {
          const next = depth === 29 ? { type: 'object' } : { $ref: `#/$defs/d${depth + 1}` };
          const once = keyword.startsWith('depend') ? { [keyword]: { a: next } } : { [keyword]: next };
          return [`d${depth}`, { allOf: [once, once] }];
        }),
      );
      const schema: JsonObject = { ...of({ a: {} }), $defs: multiplied, $ref: '#/$defs/d0' };
      return [`schemas that multiply by “${keyword}”, which must not either`, schema, { a: 1 }, []];
    }),
    [
      'rules next to a slow pattern, a broken one and a reference to elsewhere',
      of({
        a: { pattern: '^(a+)+$', maxLength: 2 },
        b: { pattern: '(?i)x', maxLength: 2 },
        c: { $ref: 'https://example.org/c', maxLength: 2 },
        d: { type: 'number' },
      }),
      { a: 'aaa', b: 'bbb', c: 'ccc', d: 'd' },
      [
        ['/a', 'maxLength'],
        ['/b', 'maxLength'],
        ['/c', 'maxLength'],
        ['/d', 'type'],
      ],
    ],
    [
      'a slow pattern that a name must not match, which must not refuse all names',
      of(
        { a: { not: { pattern: '^(a+)+$' } }, b: { not: { $ref: '#/$defs/slow' } } },
        {
          $defs: { slow: { allOf: [{ pattern: '^(a+)+$' }] } },
        },
      ),
      { a: 'b', b: 'b' },
      [],
    ],
    [
      'formats that exclude each other, which are not checked',
      of({ a: { oneOf: [{ format: 'email' }, { format: 'uri' }] } }),
      { a: 'ada@example.org' },
      [],
    ],
    [
      'a condition that cannot be checked: what follows from it is not required',
      // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
      of({ a: {}, b: {} }, { if: { properties: { a: { format: 'email' } } }, then: { required: ['b'] } }),
      { a: 'x' },
      [],
    ],
    [
      'a condition that cannot be checked, but does not hold',
      of(
        { a: {}, b: {} },
        { if: { properties: { a: { format: 'email', const: 'b' } } }, else: { required: ['b'] } },
      ),
      { a: 'x' },
      [['/b', 'required']],
    ],
    [
      'a member that a condition left out might have allowed',
      of({ a: {} }, { $ref: 'https://example.org/c', unevaluatedProperties: false }),
      { a: 'x', b: 'y' },
      [],
    ],
    ['a schema that is itself', { ...of({}), allOf: [{ $ref: '#' }, {}] }, {}, []],
    [
      'a value that has others of its kind in it',
      of(
        { a: { $ref: '#/$defs/node' } },
        {
          $defs: {
            node: {
              type: 'object',
              additionalProperties: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'string' }] },
            },
          },
        },
      ),
      { a: { b: { c: 1 } } },
      [['/a/b/c', 'type']],
    ],
    [
      'a pattern deep in a value',
      of({ a: { additionalProperties: { pattern: '^[a-z]+$' } } }),
      { a: { b: 'A' } },
      [['/a', 'b pattern']],
    ],
  ];
  for (const [what, schema, values, expected] of CASES) {
    it(`reports for ${what}: ${JSON.stringify(expected)}`, async () => {
      const copy = structuredClone(schema);
      assert.deepEqual(await found(schema, values), expected);
      assert.deepEqual(schema, copy, 'the schema of the question is left as it was');
    });
  }

  it('is quick for a format whose expression in the library is not', async () => {
    const startMs = performance.now();
    // Each further letter would double the time: these take 10 s.
    const schema = of({ a: { type: 'string', format: 'url' }, format: { type: 'string', minLength: 2 } });
    const problems = await found(schema, { a: `http://${'a'.repeat(31)}!`, format: 'x' });
    assert.deepEqual(problems, [['/format', 'minLength']]);
    assert.ok(performance.now() - startMs < 1000);
  });

  it('compares constants and options with all their members', async () => {
    const [value, other] = [
      { format: 'a', properties: { format: 1 } },
      { format: 'b', properties: { format: 1 } },
    ];
    const schema = of({ a: { const: value }, b: { enum: [value] } });
    assert.deepEqual(await found(schema, { a: value, b: value }, true), []);
    assert.deepEqual(await found(schema, { a: other, b: other }, true), [
      ['/a', 'option'],
      ['/b', 'option'],
    ]);
  });

  it('reports each problem at its own place in the JSON view', async () => {
    const schema = of({ a: { type: 'object', properties: { b: { type: 'number' }, c: { enum: [1] } } } });
    assert.deepEqual(await found(schema, { a: { b: 'x', c: 2 } }, true), [
      ['/a/b', 'type'],
      ['/a/c', 'option'],
    ]);
  });

  it('compares each error with one group of variants, however many there are', async (context) => {
    const check = await loadSchemaCheck();
    assert.ok(check !== undefined);
    const counter = context.mock.method(String.prototype, 'startsWith');
    const counts: number[] = [];
    for (const count of [10, 100]) {
      counter.mock.resetCalls();
      assert.equal((await checkMisfits(check, count)).size, count);
      counts.push(counter.mock.callCount());
    }
    const [few = 0, many = 0] = counts;
    assert.ok(many <= 10 * few + 20, `${few} comparisons for 10 items, ${many} for 100`);
  });

  it('evaluates no code from strings, which a strict content security policy forbids', async () => {
    const { Function: original } = globalThis;
    globalThis.Function = (() => assert.fail('made code of text')) as unknown as FunctionConstructor;
    try {
      assert.deepEqual(await found(of({ a: { type: 'number' } }), { a: 'x' }), [['/a', 'type']]);
    } finally {
      globalThis.Function = original;
    }
  });
});
