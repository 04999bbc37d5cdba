import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'libsql';
import type { Graph } from '../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/json.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import { SessionEndedError } from '../../src/runner/graph-runner.js';
import { MemoryStore } from '../../src/server/memory-store.js';
import { openStore } from '../../src/server/open-store.js';
import type { SessionWrite } from '../../src/server/session-store.js';
import { CliProcess } from '../support/cli-process.js';
import { PuppetRunner, thought } from '../support/puppet-runner.js';
import { STORES, storeLocation, temporaryDirectory, TestServer } from '../support/server.js';
import { idsOf, kindsOf, SseReader } from '../support/sse-reader.js';

const BASE = '/v1beta1/graphSessions';
const KILLS = Number(process.env['KILLS'] ?? 20);

/** Takes what is to be written, and fails or passes it on. */
class FaultyStore extends MemoryStore {
  fail: ((writes: readonly SessionWrite[]) => boolean) | undefined;

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    if (this.fail?.(writes) === true) throw new Error('disk full');
    return super.commit(epoch, writes);
  }
}

const ask: NodeHandler = {
  run: async ({ ask: question }) => ({ context: [await question({ riddle: {} })] }),
};
const wait: NodeHandler = {
  run: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
};

for (const kind of STORES) {
  describe(`a restart over a ${kind} store`, () => {
    it('D3 goes on where it was: what ran is interrupted, what waits waits, what ended stays', async (t) => {
      const location = await storeLocation(t, kind);
      const store = kind === 'memory' ? new MemoryStore() : await openStore(location);
      t.after(() => store.close());
      const runner = () => createGraphRunner({ handlers: { ask, wait } });
      const before = await TestServer.start(t, { store, runner: runner() });
      const running = await before.create({ nodes: [{ id: 'n', type: 'wait' }] });
      const suspended = await before.create({ nodes: [{ id: 'n', type: 'ask' }] });
      const ended = await before.create({ nodes: [{ id: 'n', type: 'ask' }] });
      const viewer = await before.stream(suspended);
      await viewer.untilType('replayComplete');
      if (!viewer.frames.some(({ data }) => data['type'] === 'inputRequired')) {
        await viewer.untilType('inputRequired');
      }
      await before.cancel(ended);
      const log = await before.log(suspended);
      const receipt = { 'Idempotency-Key': '"k"' };
      const body = { graphId: 'g', graph: { nodes: [{ id: 'n', type: 'ask' }] } };
      const created = await before.post('/new', body, receipt);
      await before.close();

      const after = await TestServer.start(t, { store, runner: runner() });
      const interrupted = await (await after.stream(running)).toEnd();
      assert.deepEqual(
        kindsOf(interrupted).filter((name) => name !== 'replayComplete'),
        ['start', 'graphStart', 'nodeStart', 'nodeError', 'graphError', 'done'],
      );
      assert.equal(
        interrupted.find(({ data }) => data['type'] === 'nodeError')?.data['error'],
        'interrupted',
      );
      assert.deepEqual(await after.log(suspended), log);
      const cursor = idsOf(viewer.frames).at(-1) ?? -1;
      const again = await after.stream(suspended, `protocol=1&after=${cursor}`);
      const marker = await again.untilType('replayComplete');
      const [question] = marker.data['pending'] as JsonObject[];
      const answer = await after.resume(suspended, String(question?.['interactionId']));
      assert.equal(answer.status, 200);
      const frames = await again.toEnd();
      assert.equal(idsOf(frames)[0], cursor + 1);
      assert.equal(frames.at(-1)?.data['status'], 'completed');
      assert.equal((await after.get(`/${ended}/status`)).body['status'], 'cancelled');
      assert.deepEqual((await after.post('/new', body, receipt)).body, created.body);
    });

    it('D4 lets the newer of two processes write, and the older none', async (t) => {
      const location = await storeLocation(t, kind);
      const memory = kind === 'memory' ? new MemoryStore() : undefined;
      const [older, newer] = [new PuppetRunner(), new PuppetRunner()];
      const first = await TestServer.start(t, { store: memory ?? location, runner: older });
      const id = await first.create();
      await older.think(id, 3);
      const second = await TestServer.start(t, { store: memory ?? location, runner: newer });
      await newer.think(id, 2);
      const zombie = older.session(id);
      await assert.rejects(
        zombie.append(() => [thought('zombie')]),
        SessionEndedError,
      );
      assert.equal(zombie.signal.aborted, true);
      assert.equal((await first.cancel(id)).status, 503);
      assert.equal(
        (await first.post('/new', { graphId: 'g', graph: { nodes: [{ id: 'n', type: 'x' }] } })).status,
        503,
      );
      await newer.complete(id);
      const log = await second.log(id);
      assert.deepEqual(
        log.map(({ index }) => index),
        [0, 1, 2, 3, 4, 5, 6],
      );
      assert.ok(!JSON.stringify(log).includes('zombie'));
    });
  });
}

