import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createGraphSessionsHandler } from '../../../src/server/http/handler.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { toNodeListener } from '../../../src/server/node/node-adapter.js';
import type { PageLimits } from '../../../src/server/store/session-store.js';
import { Wakeup } from '../../../src/server/scheduling/wakeup.js';
import { Gate } from '../../support/gate.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';

/** A store whose reads wait for the test, like one behind a network, or fail. */
class SlowStore extends MemoryStore {
  gate: Gate | undefined;
  failure: Error | undefined;
  readonly reading = new Gate();

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    this.reading.open();
    await this.gate?.opened;
    if (this.failure !== undefined) throw this.failure;
    return super.readEvents(sessionId, after, limits);
  }
}

/** Creates a handler with one session that has one event. */
async function start(t: TestContext, maxStreams = 10) {
  const store = new SlowStore();
  const errors: unknown[] = [];
  const handler = createGraphSessionsHandler({
    store,
    runner: new PuppetRunner(),
    limits: { streams: maxStreams },
    onError: (error) => errors.push(error),
  });
  t.after(() => handler.drain());
  const base = 'http://localhost/v1beta1/graphSessions';
  const created = await handler.handle(
    new Request(`${base}/new`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ graphId: 'g', graph: ONE_NODE }),
    }),
  );
  const { sessionId } = (await created.json()) as { sessionId: string };
  const url = `${base}/${sessionId}?protocol=1`;
  const open = (signal?: AbortSignal) =>
    handler.handle(new Request(url, signal === undefined ? {} : { signal }));
  return { store, errors, handler, open, url };
}

describe('a stream that ends', () => {
  it('because its reader left while the log was read is not an error', async (t) => {
    const { store, errors, open } = await start(t);
    store.gate = new Gate();
    const reader = (await open()).body?.getReader();
    assert.ok(reader !== undefined);
    await reader.read();
    const next = reader.read();
    await store.reading.opened;
    await reader.cancel();
    store.gate.open();
    assert.equal((await next).done, true);
    await new Promise(setImmediate);
    assert.deepEqual(errors, []);
  });

  it('before anything was read from it gives its place to the next', async (t) => {
    const { open } = await start(t, 1);
    const leaving = new AbortController();
    const left = await open(leaving.signal);
    assert.equal(left.status, 200);
    assert.equal((await open()).status, 503);
    leaving.abort();
    await new Promise(setImmediate);
    const next = await open();
    assert.equal(next.status, 200);
    await next.body?.cancel();
    assert.equal(await left.text(), '', 'and reading it anyway reaches its end');
  });

  it('because the store fails is reported once, and aborts the response', async (t) => {
    const { store, errors, handler, url } = await start(t);
    store.failure = new Error('disk gone');
    const server = createServer(toNodeListener(handler, { onError: (error) => errors.push(error) }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { pathname, search } = new URL(url);
    const response = await fetch(`http://127.0.0.1:${port}${pathname}${search}`);
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
    assert.deepEqual(errors, [store.failure]);
  });
});

describe('a limit that is switched off', () => {
  it('never ends a wait at once', async (t) => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const wakeup = new Wakeup();
    const slept = wakeup.sleep(Number.POSITIVE_INFINITY);
    const handler = createGraphSessionsHandler({
      store: new MemoryStore(),
      runner: new PuppetRunner(),
      limits: { sweepMs: Number.POSITIVE_INFINITY },
    });
    await handler.ready;
    await handler.drain();
    wakeup.wake();
    await slept;
    await new Promise(setImmediate);
    assert.deepEqual(warnings, [], 'Node warns of a timer that goes off at once because it is too long');
  });
});

describe('a request that Node accepts and the web does not', () => {
  it('for a server with a password in its name: 400, and no error of the server', async (t) => {
    const { errors, handler } = await start(t);
    const server = createServer(toNodeListener(handler, { onError: (error) => errors.push(error) }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    socket.write('GET /v1beta1/graphSessions?graphId=g HTTP/1.1\r\nHost: a:b@localhost\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.deepEqual(errors, []);
  });
});
