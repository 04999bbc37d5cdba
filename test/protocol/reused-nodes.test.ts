import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEvent, GraphRunEventBody } from '../../src/protocol/events.js';
import type { GraphOutline } from '../../src/protocol/graph.js';
import { GraphRunError } from '../../src/protocol/problems.js';
import { reusedNodes } from '../../src/protocol/reused-nodes.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents, type SessionState } from '../../src/protocol/session-state.js';

/** a → b → d, a → c → d, and e alone. */
const OUTLINE: GraphOutline = {
  nodes: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, type: 'any' })),
  edges: [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'd' },
  ],
};

function folded(bodies: readonly GraphRunEventBody[], graph = OUTLINE, sessionId = 's'): SessionState {
  const start: GraphRunEventBody = { type: 'graphStart', sessionId, graph };
  return applyEvents(
    EMPTY_SESSION,
    [start, ...bodies].map((body, index): GraphRunEvent => ({ ...body, index })),
  );
}

function ran(nodeId: string): readonly GraphRunEventBody[] {
  return [
    { type: 'nodeStart', nodeId },
    { type: 'nodeEnd', nodeId, outputs: { context: nodeId } },
  ];
}

/** a, b, c and e completed, d failed. */
const FAILED: readonly GraphRunEventBody[] = [
  ...ran('a'),
  ...ran('e'),
  ...ran('c'),
  ...ran('b'),
  { type: 'nodeStart', nodeId: 'd' },
  { type: 'nodeError', nodeId: 'd', error: 'no luck' },
  { type: 'graphError', sessionId: 's', error: 'no luck' },
];

function idsOf(events: readonly GraphRunEventBody[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'nodeEnd' ? [event.nodeId] : []));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof GraphRunError);
    assert.equal(error.status, 400);
    return error.code;
  }
  return '';
}

describe('reusedNodes', () => {
  it('reuses what has completed and is neither the node nor below it', () => {
    const state = folded(FAILED);
    assert.deepEqual(idsOf(reusedNodes(state, 'failed')), ['a', 'e', 'c', 'b']);
    assert.deepEqual(idsOf(reusedNodes(state, 'b')), ['a', 'e', 'c']);
    assert.deepEqual(idsOf(reusedNodes(state, 'a')), ['e']);
    assert.deepEqual(idsOf(reusedNodes(state, 'e')), ['a', 'c', 'b']);
  });

  it('writes the start and the end of a node with its outputs and the place of its work', () => {
    const [start, end] = reusedNodes(folded(FAILED), 'failed');
    const reused = { sessionId: 's', index: 2 };
    assert.deepEqual(start, { type: 'nodeStart', nodeId: 'a', reused });
    assert.deepEqual(end, { type: 'nodeEnd', nodeId: 'a', outputs: { context: 'a' }, reused });
  });

  it('keeps the place of the work over several reruns', () => {
    const second = folded(reusedNodes(folded(FAILED), 'failed'), OUTLINE, 't');
    const third = reusedNodes(
      folded([...reusedNodes(folded(FAILED), 'failed'), ...ran('d')], OUTLINE, 't'),
      'd',
    );
    assert.deepEqual(second.nodes.get('a')?.reused, { sessionId: 's', index: 2 });
    assert.deepEqual(third[0], { type: 'nodeStart', nodeId: 'a', reused: { sessionId: 's', index: 2 } });
  });

  it('runs a node again whose outputs the log does not have, and all that is below it', () => {
    const without = FAILED.map((event): GraphRunEventBody =>
      event.type === 'nodeEnd' && event.nodeId === 'a' ? { type: 'nodeEnd', nodeId: 'a' } : event,
    );
    assert.deepEqual(idsOf(reusedNodes(folded(without), 'failed')), ['e']);
  });

  it('refuses a node that is unknown or never started, and a session without a failed node', () => {
    const state = folded([...ran('a'), { type: 'nodeStart', nodeId: 'b' }]);
    assert.equal(
      codeOf(() => reusedNodes(state, 'nowhere')),
      'unknown-node',
    );
    assert.equal(
      codeOf(() => reusedNodes(state, '__proto__')),
      'unknown-node',
    );
    assert.equal(
      codeOf(() => reusedNodes(state, 'd')),
      'node-not-started',
    );
    assert.equal(
      codeOf(() => reusedNodes(state, 'failed')),
      'no-failed-node',
    );
    assert.deepEqual(idsOf(reusedNodes(state, 'b')), ['a'], 'one that still runs');
  });

  it('passes over instances that the graph does not have', () => {
    const state = folded([
      { type: 'nodeStart', nodeId: 'e#2', of: 'e' },
      { type: 'nodeEnd', nodeId: 'e#2', outputs: {} },
      ...ran('a'),
    ]);
    assert.deepEqual(idsOf(reusedNodes(state, 'a')), []);
  });

  it('gives a state in which no reused node is below one that runs, for any graph and any start', () => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 30 }),
        completed: fc.nat(count),
        from: fc.nat(count - 1),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ count, edges, completed, from }) => {
        const name = (node: number): string => `n${node}`;
        const outline: GraphOutline = {
          nodes: Array.from({ length: count }, (_, node) => ({ id: name(node), type: 'any' })),
          edges: edges.filter(([a, b]) => a < b).map(([a, b]) => ({ from: name(a), to: name(b) })),
        };
        const bodies = Array.from({ length: completed }, (_, node) => ran(name(node))).flat();
        const state = folded(bodies, outline);
        if (from >= completed) return;
        const again = folded(reusedNodes(state, name(from)), outline, 't');
        assert.equal(again.nodes.get(name(from))?.status, 'waiting');
        for (const edge of outline.edges) {
          if (again.nodes.get(edge.to)?.status !== 'completed') continue;
          assert.equal(again.nodes.get(edge.from)?.status, 'completed');
        }
      }),
    );
  });
});