describe('a store that fails', () => {
  it('D2 costs nothing that was seen: what was refused is nowhere, and can be sent again', async (t) => {
    const store = new FaultyStore();
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const server = await TestServer.start(t, { store, runner, onError: (error) => errors.push(error) });
    const id = await server.create();
    const question = await runner.ask(id);
    const reader = await server.stream(id);
    await reader.untilType('replayComplete');
    const monitor = await server.monitor();
    await monitor.until(({ event }) => event === 'snapshotComplete');

    store.fail = () => true;
    for (const answer of await Promise.all([
      server.resume(id, question),
      server.cancel(id),
      server.delete(id),
      server.post('/new', { graphId: 'g', graph: { nodes: [{ id: 'n', type: 'x' }] } }),
    ])) {
      assert.deepEqual([answer.status, answer.body['code']], [503, 'unavailable']);
      assert.equal(answer.headers.get('retry-after'), '1');
      assert.ok(!JSON.stringify(answer.body).includes('disk full'));
    }
    store.fail = undefined;
    assert.equal((await server.log(id)).length, 2);
    const answered = await server.resume(id, question);
    assert.deepEqual([answered.status, answered.body['duplicate'], answered.body['index']], [200, false, 2]);
    await runner.complete(id);
    assert.deepEqual(idsOf(await reader.toEnd()), [0, 1, 2, 3]);
    const row = await monitor.until(({ data }) => data['status'] === 'completed');
    assert.equal(row.data['sessionId'], id);
    assert.equal((await server.delete(id)).status, 200);
  });

  it('D2 ends the run whose event it did not take, as soon as it takes anything again', async (t) => {
    const store = new FaultyStore();
    const errors: unknown[] = [];
    const emitting: NodeHandler = {
      async run({ emit, ask: question }) {
        await question({ riddle: {} });
        await emit({ type: 'thoughtEvent', text: 'lost' });
        return {};
      },
    };
    const runner = createGraphRunner({ handlers: { emitting } });
    const server = await TestServer.start(t, { store, runner, onError: (error) => errors.push(error) });
    const id = await server.create({ nodes: [{ id: 'n', type: 'emitting' }] });
    const reader = await server.stream(id);
    const { data } = await reader.untilType('inputRequired');
    let failures = 0;
    store.fail = (writes) => {
      const isLost = JSON.stringify(writes).includes('lost') || failures === 1;
      if (isLost) failures += 1;
      return isLost;
    };
    await server.resume(id, String(data['interactionId']));
    const frames = await reader.toEnd();
    assert.deepEqual(kindsOf(frames).slice(-2), ['graphError', 'done']);
    assert.equal(failures, 2);
    assert.ok(errors.length > 0, 'the host is told');
    assert.ok(!JSON.stringify(await server.log(id)).includes('lost'));
  });
});

