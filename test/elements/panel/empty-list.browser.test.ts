/** The panel while there is no session to open. */
import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  all,
  emptyPage,
  mountPanel,
  one,
  rows,
  settled,
} from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';

const widthOf = (element: Element) => element.getBoundingClientRect().width;

describe('a panel without sessions', () => {
  afterEach(emptyPage);

  it('shows the list in its whole width, and a session next to it once there is one', async () => {
    const { panel, history } = await mountPanel({ width: 1100 });
    expect(widthOf(one(panel, '.side')), 'while it loads').to.be.below(400);
    load(history, []);
    await settled(panel);
    expect(widthOf(one(panel, '.side'))).to.equal(1100);
    expect(widthOf(one(panel, '.splitter'))).to.equal(0);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    load(history, [row('a')]);
    await settled(panel);
    expect(widthOf(one(panel, '.side'))).to.be.below(400);
    expect(widthOf(one(panel, 'sessions-panel-view'))).to.be.above(600);
  });
});

describe('the usage in a row', () => {
  afterEach(emptyPage);

  const usage = { inputTokens: 11_200, outputTokens: 1200, costUsd: 0.08 };

  it('leaves the room to the text in a list of usual width, but for a list in the order of cost', async () => {
    const { panel, history } = await mountPanel({ width: 1100 });
    load(history, [row('h', { usage, status: 'failed', error: 'The library did not answer: 503' })]);
    await settled(panel);
    const shown = () => all(rows(panel)[0]!, '.usage').map(widthOf);
    expect(shown()).to.deep.equal([0]);
    history.setOrder('costliest');
    await settled(panel);
    expect(shown()[0]).to.be.above(50);
  });
});
