import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { isJsonObject } from '../../../../src/protocol/values/json.js';
import { exampleHandlers } from '../../../../src/runner/examples/example-handlers.js';
import { createGraphRunner } from '../../../../src/runner/create-graph-runner.js';
import { MemoryStore } from '../../../../src/server/store/memory-store.js';
import { ONE_NODE, PuppetRunner } from '../../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../../support/server.js';

const BODY = { graphId: 'g', graph: ONE_NODE };

for (const kind of STORES) {
  describe(`a creation over a ${kind} store`, () => {
    it('responds with the session, its location, and nothing else', async (t) => {
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner: new PuppetRunner(),
      });
      const { status, headers, body } = await server.post('/new', BODY);
      assert.equal(status, 200);
      const { sessionId, createdAt, ...rest } = body;
      assert.deepEqual(rest, { status: 'running' });
      assert.ok(Math.abs(Number(createdAt) * 1000 - Date.now()) < 60_000, 'seconds');
      assert.equal(headers.get('location'), `/v1beta1/graphSessions/${String(sessionId)}`);
      assert.equal(headers.get('idempotent-replay'), null);
      const [start] = await server.log(String(sessionId));
      assert.equal(start?.['type'], 'graphStart');
      assert.deepEqual(start?.['graph'], { nodes: [{ id: 'n', type: 'any' }], edges: [] });
    });

    it('S31 with one key is one session', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const create = (key: string, body: object = BODY) =>
        server.post('/new', body, { 'Idempotency-Key': key });
      const parallel = await Promise.all(Array.from({ length: 20 }, () => create('"k1"')));
      for (const { status, headers, body } of parallel.filter((answer) => answer.status !== 200)) {
        assert.deepEqual([status, body['code']], [409, 'idempotency-in-progress']);
        assert.equal(headers.get('retry-after'), '1');
      }
      const again = await create('"k1"', { graph: ONE_NODE, accessToken: 'fresh', graphId: 'g' });
      assert.equal(again.headers.get('idempotent-replay'), 'true');
      const bodies = [...parallel, again].filter(({ status }) => status === 200).map(({ body }) => body);
      assert.ok(bodies.length >= 2);
      for (const body of bodies) assert.deepEqual(body, bodies[0]);
      assert.equal(runner.sessions.size, 1);

      const reused = await create('"k1"', { ...BODY, graphId: 'other' });
      assert.deepEqual([reused.status, reused.body['code']], [422, 'idempotency-key-reused']);
      assert.equal((await create('"k2"')).status, 200);
      assert.equal(runner.sessions.size, 2);
      for (const key of ['""', ' ', 'x'.repeat(600)]) {
        assert.equal((await create(key)).body['code'], 'invalid-request');
      }
    });
  });
}

/** A store that knows a receipt only when it writes, as if another process had created the session meanwhile. */
class LateStore extends MemoryStore {
  override findReceipt() {
    return Promise.resolve(undefined);
  }
}

