import { expect } from '@open-wc/testing';
import type { Fidelity } from '../../../src/protocol/fidelity.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import {
  accessibilityProblems,
  all,
  button,
  menuItems,
  mountPanel,
  one,
  press,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';

const NOTE = 'The server no longer keeps what was streamed; steps, answers and results are complete.';

async function mount(
  options: {
    width?: number;
    events?: readonly GraphRunEventBody[];
    capabilities?: { cancel?: boolean; delete?: boolean; readOnly?: boolean };
    fidelity?: Fidelity;
  } = {},
) {
  const sessions = fakeSessions();
  sessions.actions.capabilities = { inlineGraph: false, rename: true, ...options.capabilities };
  const { panel } = await mountPanel({ ...options, sessions });
  load(sessions.history, [row('h', { status: 'suspended' }), row('done')]);
  open(sessions, 'h', options.events ?? haikuEvents('h'));
  if (options.fidelity !== undefined) {
    sessions.run.apply([{ kind: 'start', replayTotal: 0, fidelity: options.fidelity }]);
  }
  await settled(panel);
  return { ...sessions, panel, view: one(panel, 'sessions-panel-view') };
}

describe('a connection that cannot give all of a run', () => {
  it('is reported once, in a quiet note', async () => {
    const { view, panel, run } = await mount({ fidelity: { pieces: 'none', times: 'steps' } });
    expect(textOf(one(view, '.notes'))).to.equal(NOTE);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    run.apply([{ kind: 'start', replayTotal: 0 }]);
    await settled(panel);
    expect(textOf(one(view, '.notes'))).to.equal('');
  });

  it('marks the durations of the timeline as approximate where times are those of steps', async () => {
    const { view, panel, run } = await mount({ fidelity: { pieces: 'all', times: 'steps' } });
    [...all(view, '[role=tab]')].find((tab) => textOf(tab).startsWith('Timeline'))?.click();
    await settled(panel);
    const times = () =>
      all(one(view, 'sessions-panel-timeline'), '.time, .total').map(textOf).filter(Boolean);
    expect(times()).to.have.length.greaterThan(3);
    expect(times().filter((time) => !time.startsWith('≈'))).to.deep.equal([]);
    run.apply([{ kind: 'start', replayTotal: 0 }]);
    await settled(panel);
    expect(times().filter((time) => time.startsWith('≈'))).to.deep.equal([]);
  });
});

describe('a list without push', () => {
  it('says how often it is updated instead of “Live”', async () => {
    const { history, panel } = await mount();
    const state = () => textOf(one(panel, '.connection'));
    expect(state()).to.equal('Live');
    history.apply([{ kind: 'connection', connection: { phase: 'live', attempt: 0, pollMs: 2000 } }]);
    await settled(panel);
    expect(state()).to.equal('Updated every 2 s');
  });
});

describe('a service that cannot cancel or delete', () => {
  async function offers(capabilities: { cancel?: boolean; delete?: boolean; readOnly?: boolean }) {
    const { panel, view, actions } = await mount({ capabilities });
    const list = one(panel, 'sessions-panel-list');
    const actionsOf = (id: string) =>
      all(list, `[data-id=${id}] [data-action]`).map((each) => each.dataset['action']);
    const header = all(view, 'header .button').map(textOf);
    const rows = [actionsOf('h'), actionsOf('done')];
    button(panel, 'More').click();
    await settled(panel);
    const canClear = menuItems(panel).some((item) => textOf(item).startsWith('Delete finished'));
    await press('Escape');
    one(list, '[data-id=done] .main').focus();
    await press('Delete');
    one(list, '[data-id=h] .main').focus();
    await press('c');
    await settled(panel);
    const isAsked = all(panel, 'dialog').length > 0;
    const calls = actions.calls.map(([name]) => name);
    return { rows, header, isAsked, calls, canClear };
  }

  it('offers neither, by button, menu or key', async () => {
    const { rows, header, isAsked, calls, canClear } = await offers({ cancel: false, delete: false });
    expect(rows).to.deep.equal([
      ['connect', 'more'],
      ['connect', 'more'],
    ]);
    expect(header).not.to.include('Cancel run');
    expect([isAsked, canClear]).to.deep.equal([false, false]);
    expect(calls).not.to.include('deleteLater');
  });

  it('offers nothing of the kind for a record of sessions', async () => {
    const { rows, canClear } = await offers({ readOnly: true });
    expect(rows).to.deep.equal([
      ['connect', 'more'],
      ['connect', 'more'],
    ]);
    expect(canClear).to.equal(false);
  });

  it('offers both by default', async () => {
    const { rows, isAsked, calls } = await offers({});
    expect(rows).to.deep.equal([
      ['connect', 'cancel', 'delete', 'more'],
      ['connect', 'delete', 'more'],
    ]);
    expect(isAsked).to.equal(true);
    expect(calls).to.include('deleteLater');
  });
});

