import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { ask, show } from '../../support/elements/question-support.js';

const BEFORE = ask({ confirm: { before: ['second', 'third'] } });

describe('a run that has stopped', () => {
  it('asks whether to continue, names what runs next, and takes nothing but that', async () => {
    const card = await show(BEFORE);
    expect(card.text).to.contain('The run has stopped before “second”, “third”. Continue?');
    expect(card.root.querySelectorAll('input, textarea')).to.have.length(0);
    expect(
      [...card.root.querySelectorAll('button')].map(({ innerText }) => innerText.split(/\s/)[0]),
    ).to.deep.equal(['Continue']);
    await card.press('Continue');
    expect(card.answers).to.deep.equal([{ kind: 'confirm' }]);
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
  });

  it('says so where it is not known what runs next, or in words of its own', async () => {
    const card = await show(ask({ confirm: {} }));
    expect(card.text).to.contain('The run has stopped here. Continue?');
    await card.set({ interaction: ask({ confirm: { prompt: 'Send all of it?' } }) });
    expect(card.text).to.contain('Send all of it?').and.not.to.contain('has stopped');
  });

  it('is continued with the keyboard, and its button says what it is about', async () => {
    const card = await show(BEFORE);
    card.element.focus();
    expect(card.focused).to.match(/^Continue/);
    const described = card.button('Continue').getAttribute('aria-describedby') ?? '';
    expect(card.root.getElementById(described)!.innerText).to.contain('The run has stopped');
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ up: 'Control' });
    expect(card.answers).to.deep.equal([{ kind: 'confirm' }]);
  });

  it('is asked about in German', async () => {
    const card = await show(BEFORE, { strings: germanStrings });
    expect(card.text).to.contain('Der Lauf hat vor „second“, „third“ angehalten. Fortsetzen?');
    await card.press('Fortsetzen');
    expect(card.answers).to.deep.equal([{ kind: 'confirm' }]);
  });
});
