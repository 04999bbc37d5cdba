import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { until } from '../../support/elements/page.js';
import { ask, askForm, show } from '../../support/elements/question-support.js';

const names = (count: number) => Array.from({ length: count }, (_, number) => `n${number}`);
const texts = (count: number) => Object.fromEntries(names(count).map((name) => [name, { type: 'string' }]));

describe('a form of very many fields', () => {
  it('is drawn over several frames, and keeps what is typed meanwhile', async () => {
    const card = await show(askForm(texts(300)));
    expect(card.count('.body input')).to.be.lessThan(100);
    card.control('N0').focus();
    await card.enter('N0', 'early');
    await until(() => card.count('.body input') === 300);
    expect(card.focused).to.equal('N0');
    await sendKeys({ type: '!' });
    await card.enter('N299', 'late');
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'form', values: { n0: 'early!', n299: 'late' } }]);
  });

  it('is drawn as a whole to show a problem', async () => {
    const card = await show(askForm(texts(300), ['n299']));
    await card.press('Send');
    expect(card.focused).to.equal('N299');
  });

  it('counts the fields of groups, too', async () => {
    const group = { type: 'object', properties: texts(20) };
    const card = await show(askForm(Object.fromEntries(names(20).map((name) => [name, group]))));
    expect(card.count('.body input')).to.be.lessThan(100);
    await until(() => card.count('.body input') === 400);
  });
});

describe('a drop-down list of a thousand options', () => {
  it('has a name for each, and follows the draft', async () => {
    const card = await show(askForm({ city: { enum: names(1000), default: 'n7' } }, ['city']));
    const select = card.control<HTMLSelectElement>('City');
    expect([select.options.length, select.selectedOptions[0]!.text]).to.deep.equal([1001, 'n7']);
    await card.enter('City', '999');
    await card.press('JSON');
    await card.press('Form');
    expect(card.control<HTMLSelectElement>('City').value).to.equal('999');
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'form', values: { city: 'n999' } }]);
  });
});

describe('a form of a schema that is not one of an object', () => {
  it('says that no answer fits', async () => {
    for (const type of ['array', 'string', 'number', ['boolean', 'null']]) {
      const card = await show(ask({ inputNode: { schema: { type } } }));
      expect(card.text).to.contain('asks for a value that is not an object');
      await card.press('Send');
      expect(card.answers).to.deep.equal([]);
    }
  });
});
