import { expect } from '@open-wc/testing';
import { a11ySnapshot, findAccessibilityNode, sendKeys } from '@web/test-runner-commands';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { loadSchemaCheck } from '../../../src/elements/form/schema/schema-check.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { accessibilityProblems, until } from '../../support/elements/page.js';
import {
  ask,
  askForm,
  pictureFile,
  refused,
  show,
  pasteOf,
} from '../../support/elements/question-support.js';
import { itInChromium } from '../../support/in-chromium.js';

/** A node of the accessibility tree. */
interface NamedNode {
  readonly name: string;
  readonly children: NamedNode[];
}

const values = (entered: JsonObject) => [{ kind: 'form', values: entered }];

describe('a form', () => {
  it('is filled in and sent', async () => {
    const card = await show(
      askForm(
        {
          name: { type: 'string' },
          mail: { type: 'string', format: 'email', title: 'E-mail' },
          nights: { type: 'integer', minimum: 1 },
          price: { type: 'number' },
          day: { type: 'string', format: 'date' },
          room: { enum: ['Single', 'Double'] },
          city: { enum: ['Oslo', 'Rome', 'Paris', 'Wien', 'Bonn'] },
          extras: { type: 'array', uniqueItems: true, items: { enum: ['Breakfast', 'Parking'] } },
          news: { type: 'boolean', title: 'Newsletter' },
          notes: { type: 'string', format: 'textarea' },
        },
        ['name', 'mail', 'nights', 'room'],
      ),
    );
    await card.enter('Name', 'Ann');
    await card.enter('E-mail', 'ann@example.org');
    await card.enter('Nights', '3');
    await card.enter('Price', '12.50');
    await card.enter('Day', '2026-05-01');
    await card.tick('Double');
    await card.enter('City', '1');
    await card.tick('Parking');
    await card.tick('Breakfast');
    await card.tick('Newsletter');
    await card.enter('Notes', 'Two\nlines');
    await card.press('Send');
    expect(card.answers).to.deep.equal(
      values({
        name: 'Ann',
        mail: 'ann@example.org',
        nights: 3,
        price: 12.5,
        day: '2026-05-01',
        room: 'Double',
        city: 'Rome',
        extras: ['Breakfast', 'Parking'],
        news: true,
        notes: 'Two\nlines',
      }),
    );
  });

  it('starts with its defaults, and leaves out what was not given', async () => {
    const card = await show(
      askForm({
        city: { type: 'string', default: 'Oslo' },
        tip: { type: 'number' },
        news: { type: 'boolean' },
      }),
    );
    expect(card.control('City').value).to.equal('Oslo');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ city: 'Oslo' }));
  });

  it('shows problems at their fields, and focuses the first', async () => {
    const card = await show(
      askForm(
        {
          name: { type: 'string' },
          mail: { type: 'string', format: 'email' },
          nights: { type: 'integer', maximum: 9 },
          code: { type: 'string', minLength: 3 },
          room: { enum: ['Single', 'Double'] },
        },
        ['name', 'room'],
      ),
    );
    await card.enter('Mail', 'ann');
    await card.enter('Nights', 'three');
    await card.enter('Code', 'ab');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.problems).to.deep.equal([
      'Required',
      'Enter an email address, such as name@example.org',
      'Enter a whole number',
      'Enter at least 3 characters',
      'Required',
    ]);
    expect(card.text).to.contain('5 fields need your attention');
    expect(card.focused).to.equal('Name');
    const nights = card.control('Nights');
    expect(nights.value).to.equal('three');
    const described = nights.getAttribute('aria-describedby')!.split(' ');
    expect(described.map((id) => card.root.getElementById(id)!.innerText.trim())).to.deep.equal([
      'at most 9',
      'Enter a whole number',
    ]);
    await card.enter('Nights', '12');
    expect(card.problems).to.contain('Enter 9 or less');
    await card.enter('Nights', '9');
    expect(card.problems.length).to.equal(4);
  });

  it('accepts the decimal comma of the locale, and rejects a point that could separate thousands', async () => {
    const card = await show(askForm({ price: { type: 'number', default: 0.5 } }), { strings: germanStrings });
    expect(card.control('Price').value).to.equal('0,5');
    await card.enter('Price', '1.500');
    await card.press('Senden');
    expect(card.problems).to.deep.equal(['Eine Zahl eingeben, etwa 2,5']);
    card.control('Price').select();
    // Key by key, 1.5 is a number on the way.
    await sendKeys({ type: '1.500' });
    expect(card.control('Price').value).to.equal('1.500');
    await card.press('Senden');
    expect(card.problems).to.deep.equal(['Eine Zahl eingeben, etwa 2,5']);
    await card.enter('Price', '1,50');
    expect(card.control('Price').value).to.equal('1,50');
    card.control('Price').focus();
    await sendKeys({ press: 'ArrowUp' });
    await card.element.updateComplete;
    expect(card.control('Price').value).to.equal('2,5');
    await card.press('Senden');
    expect(card.answers).to.deep.equal(values({ price: 2.5 }));
  });

  it('steps a number with the arrow keys, within its limits', async () => {
    const card = await show(askForm({ nights: { type: 'integer', minimum: 1, maximum: 3, default: 2 } }));
    card.control('Nights').focus();
    for (const press of ['ArrowUp', 'ArrowUp']) await sendKeys({ press });
    expect(card.control('Nights').value).to.equal('3');
    for (const press of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await sendKeys({ press });
    expect(card.control('Nights').value).to.equal('1');
    expect(card.control('Nights').getAttribute('aria-valuenow')).to.equal('1');
  });

  it('takes a date with a time in the time zone of the reader', async () => {
    const card = await show(askForm({ at: { type: 'string', format: 'date-time' } }));
    await card.enter('At', '2026-05-01T10:30');
    expect(card.control('At').value).to.equal('2026-05-01T10:30');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ at: new Date(2026, 4, 1, 10, 30).toISOString() }));
  });

  it('has lists that grow and shrink', async () => {
    const card = await show(
      askForm({
        guests: {
          type: 'array',
          maxItems: 2,
          items: { type: 'object', properties: { name: { type: 'string', title: 'Guest name' } } },
        },
      }),
    );
    await card.press('Add item: Guests');
    await card.enter('Guest name', 'Ann');
    await card.press('Add item: Guests');
    expect(card.button('Add item: Guests').ariaDisabled).to.equal('true');
    await card.press('Remove Guests 2');
    expect(card.focused).to.equal('Add item: Guests');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ guests: [{ name: 'Ann' }] }));
  });

  it('has lists whose items can be moved, with the focus', async () => {
    const card = await show(askForm({ stops: { type: 'array', items: { type: 'string' } } }));
    for (const [index, stop] of ['Ulm', 'Graz', 'Pisa'].entries()) {
      await card.press('Add item: Stops');
      await card.enter(`Stops ${index + 1}`, stop);
    }
    expect(card.button('Move Stops 1 up').ariaDisabled).to.equal('true');
    expect(card.button('Move Stops 3 down').ariaDisabled).to.equal('true');
    await card.press('Move Stops 1 down');
    await until(() => card.focused === 'Move Stops 2 down');
    await card.press('Move Stops 3 up');
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ stops: ['Graz', 'Pisa', 'Ulm'] }));
  });

  it('has lists that move the focus to a new item, and keep it next to a removed one', async () => {
    const card = await show(
      askForm({
        stops: { type: 'array', items: { type: 'string' } },
        guests: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string', title: 'Guest name' } } },
        },
      }),
    );
    const press = async (name: string) => {
      card.button(name).focus();
      await card.press(name);
    };
    await press('Add item: Guests');
    expect(card.focused).to.equal('Guest name');
    for (const index of [1, 2, 3]) {
      await press('Add item: Stops');
      expect(card.focused).to.equal(`Stops ${index}`);
      await card.enter(`Stops ${index}`, `stop ${index}`);
    }
    await press('Move Stops 1 down');
    expect(card.focused).to.equal('Move Stops 2 down');
    await press('Remove Stops 2');
    expect(card.focused).to.equal('Remove Stops 2');
    await press('Remove Stops 2');
    expect(card.focused).to.equal('Add item: Stops');
    expect(card.control('Stops 1').value).to.equal('stop 2');
  });

  it('offers the variants of a value', async () => {
    const card = await show(
      askForm(
        {
          delivery: {
            oneOf: [
              {
                title: 'By post',
                properties: { by: { const: 'post' }, city: { type: 'string' } },
                required: ['by', 'city'],
              },
              {
                title: 'By mail',
                properties: { by: { const: 'mail' }, copies: { type: 'integer', minimum: 1 } },
              },
            ],
          },
          size: { anyOf: [{ type: 'number' }, { type: 'string', title: 'In words' }] },
        },
        ['delivery'],
      ),
    );
    const select = card.control<HTMLSelectElement>('Delivery');
    expect([...select.options].map(({ label }) => label)).to.deep.equal(['By post', 'By mail']);
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    expect(card.focused).to.equal('City');
    await card.enter('Delivery', '1');
    await card.enter('Copies', '2');
    await card.enter('Size', '1');
    await card.enter('In words', 'large');
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    await card.press('JSON');
    await card.press('Form');
    expect(card.control('Copies').value).to.equal('2');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ delivery: { by: 'mail', copies: 2 }, size: 'large' }));
  });

  it('offers the variants of the whole answer', async () => {
    await loadSchemaCheck();
    const card = await show(
      ask({
        inputNode: {
          schema: {
            title: 'Delivery',
            type: 'object',
            properties: { name: { type: 'string' } },
            required: ['name'],
            oneOf: [
              {
                title: 'By post',
                properties: { by: { const: 'post' }, city: { type: 'string' } },
                required: ['by', 'city'],
              },
              {
                title: 'By mail',
                properties: { by: { const: 'mail' }, copies: { type: 'integer', minimum: 1 } },
                required: ['by'],
              },
            ],
          },
        },
      }),
    );
    const kinds = card.control<HTMLSelectElement>('Delivery');
    expect([...kinds.options].map(({ label }) => label)).to.deep.equal(['By post', 'By mail']);
    expect(card.hasButton('Skip'), 'something is required in each').to.equal(false);
    await card.enter('Name', 'Ann');
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    expect(card.focused).to.equal('City');
    await card.enter('Delivery', '1');
    expect(card.control('Name').value).to.equal('Ann');
    await card.enter('Copies', '2');
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    await card.press('JSON');
    expect(JSON.parse(card.control('Answer (JSON)').value)).to.deep.equal({
      name: 'Ann',
      by: 'mail',
      copies: 2,
    });
    await card.enter('Answer (JSON)', '{"name": "Ann", "by": "fax"}');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.problems.length).to.equal(1);
    await card.enter('Answer (JSON)', '{"name": "Ben", "by": "post", "city": "Ulm"}');
    await card.press('Form');
    expect(card.control('City').value).to.equal('Ulm');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ name: 'Ben', by: 'post', city: 'Ulm' }));
  });

  it('shows the problems that only the whole schema finds, at the field and in the JSON view', async () => {
    await loadSchemaCheck();
    const card = await show(
      ask({
        inputNode: {
          schema: {
            type: 'object',
            properties: {
              tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
              max: { type: 'number' },
            },
            dependentRequired: { max: ['tags'] },
          },
        },
      }),
    );
    for (const index of [1, 2]) {
      await card.press('Add item: Tags');
      await card.enter(`Tags ${index}`, 'new');
    }
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.root.querySelector('.list > .problem')!.textContent).to.equal('Already in the list');
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"tags": ["new"], "max": "x"}');
    await card.press('Send');
    expect(card.problems).to.deep.equal(['max: Wrong type of value']);
    await card.enter('Answer (JSON)', '{"tags": ["new"], "max": 3}');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ tags: ['new'], max: 3 }));
  });

  it('groups nested fields', async () => {
    const card = await show(
      askForm(
        {
          place: {
            type: 'object',
            title: 'Address',
            properties: { zip: { type: 'string' } },
            required: ['zip'],
          },
        },
        ['place'],
      ),
    );
    expect(card.root.querySelector('fieldset legend')!.textContent?.trim()).to.equal('Address');
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    await card.enter('Zip', '0150');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ place: { zip: '0150' } }));
  });

  it('can be skipped when nothing in it is required', async () => {
    const card = await show(askForm({ name: { type: 'string' } }));
    await card.press('Skip');
    expect(card.answers).to.deep.equal([{ kind: 'skip' }]);
  });

  it('shows the problems found by the server at their fields, until those are changed', async () => {
    const card = await show(askForm({ city: { type: 'string', default: 'Atlantis' } }));
    const errors = [{ pointer: '#/city', detail: 'There is no such city' }];
    await card.set({ answerState: refused('invalid-response', 'Not a city', { errors }) });
    expect(card.problems).to.deep.equal(['There is no such city']);
    expect(card.control('City').value).to.equal('Atlantis');
    await card.enter('City', 'Oslo');
    expect(card.problems).to.deep.equal([]);
    await card.press('Send again');
    expect(card.answers).to.deep.equal(values({ city: 'Oslo' }));
  });
});

