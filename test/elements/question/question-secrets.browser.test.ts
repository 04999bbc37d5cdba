import { expect } from '@open-wc/testing';
import { accessibilityProblems } from '../../support/elements/page.js';
import { askForm, show, type Card } from '../../support/elements/question-support.js';

const KEY = { type: 'string', title: 'API key', format: 'password' };
const question = () =>
  askForm(
    {
      user: { type: 'string', title: 'User' },
      key: KEY,
      pin: { type: 'integer', title: 'PIN', writeOnly: true },
    },
    ['user', 'key'],
  );

/** What the host has stored, as text. */
const stored = (card: Card) => JSON.stringify(card.drafts);

describe('the secrets of a form', () => {
  it('cannot be read while they are typed, and are in the answer', async () => {
    const card = await show(question());
    expect(card.control('API key').type).to.equal('password');
    expect(card.control('PIN').type).to.equal('password');
    expect(card.control('User').type).to.equal('text');
    await card.enter('User', 'ada');
    await card.enter('API key', 'sk-1');
    await card.enter('PIN', '4711');
    expect(card.control('PIN').getAttribute('aria-valuenow')).to.equal(null);
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'form', values: { user: 'ada', key: 'sk-1', pin: 4711 } }]);
  });

  it('are hidden when they would need several lines, too', async () => {
    const card = await show(askForm({ key: { ...KEY, maxLength: 4000 } }));
    expect(card.control('API key').type).to.equal('password');
  });

  it('are in no draft that the host stores, not even half typed or as JSON', async () => {
    const card = await show(question());
    await card.enter('User', 'ada');
    await card.enter('API key', 'sk-1');
    await card.enter('PIN', '47x');
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"user":"bob","key":"sk-2"');
    await card.enter('Answer (JSON)', '{"user":"bob","key":"sk-2","pin":48}');
    expect(stored(card)).not.to.match(/sk-|47|48/);
    expect(stored(card)).to.contain('ada').and.to.contain('bob');
  });

  it('stay in the card while the host stores its draft and gives it back', async () => {
    const card = await show(question());
    for (const [label, text] of [
      ['API key', 'sk-1'],
      ['User', 'a'],
      ['User', 'ad'],
      ['PIN', '47'],
    ] as const) {
      await card.enter(label, text);
      await card.set({ draft: card.drafts.at(-1) });
    }
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'form', values: { user: 'ad', key: 'sk-1', pin: 47 } }]);
  });

  it('have to be typed again after a reload; the rest is there', async () => {
    const before = await show(question());
    await before.enter('User', 'ada');
    await before.enter('API key', 'sk-1');
    const after = await show(question(), { draft: structuredClone(before.drafts.at(-1)) });
    expect(after.control('User').value).to.equal('ada');
    expect(after.control('API key').value).to.equal('');
    await after.press('Send');
    expect(after.answers).to.deep.equal([]);
    expect(after.problems).to.deep.equal(['Required']);
  });
});