describe('reports that belong to no node', () => {
  const REPORTED: readonly GraphRunEventBody[] = [
    ...haikuEvents('h'),
    { type: 'agentEvent', event: { progress: { done: 3, of: 4 } } },
    { type: 'thoughtEvent', text: 'Almost there' },
  ];

  it('are shown under the run, above its nodes', async () => {
    const { view, panel } = await mount({ events: REPORTED });
    const nodes = all(one(view, 'sessions-panel-activity'), 'sessions-panel-node');
    expect(textOf(one(nodes[0]!, 'h4'))).to.equal('Run');
    expect(textOf(nodes[0]!)).to.include('progress').and.include('Almost there');
    expect(textOf(one(nodes[1]!, 'h4'))).to.equal('Topic');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('take no place where there are none', async () => {
    const { view } = await mount();
    const titles = all(one(view, 'sessions-panel-activity'), 'sessions-panel-node').map((node) =>
      textOf(one(node, 'h4')),
    );
    expect(titles).not.to.include('Run');
  });
});

describe('an outline without data flow', () => {
  it('does not guess which node comes next', async () => {
    const [start, ...rest] = haikuEvents('h');
    if (start?.type !== 'graphStart' || start.graph === undefined) throw new Error('no outline');
    const events = [{ ...start, graph: { ...start.graph, order: 'none' } }, ...rest];
    const { view } = await mount({ events });
    expect(all(one(view, 'sessions-panel-activity'), '.coming')).to.have.length(0);
    const flow = await mount();
    expect(textOf(one(one(flow.view, 'sessions-panel-activity'), '.coming'))).to.include('Illustration');
  });
});

describe('steps of a node', () => {
  const graph = { nodes: [{ id: 'agent', type: 'ag-ui', title: 'Agent' }], edges: [], order: 'none' };
  const events: readonly GraphRunEventBody[] = [
    { type: 'graphStart', sessionId: 'h', graph },
    { type: 'nodeStart', nodeId: 'agent' },
    { type: 'nodeStart', nodeId: 'poet', parent: 'agent', title: 'Poet' },
    { type: 'nodeStart', nodeId: 'critic', parent: 'agent', title: 'Critic' },
    { type: 'nodeStart', nodeId: 'rhyme', parent: 'poet', title: 'Rhyme' },
  ];
  const left = (element: Element) => element.getBoundingClientRect().left;

  it('stand below its title and further in, in the activity and in the timeline', async () => {
    const { view, panel } = await mount({ events, width: 700 });
    const nodes = all(one(view, 'sessions-panel-activity'), 'sessions-panel-node');
    expect(nodes.map((node) => textOf(one(node, 'h4')))).to.deep.equal(['Agent', 'Poet', 'Rhyme', 'Critic']);
    const places = nodes.map(left);
    expect(places[1]).to.be.greaterThan(places[0]!);
    expect(places[2]).to.be.greaterThan(places[1]!);
    expect(places[3]).to.equal(places[1]);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    [...all(view, '[role=tab]')].find((tab) => textOf(tab).startsWith('Timeline'))?.click();
    await settled(panel);
    const titles = all(one(view, 'sessions-panel-timeline'), '.name .title');
    expect(titles.map(textOf).slice(1)).to.deep.equal(['Agent', 'Poet', 'Rhyme', 'Critic']);
    expect(left(titles[2]!)).to.be.greaterThan(left(titles[1]!));
  });
});
