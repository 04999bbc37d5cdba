import { expect } from '@open-wc/testing';
import { emulateDisplay } from '../../support/display.js';
import {
  all,
  atCentreOf,
  button,
  emptyPage,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';
import { describeInChromium } from '../../support/in-chromium.js';

describeInChromium('a row of the list on a touch screen', () => {
  before(() => emulateDisplay({ hover: 'none' }));
  after(() => emulateDisplay({}));
  afterEach(emptyPage);

  it('is tested in a browser with touch', () => {
    expect(matchMedia('(hover: none) and (pointer: coarse)').matches).to.equal(true);
  });

  it('has its menu button, whose menu has all commands, next to its text', async () => {
    const { panel, history } = await mountPanel({ width: 360 });
    const title = 'A title that is far too long for the width of a telephone, however it is held';
    load(history, [row('a', { title, nodesTotal: 7, nodesEnded: 3 })]);
    await settled(panel);
    const [first] = rows(panel);
    const more = button(first!, `More actions for “${title}”`);
    expect(atCentreOf(more)?.closest('button')).to.equal(more);
    expect(getComputedStyle(more.parentElement!).opacity).to.equal('1');
    const { left, width, height } = more.getBoundingClientRect();
    expect(Math.min(width, height), 'size of the button').to.be.at.least(32);
    for (const part of ['.title', '.progress', '.detail', 'time']) {
      const { right } = one(first!, part).getBoundingClientRect();
      expect(right, part).to.be.at.most(left);
    }
    more.click();
    await settled(panel);
    const items = all(panel, '[role=menuitem]');
    expect(items.map(textOf)).to.deep.equal([
      'Open',
      'Select',
      'Run again',
      'Rename…',
      'Pin',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Delete',
    ]);
    for (const item of items) expect(item.getBoundingClientRect().height).to.be.at.least(40);
  });
});
