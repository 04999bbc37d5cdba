import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { askForm, show } from '../../support/elements/question-support.js';

const values = (entered: JsonObject) => [{ kind: 'form', values: entered }];

describe('a field of a form', () => {
  it('states its limits in its description', async () => {
    const card = await show(askForm({ code: { type: 'string', minLength: 2, maxLength: 4 } }));
    const code = card.control('Code');
    const hint = card.root.getElementById(code.getAttribute('aria-describedby')!)!;
    expect(hint.innerText.trim()).to.equal('2 to 4 characters');
  });

  it('that is read-only is shown, cannot be changed, and is sent', async () => {
    const items = { type: 'array', items: { type: 'string' }, default: ['x'], readOnly: true };
    const card = await show(
      askForm(
        {
          id: { type: 'string', default: 'A-7', readOnly: true },
          count: { type: 'integer', default: 3, readOnly: true },
          room: { enum: ['Single', 'Double'], default: 'Double', readOnly: true },
          kind: { const: 'booking', title: 'Kind', readOnly: true },
          news: { type: 'boolean', default: true, readOnly: true },
          items,
          place: {
            type: 'object',
            readOnly: true,
            properties: { city: { type: 'string', default: 'Oslo' } },
          },
          empty: { type: 'string', readOnly: true },
        },
        ['id', 'items'],
      ),
    );
    const id = card.control('Id');
    id.focus();
    await sendKeys({ type: '9' });
    card.control('Count').focus();
    await sendKeys({ press: 'ArrowUp' });
    expect([id.value, card.control('Count').value]).to.deep.equal(['A-7', '3']);
    expect(card.control('Double').disabled).to.equal(true);
    expect(card.control('News').disabled).to.equal(true);
    expect(card.control('City').readOnly).to.equal(true);
    expect(card.count('.add-item, .item-buttons')).to.equal(0);
    expect(card.text).to.contain('read-only').and.not.to.contain('optional');
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(
      values({
        id: 'A-7',
        count: 3,
        room: 'Double',
        kind: 'booking',
        news: true,
        items: ['x'],
        place: { city: 'Oslo' },
      }),
    );
  });

  it('that is read-only, required and without a value is filled in, because there is no other way to answer', async () => {
    const card = await show(askForm({ id: { type: 'string', readOnly: true } }, ['id']));
    await card.enter('Id', 'A-8');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ id: 'A-8' }));
  });

  it('that is deprecated says so after its label, and suggests its examples', async () => {
    const card = await show(
      askForm({ nick: { type: 'string', deprecated: true, examples: ['Ann', 'Bob'] } }, ['nick']),
    );
    expect(card.text).to.contain('Nick deprecated');
    const suggestions = [...card.control('Nick').list!.options].map(({ value }) => value);
    expect(suggestions).to.deep.equal(['Ann', 'Bob']);
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
  });

  it('has a name for an option that is an empty text', async () => {
    const card = await show(
      askForm(
        {
          few: { enum: ['', 'a'] },
          many: { enum: ['', 'a', 'b', 'c', 'd'] },
          named: {
            oneOf: [
              { const: '', title: '' },
              { const: 'x', title: ' ' },
            ],
          },
          several: { type: 'array', items: { enum: ['', 'b'] } },
        },
        ['few', 'many', 'named', 'several'],
      ),
    );
    const radios = [...card.root.querySelectorAll('.segment, .checks label')].map((label) =>
      label.textContent.trim(),
    );
    expect(radios).to.deep.equal(['(empty)', 'a', '(empty)', 'x', '(empty)', 'b']);
    expect(card.control<HTMLSelectElement>('Many').options[1]!.text).to.equal('(empty)');
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
  });
});
