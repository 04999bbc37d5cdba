import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeRun } from '../../../src/controller/run/run-controller.js';
import { nodesInOrder } from '../../../src/elements/session/watched-session.js';

describe('the watched session', () => {
  it('lists nodes in the order of their start, without those that have not started', () => {
    const node = (nodeId: string, status: NodeRun['status'], startedTs?: number): [string, NodeRun] => [
      nodeId,
      {
        nodeId,
        title: nodeId,
        status,
        attempt: 1,
        entries: [],
        omitted: 0,
        spans: [],
        ...(startedTs === undefined ? {} : { startedTs }),
      },
    ];
    const nodes = new Map([
      node('b', 'running', 20),
      node('skipped', 'skipped'),
      node('a', 'completed', 10),
      node('later', 'waiting'),
    ]);
    assert.deepEqual(nodesInOrder(nodes), ['a', 'b', 'skipped']);
  });
});
