import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { escapeKey } from '../../../src/protocol/schema/json-pointer.js';
import { parseEvent } from '../../../src/protocol/events.js';
import type { JsonObject, JsonValue } from '../../../src/protocol/values/json.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import { toSummary } from '../../../src/protocol/to-summary.js';
import {
  hasSecrets,
  isSecretPlace,
  maskSecrets,
  SECRET_TEXT,
  withoutSecrets,
} from '../../../src/protocol/schema/secrets.js';

const PASSWORD: JsonObject = { type: 'string', format: 'password' };
const WRITE_ONLY: JsonObject = { type: 'string', writeOnly: true };
const MARK = 'sk-secret-123';

/** Schemas that make `/login/key` secret, each in another way. */
const WAYS: Readonly<Record<string, JsonObject>> = {
  'a format': login({ properties: { key: PASSWORD } }),
  writeOnly: login({ properties: { key: WRITE_ONLY } }),
  'a group that is writeOnly': login({ properties: { key: {} }, writeOnly: true }),
  'a reference': { ...login({ properties: { key: { $ref: '#/$defs/key' } } }), $defs: { key: PASSWORD } },
  'a reference with escapes': {
    ...login({ properties: { key: { $ref: '#/$defs/List%3CText%3E~1x' } } }),
    $defs: { 'List<Text>/x': PASSWORD },
  },
  'a reference to an anchor': {
    ...login({ properties: { key: { $ref: '#key' } } }),
    $defs: { any: { $anchor: 'key', ...PASSWORD } },
  },
  'a reference to an old anchor': {
    ...login({ properties: { key: { $ref: '#key' } } }),
    definitions: { any: { $id: '#key', ...PASSWORD } },
  },
  'a word next to a reference': {
    ...login({ properties: { key: { $ref: '#/$defs/text', writeOnly: true } } }),
    $defs: { text: { type: 'string' } },
  },
  allOf: login({ allOf: [{ properties: { key: {} } }, { properties: { key: PASSWORD } }] }),
  anyOf: login({ anyOf: [{ properties: { other: {} } }, { properties: { key: PASSWORD } }] }),
  'this or null': login({ properties: { key: { anyOf: [PASSWORD, { type: 'null' }] } } }),
  // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
  then: login({ if: { required: ['key'] }, then: { properties: { key: PASSWORD } } }),
  else: login({ if: {}, else: { properties: { key: PASSWORD } } }),
  dependentSchemas: login({ dependentSchemas: { user: { properties: { key: PASSWORD } } } }),
  dependencies: login({ dependencies: { user: { properties: { key: PASSWORD } } } }),
  patternProperties: login({ patternProperties: { '^k': PASSWORD } }),
  additionalProperties: login({ properties: { user: {} }, additionalProperties: PASSWORD }),
  'a schema that refers to itself': {
    $ref: '#/$defs/node',
    $defs: { node: { properties: { login: { $ref: '#/$defs/node' }, key: PASSWORD } } },
  },
};

function login(schema: JsonObject): JsonObject {
  return { type: 'object', properties: { login: { type: 'object', ...schema } } };
}

