import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunController } from '../../../../src/controller/run/run-controller.js';
import { comingNodes } from '../../../../src/elements/session/activity/coming-nodes.js';
import { followedTop } from '../../../../src/elements/session/activity/follow-work.js';
import { resultNodes } from '../../../../src/elements/session/activity/run-result.js';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import type { GraphOutline } from '../../../../src/protocol/graph.js';

/** A graph of `a>b` edges, whose nodes are the letters in it. */
function graphOf(text: string): GraphOutline {
  const edges = text
    .split(' ')
    .filter((pair) => pair.includes('>'))
    .map((pair) => ({ from: pair[0] ?? '', to: pair[2] ?? '' }));
  const ids = [...new Set(text.replaceAll(/[> ]/g, ''))];
  return { nodes: ids.map((id) => ({ id, type: 't', title: id.toUpperCase() })), edges };
}

function run(graph: GraphOutline | undefined, ...events: readonly GraphRunEventBody[]): RunController {
  const controller = new RunController();
  controller.open('s');
  const start = { type: 'graphStart', sessionId: 's', ...(graph === undefined ? {} : { graph }) } as const;
  controller.apply(
    [start, ...events].map((event, index) => ({ kind: 'event', event: { ...event, index } }) as const),
  );
  return controller;
}

const start = (nodeId: string) => ({ type: 'nodeStart', nodeId }) as const;
const end = (nodeId: string, text = nodeId) =>
  ({ type: 'nodeEnd', nodeId, outputs: { context: { parts: [{ text }] } } }) as const;
const done = { type: 'graphComplete', sessionId: 's' } as const;
const ids = (controller: RunController) => resultNodes(controller).map(({ nodeId }) => nodeId);

describe('the result of a run', () => {
  it('is the output of the nodes without a successor, in the order of the graph', () => {
    const graph = graphOf('a>b a>c b>d');
    const all = ['a', 'c', 'b', 'd'].flatMap((id) => [start(id), end(id)]);
    assert.deepEqual(ids(run(graph, ...all, done)), ['c', 'd']);
    assert.deepEqual(ids(run(graphOf('a'), start('a'), end('a'), done)), ['a']);
  });

  it('is nothing before the run has completed, or when it did not', () => {
    const graph = graphOf('a>b');
    const all = ['a', 'b'].flatMap((id) => [start(id), end(id)]);
    assert.deepEqual(ids(run(graph, ...all)), []);
    assert.deepEqual(ids(run(graph, ...all, { type: 'graphError', sessionId: 's', error: 'no' })), []);
    assert.deepEqual(ids(run(graph, ...all, { type: 'graphCancelled', sessionId: 's' })), []);
  });

  it('leaves out a last node without output, or with the empty one', () => {
    const graph = graphOf('a>b a>c');
    const silent = { type: 'nodeEnd', nodeId: 'b' } as const;
    assert.deepEqual(
      ids(run(graph, start('a'), end('a'), start('b'), silent, start('c'), end('c', ''), done)),
      [],
    );
  });

  it('is nothing for several nodes of which none is the last', () => {
    assert.deepEqual(ids(run(graphOf('a b'), start('a'), end('a'), start('b'), end('b'), done)), []);
  });

  it('is what the log names as the outputs of the graph, where the server sends no graph', () => {
    const outputs = { b: { context: { parts: [{ text: 'b' }] } } };
    const all = ['a', 'b'].flatMap((id) => [start(id), end(id)]);
    assert.deepEqual(ids(run(undefined, ...all, { ...done, outputs })), ['b']);
    assert.deepEqual(ids(run(undefined, ...all, done)), []);
  });
});

describe('what is still to come of a run', () => {
  const coming = (graph: GraphOutline, ...events: readonly GraphRunEventBody[]) =>
    comingNodes(run(graph, ...events).nodes, graph);

  it('is first what follows the nodes that have begun, then the rest', () => {
    const graph = graphOf('a>b a>c b>d c>d d>e');
    assert.deepEqual(coming(graph, start('a')), { next: ['B', 'C'], later: 2 });
    assert.deepEqual(coming(graph, start('a'), end('a'), start('b'), start('c')), { next: ['D'], later: 1 });
  });

  it('leaves out what was skipped, and ends with the last node', () => {
    const graph = graphOf('a>b a>c');
    const failed = [
      start('a'),
      { type: 'nodeError', nodeId: 'a', error: 'no' },
      { type: 'nodeSkipped', nodeId: 'b', causedBy: 'a' },
    ] as const;
    assert.deepEqual(coming(graph, ...failed), { next: ['C'], later: 0 });
    assert.deepEqual(coming(graphOf('a'), start('a')), { next: [], later: 0 });
  });
});

describe('the place of the followed node', () => {
  it('is a third of the height below the top', () => {
    assert.equal(followedTop({ height: 300, length: 2000, head: 800, end: 820 }), 700);
  });

  it('is the end of the node once that would be out of sight', () => {
    assert.equal(followedTop({ height: 300, length: 2000, head: 800, end: 1200 }), 900);
  });

  it('is within the content', () => {
    assert.equal(followedTop({ height: 300, length: 2000, head: 40, end: 60 }), 0);
    assert.equal(followedTop({ height: 300, length: 900, head: 860, end: 890 }), 600);
    assert.equal(followedTop({ height: 300, length: 200, head: 100, end: 190 }), 0);
  });
});
