import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGraphRunner } from '../../../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../../../src/runner/node-handler.js';
import { openStore } from '../../../../src/server/store/open-store.js';
import { STORES, storeLocation, TestServer } from '../../../support/server.js';
import { kindsOf } from '../../../support/sse-reader.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const GRAPH = {
  nodes: [
    { id: 'asks', type: 'ask' },
    { id: 'late', type: 'ask' },
    { id: 'behind', type: 'ask' },
  ],
  edges: [{ from: 'asks', to: 'behind' }],
};

for (const kind of STORES) {
  describe(`a question without an answer, over a ${kind} store`, () => {
    for (const isRestarted of [false, true]) {
      it(`S38 expires and fails its node${isRestarted ? ', also after a restart' : ''}`, async (t) => {
        const store = await openStore(await storeLocation(t, kind));
        t.after(() => store.close());
        let shiftMs = 0;
        const outcomes: string[] = [];
        const ask: NodeHandler = {
          async run({ ask: question, node, signal }) {
            const one = question({ riddle: {} });
            const two = question({ riddle: {} });
            const answers = Promise.all([one, two]);
            answers.catch(() => outcomes.push(`${node.id} ${signal.aborted ? 'stopped' : 'continues'}`));
            await answers;
            return {};
          },
        };
        const start = () =>
          TestServer.start(t, {
            store,
            runner: createGraphRunner({ handlers: { ask } }),
            now: () => Date.now() + shiftMs,
            limits: { questionMs: DAY_MS, sweepMs: 20 },
          });
        let server = await start();
        const id = await server.create(GRAPH);
        const early = await server.stream(id);
        const asked = [];
        for (let count = 0; count < 4; count += 1) asked.push((await early.untilType('inputRequired')).data);
        if (isRestarted) {
          await server.close();
          server = await start();
        }
        const reader = await server.stream(id);
        await reader.untilType('replayComplete');
        const [late] = asked.filter(({ nodeId }) => nodeId === 'late');
        shiftMs = 0.9 * DAY_MS;
        assert.equal((await server.resume(id, String(late?.['interactionId']))).status, 200);
        assert.equal((await server.get(`/${id}/status`)).body['lastIndex'], 7, 'nothing has expired yet');
        shiftMs = 1.1 * DAY_MS;
        const frames = await reader.toEnd();
        const entries = frames.filter(({ id: index }) => Number(index) > 7).map(({ data }) => data);
        assert.equal(entries.filter(({ by }) => by === 'expired').length, 3);
        assert.deepEqual(
          entries.filter(({ type }) => type === 'nodeError').map(({ nodeId, error }) => [nodeId, error]),
          [
            ['asks', 'not answered in time'],
            ['late', 'not answered in time'],
          ],
        );
        assert.deepEqual(kindsOf(frames).slice(-3), ['nodeSkipped', 'graphError', 'done']);
        const [first] = asked;
        const tooLate = await server.resume(id, String(first?.['interactionId']));
        assert.deepEqual([tooLate.status, tooLate.body['code']], [409, 'interaction-conflict']);
        // After a restart only the node with the answer ran for this session.
        const stopped = isRestarted ? ['late stopped'] : ['asks stopped', 'late stopped'];
        assert.deepEqual(outcomes.slice(-stopped.length).sort(), stopped);
        // Before the store is closed, which the sweeps of the server use.
        await server.close();
      });
    }
  });
}
