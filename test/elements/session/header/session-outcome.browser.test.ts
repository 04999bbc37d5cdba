import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import {
  accessibilityProblems,
  all,
  button,
  emptyPage,
  focused,
  mountPanel,
  one,
  settled,
  textOf,
  until,
} from '../../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../../support/elements/sample.js';

const COUNT = 40;
const TITLES = Array.from({ length: COUNT }, (_, index) => `Step ${index + 1}`);

/** A graph whose last two steps fail, after many that completed with a text. */
function failing(): readonly GraphRunEventBody[] {
  const nodes = TITLES.map((title, index) => ({ id: `n${index}`, type: 't', title }));
  const outputs = { text: [{ parts: [{ text: 'A line.\n\nAnother.\n\nA third.' }] }] };
  const steps = nodes.slice(0, -2).flatMap(({ id }): GraphRunEventBody[] => [
    { type: 'nodeStart', nodeId: id },
    { type: 'nodeEnd', nodeId: id, outputs },
  ]);
  const failures = nodes.slice(-2).flatMap(({ id }): GraphRunEventBody[] => [
    { type: 'nodeStart', nodeId: id },
    { type: 'nodeError', nodeId: id, error: `${id}: 503 Service Unavailable` },
  ]);
  return [
    { type: 'graphStart', sessionId: 's', graph: { nodes, edges: [] } },
    ...steps,
    ...failures,
    { type: 'graphError', sessionId: 's', error: '503 Service Unavailable' },
  ];
}

async function mount(events: readonly GraphRunEventBody[], status: 'failed' | 'cancelled' | 'completed') {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions });
  load(sessions.history, [row('s', { status })]);
  open(sessions, 's', events);
  await settled(panel);
  const view = one(panel, 'sessions-panel-view');
  return { ...sessions, panel, view, strip: () => all(view, '.outcome')[0] };
}

/** True for a node whose title is in sight. */
function isInSight(view: Element, title: string): boolean {
  const node = all(view, 'sessions-panel-node').find((element) => textOf(element).startsWith(title));
  const scroller = one(view, '.scroller').getBoundingClientRect();
  const top = node?.getBoundingClientRect().top ?? -1;
  return top >= scroller.top - 1 && top < scroller.bottom;
}

/** True if a node, or something in it, has the focus. */
function isAtNode(title: string): boolean {
  const element = focused();
  const root = element?.getRootNode();
  const node =
    root instanceof ShadowRoot && element?.localName !== 'sessions-panel-node' ? root.host : element;
  return node?.localName === 'sessions-panel-node' && textOf(node).startsWith(title);
}

describe('a failed run', () => {
  afterEach(emptyPage);

  it('opens at its first failure, and says above the tabs what failed and why', async () => {
    const { view, panel, strip } = await mount(failing(), 'failed');
    await until(() => isInSight(view, 'Step 39'), 'the failed node is in sight');
    expect(textOf(strip() as Element))
      .to.contain('Step 39 failed')
      .and.to.contain('n38: 503 Service Unavailable');
    expect(view.contains(focused()), 'no focus is taken').to.equal(false);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('lets a person step through its failures, and go to each', async () => {
    const { view, panel, strip } = await mount(failing(), 'failed');
    button(strip() as Element, 'Next failure').click();
    await settled(panel);
    expect(textOf(strip() as Element))
      .to.contain('Step 40 failed')
      .and.to.contain('2 of 2');
    button(strip() as Element, 'Show').click();
    await until(
      () => isInSight(view, 'Step 40') && isAtNode('Step 40'),
      'the second failed node has the focus',
    );
    button(strip() as Element, 'Next failure').click();
    await settled(panel);
    expect(textOf(strip() as Element), 'after the last, the first').to.contain('Step 39 failed');
  });

  it('counts only what has completed, with the other nodes in a tooltip', async () => {
    const { view } = await mount(failing(), 'failed');
    const count = all(view, '[part="session-meta"] span').find((element) =>
      textOf(element).includes('of 40'),
    );
    expect(count === undefined ? '' : textOf(count)).to.equal('38 of 40 nodes');
    expect(count?.title).to.equal('38 completed, 2 failed');
  });

  it('has no strip when it completed', async () => {
    const { strip } = await mount(
      [
        { type: 'graphStart', sessionId: 's', graph: { nodes: [{ id: 'a', type: 't' }], edges: [] } },
        { type: 'graphComplete', sessionId: 's' },
      ],
      'completed',
    );
    expect(strip() === undefined).to.equal(true);
  });
});

describe('a cancelled run', () => {
  afterEach(emptyPage);

  it('says when, what it waited for, and which question stayed open', async () => {
    const graph = { nodes: [{ id: 'a', type: 't', title: 'Stanzas' }], edges: [] };
    const suspendEvent = { waitForInput: { prompt: { parts: [{ text: 'How **many**?' }] } } };
    const { strip, panel, view } = await mount(
      [
        { type: 'graphStart', sessionId: 's', graph },
        { type: 'nodeStart', nodeId: 'a' },
        { type: 'inputRequired', nodeId: 'a', interactionId: 'i', suspendEvent },
        { type: 'graphCancelled', sessionId: 's' },
      ],
      'cancelled',
    );
    expect(textOf(strip() as Element)).to.match(
      /^Cancelled (at|on) .+, while waiting for Stanzas\. “How many\?” not answered$/,
    );
    expect(textOf(one(view, 'sessions-panel-node')), 'the node says it as well').to.match(
      /How many ?\? not answered$/,
    );
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('has no question when none was open', async () => {
    const graph = { nodes: [{ id: 'a', type: 't', title: 'Poet' }], edges: [] };
    const { strip } = await mount(
      [
        { type: 'graphStart', sessionId: 's', graph },
        { type: 'nodeStart', nodeId: 'a' },
        { type: 'graphCancelled', sessionId: 's' },
      ],
      'cancelled',
    );
    expect(textOf(strip() as Element)).to.match(/^Cancelled (at|on) .+, while running Poet\.$/);
  });
});
