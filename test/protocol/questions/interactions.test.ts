import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { textContent } from '../../../src/protocol/content.js';
import {
  contentInputKind,
  isContentProperty,
  NONE_OF_THE_ABOVE,
  SKIPPED,
  toInteraction,
  toResponse,
  type Answer,
  type ChoiceInteraction,
  type Interaction,
} from '../../../src/protocol/questions/interactions.js';
import {
  answerText,
  type AnswerWords,
  questionText,
} from '../../../src/protocol/questions/interaction-text.js';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';

const BASE = { interactionId: 'i1', nodeId: 'poet', index: 4 };

function ask(suspendEvent: JsonObject): Interaction {
  return toInteraction({ type: 'inputRequired', ...BASE, suspendEvent });
}

function askChoice(members: JsonObject): ChoiceInteraction {
  const interaction = ask({ waitForChoice: { choices: [{ id: 'red' }, { id: 'blue' }], ...members } });
  assert.equal(interaction.kind, 'choice');
  return interaction as ChoiceInteraction;
}

const TOPIC_SCHEMA = {
  type: 'object',
  properties: {
    request: {
      type: 'object',
      title: 'What is the topic?',
      behavior: ['transient', 'llm-content', 'hint-required'],
      examples: ['{"parts":[{"text":""}],"role":"user"}'],
      format: 'edit_note',
    },
  },
};

const prompt = { role: 'user', parts: [{ text: 'Pick a **color**' }] };
const withoutRole = { parts: [{ text: 'Continue?' }] };

const ACTIONS = [
  { name: 'send_mail', args: { to: 'ann' }, description: 'A mail', allowed: ['edit', 'approve'] },
  { name: 'drop_table', allowed: ['reject', 'later'] },
  { name: 'search', args: {}, allowed: ['respond'] },
];
const REVIEW = ask({ reviewActions: { actions: ACTIONS } });

