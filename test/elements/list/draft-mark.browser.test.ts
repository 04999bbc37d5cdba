import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  all,
  emptyPage,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, push, row } from '../../support/elements/sample.js';
import { mountInbox, textGraph } from '../../support/elements/inbox-support.js';

const TYPED = { kind: 'text', content: { role: 'user', parts: [{ text: 'Tw' }] } };
const BLANK = { kind: 'text', content: { role: 'user', parts: [] }, isBlank: true };

const isMarked = (item: Element) => all(item, '.draft').length === 1;

describe('a row whose question has an unsent answer', () => {
  afterEach(emptyPage);

  it('shows the mark as soon as something is typed, and until it is cleared', async () => {
    const { panel, actions, start } = await mountInbox();
    actions.connect(await start(textGraph('First?', 'One')));
    await start(textGraph('Second?', 'Two'));
    await settled(panel);
    const marks = () => rows(panel).map((item) => [textOf(one(item, '.title')), isMarked(item)]);
    const field = one<HTMLTextAreaElement>(panel, 'textarea');
    const type = async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await settled(panel);
    };
    expect(marks()).to.deep.equal([
      ['Two', false],
      ['One', false],
    ]);
    await type('T');
    expect(marks()).to.deep.equal([
      ['Two', false],
      ['One', true],
    ]);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    await type(' ');
    expect(marks()[1]).to.deep.equal(['One', false]);
  });

  it('has no mark without a question, or with a blank draft', async () => {
    const { panel, history, drafts } = await mountPanel();
    load(history, [
      row('a', { status: 'suspended', question: 'Which?', createdAt: 3 }),
      row('b', { status: 'suspended', question: 'Which?', createdAt: 2 }),
      row('c', { status: 'completed', createdAt: 1 }),
    ]);
    drafts.set('a', 'i', TYPED);
    drafts.set('b', 'i', BLANK);
    drafts.set('c', 'i', TYPED);
    await settled(panel);
    expect(rows(panel).map(isMarked)).to.deep.equal([true, false, false]);
    expect(textOf(rows(panel)[0]!)).to.contain('draft');
    push(history, row('a', { status: 'running', createdAt: 3 }));
    await settled(panel);
    expect(rows(panel).map(isMarked)).to.deep.equal([false, false, false]);
  });

  it('shows the whole mark in a narrow list, in both densities, and cuts the question', async () => {
    const { panel, history, drafts } = await mountPanel({ width: 320 });
    const question = 'Does the legal team approve the text of the campaign in all of the countries?';
    load(history, [row('a', { status: 'suspended', question, pendingInputs: 5 })]);
    drafts.set('a', 'i', TYPED);
    await settled(panel);
    for (const density of ['comfortable', 'compact'] as const) {
      one(panel, 'sessions-panel-list').setAttribute('density', density);
      await settled(panel);
      const mark = one(panel, '.draft').getBoundingClientRect();
      const detail = one(panel, '.detail').getBoundingClientRect();
      expect([mark.left >= detail.left, mark.right <= detail.right + 0.5], density).to.deep.equal([
        true,
        true,
      ]);
    }
  });
});