describe('a form of content', () => {
  const topic = (title: string, format: string, ...behavior: readonly string[]) =>
    ask({
      inputNode: {
        schema: {
          type: 'object',
          properties: { request: { type: 'object', title, format, behavior: ['llm-content', ...behavior] } },
        },
      },
    });

  it('asks with its title, and sends content', async () => {
    const card = await show(topic('What is the topic?', 'edit_note', 'hint-required'));
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Required']);
    await card.enter('What is the topic?', 'Green beans');
    await card.press('Send');
    expect(card.answers).to.deep.equal(
      values({ request: { role: 'user', parts: [{ text: 'Green beans' }] } }),
    );
  });

  it('is named after the node when it has no title', async () => {
    const card = await show(topic('', 'asterisk'));
    expect(card.control('Poet').tagName).to.equal('TEXTAREA');
  });

  it('accepts files dropped or pasted into a field, and shows pictures', async () => {
    const content = (title: string) => ({ title, behavior: ['llm-content'] });
    const card = await show(askForm({ front: content('Front'), back: content('Back') }));
    const give = (label: string, file: File, kind: 'drop' | 'paste') => {
      const transfer = new DataTransfer();
      transfer.items.add(file);
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'drop' ? new DragEvent('drop', { dataTransfer: transfer, ...init }) : pasteOf(transfer);
      card.control(label).dispatchEvent(event);
      expect(event.defaultPrevented).to.equal(true);
    };
    give('Front', pictureFile('front.png'), 'drop');
    give('Back', new File(['x'], 'back.txt', { type: 'text/plain' }), 'paste');
    await until(() => card.count('.file-chip') === 2);
    await card.root.querySelector<HTMLImageElement>('.file-chip img')!.decode();
    give('Back', new File([new Uint8Array(6e6)], 'large.bin'), 'drop');
    await card.element.updateComplete;
    expect(card.text).to.contain('“large.bin” is too large: files can total 6 MB');
    await card.press('Send');
    const [answer] = card.answers;
    const names = Object.entries(answer?.kind === 'form' ? answer.values : {}).map(([key, value]) => [
      key,
      (value as { parts: { inlineData: { title: string } }[] }).parts.map(
        ({ inlineData }) => inlineData.title,
      ),
    ]);
    expect(names).to.deep.equal([
      ['front', ['front.png']],
      ['back', ['back.txt']],
    ]);
  });

  itInChromium('has distinct names for screen readers', async () => {
    const content = (title: string) => ({ title, behavior: ['llm-content'] });
    await show(askForm({ note: { type: 'string' }, front: content('Front'), back: content('Back') }));
    const tree = (await a11ySnapshot({})) as unknown as NamedNode;
    for (const name of ['Note', 'Add files: Front', 'Add files: Back']) {
      expect(
        findAccessibilityNode(tree, (node: NamedNode) => node.name === name),
        name,
      ).to.not.equal(null);
    }
  });

  it('accepts files of its kind', async () => {
    const card = await show(topic('A picture', 'image', 'hint-required'));
    expect(card.root.querySelector('input[type="file"]')!.getAttribute('accept')).to.equal('image/*');
    await card.pick(new File(['x'], 'a.png', { type: 'image/png' }));
    await until(() => card.count('.file-chip') === 1);
    await card.press('Send');
    expect(card.answers).to.deep.equal(
      values({
        request: {
          role: 'user',
          parts: [{ inlineData: { mimeType: 'image/png', data: 'eA==', title: 'a.png' } }],
        },
      }),
    );
  });
});

