import { expect, nextFrame } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { accessibilityProblems } from '../../support/elements/page.js';
import { askForm, show } from '../../support/elements/question-support.js';

const values = (entered: JsonObject) => [{ kind: 'form', values: entered }];

describe('a text that the control of its format cannot show', () => {
  for (const [format, text] of [
    ['date', '20245-02-30'],
    ['date', '2023-02-29'],
    ['date', 'next week'],
    ['time', '23:59:60Z'],
    ['time', '10:30 pm'],
    ['date-time', '2024-02-30T10:00:00Z'],
    ['date-time', '2024-01-01T10:00:00+01:00[Europe/Berlin]'],
    ['date-time', 'March 7'],
    ['email', ' ada@example.org '],
    ['uri', ' https://example.org '],
  ] as const) {
    it(`is shown as it would be sent: ${format} “${text}”`, async () => {
      const card = await show(askForm({ x: { type: 'string', format, title: 'X', default: text } }));
      expect(card.control('X').value).to.equal(text);
      await card.enter('X', '');
      expect(card.control('X').type).not.to.equal('text');
    });
  }

  it('is shown with its seconds', async () => {
    const card = await show(
      askForm({ x: { type: 'string', format: 'date-time', title: 'X', default: '2024-02-01T10:00:45.5Z' } }),
    );
    expect(card.control('X').value).to.match(/:45\.50?0?$/);
  });
});

describe('a date or a time of which a person has typed a part', () => {
  for (const [format, problem] of [
    ['date', 'Enter a date'],
    ['time', 'Enter a time'],
    ['date-time', 'Enter a date and time'],
  ] as const) {
    it(`is not left out without a word: ${format}`, async function () {
      const card = await show(askForm({ x: { type: 'string', format, title: 'X' }, y: { type: 'string' } }));
      const control = card.control('X');
      control.focus();
      await sendKeys({ type: '03' });
      // Not every browser has a control of its own.
      if (!control.validity.badInput) this.skip();
      await card.press('Send');
      expect(card.answers).to.deep.equal([]);
      expect(card.problems).to.deep.equal([problem]);
      expect(card.root.activeElement === control).to.equal(true);
      await sendKeys({ press: 'ArrowLeft' });
      await sendKeys({ press: 'Backspace' });
      control.blur();
      await nextFrame();
      expect(card.problems).to.deep.equal([]);
      await card.press('Send');
      expect(card.answers).to.deep.equal(values({}));
    });
  }
});

describe('a text with line breaks in a field for one line', () => {
  const question = () => askForm({ x: { type: 'string', title: 'X' } });
  const draft = { kind: 'form', form: { values: { x: 'one\ntwo' }, typed: {} } };

  it('is shown and edited with them', async () => {
    const card = await show(question(), { draft });
    const control = card.control('X');
    expect(control.value).to.equal('one\ntwo');
    control.focus();
    control.setSelectionRange(7, 7);
    await sendKeys({ type: '!' });
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ x: 'one\ntwo!' }));
  });

  it('keeps its control and the focus when its last line break is deleted', async () => {
    const card = await show(question(), { draft });
    const control = card.control('X');
    control.focus();
    control.setSelectionRange(4, 4);
    await sendKeys({ press: 'Backspace' });
    await sendKeys({ type: '-' });
    expect(card.root.activeElement === control).to.equal(true);
    expect(control.value).to.equal('one-two');
  });
});

describe('what an option means', () => {
  const option = (value: string, description?: string) => ({
    const: value,
    title: value.toUpperCase(),
    ...(description === undefined ? {} : { description }),
  });
  const two = [option('a', 'Keeps everything'), option('b', 'Deletes everything')];

  it('stands with its name, and can be clicked as well', async () => {
    const card = await show(
      askForm({ x: { oneOf: two }, y: { type: 'array', items: { anyOf: [...two, option('c')] } } }),
    );
    expect(card.text.match(/Deletes everything/g)).to.have.length(2);
    for (const position of [0, 1]) {
      const meanings = [...card.root.querySelectorAll<HTMLElement>('.meaning')];
      meanings.filter(({ innerText }) => innerText === 'Deletes everything')[position]?.click();
      await card.element.updateComplete;
    }
    expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ x: 'b', y: ['b'] }));
  });

  it('stands below a list once the option is chosen', async () => {
    const many = [...two, ...['c', 'd', 'e'].map((value) => option(value))];
    const card = await show(askForm({ x: { title: 'X', oneOf: many } }));
    expect(card.text).not.to.contain('Deletes everything');
    await card.enter('X', '1');
    expect(card.text).to.contain('Deletes everything');
  });

  it('is shown for the chosen one of several groups', async () => {
    const group = (title: string, description: string) => ({
      title,
      description,
      properties: { [title]: { type: 'string' } },
    });
    const card = await show(
      askForm({ x: { title: 'X', oneOf: [group('post', 'Takes 3 days'), group('mail', 'Costs nothing')] } }, [
        'x',
      ]),
    );
    expect(card.text).to.contain('Takes 3 days');
    await card.enter('X', '1');
    expect(card.text).to.contain('Costs nothing');
    expect(card.text).not.to.contain('Takes 3 days');
  });
});
