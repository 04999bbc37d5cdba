import { expect } from '@open-wc/testing';
import { accessibilityProblems, settled } from '../../support/elements/page.js';
import {
  ask,
  askForm,
  askMood,
  askText,
  refused,
  show,
  type Card,
} from '../../support/elements/question-support.js';

const ORDER = {
  name: { type: 'string', title: 'Name' },
  count: { type: 'integer', title: 'How many', default: 2 },
  day: { type: 'string', format: 'date', title: 'Day' },
  size: { enum: ['Small', 'Medium', 'Large'], title: 'Size', default: 'Small' },
  note: { type: 'string', format: 'textarea', title: 'Note' },
  address: {
    type: 'object',
    title: 'Address',
    properties: { street: { type: 'string', title: 'Street' }, city: { type: 'string', title: 'City' } },
    required: ['street'],
  },
  guests: { type: 'array', title: 'Guests', items: { type: 'string' }, default: ['Ann'] },
};

async function showIn(width: number, ...args: Parameters<typeof show>): Promise<Card> {
  const card = await show(...args);
  card.element.style.inlineSize = `${width}px`;
  await settled(card.element);
  return card;
}

/** The box of a control, by its label. */
function boxOf(card: Card, label: string): DOMRect {
  return card.control(label).getBoundingClientRect();
}

describe('a form', () => {
  it('marks what is required with a star and explains it, and says “optional” only around stars', async () => {
    const card = await show(askForm(ORDER, ['name', 'count', 'guests']));
    const labels = [...card.root.querySelectorAll<HTMLElement>('.label')].map(({ innerText }) => innerText);
    expect(labels).to.deep.equal([
      'Name *',
      'How many *',
      'Day',
      'Size',
      'Note',
      'Address optional',
      'Street *',
      'City',
      'Guests',
      'Guests 1',
    ]);
    expect(card.text).to.contain('* required');
    expect(card.control('Name').getAttribute('aria-required')).to.equal('true');
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
  });

  it('explains no star where there is none, and marks the only field just when it is optional', async () => {
    const all = await show(askForm({ a: { type: 'string' }, b: { type: 'string' } }));
    expect(all.text).not.to.contain('*').and.not.to.contain('optional');
    const needed = await show(askForm({ a: { type: 'string' } }, ['a']));
    expect(needed.text).not.to.contain('*');
    const only = await show(askForm({ a: { type: 'string' } }));
    expect(only.text).to.contain('A optional');
  });

  it('has two columns from 560 px, and one below', async () => {
    const card = await showIn(700, askForm(ORDER, ['name']));
    expect(boxOf(card, 'How many').top).to.equal(boxOf(card, 'Name').top);
    expect(boxOf(card, 'How many').left).to.be.above(boxOf(card, 'Name').right);
    expect(boxOf(card, 'City').top, 'also in a group').to.equal(boxOf(card, 'Street').top);
    expect(boxOf(card, 'Note').width, 'a long text has the whole width').to.be.above(600);
    card.element.style.inlineSize = '540px';
    await settled(card.element);
    expect(boxOf(card, 'How many').top).to.be.above(boxOf(card, 'Name').bottom);
  });

  it('gives each control the width of what it holds', async () => {
    const card = await showIn(1400, askForm(ORDER));
    expect(boxOf(card, 'How many').width).to.equal(96);
    expect(boxOf(card, 'Day').width).to.equal(160);
    expect(boxOf(card, 'Name').width).to.be.at.most(480);
  });

  it('has a few options as segments, which can be cleared where they may be empty', async () => {
    const card = await show(askForm(ORDER));
    expect(card.count('.segment')).to.equal(3);
    expect(card.text).not.to.contain('No answer');
    expect(card.chosen).to.deep.equal(['Small']);
    card.button('Clear Size').focus();
    await card.press('Clear Size');
    expect(card.chosen).to.deep.equal([]);
    expect(card.focused).to.equal('Small');
    expect(card.count('.clear')).to.equal(0);
    await card.tick('Large');
    expect(card.chosen).to.deep.equal(['Large']);
    const needed = await show(askForm({ size: ORDER.size, count: ORDER.count }, ['size']));
    expect(needed.count('.clear')).to.equal(0);
  });

  it('switches off the button for another entry at the largest number of members', async () => {
    const schema = { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 1 };
    const card = await show(ask({ inputNode: { schema } }));
    expect(card.button('Add entry').ariaDisabled).to.equal(null);
    await card.press('Add entry');
    expect(card.button('Add entry').ariaDisabled).to.equal('true');
    expect(card.button('Add entry').title).to.equal('Fill in at most 1');
    await card.press('Add entry');
    expect(card.count('.pair')).to.equal(1);
  });

  it('does not repeat the title of the node', async () => {
    const properties = { a: { type: 'string' }, b: { type: 'string' } };
    const card = await show(ask({ inputNode: { schema: { title: 'Order', type: 'object', properties } } }), {
      nodeTitle: 'order',
    });
    expect(card.text.match(/order/gi)).to.deep.equal(['order']);
    expect(card.text).to.contain('Question · order');
    const choice = await show(askMood({ prompt: { parts: [{ text: 'Mood' }] } }), { nodeTitle: 'Mood' });
    expect(choice.count('.prompt')).to.equal(0);
    expect(await accessibilityProblems(choice.element)).to.deep.equal([]);
  });

  it('switches between form and JSON', async () => {
    const card = await show(askForm(ORDER));
    expect(card.button('Form').ariaPressed).to.equal('true');
    await card.press('JSON');
    expect(card.button('JSON').ariaPressed).to.equal('true');
    expect(card.count('#json')).to.equal(1);
    await card.press('JSON');
    expect(card.count('#json'), 'the shown view again').to.equal(1);
    await card.press('Form');
    expect(card.count('#json')).to.equal(0);
  });
});