describe('the secrets of an answer', () => {
  for (const [way, schema] of Object.entries(WAYS)) {
    it(`are found by ${way}`, () => {
      const value = { login: { key: MARK, user: 7 }, note: 'n' };
      const isWhole = way === 'a group that is writeOnly';
      const hidden = isWhole ? SECRET_TEXT : { key: SECRET_TEXT, user: 7 };
      const expected = way === 'additionalProperties' || way === 'patternProperties' ? undefined : hidden;
      const masked = maskSecrets(value, schema);
      assert.ok(!JSON.stringify(masked).includes(MARK));
      if (expected !== undefined) assert.deepEqual(masked, { login: expected, note: 'n' });
      assert.ok(!JSON.stringify(withoutSecrets(value, schema)).includes(MARK));
      assert.ok(hasSecrets(schema));
      assert.ok(isSecretPlace(schema, '/login/key'));
      assert.ok(!isSecretPlace(schema, '/note'));
    });
  }

  it('are found in lists and tuples', () => {
    const schema: JsonObject = {
      properties: {
        list: { items: { properties: { key: PASSWORD } } },
        tuple: { prefixItems: [{}, PASSWORD] },
        old: { items: [{}, PASSWORD], additionalItems: {} },
      },
    };
    const value = { list: [{ key: MARK, a: 1 }, { key: MARK }], tuple: [1, MARK, 2], old: [1, MARK] };
    assert.deepEqual(maskSecrets(value, schema), {
      list: [{ key: SECRET_TEXT, a: 1 }, { key: SECRET_TEXT }],
      tuple: [1, SECRET_TEXT, 2],
      old: [1, SECRET_TEXT],
    });
    assert.deepEqual(withoutSecrets(value, schema), {
      list: [{ a: 1 }, {}],
      tuple: [1, null, 2],
      old: [1, null],
    });
    assert.ok(isSecretPlace(schema, '/list/3/key'));
  });

  it('are hidden whatever they are, and wherever they stand', () => {
    const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 6 }),
        fc.jsonValue(),
        fc.jsonValue(),
        (keys, secret, other) => {
          const name = (position: number) => keys[position] ?? '';
          let schema: JsonObject = WRITE_ONLY;
          let value: JsonValue = [MARK, secret as JsonValue];
          for (let position = keys.length - 1; position >= 0; position -= 1) {
            schema = { properties: { [name(position)]: schema } };
            value = { [name(position)]: value, [`${name(position)}-other`]: other as JsonValue };
          }
          const masked = JSON.stringify(maskSecrets(value as JsonObject, schema));
          assert.ok(!masked.includes(MARK));
          assert.equal(
            masked,
            JSON.stringify(value).replace(JSON.stringify([MARK, secret]), JSON.stringify(SECRET_TEXT)),
          );
          assert.ok(isSecretPlace(schema, keys.map((part) => `/${escapeKey(part)}`).join('')));
        },
      ),
    );
  });

  it('leave a value alone when its schema has none', () => {
    const value = { a: [1, { b: 'c' }] };
    for (const schema of [{}, { properties: { a: {} } }, { title: 'password', $ref: '#' }]) {
      assert.equal(maskSecrets(value, schema), value);
      assert.equal(withoutSecrets(value, schema), value);
    }
  });

  it('are hidden in a value that is nested deeper than the stack', () => {
    const schema: JsonObject = { properties: { next: { $ref: '#' }, key: PASSWORD } };
    let value: JsonObject = { key: MARK };
    for (let depth = 0; depth < 20_000; depth += 1) value = { next: value };
    assert.ok(!JSON.stringify(maskSecrets(value, schema)).includes(MARK));
  });

  it('take no time with a schema whose references multiply', () => {
    const $defs: Record<string, JsonObject> = { d40: PASSWORD };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { allOf: [next, next], properties: { a: next } };
    }
    const schema = { $ref: '#/$defs/d0', $defs };
    assert.equal(JSON.stringify(maskSecrets({ a: MARK }, schema)).includes(MARK), false);
  });
});

describe('the row of a session', () => {
  it('has no secret of the first answer', () => {
    const events = [
      { type: 'graphStart', sessionId: 's' },
      { type: 'nodeStart', nodeId: 'n' },
      {
        type: 'inputRequired',
        nodeId: 'n',
        interactionId: 'i',
        suspendEvent: { inputNode: { schema: { properties: { user: { type: 'string' }, key: PASSWORD } } } },
      },
      {
        type: 'inputResolved',
        nodeId: 'n',
        interactionId: 'i',
        by: 'user',
        response: { user: 'ada', key: MARK },
      },
    ].map((event, index) => parseEvent({ ...event, index }));
    assert.equal(toSummary(applyEvents(EMPTY_SESSION, events)).answer, `ada, ${SECRET_TEXT}`);
  });
});
