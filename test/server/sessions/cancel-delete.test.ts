import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import { SessionEndedError } from '../../../src/runner/graph-runner.js';
import { Gate } from '../../support/gate.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { StaleEpochError, type SessionWrite } from '../../../src/server/store/session-store.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';
import { kindsOf } from '../../support/sse-reader.js';

for (const kind of STORES) {
  describe(`the end of a session over a ${kind} store`, () => {
    it('S27 happens once, however often and in whatever state the session is cancelled', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const running = await server.create();
      const suspended = await server.create();
      const question = await runner.ask(suspended);
      const completed = await server.create();
      await runner.complete(completed);
      const during = await server.create();
      const other = await runner.ask(during);
      const results = await Promise.all([
        ...Array.from({ length: 20 }, () => server.cancel(running)),
        ...Array.from({ length: 20 }, () => server.cancel(suspended)),
        ...Array.from({ length: 20 }, () => server.cancel(completed)),
        server.resume(during, other).then(() => server.cancel(during)),
        server.cancel(during),
      ]);
      assert.ok(results.every(({ status }) => status === 200));
      for (const [id, status, count] of [
        [running, 'cancelled', 1],
        [suspended, 'cancelled', 1],
        [completed, 'completed', 0],
        [during, 'cancelled', 1],
      ] as const) {
        assert.deepEqual((await server.cancel(id)).body, { sessionId: id, status });
        const types = (await server.log(id)).map(({ type }) => type);
        assert.equal(types.filter((type) => type === 'graphCancelled').length, count);
        assert.equal(types.at(-1), status === 'completed' ? 'graphComplete' : 'graphCancelled');
        const { body } = await server.get(`/${id}/status`);
        assert.deepEqual([body['status'], body['pending']], [status, []]);
      }
      assert.equal((await server.resume(suspended, question)).body['code'], 'session-terminal');
    });

    it('S28 refuses every event of a node that does not stop', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const session = runner.session(id);
      const reader = await server.stream(id);
      await server.cancel(id);
      assert.equal(session.signal.aborted, true);
      await assert.rejects(
        session.append(() => [thought('zombie')]),
        SessionEndedError,
      );
      await assert.rejects(
        session.append(() => []),
        SessionEndedError,
      );
      assert.deepEqual(kindsOf(await reader.toEnd()).slice(-2), ['graphCancelled', 'done']);
      assert.equal((await server.log(id)).length, 2);
    });

    it('S29 reaches its watchers when it is deleted; then it is gone', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      await runner.think(id, 5);
      const readers = await Promise.all([server.stream(id), server.stream(id), server.stream(id)]);
      for (const reader of readers) await reader.untilType('replayComplete');
      const monitor = await server.monitor();
      await monitor.until(({ event }) => event === 'snapshotComplete');
      const { status, body } = await server.delete(id);
      assert.deepEqual([status, body], [200, { ok: true }]);
      for (const reader of readers) {
        assert.deepEqual(kindsOf(await reader.toEnd()).slice(-2), ['graphCancelled', 'done']);
      }
      const row = await monitor.until(({ data }) => data['status'] === 'deleted');
      assert.equal(row.data['sessionId'], id);
      assert.ok(typeof row.data['createdAt'] === 'number');
      const gone = await Promise.all([
        server.get(`/${id}`),
        server.get(`/${id}/events`),
        server.get(`/${id}/status`),
        server.cancel(id),
        server.resume(id, 'x'),
        server.delete(id),
      ]);
      for (const answer of gone) {
        assert.deepEqual([answer.status, answer.body['code']], [404, 'session-deleted']);
      }
    });

    it('S30 deletes once: parallel deletions get 200 or 404, also during an answer', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const question = await runner.ask(id);
      const answers = await Promise.all([
        server.resume(id, question),
        ...Array.from({ length: 10 }, () => server.delete(id)),
        server.resume(id, question),
      ]);
      assert.ok(answers.every(({ status }) => status === 200 || status === 404 || status === 409));
      assert.equal(answers.filter(({ body }) => body['ok'] === true).length, 1);
    });
  });
}

describe('a deleted session', () => {
  it('S28 S29 accepts nothing from a handler that keeps running', async (t) => {
    const gate = new Gate();
    const refused: Promise<unknown>[] = [];
    const stubborn = {
      async run({ emit }: { emit: (event: { type: 'thoughtEvent'; text: string }) => Promise<void> }) {
        await gate.opened;
        const emission = emit({ type: 'thoughtEvent', text: 'still here' });
        refused.push(
          emission.then(
            () => 'taken',
            (error: unknown) => error,
          ),
        );
        return {};
      },
    };
    const runner = createGraphRunner({ handlers: { stubborn } });
    const server = await TestServer.start(t, { runner });
    const id = await server.create({ nodes: [{ id: 'n', type: 'stubborn' }] });
    await server.delete(id);
    gate.open();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await server.get(`/${id}`)).status, 404);
    assert.ok((await Promise.all(refused)).every((result) => result instanceof Error));
  });

  it('is erased even if a stream is still open without being read', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { eraseDelayMs: 50 } });
    const id = await server.create();
    for (let step = 0; step < 40; step += 1) await runner.append(id, thought('x'.repeat(500_000)));
    const stalled = await fetch(`${server.base}/${id}`);
    const { status } = await server.delete(id);
    assert.equal(status, 200);
    await stalled.body?.cancel();
  });
});

describe('the log of a deleted session', () => {
  it('is erased in transactions of about 1 MiB, and a process that ended in between is continued', async (t) => {
    let largest = 0;
    let parts = 0;
    class MeasuredStore extends MemoryStore {
      isBroken = false;

      override async commit(epoch: number, writes: readonly SessionWrite[]) {
        const erased = writes.flatMap((write) => (write.kind === 'erase' ? [write.bytes] : []));
        largest = Math.max(largest, ...erased);
        parts += erased.length;
        // As if the process ended after two parts.
        if (this.isBroken && parts > 2) throw new StaleEpochError('The process ended.');
        return super.commit(epoch, writes);
      }
    }
    const store = new MeasuredStore();
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const before = await TestServer.start(t, { store, runner, onError });
    const id = await before.create();
    for (let step = 0; step < 30; step += 1) await runner.append(id, thought('x'.repeat(300_000)));
    await runner.complete(id);
    store.isBroken = true;
    assert.equal((await before.delete(id)).status, 200);
    await before.close();
    assert.deepEqual(await store.findUnerased(Infinity), [id]);
    store.isBroken = false;
    const after = await TestServer.start(t, { store, runner: new PuppetRunner() });
    while ((await store.findUnerased(Infinity)).length > 0) {
      assert.equal((await after.get(`/${id}/events`)).body['code'], 'session-deleted');
    }
    const all = { through: 100, maxEvents: 100, maxBytes: 1e9 };
    assert.deepEqual(await store.readEvents(id, -1, all), []);
    assert.ok(parts > 8 && largest <= 1024 * 1024, `${parts} parts of at most ${largest} bytes`);
  });
});