describe('a short text', () => {
  const FIELDS = {
    text: [askText({ inputType: 'edit_note' }), 'Your answer'],
    'one field of a form': [askForm({ city: { type: 'string', title: 'City' } }, ['city']), 'City'],
    'one number': [askForm({ nights: { type: 'integer', title: 'Nights' } }, ['nights']), 'Nights'],
  } as const;
  for (const [name, [interaction, label]] of Object.entries(FIELDS)) {
    it(`has its field and the button that sends side by side (${name})`, async () => {
      const card = await showIn(700, interaction);
      const [field, send] = [boxOf(card, label), card.button('Send').getBoundingClientRect()];
      expect(send.left).to.be.above(field.right);
      expect(Math.abs(send.bottom - field.bottom)).to.be.at.most(1);
      expect(field.height).to.be.at.most(44);
      const hit = card.root.elementFromPoint(field.left + 20, field.top + 10);
      expect(hit?.matches('.input'), 'nothing covers the field').to.equal(true);
      expect(card.root.querySelector('.card')!.getBoundingClientRect().height).to.be.at.most(123);
      expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    });
  }

  it('grows with the lines of the text, while the button stays at its end', async () => {
    const card = await showIn(700, askText({ inputType: 'edit_note' }));
    const { height } = boxOf(card, 'Your answer');
    await card.enter('Your answer', 'one\ntwo\nthree');
    const field = boxOf(card, 'Your answer');
    expect(field.height).to.be.above(height + 30);
    expect(Math.abs(card.button('Send').getBoundingClientRect().bottom - field.bottom)).to.be.at.most(1);
    expect(card.text).to.contain('Draft saved');
  });

  it('keeps field and button in sight when the question is long', async () => {
    const card = await showIn(
      500,
      askText({ inputType: 'edit_note', prompt: { parts: [{ text: 'Why? '.repeat(900) }] } }),
    );
    const scroller = document.createElement('div');
    scroller.style.cssText = 'block-size:200px;overflow-y:auto';
    card.element.replaceWith(scroller);
    scroller.append(card.element);
    await settled(scroller);
    const { bottom } = scroller.getBoundingClientRect();
    for (const rect of [boxOf(card, 'Your answer'), card.button('Send').getBoundingClientRect()]) {
      expect(rect.bottom).to.be.at.most(bottom);
    }
    scroller.remove();
  });

  it('shows what is wrong above the row, so that the row stays the last', async () => {
    const card = await showIn(700, askText({ inputType: 'edit_note' }), {
      answerState: refused('unavailable'),
      conflictingDraft: { kind: 'text', content: { parts: [{ text: 'Other' }] } },
    });
    await card.press('Send again');
    const { top } = boxOf(card, 'Your answer');
    for (const note of card.root.querySelectorAll('.refusal, .other, .problem')) {
      expect(note.getBoundingClientRect().bottom, note.className).to.be.at.most(top);
    }
    expect(card.count('.refusal, .other, .problem')).to.equal(3);
    const form = await showIn(700, askForm({ city: { type: 'string', title: 'City' } }, ['city']));
    await form.press('Send');
    const [, problem] = form.root.querySelectorAll('.problem');
    expect(problem!.getBoundingClientRect().bottom).to.be.at.most(boxOf(form, 'City').top);
  });

  it('is beside the button also in a narrow card', async () => {
    const card = await showIn(290, askText({ inputType: 'edit_note' }));
    expect(card.button('Send').getBoundingClientRect().left).to.be.above(boxOf(card, 'Your answer').right);
  });

  it('is one of two rows where there is no room beside two buttons', async () => {
    const card = await showIn(300, askText({ inputType: 'edit_note', skipLabel: 'Not now' }));
    expect(card.button('Send').getBoundingClientRect().top).to.be.at.least(boxOf(card, 'Your answer').bottom);
  });

  it('has the usual foot when files can be added, and for the JSON of a form', async () => {
    const files = await showIn(700, askText({ inputType: 'asterisk' }));
    expect(files.count('.one-line')).to.equal(0);
    const form = await showIn(700, askForm({ city: { type: 'string' } }));
    expect(form.count('.one-line')).to.equal(1);
    await form.press('JSON');
    expect(form.count('.one-line')).to.equal(0);
  });
});

describe('the key to the next question', () => {
  it('is named on a card where it is asked for, and works there', async () => {
    // It is hidden on a touch screen, as that of the tests is.
    const hint = (card: Card) => card.root.querySelector('.next-key')?.textContent?.trim();
    const choice = await show(askMood(), { isNextHinted: true });
    expect(hint(choice)).to.equal('n next question');
    const text = await show(askText(), { isNextHinted: true });
    expect(hint(text)).to.match(/^(Alt ↓|⌥↓) next question$/);
    await text.set({ isNextHinted: false });
    expect(hint(text)).to.equal(undefined);
  });
});
