import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GraphRunEvent, GraphRunEventBody } from '../../src/protocol/events.js';
import type { GraphOutline } from '../../src/protocol/graph.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents } from '../../src/protocol/session-state.js';
import { parseSessionSummary } from '../../src/protocol/session-summary.js';
import { toSummary } from '../../src/protocol/to-summary.js';

const CHAIN: GraphOutline = {
  nodes: [
    { id: 'topic', type: 't', title: 'Topic' },
    { id: 'poet', type: 't', title: 'Poet' },
    { id: 'picture', type: 't', title: 'Picture' },
  ],
  edges: [
    { from: 'topic', to: 'poet' },
    { from: 'topic', to: 'picture' },
  ],
};

function summaryOf(graph: GraphOutline, bodies: readonly GraphRunEventBody[]) {
  const start: GraphRunEventBody = { type: 'graphStart', sessionId: 's', graph };
  const events = [start, ...bodies].map((body, index): GraphRunEvent => ({
    ...body,
    index,
    ts: index * 1000,
  }));
  const summary = toSummary(applyEvents(EMPTY_SESSION, events));
  // Every member survives the way over the wire.
  assert.deepEqual(parseSessionSummary(JSON.parse(JSON.stringify(summary))), summary);
  return summary;
}

const asked = (nodeId: string, interactionId = nodeId): readonly GraphRunEventBody[] => [
  { type: 'nodeStart', nodeId },
  {
    type: 'inputRequired',
    nodeId,
    interactionId,
    suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'What?' }] } } },
  },
];
const answered = (nodeId: string, text: string): GraphRunEventBody => ({
  type: 'inputResolved',
  nodeId,
  interactionId: nodeId,
  by: 'response',
  response: { input: { parts: [{ text }] } },
});

describe('the row of a session', () => {
  it('has the first answer as input only if the run began with one request for a text', () => {
    const first = summaryOf(CHAIN, [...asked('topic'), answered('topic', 'The sea')]);
    assert.deepEqual([first.input, first.answer], ['The sea', undefined]);
    const reviewers = { nodes: CHAIN.nodes, edges: [] };
    const other = summaryOf(reviewers, [...asked('topic'), answered('topic', 'Approved')]);
    assert.deepEqual([other.input, other.answer], [undefined, 'Approved']);
    const later = summaryOf(CHAIN, [...asked('poet'), answered('poet', 'Three')]);
    assert.deepEqual([later.input, later.answer], [undefined, 'Three']);
  });

  it('tells since when its oldest question is open', () => {
    const summary = summaryOf(CHAIN, [...asked('poet'), ...asked('picture')]);
    assert.equal(summary.waitingSince, 2);
    assert.equal(summaryOf(CHAIN, [...asked('topic'), answered('topic', 'x')]).waitingSince, undefined);
  });

  it('names two of the nodes that run, with their number and the start of the last', () => {
    const summary = summaryOf(CHAIN, [
      { type: 'nodeStart', nodeId: 'poet' },
      { type: 'nodeStart', nodeId: 'picture' },
    ]);
    const { otherNode, currentNode, currentNodeSince, nodesRunning } = summary;
    assert.deepEqual([otherNode, currentNode, currentNodeSince, nodesRunning], ['Poet', 'Picture', 2, 2]);
  });

  it('has the lines of the result, the node that failed, or the one that was waited for', () => {
    const outputs = { poet: { out: 'Late bus\n\n  empty seats' } };
    const completed = summaryOf(CHAIN, [{ type: 'graphComplete', sessionId: 's', outputs }]);
    assert.equal(completed.result, 'Late bus\nempty seats');
    const failed = summaryOf(CHAIN, [
      { type: 'nodeError', nodeId: 'poet', error: '503' },
      { type: 'graphError', sessionId: 's', error: '503' },
    ]);
    assert.equal(failed.failedNode, 'Poet');
    const cancelled = summaryOf(CHAIN, [...asked('poet'), { type: 'graphCancelled', sessionId: 's' }]);
    assert.equal(cancelled.waitedFor, 'Poet');
  });
});