const QUESTIONS: readonly (readonly [name: string, suspendEvent: JsonObject, expected: object])[] = [
  [
    'a confirmation, with the nodes that run next',
    { confirm: { before: ['poet', '', 3] } },
    { kind: 'confirm', prompt: { parts: [] }, before: ['poet'] },
  ],
  [
    'a confirmation with a text',
    { confirm: { prompt: 'Continue?', before: 'poet' } },
    { kind: 'confirm', prompt: { parts: [{ text: 'Continue?' }] }, before: [] },
  ],
  [
    'a required form',
    { inputNode: { schema: TOPIC_SCHEMA } },
    { kind: 'form', schema: TOPIC_SCHEMA, isSkippable: false },
  ],
  [
    'a review of actions, with the decisions in their usual order',
    { reviewActions: { actions: ACTIONS } },
    {
      kind: 'review',
      actions: [
        { name: 'send_mail', args: { to: 'ann' }, description: 'A mail', allowed: ['approve', 'edit'] },
        { name: 'drop_table', args: {}, description: '', allowed: ['reject'] },
        { name: 'search', args: {}, description: '', allowed: ['respond'] },
      ],
    },
  ],
  [
    'a review of an action whose name would read as another',
    { reviewActions: { actions: [{ name: 'safe\u202Eeteled', allowed: ['approve'] }] } },
    { kind: 'review', actions: [{ name: 'safeeteled', args: {}, description: '', allowed: ['approve'] }] },
  ],
  ...[
    { actions: [] },
    { actions: 'send_mail' },
    { actions: [{ name: '', allowed: ['approve'] }] },
    { actions: [{ name: 'a', allowed: [] }] },
    { actions: [{ name: 'a', args: 7, allowed: ['approve'] }] },
  ].map(
    (payload) =>
      [
        `a review without actions that can be decided: ${JSON.stringify(payload)}`,
        { reviewActions: payload },
        { kind: 'unknown', wireKind: 'reviewActions', prompt: { parts: [] }, payload },
      ] as const,
  ),
  [
    'an optional form',
    { inputNode: { schema: { type: 'object', properties: { request: { behavior: ['llm-content'] } } } } },
    {
      kind: 'form',
      schema: { type: 'object', properties: { request: { behavior: ['llm-content'] } } },
      isSkippable: true,
    },
  ],
  [
    'a form that is required by its schema',
    { inputNode: { schema: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } } } },
    {
      kind: 'form',
      schema: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
      isSkippable: false,
    },
  ],
  ...(['oneOf', 'anyOf', 'allOf'] as const).map((key) => {
    const schema = { type: 'object', [key]: [{ required: ['a'] }, { properties: { b: {} } }] };
    return [
      `a form with a required member in one of ${key}`,
      { inputNode: { schema } },
      { kind: 'form', schema, isSkippable: key !== 'allOf' },
    ] as const;
  }),
  ...[
    { minProperties: 1 },
    { not: { type: 'object' } },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
    { if: { properties: { a: { const: 1 } } }, then: { required: ['b'] } },
    { if: { required: ['a'] }, else: { allOf: [{ required: ['b'] }] } },
    { oneOf: [false, { required: ['a'] }] },
  ].map((schema: JsonObject): readonly [string, JsonObject, object] => [
    `a form that an empty object does not match: ${JSON.stringify(schema)}`,
    { inputNode: { schema } },
    { kind: 'form', schema, isSkippable: false },
  ]),
  [
    'a form whose required fields are defined by a reference',
    { inputNode: { schema: { $ref: '#/$defs/a' } } },
    { kind: 'form', schema: { $ref: '#/$defs/a' }, isSkippable: false },
  ],
  [
    'a form without a schema',
    { inputNode: {} },
    { kind: 'form', schema: { type: 'object', properties: {} }, isSkippable: true },
  ],
  [
    'a form whose schema is JSON text',
    { inputNode: { schema: JSON.stringify(TOPIC_SCHEMA) } },
    { kind: 'form', schema: TOPIC_SCHEMA, isSkippable: false },
  ],
  ...[[], 'a topic', 7, false].map((schema): readonly [string, JsonObject, object] => [
    `a form whose schema cannot be read is answered with JSON: ${JSON.stringify(schema)}`,
    { inputNode: { schema } },
    { kind: 'unknown', wireKind: 'inputNode', prompt: { parts: [] }, payload: { schema } },
  ]),
  [
    'a form with a prompt next to its schema',
    { inputNode: { schema: { properties: {}, description: 'In a few words' }, prompt: withoutRole } },
    {
      kind: 'form',
      schema: { properties: {}, description: 'Continue?\n\nIn a few words' },
      isSkippable: true,
    },
  ],
  [
    'a question with other members next to it',
    { meta: { attempt: 2 }, waitForInput: { prompt: 'Continue?' } },
    { kind: 'text', prompt: withoutRole, inputKind: 'any' },
  ],
  [
    'an unknown question with other members next to it, of which all are shown',
    { signHere: { message: 'Sign' }, before: 'Friday' },
    {
      kind: 'unknown',
      wireKind: 'signHere',
      prompt: { parts: [] },
      payload: { signHere: { message: 'Sign' }, before: 'Friday' },
    },
  ],
  [
    'a question whose payload is its prompt',
    { waitForInput: 'Continue?' },
    { kind: 'text', prompt: withoutRole, inputKind: 'any' },
  ],
  [
    'a form whose schema is garbage',
    { inputNode: { schema: { required: 'all', properties: [1] } } },
    { kind: 'form', schema: { required: 'all', properties: [1] }, isSkippable: true },
  ],
  [
    'a request for text that can be skipped',
    {
      waitForInput: {
        requestId: 'r',
        prompt,
        inputType: 'edit_note',
        skipLabel: 'Not now',
        interactionId: 'i1',
      },
    },
    { kind: 'text', prompt, inputKind: 'text', skipLabel: 'Not now' },
  ],
  [
    'an empty skip label',
    { waitForInput: { prompt, inputType: 'text', skipLabel: '' } },
    { kind: 'text', prompt, inputKind: 'text' },
  ],
  [
    'a prompt without a role',
    { waitForInput: { prompt: withoutRole, inputType: 'asterisk' } },
    { kind: 'text', prompt: withoutRole, inputKind: 'any' },
  ],
  [
    'a prompt that is a string',
    { waitForInput: { prompt: 'Continue?' } },
    { kind: 'text', prompt: withoutRole, inputKind: 'any' },
  ],
  ['no prompt at all', { waitForInput: {} }, { kind: 'text', prompt: { parts: [] }, inputKind: 'any' }],
  ['a body of null', { waitForInput: null }, { kind: 'text', prompt: { parts: [] }, inputKind: 'any' }],
  [
    'a choice as the real loop sends it',
    {
      waitForChoice: {
        requestId: 'r',
        prompt,
        choices: [{ id: 'red', content: { parts: [{ text: 'Red' }], role: 'user' } }],
        selectionMode: 'single',
        layout: 'row',
        noneOfTheAboveLabel: 'None of these',
        interactionId: 'i1',
      },
    },
    {
      kind: 'choice',
      prompt,
      choices: [{ id: 'red', content: { parts: [{ text: 'Red' }], role: 'user' } }],
      selectionMode: 'single',
      layout: 'row',
      noneOfTheAboveLabel: 'None of these',
    },
  ],
  [
    'a choice with the least it can have',
    { waitForChoice: { choices: [{ id: 'red' }, { id: 'blue', label: 'Blue' }] } },
    {
      kind: 'choice',
      prompt: { parts: [] },
      choices: [
        { id: 'red', content: textContent('red') },
        { id: 'blue', content: textContent('Blue') },
      ],
      selectionMode: 'single',
      layout: 'list',
    },
  ],
  [
    'a choice of which a part cannot be read is answered with JSON',
    { waitForChoice: { choices: ['red', null, { id: 3 }, { id: 'blue' }], layout: 'spiral' } },
    {
      kind: 'unknown',
      wireKind: 'waitForChoice',
      prompt: { parts: [] },
      payload: { choices: ['red', null, { id: 3 }, { id: 'blue' }], layout: 'spiral' },
    },
  ],
  [
    'a choice of things with nothing to see, which have their ids as names',
    {
      waitForChoice: {
        choices: [
          { id: 'red', label: ' \u200B' },
          { id: 'blue', content: { parts: [{ text: '' }] } },
        ],
      },
    },
    {
      kind: 'choice',
      prompt: { parts: [] },
      choices: [
        { id: 'red', content: textContent('red') },
        { id: 'blue', content: textContent('blue') },
      ],
      selectionMode: 'single',
      layout: 'list',
    },
  ],
  [
    'a choice of nothing is answered with JSON',
    { waitForChoice: { prompt, choices: [] } },
    { kind: 'unknown', wireKind: 'waitForChoice', prompt, payload: { prompt, choices: [] } },
  ],
  [
    'consent',
    { queryConsent: { requestId: 'r', consentType: 'GET_ANY_WEBPAGE', scope: {}, graphUrl: '' } },
    { kind: 'consent', consentType: 'GET_ANY_WEBPAGE', scope: {} },
  ],
  [
    'consent with garbage',
    { queryConsent: { consentType: 7, scope: 'all' } },
    { kind: 'consent', consentType: 'UNKNOWN', scope: {} },
  ],
  [
    'readGraph',
    { readGraph: { requestId: 'r', interactionId: 'i1' } },
    {
      kind: 'unknown',
      wireKind: 'readGraph',
      prompt: { parts: [] },
      payload: { requestId: 'r', interactionId: 'i1' },
    },
  ],
  [
    'a kind of the future with a message',
    { signHere: { message: 'Sign the contract' } },
    {
      kind: 'unknown',
      wireKind: 'signHere',
      prompt: { parts: [{ text: 'Sign the contract' }] },
      payload: { message: 'Sign the contract' },
    },
  ],
  ['an empty event', {}, { kind: 'unknown', wireKind: '', prompt: { parts: [] }, payload: null }],
];

