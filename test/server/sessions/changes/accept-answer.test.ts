import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../../../src/protocol/graph.js';
import type { Answer } from '../../../support/server.js';
import { createGraphRunner } from '../../../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../../../src/runner/node-handler.js';
import { Gate } from '../../../support/gate.js';
import { PuppetRunner } from '../../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../../support/server.js';

function outcome({ status, body }: Answer): unknown[] {
  return [status, body['code'] ?? body['duplicate']];
}

const ask: NodeHandler = {
  run: async ({ node, ask: question }) => ({ context: [await question({ riddle: { label: node.id } })] }),
};

for (const kind of STORES) {
  describe(`an answer over a ${kind} store`, () => {
    it('S21 sent twice is one answer, serially and in parallel', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const question = await runner.ask(id);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          server.resume(id, question, index % 2 ? { a: 1, b: [2] } : { b: [2], a: 1 }),
        ),
      );
      answers.push(await server.resume(id, question, { a: 1, b: [2] }));
      assert.ok(answers.every(({ status }) => status === 200));
      assert.equal(answers.filter(({ body }) => body['duplicate'] === false).length, 1);
      assert.ok(answers.every(({ body }) => body['index'] === 2 && body['interactionId'] === question));
      const log = await server.log(id);
      assert.equal(log.filter(({ type }) => type === 'inputResolved').length, 1);
      assert.deepEqual(runner.resumed, [question]);
    });

    it('S22 S23 sent again with another content is a conflict; with the same, always a duplicate', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const question = await runner.ask(id);
      const first = await server.resume(id, question, { a: 1 });
      assert.deepEqual(first.body, {
        sessionId: id,
        status: 'running',
        interactionId: question,
        index: 2,
        duplicate: false,
      });
      const conflict = await server.resume(id, question, { a: 2 });
      assert.deepEqual(outcome(conflict), [409, 'interaction-conflict']);
      assert.equal(conflict.body['index'], 2);
      await runner.complete(id);
      assert.deepEqual(outcome(await server.resume(id, question, { a: 1 })), [200, true]);
      assert.deepEqual(outcome(await server.resume(id, question, { a: 2 })), [409, 'interaction-conflict']);
      assert.equal((await server.log(id)).length, 4);
    });

    it('S24 that is invalid changes nothing', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const interactionId = await runner.ask(id);
      const path = `/${id}:resume`;
      const deep = `{"interactionId":"x","response":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`;
      const wrong: readonly (readonly [unknown, number, string])[] = [
        ['{"interactionId"', 400, 'invalid-json'],
        ['', 400, 'invalid-json'],
        ['[]', 400, 'invalid-request'],
        ['"x"', 400, 'invalid-request'],
        [{ response: {} }, 400, 'missing-interaction-id'],
        [{ interactionId: '', response: {} }, 400, 'missing-interaction-id'],
        [{ interactionId: 7, response: {} }, 400, 'missing-interaction-id'],
        [{ interactionId, response: ['x'] }, 400, 'invalid-response'],
        [{ interactionId, response: 'x' }, 400, 'invalid-response'],
        [{ interactionId, response: null }, 400, 'invalid-response'],
        [deep, 400, 'invalid-response'],
        [{ interactionId, response: {}, accessToken: 7 }, 400, 'invalid-request'],
        [{ interactionId: 'unknown' }, 404, 'interaction-not-found'],
        [{ interactionId: '__proto__' }, 404, 'interaction-not-found'],
      ];
      for (const [body, status, code] of wrong) {
        assert.deepEqual(outcome(await server.post(path, body)), [status, code], JSON.stringify(body));
      }
      assert.deepEqual(outcome(await server.post('/unknown:resume', { interactionId })), [
        404,
        'session-not-found',
      ]);
      assert.equal((await server.log(id)).length, 2);
      await server.cancel(id);
      const late = await server.resume(id, interactionId);
      assert.deepEqual(outcome(late), [409, 'session-terminal']);
      assert.equal(late.body['sessionStatus'], 'cancelled');
      assert.equal((await server.log(id)).length, 3);
      assert.deepEqual(runner.resumed, []);
    });
  });
}

