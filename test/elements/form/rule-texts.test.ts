import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formFields } from '../../../src/elements/form/model/fields-from-schema.js';
import { draftOf } from '../../../src/elements/form/model/form-draft.js';
import { loadSchemaCheck } from '../../../src/elements/form/schema/schema-check.js';
import { problemsAtFields } from '../../../src/elements/form/model/schema-problems.js';
import { problemText } from '../../../src/elements/form/problem-text.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';

const MEMBERS = { properties: { mail: { title: 'E-mail' }, phone: {}, list: {}, word: { type: 'string' } } };

describe('a rule that no single field can check', async () => {
  const check = await loadSchemaCheck();
  assert.ok(check !== undefined);

  const RULES: readonly (readonly [rule: JsonObject, values: JsonObject, place: string, text: string])[] = [
    [{ minProperties: 2 }, { mail: 'a' }, '', 'Fill in at least 2'],
    [{ maxProperties: 1 }, { mail: 'a', phone: 'b' }, '', 'Fill in at most 1'],
    [{ anyOf: [{ required: ['mail'] }, { required: ['phone'] }] }, {}, '', 'Fill in E-mail or Phone'],
    [
      { anyOf: [{ required: ['mail', 'word'] }, { required: ['phone'] }] },
      {},
      '',
      'Fill in E-mail and Word or Phone',
    ],
    [
      { oneOf: [{ required: ['mail'] }, { required: ['phone'] }] },
      { mail: 'a', phone: 'b' },
      '',
      'Fill in only one of E-mail, Phone',
    ],
    [{ oneOf: [{}, {}] }, {}, '', 'This can be read in several ways, but only one is allowed'],
    [
      { not: { required: ['mail', 'phone'] } },
      { mail: 'a', phone: 'b' },
      '',
      'Do not fill in all of E-mail, Phone',
    ],
    [
      { properties: { phone: { not: { const: '0' } } } },
      { phone: '0' },
      '/phone',
      'This value is not allowed',
    ],
    [{ propertyNames: { maxLength: 2 } }, { mail: 'a' }, '', 'The name “mail” is not allowed'],
    [{ dependentRequired: { mail: ['phone'] } }, { mail: 'a' }, '/phone', 'Required'],
    [{ dependencies: { mail: ['phone'] } }, { mail: 'a' }, '/phone', 'Required'],
    [
      { properties: { list: { contains: { const: 1 } } } },
      { list: [2] },
      '/list',
      'A required item is missing in this list',
    ],
    [
      { properties: { list: { contains: { const: 1 }, minContains: 2 } } },
      { list: [1, 2] },
      '/list',
      'At least 2 of the required items needed',
    ],
    [
      { properties: { list: { contains: { const: 1 }, maxContains: 1 } } },
      { list: [1, 1] },
      '/list',
      'At most 1 of these items allowed',
    ],
    [
      { properties: { list: { items: { multipleOf: 0.1 } } } },
      { list: [0.3, 0.25] },
      '/list',
      '1: Enter a multiple of 0.1',
    ],
    [
      { properties: { word: { anyOf: [{ maxLength: 1 }, { minLength: 4 }] } } },
      { word: 'abc' },
      '/word',
      'Either: Enter at most 1 character; or: Enter at least 4 characters',
    ],
    [
      { properties: { word: { anyOf: [{ const: 'a' }, { enum: ['b', 'c'] }] } } },
      { word: 'd' },
      '/word',
      'Must be one of "a", "b", "c"',
    ],
    [
      { properties: { phone: { anyOf: [{ type: 'number' }, { type: 'null' }] } } },
      { phone: 'a' },
      '/phone',
      'Wrong type of value',
    ],
    [
      { properties: { phone: { anyOf: [{ type: 'number' }, { type: 'object', required: ['code'] }] } } },
      { phone: {} },
      '/phone',
      'code: Required',
    ],
    [{ properties: { phone: { anyOf: [false, false] } } }, { phone: 'a' }, '/phone', 'Not allowed here'],
    [{ unevaluatedProperties: false }, { other: 1 }, '', 'other: Not allowed here'],
  ];
  for (const [rule, values, place, text] of RULES) {
    it(`is said in words: ${text}, for ${JSON.stringify(rule)}`, () => {
      const schema: JsonObject = { type: 'object', allOf: [MEMBERS, rule] };
      const form = formFields(MEMBERS, '');
      const found = problemsAtFields(check.problems(schema, values), form, draftOf(values));
      assert.deepEqual(
        [...found].map(([pointer, problem]) => [pointer, problemText(problem, englishStrings)]),
        [[place, text]],
      );
    });
  }
});
