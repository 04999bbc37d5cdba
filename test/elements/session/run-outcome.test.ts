import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunController } from '../../../src/controller/run/run-controller.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { failuresOf, interruptedOf } from '../../../src/elements/session/run-outcome.js';

const GRAPH = {
  nodes: ['a', 'b', 'c'].map((id) => ({ id, type: 't', title: id.toUpperCase() })),
  edges: [],
};

function run(...events: readonly GraphRunEventBody[]): RunController {
  const controller = new RunController();
  controller.open('s');
  const all: readonly GraphRunEventBody[] = [{ type: 'graphStart', sessionId: 's', graph: GRAPH }, ...events];
  controller.apply(
    all.map((event, index) => ({ kind: 'event', event: { ...event, index, ts: 1000 + index } }) as const),
  );
  return controller;
}

const start = (nodeId: string) => ({ type: 'nodeStart', nodeId }) as const;
const ask = (nodeId: string) =>
  ({
    type: 'inputRequired',
    nodeId,
    interactionId: `i-${nodeId}`,
    suspendEvent: { textInput: { prompt: '?', interactionId: `i-${nodeId}` } },
  }) as const;

describe('why a run failed', () => {
  it('is each failed node, in the order of the graph', () => {
    const failed = run(
      start('c'),
      start('a'),
      { type: 'nodeError', nodeId: 'c', error: 'no disk' },
      { type: 'nodeError', nodeId: 'a', error: 'no net' },
      { type: 'graphError', sessionId: 's', error: 'no net' },
    );
    assert.deepEqual(failuresOf(failed), [
      { nodeId: 'a', title: 'A', error: 'no net' },
      { nodeId: 'c', title: 'C', error: 'no disk' },
    ]);
  });

  it('is the error of the run when no node failed, and nothing for one that did not fail', () => {
    assert.deepEqual(failuresOf(run({ type: 'graphError', sessionId: 's', error: 'log limit' })), [
      { error: 'log limit' },
    ]);
    assert.deepEqual(failuresOf(run(start('a'))), []);
  });
});

describe('what a cancelled run was doing', () => {
  it('is waiting for answers, or running', () => {
    const cancelled = run(start('a'), start('b'), ask('b'), { type: 'graphCancelled', sessionId: 's' });
    assert.deepEqual(interruptedOf(cancelled.latest), { waiting: ['B'], running: ['A'] });
  });

  it('is nothing for nodes that had ended, or had not begun', () => {
    const cancelled = run(
      start('a'),
      { type: 'nodeEnd', nodeId: 'a' },
      { type: 'graphCancelled', sessionId: 's' },
    );
    assert.deepEqual(interruptedOf(cancelled.latest), { waiting: [], running: [] });
  });
});
