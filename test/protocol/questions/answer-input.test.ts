import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inputOfAnswer } from '../../../src/protocol/questions/answer-input.js';
import { toInteraction, type Interaction } from '../../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { headlessResponse } from '../../../src/runner/headless-answer.js';

function question(suspendEvent: JsonObject): Interaction {
  return toInteraction({ type: 'inputRequired', nodeId: 'n', interactionId: 'i', suspendEvent, index: 1 });
}

const CHOICES = [
  { id: 'r', content: { parts: [{ text: 'Red' }] } },
  { id: 'a, b', content: { parts: [] } },
];

const ANSWERS: readonly (readonly [string, JsonObject, JsonObject])[] = [
  ['a text', { waitForInput: {} }, { input: { role: 'user', parts: [{ text: 'beans' }] } }],
  ['a choice', { waitForChoice: { choices: CHOICES } }, { selected: { ids: ['a, b'] } }],
  ['a consent', { queryConsent: { consentType: 'X' } }, { consent: false }],
  ['a form', { inputNode: { schema: { properties: { a: { type: 'integer' } } } } }, { a: 3 }],
  ['a question of another kind', { riddle: {} }, { answer: ['x'] }],
];

for (const [name, asked, response] of ANSWERS) {
  it(`the answer to ${name} becomes an input that gives the same answer`, () => {
    const interaction = question(asked);
    assert.deepEqual(headlessResponse(interaction, inputOfAnswer(interaction, response)), response);
  });
}

it('an answer with secrets, and a choice that an input cannot express, are given again', () => {
  const secret = question({
    inputNode: { schema: { properties: { key: { type: 'string', format: 'password' } } } },
  });
  assert.equal(inputOfAnswer(secret, { key: 'x' }), undefined);
  const several = question({ waitForChoice: { choices: CHOICES, selectionMode: 'multiple' } });
  assert.equal(inputOfAnswer(several, { selected: { ids: ['r', 'a, b'] } }), undefined);
  assert.equal(inputOfAnswer(several, { selected: { ids: [] } }), undefined);
});
