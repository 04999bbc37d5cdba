import { expect } from '@open-wc/testing';
import { accessibilityProblems, until } from '../../support/elements/page.js';
import { askForm, pictureFile, show } from '../../support/elements/question-support.js';

describe('a field for a file as a text', () => {
  it('sends a data URL or base64, whichever the schema asks for', async () => {
    for (const [schema, start] of [
      [{ type: 'string', format: 'data-url' }, 'data:image/png;base64,iVBOR'],
      [{ type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }, 'iVBOR'],
    ] as const) {
      const card = await show(askForm({ photo: schema }, ['photo']));
      await card.press('Send');
      expect(card.problems).to.deep.equal(['Required']);
      await card.pick(pictureFile('me.png'));
      await until(() => card.text.includes('me.png'));
      expect(card.text).to.contain('70 bytes');
      expect(card.hasButton('Choose another file')).to.equal(true);
      expect(await accessibilityProblems(card.root.querySelector('.card')!)).to.deep.equal([]);
      const draft = JSON.parse(JSON.stringify(card.drafts.at(-1)));
      const other = await show(card.element.interaction!, { draft });
      expect(other.text).to.contain('me.png');
      await card.press('Send');
      const [answer] = card.answers;
      const photo = answer?.kind === 'form' ? answer.values['photo'] : undefined;
      expect(String(photo).startsWith(start)).to.equal(true);
    }
  });

  it('can be replaced and removed, and has the limit of its schema', async () => {
    const card = await show(askForm({ photo: { contentEncoding: 'base64', maxLength: 100 } }));
    await card.pick(pictureFile('a.png'));
    await until(() => card.text.includes('a.png'));
    await card.pick(new File([new Uint8Array(10)], 'b.bin'));
    await until(() => card.text.includes('b.bin'));
    expect(card.text).not.to.contain('a.png');
    await card.pick(new File([new Uint8Array(100)], 'c.bin'));
    await until(() => card.text.includes('“c.bin” is too large'));
    await card.press('Remove b.bin');
    await card.press('Send');
    expect(card.answers).to.deep.equal([{ kind: 'form', values: {} }]);
  });
});
