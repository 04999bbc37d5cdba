import type { SessionQuestion } from '../../../src/elements/question/session-question.js';
import type { Interaction } from '../../../src/protocol/questions/interactions.js';
import { ask, askForm, askMood, askText, refused } from './question-support.js';

const FORM = {
  name: { type: 'string', description: 'As on the door' },
  size: { enum: ['Small', 'Large'] },
  city: { enum: ['Oslo', 'Rome', 'Paris', 'Wien', 'Bonn'] },
  extras: { type: 'array', uniqueItems: true, items: { enum: ['Basil', 'Olives'] } },
  count: { type: 'integer', minimum: 1, maximum: 9 },
  place: { type: 'object', properties: { zip: { type: 'string' } } },
  guests: { type: 'array', items: { type: 'string' }, default: ['Ann', 'Ben'] },
  size2: { anyOf: [{ type: 'number' }, { type: 'string' }], default: 'x' },
  file: { type: 'object', behavior: ['llm-content'], format: 'upload' },
  news: { type: 'boolean' },
  more: { type: 'object' },
};

/** A question of each kind. */
export const QUESTIONS: readonly (readonly [string, () => Interaction])[] = [
  ['a request for text', () => askText({ inputType: 'any', skipLabel: 'Not now' })],
  ['a choice of one', () => askMood({ layout: 'row', noneOfTheAboveLabel: 'None' })],
  ['a choice of several', () => askMood({ layout: 'grid', selectionMode: 'multiple' })],
  ['a request for consent', () => ask({ queryConsent: { consentType: 'SEND_MAIL', scope: { days: 3 } } })],
  ['a confirmation', () => ask({ confirm: { before: ['second'] } })],
  [
    'a review of actions',
    () =>
      ask({
        reviewActions: {
          actions: [
            {
              name: 'send_mail',
              args: { to: 'ann@example.org', text: 'Beans?' },
              description: 'A mail to Ann',
              allowed: ['approve', 'edit', 'reject', 'respond'],
            },
            { name: 'delete_file', args: { path: 'beans.txt' }, allowed: ['approve', 'reject'] },
          ],
        },
      }),
  ],
  ['a form', () => askForm(FORM, ['name', 'size', 'city', 'extras'])],
  ['a question of an unknown kind', () => ask({ pickColour: { palette: ['red'] } })],
];

/** The states of a card, each with the button that leads to it, if any. */
export const CARD_STATES: readonly (readonly [string, Partial<SessionQuestion>, string?])[] = [
  ['open', {}],
  ['with what is wrong', {}, 'Send'],
  ['on its way', { answerState: { phase: 'sending' } }],
  ['refused', { answerState: refused('network') }],
];
