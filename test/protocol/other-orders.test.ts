import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_RUN } from '../../src/controller/run/empty-run.js';
import { reduceRun } from '../../src/controller/run/reduce-run.js';
import { parseEvent, type GraphRunEvent, type GraphRunEventBody } from '../../src/protocol/events.js';
import { EXACT, parseFidelity } from '../../src/protocol/fidelity.js';
import { parseSessionFrame } from '../../src/protocol/stream/session-frames.js';
import type { GraphOutline } from '../../src/protocol/graph.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents, readyNodes } from '../../src/protocol/session-state.js';

function fold(bodies: readonly GraphRunEventBody[]) {
  return applyEvents(EMPTY_SESSION, numbered(bodies));
}

function numbered(bodies: readonly GraphRunEventBody[]): readonly GraphRunEvent[] {
  return bodies.map((body, index) => ({ ...body, index, ts: index * 100 }));
}

function start(order?: GraphOutline['order']): GraphRunEventBody {
  const nodes = ['plan', 'left', 'right', 'join'].map((id) => ({ id, type: 'node' }));
  const edges = [
    { from: 'plan', to: 'left' },
    { from: 'plan', to: 'right' },
    { from: 'left', to: 'join' },
    { from: 'right', to: 'join' },
  ];
  const graph = { nodes, edges, ...(order === undefined ? {} : { order }) };
  return { type: 'graphStart', sessionId: 's', graph };
}

const asks = (nodeId: string, interactionId: string): GraphRunEventBody => ({
  type: 'inputRequired',
  nodeId,
  interactionId,
  suspendEvent: { waitForInput: { prompt: { parts: [{ text: '?' }] } } },
});
const starts = (nodeId: string, more: { of?: string; title?: string } = {}): GraphRunEventBody => ({
  type: 'nodeStart',
  nodeId,
  ...more,
});
const ends = (nodeId: string): GraphRunEventBody => ({ type: 'nodeEnd', nodeId });

describe('an outline without data flow', () => {
  const untilQuestion = [starts('plan'), ends('plan'), starts('left'), asks('left', 'q')];

  it('waits for a person although a branch was not taken', () => {
    assert.equal(fold([start('none'), ...untilQuestion]).status, 'suspended');
    // The same log of the reference runner: the other branch is about to start.
    assert.equal(fold([start(), ...untilQuestion]).status, 'running');
    assert.equal(fold([start('dataflow'), ...untilQuestion]).status, 'running');
  });

  it('is running while another node is, and has no node that is ready', () => {
    const state = fold([start('none'), ...untilQuestion, starts('right')]);
    assert.equal(state.status, 'running');
    assert.deepEqual(readyNodes(state), []);
  });

  it('is read as a whole event with an order that this version does not know', () => {
    const event = parseEvent({ ...start('later'), index: 0 });
    assert.equal(event.type, 'graphStart');
    assert.equal(
      parseEvent({ ...start(), graph: { nodes: [], edges: [], order: 1 }, index: 0 }).type,
      'unknown',
    );
  });
});

describe('instances of a node', () => {
  const three = [
    start('none'),
    starts('left'),
    starts('left#2', { of: 'left' }),
    starts('left#3', { of: 'left', title: 'Left for Ann' }),
    asks('left', 'q1'),
    asks('left#2', 'q2'),
    asks('left#3', 'q3'),
  ];

  it('keep the questions of the others open when one of them ends', () => {
    const state = fold([...three, ends('left')]);
    assert.deepEqual([...state.pending.keys()], ['q2', 'q3']);
    assert.equal(state.status, 'suspended');
  });

  it('have the title of their start, else that of their node, and say whose instance they are', () => {
    const { nodes } = fold(three);
    assert.deepEqual(
      ['left', 'left#2', 'left#3'].map((id) => [nodes.get(id)?.title, nodes.get(id)?.of]),
      [
        ['left', undefined],
        ['left', 'left'],
        ['Left for Ann', 'left'],
      ],
    );
  });

  it('cannot rename a node of the outline', () => {
    assert.equal(fold([start('none'), starts('left', { title: 'Other' })]).nodes.get('left')?.title, 'left');
  });
});

describe('reports of no node', () => {
  it('are the activity of the run as a whole', () => {
    const { activity, session } = reduceRun(
      EMPTY_RUN,
      numbered([
        start('none'),
        { type: 'agentEvent', event: { progress: { done: 3 } } },
        { type: 'thoughtEvent', text: 'Almost there' },
        { type: 'thoughtEvent', nodeId: 'plan', text: 'Of a node' },
      ]),
    );
    assert.deepEqual(
      activity.get(undefined)?.entries.map(({ kind }) => kind),
      ['other', 'thought'],
    );
    assert.equal(activity.get('plan')?.entries.length, 1);
    assert.equal(session.nodes.size, 4);
  });

  it('leave the run without activity when there are none', () => {
    const { activity } = reduceRun(EMPTY_RUN, numbered([start(), starts('plan')]));
    assert.equal(activity.get(undefined), undefined);
  });

  it('are read from the wire', () => {
    const wire = { type: 'agentEvent', event: { custom: 1 }, index: 4 };
    assert.equal(parseEvent(wire).type, 'agentEvent');
    assert.equal(parseEvent({ ...wire, nodeId: 7 }).type, 'unknown');
  });
});

describe('the fidelity of a connection', () => {
  const frameOf = (fidelity: unknown) =>
    parseSessionFrame({ kind: 'message', event: 'start', data: JSON.stringify({ fidelity }) });

  it('is read from the first frame; what is not named is exact', () => {
    assert.deepEqual(frameOf({ pieces: 'none' }), {
      kind: 'start',
      fidelity: { pieces: 'none', times: 'exact' },
    });
    assert.deepEqual(parseFidelity({}), EXACT);
  });

  it('is left out when its words are unknown', () => {
    for (const value of [{ pieces: 'some' }, { times: 3 }, 'all', null, []]) {
      assert.deepEqual(frameOf(value), { kind: 'start' });
    }
  });
});
