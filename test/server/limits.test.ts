import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import { SessionEndedError } from '../../src/runner/graph-runner.js';
import { ONE_NODE, PuppetRunner, thought } from '../support/puppet-runner.js';
import { STORES, storeLocation, TestServer, type Answer } from '../support/server.js';
import { idsOf, kindsOf, SseReader } from '../support/sse-reader.js';
import { eventually } from '../support/watch.js';

function codeOf({ status, body }: Answer): unknown[] {
  return [status, body['code']];
}

describe('the limits S38', () => {
  it('of bodies: 413, whether the size is announced or not', async (t) => {
    const runner = new PuppetRunner();
    const limits = { createBodyBytes: 2000, resumeBodyBytes: 1000, commandBodyBytes: 500 };
    const server = await TestServer.start(t, { runner, limits });
    const id = await server.create();
    const interactionId = await runner.ask(id);
    const big = 'x'.repeat(3000);
    for (const [path, body] of [
      ['/new', { graphId: 'g', graph: { title: big, nodes: [{ id: 'n', type: 'x' }] } }],
      [`/${id}:resume`, { interactionId, response: { big } }],
      [`/${id}:cancel`, { reason: big }],
    ] as const) {
      assert.deepEqual(codeOf(await server.post(path, body)), [413, 'payload-too-large']);
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      const streamed = await fetch(server.base + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: new ReadableStream({
          pull(controller) {
            controller.enqueue(bytes);
            controller.close();
          },
        }),
        duplex: 'half',
      } as RequestInit);
      assert.equal(streamed.status, 413);
      await streamed.body?.cancel();
    }
    assert.equal((await server.log(id)).length, 2);
  });

  it('of graphs: 400 graph-too-large', async (t) => {
    const limits = { graph: { maxNodes: 3, maxEdges: 2, maxDepth: 10 } };
    const server = await TestServer.start(t, { runner: new PuppetRunner(), limits });
    const nodes = (count: number) => Array.from({ length: count }, (_, id) => ({ id: `${id}`, type: 'x' }));
    let deep: object = {};
    for (let level = 0; level < 12; level += 1) deep = { deep };
    const edge = { from: '0', to: '1' };
    for (const graph of [
      { nodes: nodes(4) },
      { nodes: nodes(3), edges: [edge, edge, edge] },
      { nodes: [{ id: 'a', type: 'x', configuration: deep }] },
    ]) {
      assert.deepEqual(codeOf(await server.post('/new', { graphId: 'g', graph })), [400, 'graph-too-large']);
    }
    const hostile = `{"graphId":"g","graph":{"nodes":[${'['.repeat(90_000)}${']'.repeat(90_000)}]}}`;
    assert.deepEqual(codeOf(await server.post('/new', hostile)), [400, 'graph-too-large']);
  });

  it('of sessions that have not ended: 429, until one ends', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { openSessionsPerPrincipal: 2 } });
    const id = await server.create();
    await server.create();
    const body = { graphId: 'g', graph: ONE_NODE };
    const refused = await server.post('/new', body);
    assert.deepEqual(codeOf(refused), [429, 'too-many-sessions']);
    assert.equal(refused.headers.get('retry-after'), '5');
    await runner.complete(id);
    const answers = await Promise.all([server.post('/new', body), server.post('/new', body)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 429]);
  });

  for (const kind of STORES) {
    it(`of sessions per graph: the oldest ended ones are deleted (${kind})`, async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        limits: { sessionsPerGraph: 3 },
      });
      const ids = [await server.create(), await server.create(), await server.create()];
      await runner.complete(ids[1] ?? '');
      await runner.complete(ids[2] ?? '');
      const monitor = await server.monitor();
      await monitor.until(({ event }) => event === 'snapshotComplete');
      await server.create();
      const row = await monitor.until(({ data }) => data['status'] === 'deleted');
      assert.equal(row.data['sessionId'], ids[1]);
      assert.deepEqual(codeOf(await server.get(`/${ids[1]}/status`)), [404, 'session-deleted']);
      assert.equal((await server.get(`/${ids[0]}/status`)).status, 200, 'what has not ended stays');
      assert.equal((await server.get(`/${ids[2]}/status`)).status, 200);
    });

    it(`of time: ended sessions are deleted after their time, then their tombstones (${kind})`, async (t) => {
      const day = 24 * 60 * 60 * 1000;
      let shiftMs = 0;
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        now: () => Date.now() + shiftMs,
        limits: { sweepMs: 20 },
      });
      const open = await server.create();
      const id = await server.create();
      await runner.complete(id);
      const codeLater = async (code: string): Promise<void> => {
        // A change shows that the time is right.
        await server.create();
        while ((await server.get(`/${id}/status`)).body['code'] !== code);
      };
      shiftMs = 6.9 * day;
      assert.equal((await server.get(`/${id}/status`)).status, 200);
      shiftMs = 7.1 * day;
      await codeLater('session-deleted');
      shiftMs = 8.2 * day;
      await codeLater('session-not-found');
      assert.equal((await server.get(`/${open}/status`)).status, 200);
    });
  }

  it('of one event: its node fails', async (t) => {
    const talkative: NodeHandler = {
      async run({ node, emit }) {
        await emit({ type: 'thoughtEvent', text: 'ok' });
        if (node.id === 'emits') await emit({ type: 'thoughtEvent', text: 'x'.repeat(2000) });
        return { context: 'ü'.repeat(node.id === 'returns' ? 700 : 1) };
      },
    };
    const runner = createGraphRunner({ handlers: { talkative } });
    const server = await TestServer.start(t, { runner, limits: { eventBytes: 1000 } });
    const nodes = ['emits', 'returns', 'fine'].map((id) => ({ id, type: 'talkative' }));
    const frames = await (await server.stream(await server.create({ nodes }))).toEnd();
    const errors = frames.filter(({ data }) => data['type'] === 'nodeError').map(({ data }) => data);
    assert.deepEqual(errors.map(({ nodeId, error }) => `${String(nodeId)}: ${String(error)}`).sort(), [
      'emits: event too large',
      'returns: event too large',
    ]);
    assert.equal(kindsOf(frames).filter((kind) => kind === 'nodeEnd').length, 1);
    assert.equal(frames.at(-1)?.data['status'], 'failed');
  });

  it('of one event: a runner that does not check is refused, and may continue', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { eventBytes: 1000 } });
    const id = await server.create();
    const step = [thought('small'), thought('ü'.repeat(500))];
    await assert.rejects(runner.append(id, ...step), { code: 'event-too-large' });
    assert.equal((await server.log(id)).length, 1);
    await runner.append(id, thought('small'));
    const outputs = { n: { context: 'x'.repeat(2000) } };
    await runner.append(id, { type: 'graphComplete', sessionId: id, outputs });
    const log = await server.log(id);
    assert.deepEqual(
      log.map(({ type }) => type),
      ['graphStart', 'thoughtEvent', 'graphComplete'],
    );
    assert.equal(log.at(-1)?.['outputs'], undefined, 'the end comes whatever the outputs weigh');
  });

  it('of one log: the session ends, by number and by bytes', async (t) => {
    for (const limits of [{ logEvents: 10 }, { logBytes: 8000 }]) {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { runner, limits });
      const id = await server.create();
      await assert.rejects(runner.think(id, 100, 'x'.repeat(300)), SessionEndedError);
      const log = await server.log(id);
      assert.deepEqual([log.at(-1)?.['type'], log.at(-1)?.['error']], ['graphError', 'log limit']);
      assert.ok(log.length <= 14);
      assert.ok(JSON.stringify(log).length <= 8000);
      assert.equal((await server.get(`/${id}/status`)).body['status'], 'failed');
    }
  });

  it('of one log: an answer to a full log gets the response that the session has ended', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { logEvents: 3 } });
    const id = await server.create();
    const question = await runner.ask(id);
    assert.deepEqual(codeOf(await server.resume(id, question)), [409, 'session-terminal']);
    assert.equal((await server.log(id)).length, 3);
  });

  it('of streams: 503 with Retry-After', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), limits: { streams: 2 } });
    const id = await server.create();
    await server.stream(id);
    await server.monitor();
    for (const path of [`/${id}`, '?graphId=g']) {
      const refused = await server.get(path);
      assert.deepEqual(codeOf(refused), [503, 'unavailable']);
      assert.equal(refused.headers.get('retry-after'), '5');
    }
  });
});

