import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';
import type { NodeHandler } from '../../../src/runner/node-handler.js';
import { createGraphRunner, exampleHandlers } from '../../../src/runner/index.js';
import { OriginClient } from '../../support/origin-client.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { storeLocation, STORES, TestServer } from '../../support/server.js';

const CHAIN: Graph = {
  title: 'Chain',
  nodes: ['first', 'second', 'last'].map((id) => ({ id, type: 'work' })),
  edges: [
    { from: 'first', to: 'second' },
    { from: 'second', to: 'last' },
  ],
};

/** Counts the runs of nodes; `last` fails as often as it is set to. */
function counting(failures: number) {
  const runs: string[] = [];
  let left = failures;
  const work: NodeHandler = {
    async run({ node }) {
      runs.push(node.id);
      if (node.id === 'last' && left > 0) {
        left -= 1;
        throw new Error('no luck');
      }
      return { context: `${node.id} did it` };
    },
  };
  return { runs, runner: createGraphRunner({ handlers: { ...exampleHandlers, work } }) };
}

async function ended(server: TestServer, sessionId: string): Promise<readonly JsonObject[]> {
  const stream = await server.stream(sessionId);
  await stream.until(({ event }) => event === 'done');
  return server.log(sessionId);
}

async function rerun(server: TestServer, sessionId: string, body: JsonObject): Promise<string> {
  const answer = await server.post(`/${sessionId}:rerun`, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return String(answer.body['sessionId']);
}

for (const kind of STORES) {
  describe(`a rerun from a node, in ${kind}`, () => {
    it('runs only the node that failed, and the graph completes with all outputs', async (t) => {
      const { runs, runner } = counting(1);
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create(CHAIN);
      await ended(server, id);
      assert.deepEqual(runs.splice(0), ['first', 'second', 'last']);
      const log = await ended(server, await rerun(server, id, { from: 'failed' }));
      assert.deepEqual(runs, ['last']);
      assert.deepEqual(
        log.map(({ type, nodeId = '' }) => `${String(type)} ${String(nodeId)}`.trim()),
        [
          'graphStart',
          'nodeStart first',
          'nodeEnd first',
          'nodeStart second',
          'nodeEnd second',
          'nodeStart last',
          'nodeEnd last',
          'graphComplete',
        ],
      );
      assert.deepEqual(Object.keys(isJsonObject(log[7]?.['outputs']) ? log[7]['outputs'] : {}), [
        'first',
        'second',
        'last',
      ]);
      assert.equal(
        new Set(log.slice(0, 5).map(({ tag }) => tag)).size,
        1,
        'reused nodes are in the first append',
      );
    });

    it('of 1000 nodes is one append', async (t) => {
      const { runs, runner } = counting(0);
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const nodes = Array.from({ length: 1000 }, (_, index) => ({ id: `n${index}`, type: 'work' }));
      const id = await server.create({ nodes });
      await ended(server, id);
      runs.length = 0;
      const log = await ended(server, await rerun(server, id, { from: 'n500' }));
      assert.deepEqual(runs, ['n500']);
      assert.equal(new Set(log.slice(0, 1000).map(({ tag }) => tag)).size, 1);
    });
  });
}

describe('a rerun from a node', () => {
  it('survives a restart of the server: what was reused does not run', async (t) => {
    const store = await storeLocation(t, 'sqlite');
    const { runner } = counting(1);
    const server = await TestServer.start(t, { store, runner });
    const graph: Graph = {
      nodes: [
        { id: 'first', type: 'work' },
        { id: 'ask', type: 'ask-text', configuration: { prompt: 'Topic?' } },
      ],
      edges: [{ from: 'first', to: 'ask' }],
    };
    const id = await server.create(graph);
    const stream = await server.stream(id);
    await stream.until(({ data }) => data['type'] === 'inputRequired');
    await server.cancel(id);
    const again = await rerun(server, id, { from: 'ask' });
    await (await server.stream(again)).until(({ data }) => data['type'] === 'inputRequired');
    await server.close();
    const next = counting(0);
    const second = await TestServer.start(t, { store, runner: next.runner });
    const { data } = await (
      await second.stream(again)
    ).until((frame) => frame.data['type'] === 'inputRequired');
    await second.resume(again, String(data['interactionId']), { input: { parts: [{ text: 'beans' }] } });
    assert.equal((await ended(second, again)).at(-1)?.['type'], 'graphComplete');
    assert.deepEqual(next.runs, []);
  });

  it('from a node that is unknown or never ran, of a session without a failed one or that is gone, is refused in a sentence', async (t) => {
    const { runner } = counting(0);
    const server = await TestServer.start(t, { runner });
    const graph: Graph = {
      nodes: [
        { id: 'bad', type: 'fail', configuration: { message: 'no luck' } },
        { id: 'behind', type: 'work' },
      ],
      edges: [{ from: 'bad', to: 'behind' }],
    };
    const [failed, completed, gone] = [
      await server.create(graph),
      await server.create(CHAIN),
      await server.create(CHAIN),
    ];
    for (const id of [failed, completed, gone]) await ended(server, id);
    await server.delete(gone);
    for (const [id, from, status, code] of [
      [failed, 'nowhere', 400, 'unknown-node'],
      [failed, '__proto__', 400, 'unknown-node'],
      [failed, 'behind', 400, 'node-not-started'],
      [completed, 'failed', 400, 'no-failed-node'],
      [completed, '', 400, 'invalid-request'],
      [gone, 'first', 404, 'session-deleted'],
    ] as const) {
      const answer = await server.post(`/${id}:rerun`, { from });
      assert.deepEqual([answer.status, answer.body['code']], [status, code], from);
      assert.match(String(answer.body['detail']), /^[A-Z“].{8,}/);
    }
    const { body } = await server.get('/:list?graphId=g');
    assert.equal(Array.isArray(body['rows']) ? body['rows'].length : 0, 2, 'nothing was created');
  });

  it('of a rerun whose origin was deleted reuses what worked there', async (t) => {
    const { runs, runner } = counting(0);
    const server = await TestServer.start(t, { runner });
    const first = await server.create(CHAIN);
    await ended(server, first);
    const second = await rerun(server, first, { from: 'last' });
    await ended(server, second);
    await server.delete(first);
    runs.length = 0;
    const third = await rerun(server, second, { from: 'last' });
    const log = await ended(server, third);
    assert.deepEqual(runs, ['last']);
    assert.deepEqual(log[0]?.['rerunOf'], { sessionId: second, from: 'last' });
    const reused = log.flatMap((event) =>
      isJsonObject(event['reused']) ? [event['reused']['sessionId']] : [],
    );
    assert.deepEqual(
      reused,
      [first, first, first, first],
      'start and end of two nodes, in the run that is gone',
    );
  });

  it('made twice at once is two sessions that both reuse; with the same key it is one', async (t) => {
    const { runs, runner } = counting(1);
    const server = await TestServer.start(t, { runner });
    const id = await server.create(CHAIN);
    await ended(server, id);
    runs.length = 0;
    const both = await Promise.all([1, 2].map(() => rerun(server, id, { from: 'failed' })));
    assert.equal(new Set([id, ...both]).size, 3);
    for (const again of both) assert.equal((await ended(server, again)).at(-1)?.['type'], 'graphComplete');
    assert.deepEqual(runs, ['last', 'last']);
    const key = { 'Idempotency-Key': '"k"' };
    const first = await server.post(`/${id}:rerun`, { from: 'failed' }, key);
    const second = await server.post(`/${id}:rerun`, { from: 'failed' }, key);
    assert.equal(first.status, 200);
    assert.deepEqual(second.body, first.body);
    assert.equal(second.headers.get('idempotent-replay'), 'true');
  });

  it('of a session that still runs reuses what has completed by then', async (t) => {
    const { runs, runner } = counting(0);
    const server = await TestServer.start(t, { runner });
    const graph: Graph = {
      nodes: [
        { id: 'first', type: 'work' },
        { id: 'wait', type: 'sleep', configuration: { delayMs: 60_000 } },
      ],
      edges: [{ from: 'first', to: 'wait' }],
    };
    const id = await server.create(graph);
    await (await server.stream(id)).until(({ data }) => data['nodeId'] === 'wait');
    const again = await rerun(server, id, { from: 'wait' });
    await (await server.stream(again)).until(({ data }) => data['nodeId'] === 'wait');
    assert.deepEqual(runs, ['first']);
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'running');
  });

  it('is refused when its outputs are too large together, and nothing is created', async (t) => {
    const { runner } = counting(1);
    const limits = { reusedBytes: 300 };
    const server = await TestServer.start(t, { runner, limits });
    const id = await server.create(CHAIN);
    await ended(server, id);
    const { status, body } = await server.post(`/${id}:rerun`, { from: 'failed' });
    assert.deepEqual([status, body['code'], body['maxBytes']], [400, 'reuse-too-large', 300]);
    const rows = await server.get('/:list?graphId=g');
    assert.ok(Array.isArray(rows.body['rows']) && rows.body['rows'].length === 1);
    await rerun(server, id, { from: 'first' });
  });

  it('is refused when the log has no room for it', async (t) => {
    const store = await storeLocation(t, 'sqlite');
    const { runner } = counting(1);
    const server = await TestServer.start(t, { store, runner });
    const id = await server.create(CHAIN);
    await ended(server, id);
    await server.close();
    const small = await TestServer.start(t, { store, runner, limits: { logEvents: 5 } });
    const { status, body } = await small.post(`/${id}:rerun`, { from: 'failed' });
    assert.deepEqual([status, body['code']], [400, 'reuse-too-large']);
    await rerun(small, id, { from: 'second' });
  });

  it('takes other inputs, at the size of a creation, and keeps the others of the plan', async (t) => {
    const { runner } = counting(0);
    const server = await TestServer.start(t, { runner });
    const ask = (id: string) => ({ id, type: 'ask-text', configuration: { prompt: `${id}?` } });
    const content = (text: string) => ({ parts: [{ text }] });
    const created = await server.post('/new', {
      graphId: 'g',
      graph: { nodes: [ask('a'), ask('b')] },
      mode: 'headless',
      inputs: { a: content('one'), b: content('two') },
    });
    const id = String(created.body['sessionId']);
    await ended(server, id);
    const long = 'x'.repeat(200_000);
    const log = await ended(server, await rerun(server, id, { inputs: { b: content(long) } }));
    const answers = log
      .filter(({ type }) => type === 'inputResolved')
      .map(({ response }) => JSON.stringify(response));
    assert.equal(answers.length, 2);
    assert.ok(
      answers.some((answer) => answer.includes('one')) && answers.some((answer) => answer.includes(long)),
    );
  });

  it('reads like any other run to a client that does not know of reruns', async (t) => {
    const { runner } = counting(1);
    const server = await TestServer.start(t, { runner });
    const id = await server.create(CHAIN);
    await ended(server, id);
    const again = await rerun(server, id, { from: 'failed' });
    const log = await ended(server, again);
    const client = new OriginClient({ baseUrl: server.base, onPrompt: async () => ({}) });
    await client.follow(again);
    assert.deepEqual(
      client.events.filter(({ index }) => index !== undefined).map(({ type, nodeId }) => [type, nodeId]),
      log.map(({ type, nodeId }) => [type, nodeId]),
    );
  });

  it('asks again for an input of the plan that it removes', async (t) => {
    const { runner } = counting(0);
    const server = await TestServer.start(t, { runner });
    const nodes = [{ id: 'a', type: 'ask-text', configuration: { prompt: 'a?' } }];
    const inputs = { a: { parts: [{ text: 'one' }] } };
    const created = await server.post('/new', { graphId: 'g', graph: { nodes }, inputs });
    const id = String(created.body['sessionId']);
    assert.equal((await ended(server, id)).at(-1)?.['type'], 'graphComplete');
    const again = await rerun(server, id, { inputs: { a: null } });
    await (await server.stream(again)).until(({ data }) => data['type'] === 'inputRequired');
    assert.equal((await server.get(`/${again}/status`)).body['status'], 'suspended');
  });

  it('is not offered, and refused, where the engine of the host runs whole graphs only', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.append(id, { type: 'nodeStart', nodeId: 'n' });
    const { frames } = await server.stream(id).then(async (stream) => {
      await stream.until(({ event }) => event === 'start');
      return stream;
    });
    assert.deepEqual(frames[0]?.data['features'], ['all-graphs', 'delete-many', 'older-sessions']);
    const { status, body } = await server.post(`/${id}:rerun`, { from: 'n' });
    assert.deepEqual([status, body['code']], [400, 'rerun-from-unsupported']);
    await rerun(server, id, {});
  });
});
