import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'libsql';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../../src/runner/node-handler.js';
import { SessionEndedError } from '../../../src/runner/graph-runner.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { openStore } from '../../../src/server/store/open-store.js';
import {
  StaleEpochError,
  StoreUnavailableError,
  type SessionWrite,
} from '../../../src/server/store/session-store.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';
import { STORES, storeLocation, temporaryDirectory, TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';
import { idsOf, kindsOf } from '../../support/sse-reader.js';

/** A store that fails writes or passes them on. */
class FaultyStore extends MemoryStore {
  isUnavailable = false;
  fail: ((writes: readonly SessionWrite[]) => boolean) | undefined;

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    if (this.isUnavailable) throw new StoreUnavailableError('No.', { cause: new Error('disk full') });
    if (this.fail?.(writes) === true) throw new Error('disk full');
    return super.commit(epoch, writes);
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

const ask: NodeHandler = {
  run: async ({ ask: question }) => ({ context: [await question({ riddle: {} })] }),
};
const wait: NodeHandler = {
  run: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
};

for (const kind of STORES) {
  describe(`a restart over a ${kind} store`, () => {
    it('D3 continues where it was: running nodes are interrupted, waiting ones wait, ended ones stay', async (t) => {
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

    // Several processes share a PostgreSQL database.
    const isShared = kind === 'postgres';
    it('D4 lets the newer of two processes write, and the older none', { skip: isShared }, async (t) => {
      const location = await storeLocation(t, kind);
      const memory = kind === 'memory' ? new MemoryStore() : undefined;
      const [older, newer] = [new PuppetRunner(), new PuppetRunner()];
      const errors: unknown[] = [];
      const onError = (error: unknown) => errors.push(error);
      const first = await TestServer.start(t, { store: memory ?? location, runner: older, onError });
      const id = await first.create();
      await older.think(id, 3);
      const second = await TestServer.start(t, { store: memory ?? location, runner: newer });
      await eventually(() => newer.sessions.has(id));
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
      assert.equal(errors.length, 1, 'it is reported once');
      assert.ok(errors[0] instanceof StaleEpochError);
    });
  });
}

describe('a store that fails', () => {
  it('D2 loses nothing that was visible: a refused request left no trace, and can be sent again', async (t) => {
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
    store.fail = (writes) => writes.some(({ kind }) => kind === 'delete');
    assert.equal((await server.delete(id)).status, 503);
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'completed', 'it is still there');
    store.fail = undefined;
    assert.equal((await server.delete(id)).status, 200);
  });

  it('D2 ends the run whose event it rejected, as soon as it accepts writes again', async (t) => {
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
    assert.ok(errors.length > 0, 'the host gets the error');
    assert.ok(!JSON.stringify(await server.log(id)).includes('lost'));
  });
});

describe('a store that rejects the writes of one session', () => {
  it('D2 writes those of all others, however they come together', async (t) => {
    const store = new FaultyStore();
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const server = await TestServer.start(t, { store, runner, onError: (error) => errors.push(error) });
    const broken = await server.create();
    const others = await Promise.all(Array.from({ length: 20 }, () => server.create()));
    store.fail = (writes) =>
      writes.some((write) => write.kind === 'append' && write.record.sessionId === broken);
    // Appended in one turn of the event loop, so they share a transaction.
    const outcomes = await Promise.allSettled([
      ...others.map((id) => runner.append(id, thought('first'), thought('second'))),
      runner.append(broken, thought('lost')),
      ...others.map((id) => runner.append(id, thought('third'))),
    ]);
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1);
    assert.equal(outcomes[others.length]?.status, 'rejected');
    for (const id of others) {
      const texts = (await server.log(id)).map(({ text }) => text);
      assert.deepEqual(texts, [undefined, 'first', 'second', 'third']);
      assert.equal(runner.session(id).signal.aborted, false, 'it still runs');
    }
    const [created, refused] = await Promise.all([
      server.post('/new', { graphId: 'g', graph: ONE_NODE }),
      server.cancel(broken),
    ]);
    assert.deepEqual([created.status, refused.status], [200, 503]);
    store.fail = undefined;
    const reader = await server.stream(broken);
    assert.deepEqual(kindsOf(await reader.toEnd()).slice(-2), ['graphError', 'done']);
    assert.match(String(errors[0]), /^StoreFailure/);
    assert.equal(errors.length, 1, 'it is reported once');
  });
});

describe('a store that cannot be written for a while', () => {
  it('D2 keeps the events of runs waiting, each for once and in order; callers get 503 soon', async (t) => {
    const store = new FaultyStore();
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const server = await TestServer.start(t, { store, runner, onError: (error) => errors.push(error) });
    const [id, other] = [await server.create(), await server.create()];
    const question = await runner.ask(other);
    store.isUnavailable = true;
    const texts = ['0', '1', '2', '3', '4'];
    const appends = texts.map((text) => runner.append(id, thought(text)));
    const beganAt = performance.now();
    const answers = await Promise.all([
      server.post('/new', { graphId: 'g', graph: ONE_NODE }),
      server.resume(other, question),
      server.cancel(other),
      server.delete(other),
      server.request('PATCH', `/${other}`, { body: '{"pinned":true}', headers: JSON_TYPE }),
    ]);
    assert.ok(performance.now() - beganAt < 5000, 'they did not hang');
    for (const { status, body, headers } of answers) {
      assert.deepEqual([status, body['code']], [503, 'unavailable']);
      assert.ok(Number(headers.get('retry-after')) > 0);
    }
    // Reading continues.
    assert.equal((await server.get(`/${other}/status`)).body['status'], 'suspended');
    assert.equal((await server.log(id)).length, 1);
    store.isUnavailable = false;
    await Promise.all(appends);
    assert.deepEqual(
      (await server.log(id)).map(({ text }) => text),
      [undefined, ...texts],
    );
    assert.equal((await server.resume(other, question)).status, 200);
    assert.equal((await server.log(other)).length, 3);
    const [error] = errors;
    assert.equal(errors.length, 1, 'it is reported once a minute');
    assert.ok(error instanceof StoreUnavailableError);
    assert.match(String(error.cause), /disk full/);
  });

  it('D2 lets a server close, and the next one finds the sessions as they were', async (t) => {
    const store = new FaultyStore();
    const runner = new PuppetRunner();
    const before = await TestServer.start(t, { store, runner });
    const id = await before.create();
    store.isUnavailable = true;
    const append = assert.rejects(runner.append(id, thought('never written')), SessionEndedError);
    await before.close();
    await append;
    store.isUnavailable = false;
    const after = await TestServer.start(t, { store, runner: new PuppetRunner() });
    assert.equal((await after.log(id)).length, 1);
    assert.equal((await after.get(`/${id}/status`)).body['status'], 'running');
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
    await eventually(() => errors.length === 1);
    assert.equal((await after.get(`/${broken}`)).status, 500);
    assert.equal((await after.get(`/${intact}/status`)).status, 200);
  });
});