describe('a log that is broken', () => {
  it('D2 is refused with an error; the other sessions are served', async (t) => {
    const directory = await temporaryDirectory(t);
    const before = await TestServer.start(t, { store: directory, runner: new PuppetRunner() });
    const [broken, intact] = [await before.create(), await before.create()];
    await before.close();
    const database = new Database(join(directory, 'sessions.db'));
    database.prepare('UPDATE events SET json = ? WHERE session_id = ?').run('{"type":"graphSt', broken);
    database.close();
    const errors: unknown[] = [];
    const after = await TestServer.start(t, {
      store: directory,
      runner: new PuppetRunner(),
      onError: (error) => errors.push(error),
    });
    assert.equal(errors.length, 1);
    assert.equal((await after.get(`/${broken}`)).status, 500);
    assert.equal((await after.get(`/${intact}/status`)).status, 200);
  });
});

describe('a process that is killed', () => {
  const graph: Graph = {
    nodes: [{ id: 'n', type: 'flood', configuration: { events: 100_000, bytes: 300, perSecond: 3000 } }],
  };

  it(`D1 D3 has logged whatever anybody saw, at the same place (${KILLS} kills)`, async (t) => {
    const directory = await temporaryDirectory(t);
    let cli = CliProcess.spawn(t, '--port', '0', '--data', directory);
    let base = `${await cli.url()}${BASE}`;
    const waiting = await create(base, {
      nodes: [{ id: 'q', type: 'ask-text', configuration: { prompt: 'Hm?' } }],
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const id = await create(base, graph);
      const readers = await Promise.all([
        SseReader.open(`${base}/${id}`),
        SseReader.open(`${base}/${id}?protocol=1`),
      ]);
      const count = Math.floor(Math.random() * 400);
      const reading = Promise.all(readers.map((reader) => readUntilCut(reader)));
      while (readers.every(({ frames }) => frames.length < count))
        await new Promise((resolve) => setImmediate(resolve));
      await cli.kill('SIGKILL');
      await reading;
      cli = CliProcess.spawn(t, '--port', '0', '--data', directory);
      base = `${await cli.url()}${BASE}`;
      const log = await wholeLog(base, id);
      assert.deepEqual(
        log.map(({ index }) => index),
        log.map((_, index) => index),
      );
      for (const { frames } of readers) {
        for (const frame of frames.filter(({ id: frameId }) => frameId !== undefined)) {
          assert.deepEqual(log[Number(frame.id)], frame.data);
        }
      }
      assert.deepEqual(
        log.slice(-2).map(({ type }) => type),
        ['nodeError', 'graphError'],
      );
    }
    const { pending } = await json(`${base}/${waiting}/status`);
    const [question] = pending as JsonObject[];
    const answer = await fetch(`${base}/${waiting}:resume`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        interactionId: question?.['interactionId'],
        response: { input: { parts: [{ text: 'yes' }] } },
      }),
    });
    assert.equal(answer.status, 200);
    const frames = await (await SseReader.open(`${base}/${waiting}?protocol=1`)).toEnd();
    assert.equal(frames.at(-1)?.data['status'], 'completed');
    assert.deepEqual(await cli.kill('SIGTERM'), { code: 0, signal: null });
  });
});

async function readUntilCut(reader: SseReader): Promise<void> {
  try {
    await reader.toEnd();
  } catch (error) {
    // The connection of a killed process breaks; that is what is tested.
    assert.ok(error instanceof TypeError || error instanceof assert.AssertionError, String(error));
  }
}

async function create(base: string, graph: Graph): Promise<string> {
  const { sessionId } = await json(`${base}/new`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ graphId: 'g', graph }),
  });
  return String(sessionId);
}

/** The log of a session that has ended, or is about to. */
async function wholeLog(base: string, id: string): Promise<JsonObject[]> {
  const log: JsonObject[] = [];
  for (;;) {
    const page = await json(`${base}/${id}/events?wait=30&limit=1000&after=${log.length - 1}`);
    assert.ok(Array.isArray(page['events']));
    log.push(...(page['events'] as JsonObject[]));
    if (page['closed'] === true && log.length === Number(page['lastIndex']) + 1) return log;
  }
}

async function json(url: string, init?: RequestInit): Promise<JsonObject> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.ok(isJsonObject(body));
  return body;
}
