import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { all, emptyPage, mountPanel, one, settled, textOf } from '../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';
import { describeInChromium } from '../../support/in-chromium.js';

const EVENTS = 2500;
const LONG = Array.from({ length: 200 }, (_, at) => `Paragraph ${at} of the *result* of this run.`).join(
  '\n\n',
);

async function showSession() {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions, height: 500 });
  load(sessions.history, [row('h')]);
  const nodes = Array.from({ length: 150 }, (_, at) => ({ id: `n${at}`, type: 'x', title: `Node ${at}` }));
  const thoughts = Array.from({ length: EVENTS }, (_, at): GraphRunEventBody => {
    return { type: 'thoughtEvent', nodeId: 'n0', text: `thought ${at}` };
  });
  open(sessions, 'h', [
    { type: 'graphStart', sessionId: 'h', graph: { nodes, edges: [] } },
    ...nodes.flatMap(({ id }): GraphRunEventBody[] => [
      { type: 'nodeStart', nodeId: id },
      ...(id === 'n0' ? thoughts : []),
      {
        type: 'nodeEnd',
        nodeId: id,
        outputs: { context: { parts: [{ text: id === 'n0' ? LONG : 'done' }] } },
      },
    ]),
    { type: 'graphComplete', sessionId: 'h' },
  ]);
  await settled(panel);
  return panel;
}

async function print(isPrinted: boolean, root: Element): Promise<void> {
  await emulateMedia({ media: isPrinted ? 'print' : 'screen' });
  dispatchEvent(new Event(isPrinted ? 'beforeprint' : 'afterprint'));
  await settled(root);
}

const visible = (root: Element, selector: string) =>
  all(root, selector).filter((element) => element.checkVisibility());

describeInChromium('a printed session', () => {
  afterEach(async () => {
    await emulateMedia({ media: 'screen' });
    dispatchEvent(new Event('afterprint'));
    emptyPage();
  });

  it('has all nodes and the whole of their outputs, and nothing that only a screen needs', async () => {
    const panel = await showSession();
    expect(all(panel, 'sessions-panel-node')).to.have.length(100);
    await print(true, panel);
    const nodes = all(panel, 'sessions-panel-node');
    expect(nodes).to.have.length(150);
    expect(textOf(panel)).to.contain('Paragraph 199');
    expect(visible(panel, 'button:not(.main, .rename)').map(textOf)).to.deep.equal([]);
    expect(visible(panel, '.toolbar, .tabs, sessions-panel-list, .scroller')).to.have.length(1);
    // Nothing is scrolled or cut: the last node stands within the panel, which is as high as its content.
    const bottom = nodes.at(-1)?.getBoundingClientRect().bottom ?? 0;
    expect(panel.getBoundingClientRect().bottom).to.be.at.least(bottom - 1);
    expect(bottom).to.be.above(3000);
    expect(getComputedStyle(panel).colorScheme).to.equal('light');
    await print(false, panel);
    expect(all(panel, 'sessions-panel-node')).to.have.length(100);
    expect(textOf(panel)).not.to.contain('Paragraph 199');
  });

  it('has as many events as paper can take, whole, and says how many more there are', async () => {
    const panel = await showSession();
    all(panel, '[role=tab]').at(-1)?.click();
    await settled(panel);
    expect(all(panel, '[part=event]').length).to.be.below(60);
    await print(true, panel);
    expect(all(panel, '[part=event]')).to.have.length(2000);
    expect(textOf(one(panel, 'sessions-panel-events'))).to.contain('802 more events are not printed.');
    const last = all(panel, '[part=event]').at(-1)?.getBoundingClientRect().bottom ?? 0;
    expect(panel.getBoundingClientRect().bottom).to.be.at.least(last);
    await print(false, panel);
    expect(all(panel, '[part=event]').length).to.be.below(60);
  });
});
