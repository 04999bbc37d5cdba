import { expect } from '@open-wc/testing';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { Interaction } from '../../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { ask, askForm, askMood, askText, show, prompt } from '../../support/elements/question-support.js';

const OFFER = 'Use the last answer';

/** A card that offers the answer of an earlier run. */
async function offered(interaction: Interaction, lastAnswer: JsonObject) {
  const card = await show(interaction);
  await card.set({ lastAnswer });
  return card;
}

describe('the last answer', () => {
  for (const [kind, interaction, lastAnswer, answer] of [
    [
      'a text',
      () => askText(),
      { input: prompt('Three') },
      { kind: 'text', content: { role: 'user', parts: [{ text: 'Three' }] } },
    ],
    [
      'a choice',
      () => askMood(),
      { selected: { ids: ['playful'] } },
      { kind: 'choice', selectedIds: ['playful'] },
    ],
    [
      'a form',
      () => askForm({ city: { type: 'string', title: 'City' } }),
      { city: 'Oslo' },
      { kind: 'form', values: { city: 'Oslo' } },
    ],
    [
      'a question of an unknown kind',
      () => ask({ somethingNew: { message: 'Hm?' } }),
      { value: 7 },
      { kind: 'unknown', response: { value: 7 } },
    ],
  ] as const) {
    it(`to ${kind} is filled in on request, and sent only by a person`, async () => {
      const card = await offered(interaction(), lastAnswer);
      expect(card.answers).to.deep.equal([]);
      expect(card.drafts).to.deep.equal([]);
      await card.press(OFFER);
      expect(card.answers).to.deep.equal([]);
      expect(card.drafts).to.have.length(1);
      expect(card.hasButton(OFFER), 'something is entered now').to.equal(false);
      expect(card.count(':focus')).to.equal(1);
      card.root.querySelector<HTMLElement>('#send')?.click();
      expect(card.answers).to.deep.equal([answer]);
    });
  }

  it('is not offered for what a person has begun to enter, nor where it fits no longer', async () => {
    const begun = await offered(askText(), { input: prompt('Three') });
    await begun.set({ draft: { kind: 'text', content: { role: 'user', parts: [{ text: 'Fo' }] } } });
    expect(begun.hasButton(OFFER)).to.equal(false);
    const gone = await offered(askMood(), { selected: { ids: ['wild'] } });
    expect(gone.hasButton(OFFER)).to.equal(false);
    const strange = await offered(askText(), { input: 7 });
    expect(strange.hasButton(OFFER)).to.equal(false);
    const consent = await offered(ask({ queryConsent: { description: 'May I?' } }), { consent: true });
    expect(consent.hasButton(OFFER)).to.equal(false);
  });

  it('is offered in German, without an accessibility problem', async () => {
    const card = await offered(askText({ skipLabel: 'Egal' }), { input: prompt('Drei') });
    await card.set({ strings: germanStrings });
    expect(card.hasButton('Letzte Antwort verwenden')).to.equal(true);
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
  });
});
