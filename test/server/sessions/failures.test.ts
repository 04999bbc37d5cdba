import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../../src/protocol/graph.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';
import { idsOf, type RawFrame } from '../../support/sse-reader.js';

/** Nodes that end when the others have reached a state, independent of the load of the machine. */
function gatedRunner() {
  const gates = new Map<string, () => void>();
  const opened = new Map<string, Promise<void>>();
  const gate = (nodeId: string): Promise<void> => {
    const known = opened.get(nodeId) ?? new Promise<void>((resolve) => gates.set(nodeId, resolve));
    opened.set(nodeId, known);
    return known;
  };
  const runner = createGraphRunner({
    handlers: {
      work: {
        async run({ node, emit }) {
          await emit({ type: 'thoughtEvent', text: 'before' });
          await gate(node.id);
          await emit({ type: 'thoughtEvent', text: 'after' });
          return { context: [] };
        },
      },
      fail: {
        async run({ node }) {
          await gate(node.id);
          throw new Error(`${node.id} broke`);
        },
      },
    },
  });
  const open = (nodeId: string): void => {
    void gate(nodeId);
    gates.get(nodeId)?.();
  };
  return { runner, open };
}

function story(frames: readonly RawFrame[]): string[] {
  return frames
    .filter(({ id }) => id !== undefined)
    .map(({ data }) => [data['type'], data['nodeId'], data['causedBy']].filter(Boolean).join(' '));
}

for (const kind of STORES) {
  describe(`a node that fails, over a ${kind} store`, () => {
    it('S33 neither stops nor repeats the nodes that run in parallel', async (t) => {
      const { runner, open } = gatedRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create({
        nodes: [
          { id: 'left', type: 'work' },
          { id: 'broken', type: 'fail' },
          { id: 'right', type: 'work' },
        ],
      });
      const early = await server.stream(id);
      for (let thoughts = 0; thoughts < 2; thoughts += 1) await early.untilType('thoughtEvent');
      open('broken');
      await early.untilType('nodeError');
      assert.equal((await server.get(`/${id}/status`)).body['status'], 'running');
      open('left');
      await early.untilType('nodeEnd');
      open('right');
      const entries = story(await early.toEnd());
      for (const nodeId of ['left', 'broken', 'right']) {
        assert.equal(entries.filter((entry) => entry === `nodeStart ${nodeId}`).length, 1);
      }
      for (const nodeId of ['left', 'right']) {
        assert.equal(entries.filter((entry) => entry === `thoughtEvent ${nodeId}`).length, 2);
        assert.equal(entries.filter((entry) => entry === `nodeEnd ${nodeId}`).length, 1);
      }
      assert.deepEqual(entries.slice(-2), ['nodeEnd right', 'graphError']);
      assert.equal(entries.filter((entry) => entry.startsWith('graph')).length, 2, 'one start, one end');
      const late = await (await server.stream(id)).toEnd();
      assert.deepEqual(story(late), entries);
      assert.deepEqual(idsOf(late), idsOf(early.frames));
      assert.equal(late.at(-1)?.data['status'], 'failed');
    });

    for (const order of [
      ['good', 'broken'],
      ['broken', 'good'],
    ]) {
      it(`S34 lets the session settle behind a failed and a completed node (${order.join(' first, then ')})`, async (t) => {
        const { runner, open } = gatedRunner();
        const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
        const graph: Graph = {
          nodes: [
            { id: 'good', type: 'work' },
            { id: 'broken', type: 'fail' },
            { id: 'join', type: 'work' },
            { id: 'after', type: 'work' },
          ],
          edges: [
            { from: 'good', to: 'join' },
            { from: 'broken', to: 'join' },
            { from: 'join', to: 'after' },
          ],
        };
        const id = await server.create(graph);
        const reader = await server.stream(id);
        for (const nodeId of order) {
          open(nodeId);
          await reader.untilType(nodeId === 'good' ? 'nodeEnd' : 'nodeError');
        }
        const entries = story(await reader.toEnd());
        assert.deepEqual(
          entries.filter((entry) => entry.startsWith('nodeSkipped')),
          ['nodeSkipped join broken', 'nodeSkipped after broken'],
        );
        assert.ok(!entries.includes('nodeStart join') && !entries.includes('nodeStart after'));
        assert.equal(entries.at(-1), 'graphError');
        assert.equal(entries.filter((entry) => entry.startsWith('graph')).length, 2);
        const { body } = await server.get(`/${id}/status`);
        assert.equal(body['status'], 'failed');
        assert.deepEqual(body['nodes'], {
          good: { status: 'completed' },
          broken: { status: 'failed' },
          join: { status: 'skipped' },
          after: { status: 'skipped' },
        });
      });
    }
  });
}
