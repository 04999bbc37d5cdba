import { expect } from '@open-wc/testing';
import { BareRunController } from '../../../src/controller/run/bare-run-controller.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import {
  all,
  button,
  buttons,
  emptyPage,
  focused,
  mountPanel,
  one,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, live, load, open, row } from '../../support/elements/sample.js';

const COUNT = 3000;

function events(isEnded: boolean): GraphRunEventBody[] {
  return [
    { type: 'graphStart', sessionId: 'h' },
    ...Array.from({ length: COUNT }, (_, index): GraphRunEventBody[] => [
      { type: 'nodeStart', nodeId: `n${index}` },
      { type: 'nodeEnd', nodeId: `n${index}`, outputs: { out: `output ${index}` } },
    ]).flat(),
    ...(isEnded ? [{ type: 'graphCancelled' as const, sessionId: 'h' }] : []),
  ];
}

async function openMany(isEnded: boolean) {
  const sessions = fakeSessions();
  const { panel, run } = await mountPanel({ sessions });
  load(sessions.history, [row('h', { status: isEnded ? 'cancelled' : 'running' })]);
  // Long enough ago that live events are newer.
  open(sessions, 'h', events(isEnded), Date.now() - 4 * COUNT * 1500);
  await settled(panel);
  return { panel, run };
}

/** Clicks a node in the timeline, which shows it in the activity. */
async function choose(panel: Element, title: string): Promise<void> {
  all(panel, '[role=tab]')
    .find((tab) => tab.textContent.includes('Timeline'))!
    .click();
  await settled(panel);
  all(panel, '[part=timeline-row]')
    .find((button) => one(button, '.title').textContent === title)!
    .click();
  await settled(panel);
}

const titles = (panel: Element) =>
  all(panel, 'sessions-panel-node').map((node) => one(node, 'h4').textContent);

describe('a node among thousands', function () {
  // Draws thousands of rows several times.
  this.timeout(60_000);
  afterEach(emptyPage);

  it('is drawn without reading all nodes again for each that is drawn', async () => {
    const { panel, run } = await openMany(false);
    const { get } = Object.getOwnPropertyDescriptor(BareRunController.prototype, 'nodes')!;
    let reads = 0;
    Object.defineProperty(run, 'nodes', {
      get: () => {
        reads += 1;
        return get!.call(run) as typeof run.nodes;
      },
    });
    live(run, [{ type: 'nodeStart', nodeId: 'another' }]);
    await settled(panel);
    expect(titles(panel)).to.include('another');
    expect(reads).to.be.within(1, 5);
  });

  it('is shown from the timeline together with the nodes around it only', async () => {
    const { panel } = await openMany(true);
    await choose(panel, 'n60');
    expect(titles(panel)).to.have.length.below(150);
    const node = focused()?.closest('sessions-panel-node');
    expect(one(node!, 'h4').textContent).to.equal('n60');
    // The nodes above it are laid out only when they come into view.
    const { top } = one(panel, '[part=activity]').getBoundingClientRect();
    expect(node!.getBoundingClientRect().top - top, 'distance from the top').to.be.within(-2, 20);
    const marked = () =>
      all(panel, 'sessions-panel-node').filter(
        (each) => getComputedStyle(each, '::after').content !== 'none',
      );
    expect(marked()).to.deep.equal([node]);
    (node as HTMLElement).blur();
    await settled(panel);
    expect(marked()).to.deep.equal([]);
    const [first, last] = [titles(panel)[0]!, titles(panel).at(-1)!].map((title) => Number(title.slice(1)));
    button(panel, `Show ${(COUNT - 1 - last!).toLocaleString('en')} later nodes`).click();
    await settled(panel);
    expect(titles(panel).at(-1)).to.equal(`n${last! + 100}`);
    button(panel, `Show ${first} earlier nodes`).click();
    await settled(panel);
    expect(titles(panel)[0]).to.equal('n0');
    expect(titles(panel).at(-1)).to.equal(`n${last! + 100}`);
    expect(titles(panel)).to.have.length.below(350);
  });

  it('keeps the nodes that are already drawn', async () => {
    const { panel } = await openMany(true);
    expect(titles(panel)[0]).to.equal('n2900');
    const before = all(panel, 'sessions-panel-node').length;
    await choose(panel, 'n0');
    expect(titles(panel).slice(0, 2)).to.deep.equal(['n0', 'n1']);
    expect([...buttons(panel).keys()].some((name) => name.includes('earlier'))).to.equal(false);
    expect(all(panel, 'sessions-panel-node')).to.have.length.at.most(before);
  });

  it('offers the way back to the latest node', async () => {
    const { panel, run } = await openMany(false);
    await choose(panel, 'n50');
    live(run, [{ type: 'nodeStart', nodeId: 'newest' }]);
    await settled(panel);
    expect(titles(panel)).not.to.include('newest');
    button(panel, 'Jump to latest').click();
    await settled(panel);
    expect(titles(panel).at(-1)).to.equal('newest');
    expect(titles(panel)).to.have.length.below(150);
    const scroller = one(panel, '[part=activity]');
    expect(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight).to.be.below(2);
    expect(buttons(panel).has('Jump to latest')).to.equal(false);
    live(run, [{ type: 'nodeStart', nodeId: 'after it' }]);
    await settled(panel);
    expect(textOf(all(panel, 'sessions-panel-node').at(-1)!)).to.contain('after it');
  });
});