describe('toInteraction', () => {
  for (const [name, suspendEvent, expected] of QUESTIONS) {
    it(name, () => assert.deepEqual(ask(suspendEvent), { ...BASE, ...expected }));
  }

  it('a form whose schema is nested deeper than the stack', () => {
    let schema: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth += 1) schema = { allOf: [schema] };
    const question = ask({ inputNode: { schema } });
    assert.ok(question.kind === 'form' && !question.isSkippable);
  });

  const INPUT_TYPES = [
    ['asterisk', 'any'],
    ['any', 'any'],
    ['edit_note', 'text'],
    ['text', 'text'],
    ['upload', 'files'],
    ['file-upload', 'files'],
    ['image', 'files'],
    ['mic', 'files'],
    ['videocam', 'files'],
    ['telepathy', 'any'],
    [undefined, 'any'],
    [7, 'any'],
  ] as const;
  for (const [inputType, expected] of INPUT_TYPES) {
    it(`takes input type ${String(inputType)} for ${expected}`, () => {
      const interaction = ask({
        waitForInput: { prompt, ...(inputType === undefined ? {} : { inputType }) },
      });
      assert.equal(interaction.kind === 'text' && interaction.inputKind, expected);
      assert.equal(contentInputKind(inputType === undefined ? {} : { format: inputType }), expected);
    });
  }

  it('makes any payload a question with a text and an answer', () => {
    const kinds = fc.constantFrom('inputNode', 'waitForInput', 'waitForChoice', 'queryConsent', 'other');
    fc.assert(
      fc.property(kinds, fc.jsonValue(), (kind, payload) => {
        const interaction = ask({ [kind]: payload as JsonObject });
        assert.equal(typeof questionText(interaction), 'string');
        const response = toResponse(interaction, answerTo(interaction));
        assert.ok(isJsonObject(response));
        assert.equal(typeof answerText(interaction, response), 'string');
      }),
      { numRuns: 500 },
    );
  });
});

