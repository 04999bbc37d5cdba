import { expect } from '@open-wc/testing';
import {
  ask,
  askForm,
  askText,
  pictureFile,
  show,
  type Card,
  pasteOf,
} from '../../support/elements/question-support.js';

const values = (card: Card) =>
  card.answers.map((answer) => (answer.kind === 'form' ? answer.values : undefined));

describe('the answers of a form', () => {
  it('say yes, no or nothing where a yes or no may be null', async () => {
    const property = { title: 'Notify', type: ['boolean', 'null'] };
    for (const [label, value] of [
      ['Yes', true],
      ['No', false],
      [undefined, null],
    ] as const) {
      const card = await show(askForm({ notify: property }, ['notify']));
      expect(card.text).to.contain('Notify optional');
      if (label !== undefined) {
        await card.tick(label);
        expect(card.control(label).checked).to.equal(true);
      }
      await card.press('Send');
      expect(values(card)).to.deep.equal([{ notify: value }]);
    }
  });

  it('have to be chosen where null is one of the choices, and name it', async () => {
    const oneOf = [
      { const: 'ada', title: 'Ada' },
      { const: null, title: 'Nobody' },
    ];
    const card = await show(askForm({ owner: { title: 'Owner', oneOf } }, ['owner']));
    expect(card.text).not.to.contain('optional');
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    await card.tick('Nobody');
    await card.press('Send');
    expect(values(card)).to.deep.equal([{ owner: null }]);
  });

  it('name null when a person clears a choice', async () => {
    const card = await show(askForm({ env: { title: 'Env', enum: ['prod', 'dev', null], default: 'prod' } }));
    await card.press('Clear Env');
    await card.press('Send');
    expect(values(card)).to.deep.equal([{ env: null }]);
  });

  it('offer several of some as boxes, without “Add item”', async () => {
    const items = {
      anyOf: [
        { const: 'r', title: 'Red' },
        { const: 'g', title: 'Green' },
      ],
    };
    const card = await show(
      askForm({ colours: { title: 'Colours', type: 'array', minItems: 1, items } }, ['colours']),
    );
    expect(card.hasButton('Add item')).to.equal(false);
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    await card.tick('Green');
    await card.press('Send');
    expect(values(card)).to.deep.equal([{ colours: ['g'] }]);
  });

  it('take a text without quotes where any value fits, and JSON', async () => {
    const card = await show(askForm({ seed: { title: 'Seed' } }, ['seed']));
    expect(card.control<HTMLTextAreaElement>('Seed').placeholder).to.equal('Text or JSON');
    await card.enter('Seed', 'hello');
    await card.press('Send');
    await card.enter('Seed', '{"a": 1}');
    await card.press('Send');
    expect(values(card)).to.deep.equal([{ seed: 'hello' }, { seed: { a: 1 } }]);
  });

  it('formats the descriptions of a form and of its fields, and keeps their lines', async () => {
    const description = '**To:** a@b.example\nSee https://example.org\n\n- 3 chairs';
    const properties = { ok: { title: 'OK', type: 'string', description } };
    const card = await show(ask({ inputNode: { schema: { type: 'object', description, properties } } }));
    const hints = [...card.root.querySelectorAll<HTMLElement>('.hint')];
    expect(hints).to.have.length(2);
    for (const hint of hints) {
      expect(hint.innerText.trim().split(/\n+/)).to.deep.equal([
        'To: a@b.example',
        'See https://example.org',
        '3 chairs',
      ]);
      expect(hint.querySelectorAll('strong, a, li')).to.have.length(3);
    }
    const plain = await show(
      askForm({ ok: { title: 'OK', type: 'string', description: 'one\n two\n\nthree' } }),
    );
    const lines = plain.root.querySelector('.hint p')!;
    expect(lines.textContent.trim().split(/ *\n */)).to.deep.equal(['one', 'two', '', 'three']);
    expect(getComputedStyle(lines).whiteSpace).to.equal('pre-line');
  });
});

describe('pasting into an answer', () => {
  function paste(card: Card, entries: Readonly<Record<string, string>>): ClipboardEvent {
    const clipboardData = new DataTransfer();
    for (const [type, data] of Object.entries(entries)) clipboardData.setData(type, data);
    clipboardData.items.add(pictureFile('image.png'));
    const event = pasteOf(clipboardData);
    card.root.querySelector('textarea')!.dispatchEvent(event);
    return event;
  }

  it('takes the text of cells, which come with a picture of themselves', async () => {
    const card = await show(askText({ inputType: 'asterisk' }));
    const event = paste(card, { 'text/plain': 'a\tb', 'text/html': '<table><td>a<td>b</table>' });
    expect(event.defaultPrevented, 'the browser pastes the text').to.equal(false);
    expect(card.count('.file-chip')).to.equal(0);
  });

  it('takes a picture that comes alone', async () => {
    const card = await show(askText({ inputType: 'asterisk' }));
    expect(paste(card, {}).defaultPrevented).to.equal(true);
  });
});