describe('a reader that takes nothing', () => {
  const EVENT = 'x'.repeat(100_000);
  const EVENTS = 300;

  async function stalled(server: TestServer, path: string): Promise<Socket> {
    const socket = connect(server.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      socket.write(`GET /v1beta1/graphSessions${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`, () => resolve());
    });
    socket.pause();
    return socket;
  }

  it('L1 costs little memory and does not disturb other readers', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { streamsPerSession: 100 } });
    const id = await server.create();
    for (let step = 0; step < EVENTS; step += 1) await runner.append(id, thought(EVENT));
    globalThis.gc?.();
    const before = process.memoryUsage();
    const sockets = await Promise.all(Array.from({ length: 40 }, () => stalled(server, `/${id}?protocol=1`)));
    const reader = await server.stream(id);
    await reader.untilType('replayComplete');
    assert.equal(idsOf(reader.frames).length, EVENTS + 1);
    reader.frames.length = 0;
    // What others have received is given back a moment later.
    let eachBytes = Number.POSITIVE_INFINITY;
    await eventually(() => {
      globalThis.gc?.();
      const after = process.memoryUsage();
      const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
      eachBytes = grown / sockets.length;
      return eachBytes < 1.2 * 1024 * 1024;
    }).catch(() => assert.fail(`${Math.round(eachBytes / 1024)} KiB each`));
    for (const socket of sockets) socket.destroy();
  });

  it('L1 is disconnected after a while; one that reads slowly is not', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, stallMs: 2500 });
    const id = await server.create();
    for (let step = 0; step < EVENTS; step += 1) await runner.append(id, thought(EVENT));
    const accepted = once(server.server.server, 'connection');
    const socket = await stalled(server, `/${id}?protocol=1`);
    const [serverSide] = (await accepted) as [Socket];
    const slow = await server.stream(id);
    const closed = once(socket, 'close');
    const end = { isNear: false };
    const hungUp = once(serverSide, 'close').then(() => {
      end.isNear = true;
    });
    // Slow enough to outlast the other reader, but never stalled for longer than allowed. In real time, because
    // the test depends on when the kernel's buffer is full.
    for (let read = 0; !end.isNear; read += 1) {
      if (read < EVENTS - 1) await slow.next();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await hungUp;
    // The bytes in the kernel's buffer can still be read; then the stream ends, without the last frame.
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    socket.resume();
    await closed;
    assert.ok(bytes < EVENTS * EVENT.length, 'it did not get all of it');
    await slow.untilType('replayComplete');
    assert.equal(idsOf(slow.frames).length, EVENTS + 1);
  });

  it('L4 leaves nothing behind after many sessions have come and gone', async (t) => {
    const gc = globalThis.gc;
    if (gc === undefined) {
      t.skip('needs --expose-gc');
      return;
    }
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { tombstoneMs: -1, sweepMs: 20 } });
    const churn = async (count: number): Promise<number> => {
      for (let round = 0; round < count; round += 1) {
        const id = await server.create();
        const reader = await SseReader.open(`${server.base}/${id}?protocol=1`);
        await runner.ask(id);
        await server.delete(id);
        await reader.toEnd();
        runner.sessions.delete(id);
      }
      gc();
      return process.memoryUsage().heapUsed;
    };
    // The heap fluctuates by more than a session; a leak per session would grow with every round.
    let heap = await churn(200);
    const growth: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const grown = await churn(200);
      growth.push((grown - heap) / 200);
      heap = grown;
    }
    assert.ok(Math.min(...growth) < 2000, `${growth.map(Math.round).join(', ')} bytes per session`);
  });
});