describe('a creation', () => {
  it('whose key was used while it was written replays the response, and leaves nothing', async (t) => {
    const runner = new PuppetRunner();
    const limits = { openSessionsPerPrincipal: 2 };
    const server = await TestServer.start(t, { store: new LateStore(), runner, limits });
    const create = (body: object = BODY) => server.post('/new', body, { 'Idempotency-Key': '"k"' });
    const first = await create();
    for (let count = 0; count < 3; count += 1) {
      const again = await create();
      assert.deepEqual([again.status, again.body], [200, first.body]);
      assert.equal(again.headers.get('idempotent-replay'), 'true');
    }
    assert.equal((await create({ ...BODY, graphId: 'other' })).body['code'], 'idempotency-key-reused');
    assert.equal(runner.sessions.size, 1);
    assert.equal((await server.post('/new', BODY)).status, 200, 'they do not count as open');
  });

  it('S32 cut at any byte makes one session or none, and its key replays it', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { openSessionsPerPrincipal: 1000 } });
    const body = JSON.stringify(BODY);
    const requestFor = (key: string): string =>
      [
        'POST /v1beta1/graphSessions/new HTTP/1.1',
        `Host: 127.0.0.1:${server.server.port}`,
        'Content-Type: application/json',
        `Idempotency-Key: "${key}"`,
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const length = requestFor('cut-000').length;
    for (let cut = 1; cut <= length; cut += 1) {
      const key = `cut-${String(cut).padStart(3, '0')}`;
      const before = runner.sessions.size;
      await sendAndVanish(server.server.port, requestFor(key).slice(0, cut));
      let answer = await server.post('/new', BODY, { 'Idempotency-Key': `"${key}"` });
      while (answer.status === 409)
        answer = await server.post('/new', BODY, { 'Idempotency-Key': `"${key}"` });
      assert.equal(answer.status, 200);
      assert.equal(runner.sessions.size, before + 1, `cut at ${cut}`);
    }
  });

  it('is refused with a problem of the protocol when something is missing or invalid', async (t) => {
    const runner = createGraphRunner({ handlers: exampleHandlers });
    const server = await TestServer.start(t, { runner });
    const node = { id: 'a', type: 'output' };
    const wrong: readonly (readonly [unknown, string])[] = [
      ['{', 'invalid-json'],
      ['[]', 'invalid-request'],
      [{}, 'missing-graph-id'],
      [{ graph: { nodes: [node] } }, 'missing-graph-id'],
      [{ graphId: '', graph: { nodes: [node] } }, 'missing-graph-id'],
      [{ graphId: 'a\u0000b', graph: { nodes: [node] } }, 'invalid-request'],
      ['{"graphId":"\\ud800","graph":{"nodes":[{"id":"a","type":"output"}]}}', 'invalid-request'],
      [{ graphId: 'g' }, 'missing-graph'],
      [{ graphId: 'g', graph: 7 }, 'invalid-graph'],
      [{ graphId: 'g', graph: { nodes: [] } }, 'invalid-graph'],
      [{ graphId: 'g', graph: { nodes: [node, node] } }, 'invalid-graph'],
      [{ graphId: 'g', graph: { nodes: [{ id: 'a', type: 'nothing' }] } }, 'invalid-graph'],
      [{ graphId: 'g', graph: { nodes: [node], edges: [{ from: 'a', to: 'a' }] } }, 'invalid-graph'],
      [{ graphId: 'g', graph: { nodes: [node] }, mode: 'headed' }, 'invalid-request'],
      [{ graphId: 'g', graph: { nodes: [node] }, inputs: [] }, 'invalid-request'],
      [{ graphId: 'g', graph: { nodes: [node] }, inputs: { a: 'text' } }, 'invalid-request'],
      [{ graphId: 'g', graph: { nodes: [node] }, accessToken: {} }, 'invalid-request'],
    ];
    for (const [body, code] of wrong) {
      const answer = await server.post('/new', body);
      assert.deepEqual([answer.status, answer.body['code']], [400, code], JSON.stringify(body));
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.equal(answer.body['error'], answer.body['detail']);
      assert.equal(answer.body['type'], `urn:graph-session:problem:${code}`);
    }
    const offender = await server.post('/new', {
      graphId: 'g',
      graph: { nodes: [{ id: 'a', type: 'nothing' }] },
    });
    assert.equal(offender.body['nodeId'], 'a');
  });

  it('loads the graph from the host when only its id is given', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      loadGraph: async (graphId) => ({ title: `graph ${graphId}`, nodes: ONE_NODE.nodes }),
    });
    const { body } = await server.post('/new', { graphId: 'drive:/1' });
    const [start] = await server.log(String(body['sessionId']));
    assert.ok(isJsonObject(start?.['graph']));
    assert.equal(start['graph']['title'], 'graph drive:/1');
  });

  it('runs headless with the inputs it came with', async (t) => {
    const runner = createGraphRunner({ handlers: exampleHandlers });
    const server = await TestServer.start(t, { runner });
    const { body } = await server.post('/new', {
      graphId: 'g',
      graph: { nodes: [{ id: 'a', type: 'input' }] },
      mode: 'headless',
      inputs: { a: { parts: [{ text: 'hello' }] } },
    });
    const frames = await (await server.stream(String(body['sessionId']))).toEnd();
    assert.equal(frames.at(-1)?.data['status'], 'completed');
    assert.ok(frames.some(({ data }) => data['type'] === 'inputResolved' && data['by'] === 'headless'));
  });
});

/** Sends the beginning of a request and then closes the connection. */
async function sendAndVanish(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.write(text, () => socket.resetAndDestroy());
  });
}
