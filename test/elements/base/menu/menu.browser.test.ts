import { expect } from '@open-wc/testing';
import { box, focused, press, settled } from '../../../support/elements/page.js';

describe('a typed letter in an open menu', () => {
  it('moves to the next entry that begins with it, in any script and on any layout', async () => {
    const menu = document.createElement('sessions-panel-menu');
    const texts = ['Open', 'Переименовать', 'Delete', 'Дальше', 'Delete all'];
    Object.assign(menu, { entries: texts.map((text) => ({ text, onChoose: () => undefined })) });
    box().append(menu);
    await settled(menu);
    await menu.open(document.body);
    const at = () => focused()?.textContent.trim();
    press('п', { code: 'KeyG' });
    expect(at()).to.equal('Переименовать');
    press('d', { code: 'KeyD' });
    expect(at()).to.equal('Delete');
    press('d', { code: 'KeyD' });
    expect(at()).to.equal('Delete all');
    // д is on the key of l, щ on the key of o: an entry of the typed script comes first.
    press('д', { code: 'KeyL' });
    expect(at()).to.equal('Дальше');
    press('щ', { code: 'KeyO' });
    expect(at()).to.equal('Open');
    press('x', { code: 'KeyX' });
    expect(at()).to.equal('Open');
    menu.close();
  });
});
