import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { explainAll } from '../../../../src/elements/form/schema/explain-problem.js';
import { loadSchemaCheck } from '../../../../src/elements/form/schema/schema-check.js';
import {
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../../src/protocol/values/json.js';

/** The versions of JSON Schema, with the numbers of their tests. */
const DRAFTS: Readonly<Record<string, { readonly $schema: string; readonly tests: number }>> = {
  draft4: { $schema: 'http://json-schema.org/draft-04/schema#', tests: 578 },
  draft7: { $schema: 'http://json-schema.org/draft-07/schema#', tests: 861 },
  'draft2019-09': { $schema: 'https://json-schema.org/draft/2019-09/schema', tests: 1176 },
  'draft2020-12': { $schema: 'https://json-schema.org/draft/2020-12/schema', tests: 1176 },
};

/** Invalid values that the check lets through: groups of tests by the reason. `*` stands for all groups of a file. */
const LET_THROUGH: Readonly<Record<string, readonly string[]>> = {
  'a reference leads to a document that was not given: such a rule is left to the server': [
    'refRemote: *',
    'ref: remote ref, containing refs itself',
    'definitions: validate definition against metaschema',
    'defs: validate definition against metaschema',
    'anchor: invalid anchors',
    'id: Invalid use of fragments in location-independent $id',
  ],
  'the schemas around a `$dynamicRef` decide which of several schemas it names: such a rule is left to the server':
    [
      'dynamicRef: A $dynamicRef resolves to the first $dynamicAnchor still in scope that is encountered when the schema is evaluated',
      "dynamicRef: A $dynamicRef with intermediate scopes that don't include a matching $dynamicAnchor does not affect dynamic scope resolution",
      'dynamicRef: A $dynamicRef that initially resolves to a schema with a matching $dynamicAnchor resolves to the first $dynamicAnchor in the dynamic scope',
      'dynamicRef: multiple dynamic paths to the $dynamicRef keyword',
      'dynamicRef: after leaving a dynamic scope, it is not used by a $dynamicRef',
      'dynamicRef: strict-tree schema, guards against misspelled properties',
      'dynamicRef: tests for implementation dynamic anchor and reference link',
      'dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first',
      'dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first',
    ],
  'the library finds an `$id` within an unknown keyword, and gives up for two parts with one address': [
    'unknownKeyword: $id inside an unknown keyword is not a real identifier',
  ],
  'the library cannot resolve it': ['ref: URN base URI with f-component'],
};

/** Valid values that the check refuses: groups of tests by the reason. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'the library takes the anchor of a part with an `$id` of its own for one of the part around it': [
    'ref: order of evaluation: $id and $anchor and $ref',
  ],
  'the metaschema, which was not given, turns keywords off': [
    'vocabulary: schema that uses custom metaschema with with no validation vocabulary',
  ],
};

interface SuiteTest {
  readonly group: string;
  readonly description: string;
  readonly schema: JsonObject;
  readonly data: JsonValue;
  readonly isValid: boolean;
}

function testsOf(draft: string, $schema: string): readonly SuiteTest[] {
  const path = new URL(`../../../support/json-schema-test-suite/${draft}.jsonl`, import.meta.url);
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const group = parseJson(line);
      assert.ok(isJsonObject(group) && Array.isArray(group['tests']));
      const { file, description, schema, tests } = group;
      // A question has an object for a schema.
      const stated = isJsonObject(schema) ? { $schema, ...schema } : { $schema, allOf: [schema ?? true] };
      return tests.filter(isJsonObject).map(({ data = null, valid, description: name }: JsonObject) => ({
        group: `${String(file)}: ${String(description)}`,
        description: String(name),
        schema: stated,
        data,
        isValid: valid === true,
      }));
    });
}

/** The exception that covers a group of tests. */
function exceptionFor(
  group: string,
  exceptions: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const whole = group.replace(/:.*/s, ': *');
  return Object.values(exceptions)
    .flat()
    .find((name) => name === group || name === whole);
}

describe('the check of an answer, on the tests of JSON Schema', async () => {
  const check = await loadSchemaCheck();
  assert.ok(check !== undefined);
  const needed = new Set<string>();
  for (const [draft, { $schema, tests: count }] of Object.entries(DRAFTS)) {
    it(`agrees for ${draft}, except where a reason is given`, () => {
      const tests = testsOf(draft, $schema);
      assert.equal(tests.length, count);
      const faults: string[] = [];
      for (const { group, description, schema, data, isValid } of tests) {
        const problems = check.problems(schema, data);
        for (const { kind } of explainAll(problems).values()) {
          assert.notEqual(kind, 'unfit', `a problem of “${group}” has no words: ${description}`);
        }
        if (isValid === (problems.size === 0)) continue;
        const exception = exceptionFor(group, isValid ? REFUSED : LET_THROUGH);
        if (exception === undefined) {
          faults.push(`${isValid ? 'refuses' : 'lets through'} “${group}”: ${description}`);
        } else {
          needed.add(exception);
        }
      }
      assert.deepEqual(faults, []);
    });
  }

  it('needs each of these exceptions', () => {
    const exceptions = [...Object.values(LET_THROUGH), ...Object.values(REFUSED)].flat();
    assert.deepEqual(
      exceptions.filter((name) => !needed.has(name)),
      [],
    );
  });
});