describe('the JSON of a form', () => {
  it('changes no value by being shown', async () => {
    const card = await show(askForm({ nights: { type: 'number' }, name: { type: 'string' } }));
    await card.enter('Nights', '1.50');
    await card.enter('Name', ' Ann ');
    await card.press('JSON');
    expect(card.control('Answer (JSON)').value).to.equal('{\n  "nights": 1.5,\n  "name": " Ann "\n}');
    await card.press('Form');
    expect(card.control('Nights').value).to.equal('1.50');
    expect(card.control('Name').value).to.equal(' Ann ');
  });

  it('is sent as it is, with the members that no field shows', async () => {
    const card = await show(askForm({ name: { type: 'string' } }));
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"name": "Ann", "extra": [1, {"b": null}]}');
    await card.press('Form');
    expect(card.control('Name').value).to.equal('Ann');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ name: 'Ann', extra: [1, { b: null }] }));
  });

  it('stays shown while it is invalid, with the place of the error', async () => {
    const card = await show(askForm({ name: { type: 'string' } }));
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"name": Ann}');
    await card.press('Form');
    expect(card.problems).to.deep.equal(['This is not valid JSON: see line 1, column 10']);
    expect(card.control('Answer (JSON)').value).to.equal('{"name": Ann}');
  });

  it('is not sent with a number that parsing would change', async () => {
    const card = await show(askForm({ id: { type: 'integer' }, any: {} }));
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"id": 12345678901234567890}');
    await card.press('Send');
    const problem = '12345678901234567890 cannot be stored exactly';
    expect(card.problems).to.deep.equal([problem]);
    await card.press('Form');
    expect(card.control('Answer (JSON)').value).to.equal('{"id": 12345678901234567890}');
    await card.enter('Answer (JSON)', '{}');
    await card.press('Form');
    await card.enter('Id', '12345678901234567890');
    await card.press('Send');
    expect(card.problems).to.deep.equal([problem]);
    expect(card.answers).to.deep.equal([]);
  });

  it('lists the places of its problems and the allowed values', async () => {
    await loadSchemaCheck();
    const sizes = { type: 'string', enum: ['S', 'M', 'L'] };
    const card = await show(
      askForm(
        { size: sizes, count: { type: 'integer', maximum: 3 }, lines: { type: 'array', items: sizes } },
        ['size'],
      ),
    );
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"count": 7, "lines": ["S", "XL"]}');
    await card.press('Send');
    expect(card.answers).to.deep.equal([]);
    expect(card.focused).to.equal('Answer (JSON)');
    expect(card.problems.join('\n').split('\n')).to.have.members([
      'count: Enter 3 or less',
      'lines › 1: Must be one of "S", "M", "L"',
      'size: Required',
    ]);
    expect(await accessibilityProblems(card.element)).to.deep.equal([]);
    const many = Array.from({ length: 8 }, () => 'XL');
    await card.enter('Answer (JSON)', JSON.stringify({ size: 'S', lines: many }));
    const lines = card.problems.join('\n').split('\n');
    expect([lines.length, lines.at(-1)]).to.deep.equal([6, 'and 3 more']);
    await card.enter('Answer (JSON)', '{"size": "S"}');
    expect(card.problems).to.deep.equal([]);
  });

  it('is part of the draft', async () => {
    const interaction = askForm({ name: { type: 'string' } });
    const card = await show(interaction);
    await card.press('JSON');
    await card.enter('Answer (JSON)', '{"na');
    const other = await show(interaction, { draft: JSON.parse(JSON.stringify(card.drafts.at(-1))) });
    expect(other.control('Answer (JSON)').value).to.equal('{"na');
  });
});