describe('an answer', () => {
  it('S20 is confirmed at once; its consequences arrive on the stream', async (t) => {
    const gate = new Gate();
    const slow: NodeHandler = {
      async run({ ask: question }) {
        const answer = await question({ riddle: {} });
        await gate.opened;
        return { context: [answer] };
      },
    };
    const runner = createGraphRunner({ handlers: { slow } });
    const server = await TestServer.start(t, { runner });
    const id = await server.create({ nodes: [{ id: 'n', type: 'slow' }] });
    const reader = await server.stream(id);
    const { data } = await reader.untilType('inputRequired');
    const answer = await server.resume(id, String(data['interactionId']));
    assert.deepEqual(outcome(answer), [200, false]);
    assert.equal(answer.body['status'], 'running');
    gate.open();
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
  });

  it('without content counts as an empty one', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    const interactionId = await runner.ask(id);
    assert.deepEqual(outcome(await server.post(`/${id}:resume`, { interactionId })), [200, false]);
    assert.deepEqual(outcome(await server.resume(id, interactionId, {})), [200, true]);
  });

  it('S25 sent twice in a diamond lets the join run once, after both branches', async (t) => {
    const gate = new Gate();
    const slow: NodeHandler = {
      async run() {
        await gate.opened;
        return {};
      },
    };
    const join: NodeHandler = { run: async () => ({}) };
    const graph: Graph = {
      nodes: [
        { id: 'top', type: 'join' },
        { id: 'slow', type: 'slow' },
        { id: 'ask', type: 'ask' },
        { id: 'join', type: 'join' },
      ],
      edges: [
        { from: 'top', to: 'slow' },
        { from: 'top', to: 'ask' },
        { from: 'slow', to: 'join' },
        { from: 'ask', to: 'join' },
      ],
    };
    const runner = createGraphRunner({ handlers: { ask, slow, join } });
    const server = await TestServer.start(t, { runner });
    const id = await server.create(graph);
    const reader = await server.stream(id);
    const { data } = await reader.untilType('inputRequired');
    const interactionId = String(data['interactionId']);
    const answers = await Promise.all([server.resume(id, interactionId), server.resume(id, interactionId)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    await reader.until(({ data: event }) => event['type'] === 'nodeEnd' && event['nodeId'] === 'ask');
    gate.open();
    const frames = await reader.toEnd();
    const order = frames.map(({ data: event }) => `${String(event['type'])} ${String(event['nodeId'])}`);
    assert.equal(order.filter((entry) => entry === 'nodeStart join').length, 1);
    assert.ok(order.indexOf('nodeStart join') > order.indexOf('nodeEnd slow'));
    assert.ok(order.indexOf('nodeStart join') > order.indexOf('nodeEnd ask'));
  });

  it('S26 may come in any order when two questions are open, over a reconnect', async (t) => {
    const runner = createGraphRunner({ handlers: { ask } });
    const server = await TestServer.start(t, { runner });
    const graph: Graph = {
      nodes: [
        { id: 'a', type: 'ask' },
        { id: 'b', type: 'ask' },
      ],
    };
    const id = await server.create(graph);
    const first = await server.stream(id);
    const asked = [await first.untilType('inputRequired'), await first.untilType('inputRequired')];
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'suspended');
    first.close();
    const [one, two] = asked.map(({ data }) => String(data['interactionId']));
    await server.resume(id, two ?? '');
    const second = await server.stream(id);
    const marker = await second.untilType('replayComplete');
    assert.deepEqual(
      (marker.data['pending'] as { interactionId: string }[]).map(({ interactionId }) => interactionId),
      [one],
    );
    await server.resume(id, one ?? '');
    assert.equal((await second.toEnd()).at(-1)?.data['status'], 'completed');
  });
});
