import { expect } from '@open-wc/testing';
import type { SessionQuestion } from '../../../src/elements/question/session-question.js';
import type { Interaction } from '../../../src/protocol/interactions.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { ask, askForm, askMood, askText, refused, show } from '../../support/elements/question-support.js';

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

const QUESTIONS: readonly (readonly [string, () => Interaction])[] = [
  ['a request for text', () => askText({ inputType: 'any', skipLabel: 'Not now' })],
  ['a choice of one', () => askMood({ layout: 'row', noneOfTheAboveLabel: 'None' })],
  ['a choice of several', () => askMood({ layout: 'grid', selectionMode: 'multiple' })],
  ['a request for consent', () => ask({ queryConsent: { consentType: 'SEND_MAIL', scope: { days: 3 } } })],
  ['a form', () => askForm(FORM, ['name', 'size', 'city', 'extras'])],
  ['a question of an unknown kind', () => ask({ pickColour: { palette: ['red'] } })],
];

const STATES: readonly (readonly [string, Partial<SessionQuestion>, string?])[] = [
  ['open', {}],
  ['with what is wrong', {}, 'Send'],
  ['on its way', { answerState: { phase: 'sending' } }],
  ['refused', { answerState: refused('network') }],
];

describe('axe finds no violations', () => {
  for (const scheme of ['light', 'dark']) {
    for (const [question, make] of QUESTIONS) {
      it(`with ${question}, ${scheme}, in any state`, async () => {
        for (const [state, properties, press] of STATES) {
          const card = await show(make());
          card.element.style.colorScheme = scheme;
          await card.set(properties);
          if (press !== undefined && card.hasButton(press)) await card.press(press);
          expect(await accessibilityProblems(card.element), state).to.deep.equal([]);
        }
      });
    }
  }
});