function answerTo(interaction: Interaction): Answer {
  switch (interaction.kind) {
    case 'form':
      return { kind: 'form', values: {} };
    case 'text':
      return { kind: 'text', content: textContent('Yes') };
    case 'choice':
      return { kind: 'choice', selectedIds: interaction.choices.slice(0, 1).map((choice) => choice.id) };
    case 'consent':
      return { kind: 'consent', isGranted: true };
    case 'confirm':
      return { kind: 'confirm' };
    case 'review':
      return { kind: 'review', decisions: interaction.actions.map(() => ({ type: 'approve' })) };
    case 'unknown':
      return { kind: 'unknown', response: { a: 1 } };
  }
}

describe('toResponse', () => {
  const topic = ask({ inputNode: { schema: TOPIC_SCHEMA } });
  const text = ask({ waitForInput: { prompt, skipLabel: 'Not now' } });
  const beans = textContent('Green beans');
  const CASES: readonly (readonly [
    name: string,
    interaction: Interaction,
    answer: Answer,
    response: object,
  ])[] = [
    [
      'the values of a form as they are',
      topic,
      { kind: 'form', values: { request: { role: 'user', parts: [{ text: 'Green beans' }] } } },
      { request: { role: 'user', parts: [{ text: 'Green beans' }] } },
    ],
    ['text under “input”', text, { kind: 'text', content: beans }, { input: beans }],
    [
      'text and a file together',
      text,
      {
        kind: 'text',
        content: {
          parts: [{ text: 'See' }, { inlineData: { mimeType: 'image/png', data: 'AA==', title: 'a.png' } }],
        },
      },
      {
        input: {
          parts: [{ text: 'See' }, { inlineData: { mimeType: 'image/png', data: 'AA==', title: 'a.png' } }],
        },
      },
    ],
    [
      'decisions about actions, without what was left empty',
      REVIEW,
      {
        kind: 'review',
        decisions: [
          { type: 'edit', args: { to: 'ben' } },
          { type: 'reject', message: '' },
          { type: 'respond', message: 'Later' },
        ],
      },
      {
        decisions: [
          { type: 'edit', args: { to: 'ben' } },
          { type: 'reject' },
          { type: 'respond', message: 'Later' },
        ],
      },
    ],
    ['the mark of a skip', text, { kind: 'skip' }, { input: textContent(SKIPPED) }],
    ['nothing for a skipped form', ask({ inputNode: {} }), { kind: 'skip' }, {}],
    [
      'an id that two choices have, once',
      askChoice({}),
      { kind: 'choice', selectedIds: ['red', 'red'] },
      { selected: { ids: ['red'] } },
    ],
    ['one id', askChoice({}), { kind: 'choice', selectedIds: ['red'] }, { selected: { ids: ['red'] } }],
    [
      'several ids',
      askChoice({ selectionMode: 'multiple' }),
      { kind: 'choice', selectedIds: ['red', 'blue'] },
      { selected: { ids: ['red', 'blue'] } },
    ],
    [
      'none of the above',
      askChoice({ noneOfTheAboveLabel: 'Neither' }),
      { kind: 'choice', selectedIds: [NONE_OF_THE_ABOVE] },
      { selected: { ids: ['__none_of_the_above__'] } },
    ],
    ['consent given', ask({ queryConsent: {} }), { kind: 'consent', isGranted: true }, { consent: true }],
    ['consent refused', ask({ queryConsent: {} }), { kind: 'consent', isGranted: false }, { consent: false }],
    [
      'JSON for a kind it does not know',
      ask({ applyEdits: {} }),
      { kind: 'unknown', response: { applied: true } },
      { applied: true },
    ],
  ];
  for (const [name, interaction, answer, response] of CASES) {
    it(name, () => assert.deepEqual(toResponse(interaction, answer), response));
  }

  const MISTAKES: readonly (readonly [name: string, interaction: Interaction, answer: Answer])[] = [
    ['an answer of another kind', text, { kind: 'consent', isGranted: true }],
    ['skipping a required form', topic, { kind: 'skip' }],
    ['skipping text that must be given', ask({ waitForInput: { prompt } }), { kind: 'skip' }],
    ['skipping a choice', askChoice({}), { kind: 'skip' }],
  ];
  for (const [name, interaction, answer] of MISTAKES) {
    it(`throws for ${name}`, () => assert.throws(() => toResponse(interaction, answer), TypeError));
  }
});

