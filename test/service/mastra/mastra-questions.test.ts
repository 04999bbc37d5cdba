import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { toInteraction } from '../../../src/protocol/questions/interactions.js';
import { toQuestion, toResponse, toResumeData } from '../../../src/service/mastra/mastra-questions.js';

const schemaOf = (properties: JsonObject): JsonObject => ({ type: 'object', properties });

/** A schema, the kind of its question, an answer to that, and the data that a step is resumed with. */
const CASES: readonly (readonly [string, JsonObject | undefined, string, JsonObject, unknown])[] = [
  [
    'one text',
    schemaOf({ answer: { type: 'string' } }),
    'text',
    { input: { role: 'user', parts: [{ text: 'beans' }] } },
    { answer: 'beans' },
  ],
  [
    'one of several texts',
    schemaOf({ answer: { type: 'string', enum: ['Yes', 'No'] } }),
    'choice',
    { selected: { ids: ['No'] } },
    { answer: 'No' },
  ],
  [
    'a text with a rule',
    schemaOf({ mail: { type: 'string', format: 'email' } }),
    'form',
    { mail: 'ann@example.org' },
    { mail: 'ann@example.org' },
  ],
  [
    'several members',
    schemaOf({ ok: { type: 'boolean' }, why: { type: 'string' } }),
    'form',
    { ok: true, why: '' },
    { ok: true, why: '' },
  ],
  ['anything', undefined, 'unknown', { value: 7 }, 7],
  ['any object', {}, 'unknown', { a: 1 }, { a: 1 }],
];

describe('a question of a step that is resumed with', () => {
  for (const [name, schema, kind, response, data] of CASES) {
    it(`${name} is asked as “${kind}”, and its answer is what the step gets`, () => {
      const suspendEvent = toQuestion({ question: 'What?' }, schema);
      const event = {
        type: 'inputRequired',
        nodeId: 'n',
        interactionId: 'i',
        index: 0,
        suspendEvent,
      } as const;
      assert.equal(toInteraction(event).kind, kind);
      const resumed = toResumeData(schema, response);
      assert.deepEqual(resumed, data);
      assert.deepEqual(toResumeData(schema, toResponse(schema, resumed)), data, 'there and back');
    });
  }

  it('a text shows what else was asked with it', () => {
    const question = toQuestion({ question: 'Send it?', mail: 'Dear Ann' }, CASES[0]?.[1]);
    assert.deepEqual(question, {
      waitForInput: {
        prompt: { parts: [{ text: 'Send it?' }, { json: { mail: 'Dear Ann' } }] },
        inputType: 'text',
      },
    });
  });

  it('says in the words of the host that it is no longer kept', () => {
    for (const [, schema] of CASES) {
      assert.match(JSON.stringify(toQuestion(undefined, schema, 'Nicht mehr da.')), /Nicht mehr da\./);
      assert.match(JSON.stringify(toQuestion(undefined, schema)), /no longer kept/);
    }
  });
});
