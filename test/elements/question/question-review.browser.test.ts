import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { ask, show, type Card } from '../../support/elements/question-support.js';

const MAIL = {
  name: 'send_mail',
  args: { to: 'ann@example.org' },
  description: 'Ann has asked for it.',
  allowed: ['approve', 'edit', 'reject', 'respond'],
};
const FILE = { name: 'delete_file', args: {}, allowed: ['approve', 'reject'] };

const review = (...actions: readonly (typeof MAIL | typeof FILE)[]) => ask({ reviewActions: { actions } });

function decisions(card: Card): unknown {
  return card.answers.map((answer) => (answer.kind === 'review' ? answer.decisions : answer));
}

function choose(card: Card, action: number, label: string): Promise<unknown> {
  const group = card.root.querySelectorAll('.action')[action];
  const choice = [...(group?.querySelectorAll('label') ?? [])].find(
    (each) => each.innerText.trim() === label,
  );
  if (choice === undefined) throw new Error(`There is no “${label}”.`);
  choice.click();
  return card.element.updateComplete;
}

async function type(card: Card, text: string): Promise<void> {
  const area = card.root.querySelector('textarea');
  if (area === null) throw new Error('There is no text area.');
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  await card.element.updateComplete;
}

describe('a review of actions', () => {
  it('shows each action with its description, its arguments and only the decisions that are allowed', async () => {
    const card = await show(review(MAIL, FILE));
    expect(card.text)
      .to.contain('wants to do 2 things')
      .and.contain('send_mail')
      .and.contain('Ann has asked for it.');
    expect(card.text).to.contain('No arguments.');
    const choices = [...card.root.querySelectorAll('.action')].map((action) =>
      [...action.querySelectorAll('label.choice')].map((label) => label.textContent?.trim()),
    );
    expect(choices).to.deep.equal([
      ['Approve', 'Change', 'Reject', 'Answer instead'],
      ['Approve', 'Reject'],
    ]);
  });

  it('is sent with a decision about each action, in their order', async () => {
    const card = await show(review(MAIL, FILE));
    await choose(card, 1, 'Reject');
    await type(card, ' Still needed ');
    await choose(card, 0, 'Approve');
    await card.press('Send');
    expect(decisions(card)).to.deep.equal([
      [{ type: 'approve' }, { type: 'reject', message: 'Still needed' }],
    ]);
  });

  it('is not sent before every action is decided, and leads to the first that is not', async () => {
    const card = await show(review(MAIL, FILE));
    await choose(card, 0, 'Approve');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.text).to.contain('Decide about this action first.');
    expect(card.root.activeElement?.getAttribute('name')).to.equal('decision-1');
  });

  it('starts the change of arguments with those of the action, and sends what it became', async () => {
    const card = await show(review(MAIL));
    await choose(card, 0, 'Change');
    expect(JSON.parse(card.root.querySelector('textarea')?.value ?? '')).to.deep.equal(MAIL.args);
    await type(card, '{"to":');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.root.querySelector('textarea')?.getAttribute('aria-invalid')).to.equal('true');
    await type(card, '{"to":"ben@example.org"}');
    await card.press('Send');
    expect(decisions(card)).to.deep.equal([[{ type: 'edit', args: { to: 'ben@example.org' } }]]);
  });

  it('needs a text to answer in the place of the action, and none to reject it', async () => {
    const card = await show(review(MAIL));
    await choose(card, 0, 'Answer instead');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    await type(card, 'Ask me tomorrow');
    await card.press('Send');
    await choose(card, 0, 'Reject');
    await card.press('Send');
    expect(decisions(card)).to.deep.equal([
      [{ type: 'respond', message: 'Ask me tomorrow' }],
      [{ type: 'reject', message: '' }],
    ]);
  });

  it('is approved as a whole with one press, where every action may be', async () => {
    const card = await show(review(MAIL, FILE));
    await card.press('Approve all');
    await card.press('Send');
    expect(decisions(card)).to.deep.equal([[{ type: 'approve' }, { type: 'approve' }]]);
    expect((await show(review(MAIL))).hasButton('Approve all')).to.equal(false);
    const other = { ...FILE, allowed: ['reject'] };
    expect((await show(review(MAIL, other))).hasButton('Approve all')).to.equal(false);
  });

  it('is decided and sent by the keyboard alone', async () => {
    const card = await show(review(MAIL));
    card.element.focus();
    await sendKeys({ press: ' ' });
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ up: 'Control' });
    expect(decisions(card)).to.deep.equal([[{ type: 'reject', message: '' }]]);
  });

  it('continues from a stored draft, and does not take one of other actions', async () => {
    const draft = { kind: 'review', decisions: [{ type: 'reject', reason: 'No' }] };
    const card = await show(review(MAIL), { draft });
    expect(card.root.querySelector('textarea')?.value).to.equal('No');
    const other = await show(review(MAIL, FILE), { draft });
    expect(other.count('textarea')).to.equal(0);
    const forbidden = await show(review(FILE), { draft: { kind: 'review', decisions: [{ type: 'edit' }] } });
    expect(forbidden.count('input:checked')).to.equal(0);
  });
});