describe('questionText', () => {
  const CASES: readonly (readonly [expected: string, suspendEvent: JsonObject])[] = [
    ['What is the topic?', { inputNode: { schema: TOPIC_SCHEMA } }],
    ['Your trip', { inputNode: { schema: { title: 'Your trip', properties: { a: { title: 'From' } } } } }],
    [
      'From, To',
      { inputNode: { schema: { properties: { a: { title: 'From' }, b: { title: 'To' }, c: 1 } } } },
    ],
    ['', { inputNode: { schema: { properties: { a: { title: '' } } } } }],
    ['How to send it', { inputNode: { schema: { description: 'How to send it', oneOf: [{}, {}] } } }],
    ['Pick a **color**', { waitForInput: { prompt } }],
    ['read any web page', { queryConsent: { consentType: 'GET_ANY_WEBPAGE' } }],
    ['send_mail, drop_table, search', { reviewActions: { actions: ACTIONS } }],
    ['send mail', { queryConsent: { consentType: 'SEND_MAIL' } }],
    ['Sign the contract', { signHere: { message: 'Sign the contract' } }],
  ];
  for (const [expected, suspendEvent] of CASES) {
    it(`is “${expected}”`, () => assert.equal(questionText(ask(suspendEvent)), expected));
  }
});

describe('answerText', () => {
  const choice = askChoice({
    choices: [
      { id: 'r', label: 'Red' },
      { id: 'b', label: 'Blue' },
    ],
  });
  const skippable = ask({ waitForInput: { prompt, skipLabel: 'Not now' } });
  const CASES: readonly (readonly [expected: string, interaction: Interaction, response: JsonObject])[] = [
    ['Red, Blue', choice, { selected: { ids: ['r', 'b'] } }],
    ['gone', choice, { selected: { ids: ['gone'] } }],
    ['Neither', choice, { selected: { ids: [NONE_OF_THE_ABOVE] } }],
    ['', choice, { selected: 'r' }],
    ['Yes', ask({ queryConsent: {} }), { consent: true }],
    ['Continued', ask({ confirm: {} }), { confirm: true }],
    ['No', ask({ queryConsent: {} }), { consent: 'yes' }],
    ['Passed over', ask({ inputNode: {} }), { input: { parts: [{ text: SKIPPED }] } }],
    ['Not now', skippable, { input: { role: 'user', parts: [{ text: SKIPPED }] } }],
    ['Hello', skippable, { input: { parts: [{ text: 'Hello' }] } }],
    [
      'send_mail: Edited, drop_table: Rejected (never), search: Answered (Later)',
      REVIEW,
      {
        decisions: [
          { type: 'edit', args: {} },
          { type: 'reject', message: 'never' },
          { type: 'respond', message: 'Later' },
        ],
      },
    ],
    ['', REVIEW, { decisions: 'all' }],
    ['Passed over', ask({ inputNode: {} }), {}],
    ['Oslo, 3', ask({ inputNode: {} }), { city: 'Oslo', nights: 3 }],
  ];
  const words: AnswerWords = {
    answerNone: 'Neither',
    answerSkipped: 'Passed over',
    answerAllowed: 'Yes',
    answerNotAllowed: 'No',
    answerApproved: 'Approved',
    answerEdited: 'Edited',
    answerRejected: 'Rejected',
    answerResponded: 'Answered',
    answerContinued: 'Continued',
  };
  for (const [expected, interaction, response] of CASES) {
    it(`is “${expected}”`, () => assert.equal(answerText(interaction, response, words), expected));
  }

  it('has no words of its own', () => {
    assert.equal(answerText(choice, { selected: { ids: [NONE_OF_THE_ABOVE] } }), '');
    assert.equal(answerText(ask({ queryConsent: {} }), { consent: true }), '');
  });
});

describe('isContentProperty', () => {
  it('goes by the behaviour', () => {
    assert.equal(isContentProperty({ type: 'object', behavior: ['llm-content'] }), true);
    assert.equal(isContentProperty({ type: 'object', behavior: 'llm-content' }), false);
    assert.equal(isContentProperty({ type: 'object' }), false);
  });
});
