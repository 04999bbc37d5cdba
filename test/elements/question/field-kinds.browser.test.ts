import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { ask, askForm, show } from '../../support/elements/question-support.js';

const values = (entered: JsonObject) => [{ kind: 'form', values: entered }];

describe('a form with lists that have places', () => {
  it('has a field for each place, and more items after them', async () => {
    const place = {
      prefixItems: [
        { type: 'number', title: 'Latitude' },
        { type: 'number', title: 'Longitude' },
      ],
      items: { type: 'string' },
      minItems: 2,
    };
    const card = await show(askForm({ place }, ['place']));
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required', 'Required']);
    expect(card.focused).to.equal('Latitude');
    await card.enter('Latitude', '59.9');
    await card.enter('Longitude', '10.7');
    expect(card.count('.remove-item')).to.equal(0);
    await card.press('Add item: Place');
    await card.element.updateComplete;
    expect(card.focused).to.equal('Place 3');
    await card.enter('Place 3', 'Oslo');
    expect(card.count('.move-up')).to.equal(0);
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ place: [59.9, 10.7, 'Oslo'] }));
  });

  it('has no button for more items where there can be none', async () => {
    const card = await show(askForm({ pair: { items: [{ type: 'string' }], additionalItems: false } }));
    expect(card.count('.add-item')).to.equal(0);
  });
});

describe('a form with a value of several types', () => {
  it('lets a person choose the type, and keeps what the JSON view gave', async () => {
    const card = await show(askForm({ id: { type: ['string', 'integer', 'null'] } }, ['id']));
    const choice = () => card.root.querySelector<HTMLSelectElement>('.variant select')!;
    expect([...choice().options].map((option) => option.text)).to.deep.equal([
      'No answer',
      'Text',
      'Whole number',
    ]);
    choice().value = '0';
    choice().dispatchEvent(new Event('change'));
    await card.element.updateComplete;
    await card.enter('Text', 'hello');
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"id": 7}');
    await card.press('Form');
    expect(card.control('Whole number').value).to.equal('7');
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ id: 7 }));
  });
});

describe('a form with members that a person names', () => {
  const labels = { type: 'object', additionalProperties: { type: 'integer' }, default: { a: 1 } };

  it('are added, renamed and removed with the keyboard', async () => {
    const card = await show(askForm({ labels }));
    await card.press('Add entry: Labels');
    await card.element.updateComplete;
    expect(card.focused).to.equal('Name');
    await sendKeys({ type: 'b' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ type: '2' });
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ up: 'Shift' });
    await sendKeys({ press: 'Backspace' });
    await sendKeys({ type: 'a' });
    await card.press('Send');
    expect(card.problems).to.deep.equal(['This name is already used']);
    expect(card.root.activeElement?.getAttribute('aria-invalid')).to.equal('true');
    await sendKeys({ type: 'b' });
    expect(card.problems).to.deep.equal([]);
    await card.press('Remove a');
    expect(card.focused).to.equal('Remove ab');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ labels: { ab: 2 } }));
  });

  it('are kept as typed in the draft', async () => {
    const card = await show(askForm({ labels }));
    await card.press('Add entry: Labels');
    await sendKeys({ type: 'a' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ type: 'two' });
    const draft = JSON.parse(JSON.stringify(card.drafts.at(-1)));
    const other = await show(card.element.interaction!, { draft });
    const inputs = [...other.root.querySelectorAll<HTMLInputElement>('.pair input')];
    expect(inputs.map(({ value }) => value)).to.deep.equal(['a', '1', 'a', 'two']);
  });

  it('are all that a form of nothing else has', async () => {
    const card = await show(ask({ inputNode: { schema: { type: 'object', additionalProperties: true } } }));
    await card.press('Add entry');
    await card.enter('Name', 'size');
    await card.enter('Value', '5');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ size: 5 }));
  });
});
