import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { loadSchemaCheck } from '../../../src/elements/form/schema/schema-check.js';
import type { Interaction } from '../../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { ask, show } from '../../support/elements/question-support.js';

const TEXT = { type: 'string' };
const askSchema = (schema: JsonObject): Interaction =>
  ask({ inputNode: { schema: { type: 'object', ...schema } } });
const values = (entered: JsonObject) => [{ kind: 'form', values: entered }];
const labels = (root: ShadowRoot) =>
  [...root.querySelectorAll<HTMLElement>('.field label, legend')].map((label) =>
    label.innerText.replace(/ optional$/, '').trim(),
  );

const CAR: JsonObject = {
  properties: { car: { type: 'boolean', title: 'Has a car' } },
  required: ['car'],
  if: { properties: { car: { const: true } } },
  // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
  then: { properties: { plate: { ...TEXT, default: 'B-' } }, required: ['plate'] },
};

describe('a form with conditions', () => {
  it('shows a field as soon as it is due, with its default, and sends it only then', async () => {
    const card = await show(askSchema(CAR));
    await loadSchemaCheck();
    await card.element.updateComplete;
    expect(labels(card.root)).to.deep.equal(['Has a car']);
    await card.tick('Has a car');
    expect(labels(card.root)).to.deep.equal(['Has a car', 'Plate *']);
    expect(card.control('Plate').value).to.equal('B-');
    await card.enter('Plate', 'B-X 1');
    await card.tick('Has a car');
    expect(labels(card.root)).to.deep.equal(['Has a car']);
    await card.press('Send');
    await card.tick('Has a car');
    expect(card.control('Plate').value).to.equal('B-X 1');
    await card.press('Send');
    expect(card.answers).to.deep.equal([...values({ car: false }), ...values({ car: true, plate: 'B-X 1' })]);
  });

  it('shows the fields that are due for a draft of the host', async () => {
    const draft = { kind: 'form', form: { values: { car: true }, typed: {} } };
    const card = await show(askSchema(CAR), { draft });
    await loadSchemaCheck();
    await card.element.updateComplete;
    // A person had emptied it: it does not start again.
    expect(card.control('Plate').value).to.equal('');
    expect(card.drafts).to.deep.equal([]);
  });

  it('leaves focus and caret where they are when a field appears before the one in use', async () => {
    const card = await show(
      askSchema({
        properties: { a: TEXT },
        allOf: [
          {
            if: { properties: { b: { const: 'go' } }, required: ['b'] },
            // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
            then: { properties: { more: TEXT } },
          },
          // oxlint-disable-next-line unicorn/no-thenable -- JSON schema has it
          { if: true, then: { properties: { b: TEXT } } },
        ],
      }),
    );
    await loadSchemaCheck();
    await card.element.updateComplete;
    expect(labels(card.root)).to.deep.equal(['A', 'B']);
    const input = card.control('B');
    input.focus();
    await sendKeys({ type: 'o' });
    input.setSelectionRange(0, 0);
    await sendKeys({ type: 'g' });
    expect(labels(card.root)).to.deep.equal(['A', 'More', 'B']);
    expect(card.focused).to.equal('B');
    expect(card.control('B') === input).to.equal(true);
    expect([input.value, input.selectionStart]).to.deep.equal(['go', 1]);
  });

  it('says in words which rule the whole form breaks', async () => {
    const card = await show(
      askSchema({
        properties: { mail: { ...TEXT, title: 'E-mail' }, phone: TEXT },
        anyOf: [{ required: ['mail'] }, { required: ['phone'] }],
      }),
    );
    await loadSchemaCheck();
    await card.press('Send');
    expect(card.problems).to.deep.equal(['Fill in E-mail or Phone']);
    await card.enter('Phone', '1');
    await card.press('Send');
    expect(card.answers).to.deep.equal(values({ phone: '1' }));
  });
});
