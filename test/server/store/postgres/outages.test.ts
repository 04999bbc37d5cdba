import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RunnerSession } from '../../../../src/runner/graph-runner.js';
import { StoreUnavailableError } from '../../../../src/server/store/session-store.js';
import { DatabaseProxy } from '../../../support/database-proxy.js';
import { HAS_POSTGRES, temporaryDatabase } from '../../../support/postgres.js';
import { ONE_NODE, PuppetRunner, thought } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

const NEW = { graphId: 'g', graph: ONE_NODE };
/** How long a request may take, with a margin for a busy machine. */
const PATIENCE_MS = 6000;

/** A runner that can be waited for. */
class AwaitedRunner extends PuppetRunner {
  #onStart: () => void = () => undefined;

  override async start(session: RunnerSession): Promise<void> {
    await super.start(session);
    this.#onStart();
  }

  /** Resolves when so many sessions have started. */
  async hasStarted(count: number): Promise<void> {
    while (this.sessions.size < count) {
      await new Promise<void>((resolve) => {
        this.#onStart = resolve;
      });
    }
  }
}

/** Faults of the line to the database. */
const FAULTS: Readonly<Record<string, (proxy: DatabaseProxy) => void>> = {
  'whose connections are cut': (proxy) => proxy.leave(),
  'that gets no requests': (proxy) => proxy.lose('requests'),
  'whose responses are lost': (proxy) => proxy.lose('responses'),
  'whose connections are half-open': (proxy) => proxy.lose('both'),
};

async function start(t: TestContext, runner = new PuppetRunner()) {
  const proxy = await DatabaseProxy.start(t, await temporaryDatabase());
  const errors: unknown[] = [];
  const server = await TestServer.start(t, {
    store: proxy.url,
    runner,
    limits: { heartbeatMs: 500 },
    onError: (error) => errors.push(error),
  });
  // A server that cannot reach its database waits for it when it is closed.
  t.after(() => proxy.heal());
  return { proxy, runner, server, errors };
}

describe('a server with a database', { skip: !HAS_POSTGRES, concurrency: 4 }, () => {
  for (const [which, fail] of Object.entries(FAULTS)) {
    it(`K6: ${which} keeps streams alive, answers requests with 503, and reads on afterwards`, async (t) => {
      const { proxy, runner, server, errors } = await start(t);
      const id = await server.create();
      await runner.append(id, ...Array.from({ length: 600 }, (_, index) => thought(`${index}`)));
      const log = await server.log(id);
      fail(proxy);
      // Its first page is read during the fault.
      const reader = await server.stream(id);
      const startedAt = performance.now();
      const refused = await Promise.all([
        server.get(`/${id}/events`),
        server.get('/unknown/status'),
        server.get('/:list?graphId=g'),
        server.get('?graphId=g&protocol=1', { Accept: 'text/event-stream' }),
        server.post('/new', NEW),
      ]);
      const tookMs = performance.now() - startedAt;
      assert.deepEqual(
        refused.map(({ status, body, headers }) => [status, body['code'], headers.has('Retry-After')]),
        refused.map(() => [503, 'unavailable', true]),
      );
      assert.ok(tookMs < PATIENCE_MS, `${tookMs} ms`);
      await reader.until(({ comment }) => comment?.startsWith('hb ') === true);
      proxy.heal();
      await reader.untilType('replayComplete');
      await runner.complete(id);
      const frames = await reader.toEnd();
      const indexes = frames.flatMap(({ id: index }) => (index === undefined ? [] : [Number(index)]));
      assert.deepEqual(
        indexes,
        Array.from({ length: log.length + 1 }, (_, index) => index),
      );
      assert.equal(frames.at(-1)?.data['status'], 'completed');
      assert.ok(errors.every((error) => error instanceof StoreUnavailableError));
    });
  }

  it('K4: that stops to answer in a commit keeps no request waiting, and what it asked for is done once', async (t) => {
    const { proxy, server, errors } = await start(t);
    const id = await server.create();
    const reader = await server.stream(id);
    await reader.untilType('replayComplete');
    proxy.lose('responses');
    const startedAt = performance.now();
    const refused = await server.cancel(id);
    const tookMs = performance.now() - startedAt;
    assert.deepEqual([refused.status, refused.headers.has('Retry-After')], [503, true]);
    assert.ok(tookMs < PATIENCE_MS, `${tookMs} ms`);
    proxy.heal();
    // If the server found out about the fault before it could begin, it has not begun.
    let answer = await server.cancel(id);
    while (answer.status === 503) answer = await server.cancel(id);
    assert.equal(answer.body['status'], 'cancelled');
    const log = await reader.toEnd();
    assert.equal(log.filter(({ data }) => data['type'] === 'graphCancelled').length, 1);
    assert.ok(errors.every((error) => error instanceof StoreUnavailableError));
  });

  it('K4: that breaks while a session is recovered continues it afterwards', async (t) => {
    const url = await temporaryDatabase();
    const proxy = await DatabaseProxy.start(t, url);
    const before = await TestServer.start(t, { store: url, runner: new PuppetRunner() });
    const ids = [await before.create(), await before.create(), await before.create()];
    await before.close();
    // The third read of each kind of a session's recovery succeeds.
    const READS = ['convert_to("log_id"', 'convert_to("plan"', '"position"'];
    const failures = new Map(READS.map((text) => [text, 6]));
    proxy.cut = (request) => {
      const text = READS.find((part) => request.includes(part));
      const left = text === undefined ? 0 : (failures.get(text) ?? 0);
      if (text === undefined || left === 0) return undefined;
      failures.set(text, left - 1);
      return left % 2 === 0 ? 'request' : 'response';
    };
    const runner = new AwaitedRunner();
    const errors: unknown[] = [];
    const after = await TestServer.start(t, {
      store: proxy.url,
      runner,
      onError: (error) => errors.push(error),
    });
    await runner.hasStarted(ids.length);
    for (const id of ids) await runner.complete(id);
    assert.deepEqual([...failures.values()], [0, 0, 0]);
    for (const id of ids) {
      const { body } = await after.get(`/${id}/status`);
      assert.equal(body['status'], 'completed');
    }
    assert.ok(errors.every((error) => error instanceof StoreUnavailableError));
    assert.ok(errors.length <= 1, `it is reported ${errors.length} times`);
  });
});
