import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import { germanStrings } from '../../../../src/elements/strings/german.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  mountPanel,
  one,
  settled,
  textOf,
} from '../../../support/elements/page.js';
import { load, open, row } from '../../../support/elements/sample.js';

const REUSED = { sessionId: 'before', index: 4 };
const EVENTS: readonly GraphRunEventBody[] = [
  {
    type: 'graphStart',
    sessionId: 'h',
    rerunOf: { sessionId: 'before', from: 'write' },
    graph: {
      title: 'Haiku',
      nodes: [
        { id: 'find', type: 'a', title: 'Find' },
        { id: 'write', type: 'a', title: 'Write' },
        { id: 'print', type: 'a', title: 'Print' },
      ],
      edges: [],
    },
  },
  { type: 'nodeStart', nodeId: 'find', reused: REUSED },
  { type: 'nodeEnd', nodeId: 'find', outputs: { out: 'found' }, reused: REUSED },
  { type: 'nodeStart', nodeId: 'write' },
  { type: 'nodeError', nodeId: 'write', error: 'No ink' },
  { type: 'nodeSkipped', nodeId: 'print', causedBy: 'write' },
];

async function timeline(options: { width?: number; isEnded?: boolean; canRerun?: boolean } = {}) {
  const { width = 1100, isEnded = true, canRerun = true } = options;
  const mounted = await mountPanel({ width });
  const { panel, history, actions } = mounted;
  if (canRerun) actions.capabilities = { inlineGraph: true, rerun: true, rerunFrom: true };
  load(history, [row('h', { status: isEnded ? 'failed' : 'running' }), row('before', { createdAt: 1 })]);
  const end: GraphRunEventBody[] = isEnded ? [{ type: 'graphError', sessionId: 'h', error: 'No ink' }] : [];
  open(mounted, 'h', [...EVENTS, ...end]);
  await settled(panel);
  all(panel, '[role=tab]')
    .find((tab) => textOf(tab).includes('Timeline'))!
    .click();
  await settled(panel);
  return { ...mounted, view: one(panel, 'sessions-panel-timeline') };
}

const again = (view: Element) => [...buttons(view).keys()].filter((name) => name.startsWith('Run again'));

describe('the timeline of a run that can run again', () => {
  afterEach(emptyPage);

  it('marks the nodes that did not run, in words and for screen readers', async () => {
    const { view, panel } = await timeline();
    const named = (title: string) =>
      all(view, 'button.row').find((each) => one(each, '.title').textContent === title)!;
    expect(one(named('Find'), '.time').textContent.trim()).to.equal('Reused');
    expect(one(named('Find'), '.visually-hidden').textContent).to.equal('Find: Reused, Completed');
    expect(all(named('Write'), '.reused')).to.have.length(0);
    panel.strings = germanStrings;
    await settled(panel);
    expect(textOf(view)).to.contain('Übernommen');
  });

  it('runs again from a node that has started', async () => {
    const { view, panel, actions } = await timeline();
    const asked: unknown[] = [];
    panel.addEventListener('session-rerun', ({ sessionId, options }) => asked.push([sessionId, options]));
    expect(again(view)).to.deep.equal(['Run again from “Find”', 'Run again from “Write”']);
    button(view, 'Run again from “Write”').click();
    expect(asked).to.deep.equal([['h', { from: 'write' }]]);
    expect(actions.calls).to.deep.equal([['rerun', 'h', { from: 'write' }]]);
  });

  it('does not while the session runs, nor where the service cannot', async () => {
    expect(again((await timeline({ isEnded: false })).view)).to.deep.equal([]);
    expect(again((await timeline({ canRerun: false })).view)).to.deep.equal([]);
  });

  for (const width of [360, 1100]) {
    it(`has room for it at ${width} px, and no accessibility problem`, async () => {
      const { view } = await timeline({ width });
      const { right } = view.getBoundingClientRect();
      for (const each of all(view, '.rerun')) expect(each.getBoundingClientRect().right).to.be.at.most(right);
      for (const item of all(view, 'li:has(.rerun)')) {
        const figures = one(item, 'button.row').getBoundingClientRect();
        expect(figures.right).to.be.at.most(one(item, '.rerun').getBoundingClientRect().left + 0.5);
      }
      expect(await accessibilityProblems(view)).to.deep.equal([]);
    });
  }
});
