import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '../../../src/protocol/values/json.js';
import { USUAL_QUESTIONS } from '../../../src/service/langgraph/langgraph-questions.js';

const { toQuestion, toResponse, toValue } = USUAL_QUESTIONS;

/** A value, the question that it is, an answer, and the value of the answer. */
const CASES: readonly (readonly [string, JsonValue, JsonObject, JsonObject, JsonValue])[] = [
  [
    'a text',
    'Topic?',
    { waitForInput: { prompt: { parts: [{ text: 'Topic?' }] }, inputType: 'text' } },
    { input: { role: 'user', parts: [{ text: 'beans' }] } },
    'beans',
  ],
  [
    'a text with what a person needs to answer it',
    { question: 'Good?', draft: 'Beans' },
    {
      waitForInput: {
        prompt: { parts: [{ text: 'Good?' }, { json: { draft: 'Beans' } }] },
        inputType: 'text',
      },
    },
    { input: { role: 'user', parts: [{ text: 'yes' }] } },
    'yes',
  ],
  [
    'a choice',
    { message: 'Which?', options: ['Red', 'Green'] },
    {
      waitForChoice: {
        prompt: { parts: [{ text: 'Which?' }] },
        choices: [
          { id: 'Red', label: 'Red' },
          { id: 'Green', label: 'Green' },
        ],
        selectionMode: 'single',
        layout: 'list',
      },
    },
    { selected: { ids: ['Green'] } },
    'Green',
  ],
  [
    'a form',
    { prompt: 'Who?', schema: { type: 'object', properties: { name: { type: 'string' } } } },
    {
      inputNode: {
        schema: { type: 'object', properties: { name: { type: 'string' } }, description: 'Who?' },
      },
    },
    { name: 'Ann' },
    { name: 'Ann' },
  ],
  [
    'other JSON',
    { plan: [1, 2] },
    { interrupt: { prompt: { parts: [] }, value: { plan: [1, 2] } } },
    { value: [3] },
    [3],
  ],
  [
    'a review of the actions of an agent',
    {
      actionRequests: [
        { name: 'send_mail', args: { to: 'ann' }, description: 'A mail' },
        { name: 'drop_table', args: { table: 'beans' } },
        { name: 'search', args: {} },
      ],
      reviewConfigs: [
        { actionName: 'drop_table', allowedDecisions: ['approve', 'reject'] },
        { actionName: 'send_mail', allowedDecisions: ['approve', 'edit', 'reject'] },
        { actionName: 'search', allowedDecisions: ['approve'] },
      ],
    },
    {
      reviewActions: {
        actions: [
          {
            name: 'send_mail',
            args: { to: 'ann' },
            description: 'A mail',
            allowed: ['approve', 'edit', 'reject'],
          },
          { name: 'drop_table', args: { table: 'beans' }, allowed: ['approve', 'reject'] },
          { name: 'search', args: {}, allowed: ['approve'] },
        ],
      },
    },
    {
      decisions: [
        { type: 'edit', args: { to: 'ben' } },
        { type: 'reject', message: 'never' },
        { type: 'approve' },
      ],
    },
    {
      decisions: [
        { type: 'edit', editedAction: { name: 'send_mail', args: { to: 'ben' } } },
        { type: 'reject', message: 'never' },
        { type: 'approve' },
      ],
    },
  ],
  [
    'a review in the older form',
    ['accept', 'edit', 'ignore', 'respond'].map((permission) => ({
      action_request: { action: 'send_mail', args: { to: 'ann' } },
      config: { [`allow_${permission}`]: true },
    })),
    {
      reviewActions: {
        actions: (['approve', 'edit', 'reject', 'respond'] as const).map((type) => ({
          name: 'send_mail',
          args: { to: 'ann' },
          allowed: [type],
        })),
      },
    },
    {
      decisions: [
        { type: 'approve' },
        { type: 'edit', args: { to: 'ben' } },
        { type: 'reject' },
        { type: 'respond', message: 'Later' },
      ],
    },
    [
      { type: 'accept', args: null },
      { type: 'edit', args: { action: 'send_mail', args: { to: 'ben' } } },
      { type: 'ignore', args: null },
      { type: 'response', args: 'Later' },
    ],
  ],
  ['a number', 7, { interrupt: { prompt: { parts: [] }, value: 7 } }, { ok: true }, { ok: true }],
];

describe('a question of LangGraph', () => {
  for (const [name, value, question, response, resumed] of CASES) {
    it(`that is ${name} is asked as such, and answered in its form`, () => {
      assert.deepEqual(toQuestion(value), question);
      assert.deepEqual(toValue(value, response), resumed);
      assert.deepEqual(toResponse(value, resumed), response);
    });
  }

  it('answered by another client with something else is shown as what it was', () => {
    assert.deepEqual(toResponse('Topic?', { a: 1 }), {
      input: { role: 'user', parts: [{ text: '{"a":1}' }] },
    });
    assert.deepEqual(toResponse({ message: 'Which?', options: ['Red'] }, 7), { value: 7 });
  });

  it('whose answer is an object with the one member “value” keeps it', () => {
    const answer = { value: 1 };
    assert.deepEqual(toValue(7, toResponse(7, answer)), answer);
  });
});
