import { expect } from '@open-wc/testing';
import { accessibilityProblems } from '../../support/elements/page.js';
import { CARD_STATES, QUESTIONS } from '../../support/elements/question-states.js';
import { show } from '../../support/elements/question-support.js';

describe('axe finds no violations', () => {
  for (const scheme of ['light', 'dark']) {
    for (const [question, make] of QUESTIONS) {
      it(`with ${question}, ${scheme}, in any state`, async () => {
        for (const [state, properties, press] of CARD_STATES) {
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
