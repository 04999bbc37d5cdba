/** The question cards that `npm run screenshots:states` takes pictures of. */
import { toInteraction } from '../src/protocol/questions/interactions.js';

/** @typedef {import('../src/index.js').JsonObject} JsonObject */

/** @param {string} text */
const prompt = (text) => ({ role: 'user', parts: [{ text }] });

/** @param {string} code @param {JsonObject} [members] */
const refused = (code, members = {}) => ({
  phase: 'refused',
  error: { code, message: 'Two fields are wrong.', members },
});

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const review = [
  {
    name: 'send_mail',
    args: { to: 'ann@example.org', subject: 'Beans', text: 'How many beans do you need?' },
    description: 'Ann has asked for a reply.',
    allowed: ['approve', 'edit', 'reject', 'respond'],
  },
  { name: 'delete_file', args: { path: 'beans.txt' }, allowed: ['approve', 'reject'] },
];
const moods = ['Calm', 'Playful', 'Melancholy'].map((label) => ({ id: label, content: prompt(label) }));
const order = {
  title: 'Order form',
  description: 'What the kitchen needs to know.',
  type: 'object',
  required: ['name', 'size', 'delivery'],
  properties: {
    name: { type: 'string', title: 'Name on the order' },
    size: { enum: ['Small', 'Medium', 'Large'], title: 'Size' },
    count: { type: 'integer', title: 'How many', minimum: 1, maximum: 9, default: 2 },
    day: { type: 'string', format: 'date', title: 'Day' },
    extras: {
      type: 'array',
      title: 'Extras',
      uniqueItems: true,
      items: { enum: ['Basil', 'Olives', 'Chili'] },
    },
    delivery: {
      title: 'Delivery',
      oneOf: [
        {
          title: 'By bicycle',
          properties: {
            by: { const: 'bicycle' },
            street: { type: 'string', title: 'Street' },
            city: { type: 'string', title: 'City' },
          },
          required: ['by', 'street'],
        },
        { title: 'I fetch it', properties: { by: { const: 'self' } } },
      ],
    },
    guests: {
      type: 'array',
      title: 'Guests',
      default: ['Ann', 'Ben'],
      items: { type: 'string' },
      description: 'In the order in which they are served.',
    },
    note: { type: 'string', format: 'textarea', title: 'Note', description: 'Allergies, wishes' },
    news: { type: 'boolean', title: 'Tell me about new dishes' },
  },
};
const delivery = {
  ...order.properties.delivery,
  title: 'How shall it come to you?',
  description: 'We deliver on weekdays.',
};
const small = { type: 'object', properties: { city: { type: 'string', title: 'City' } }, required: ['city'] };

/** The questions, each with the properties of its card; `press`: a button that is pressed. @type {readonly (readonly [JsonObject, object?])[]} */
const CARDS = [
  [
    {
      waitForInput: {
        prompt: prompt('How many stanzas should the poem have?'),
        inputType: 'text',
        skipLabel: 'You decide',
      },
    },
  ],
  [
    { waitForInput: { prompt: prompt('Show me what it should look like.'), inputType: 'any' } },
    {
      draft: {
        kind: 'text',
        content: {
          role: 'user',
          parts: [
            { text: 'Like this one, only greener.' },
            { inlineData: { mimeType: 'image/png', data: PIXEL, title: 'beans-on-a-pole-in-june.png' } },
          ],
        },
      },
      draftDurability: 'kept-without-files',
    },
  ],
  [
    { waitForInput: { prompt: prompt('Please send the signed contract.'), inputType: 'upload' } },
    { press: 'Send' },
  ],
  [
    {
      waitForChoice: {
        prompt: prompt('Which mood should it have?'),
        choices: moods,
        layout: 'row',
        noneOfTheAboveLabel: 'None of these',
      },
    },
    { draft: { kind: 'choice', selectedIds: ['Playful'] } },
  ],
  [
    { waitForChoice: { prompt: prompt('What goes on it?'), choices: moods, selectionMode: 'multiple' } },
    { press: 'Send' },
  ],
  [
    {
      queryConsent: {
        consentType: 'GET_ANY_WEBPAGE',
        scope: { hosts: ['example.org', 'example.com'], days: 3 },
      },
    },
  ],
  [{ confirm: { before: ['second', 'third'] } }],
  [{ confirm: {} }, { answerState: refused('network') }],
  [{ reviewActions: { actions: review } }],
  [{ reviewActions: { actions: review } }, { press: 'Send' }],
  [
    { reviewActions: { actions: review } },
    {
      draft: {
        kind: 'review',
        decisions: [
          { type: 'edit', args: '{\n  "to": "ben@example.org"\n}' },
          { type: 'reject', reason: 'The file is still needed' },
        ],
      },
    },
  ],
  [{ queryConsent: { consentType: 'SEND_MAIL' } }, { answerState: { phase: 'sending' } }],
  [{ inputNode: { schema: order } }],
  [{ inputNode: { schema: order } }, { press: 'Send' }],
  [
    { inputNode: { schema: { ...delivery, properties: { name: { type: 'string', title: 'Name' } } } } },
    { press: 'Send' },
  ],
  [
    { inputNode: { schema: small } },
    {
      draft: { kind: 'form', form: { values: { city: 'Ulm' }, typed: {} } },
      answerState: { phase: 'sending' },
    },
  ],
  [
    { inputNode: { schema: small } },
    {
      draft: { kind: 'form', form: { values: { city: 'Atlantis' }, typed: {} } },
      answerState: refused('invalid-response', {
        errors: [{ pointer: '#/city', detail: 'There is no such city.' }],
      }),
    },
  ],
  [
    { inputNode: { schema: small } },
    { draft: { kind: 'form', form: { values: {}, typed: {} }, json: '{\n  "city": Ulm\n}' }, press: 'Send' },
  ],
  [
    { waitForInput: { prompt: prompt('And the title?'), inputType: 'text' } },
    {
      draft: { kind: 'text', content: prompt('Beans') },
      answerState: refused('network'),
      draftDurability: 'in-memory',
    },
  ],
  [
    { waitForInput: { prompt: prompt('And the title?'), inputType: 'text' } },
    { draft: { kind: 'text', content: prompt('Beans') }, answerState: refused('interaction-conflict') },
  ],
  [
    { waitForInput: { prompt: prompt('And the last line?'), inputType: 'text' } },
    {
      draft: { kind: 'text', content: prompt('Beans in the rain') },
      conflictingDraft: { kind: 'text', content: prompt('Beans, and then\nnothing but beans') },
    },
  ],
  [{ pickColour: { prompt: prompt('Pick a colour for the cover.'), palette: ['#2a6', '#a26'] } }],
];

/** One card for each kind of question and each of its states. */
export const QUESTION_CARDS = CARDS.map(([suspendEvent, state = {}], index) => ({
  ...state,
  interaction: toInteraction({
    type: 'inputRequired',
    interactionId: `i${index}`,
    nodeId: 'n',
    index,
    suspendEvent,
  }),
}));
