import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { constants, createSecureServer, createServer } from 'node:http2';
import { get } from 'node:https';
import { describe, it, type TestContext } from 'node:test';
import type { Authenticate } from '../../../src/server/http/admission/identity.js';
import { createGraphSessionsHandler, DEFAULT_BASE_PATH as BASE } from '../../../src/server/http/handler.js';
import type { GraphSessionsHandlerOptions } from '../../../src/server/http/handler-options.js';
import { toNodeListener, type FetchHandler } from '../../../src/server/node/node-adapter.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { Http2Client, readAnswer } from '../../support/http2-client.js';
import { listening } from '../../support/listening.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';

const CREATION = JSON.stringify({ graphId: 'g', graph: ONE_NODE });
const POST = { ':method': 'POST', 'content-type': 'application/json' };

/** A client of a handler behind `node:http2`. Errors that the server reports fail the test. */
async function serve(t: TestContext, handler: FetchHandler): Promise<Http2Client> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const server = createServer(toNodeListener(handler, { bodyMs: 100, stallMs: 500, onError }));
  const port = await listening(t, server);
  t.after(() => assert.deepEqual(errors, []));
  return Http2Client.connect(t, `http://localhost:${port}`);
}

async function serveSessions(t: TestContext, options: Partial<GraphSessionsHandlerOptions> = {}) {
  const runner = new PuppetRunner();
  const handler = createGraphSessionsHandler({ store: new MemoryStore(), runner, ...options });
  t.after(() => handler.drain());
  const client = await serve(t, handler);
  const { status, text } = await client.send({ ':path': `${BASE}/new`, ...POST }, CREATION);
  assert.equal(status, 200, text);
  const { sessionId } = JSON.parse(text) as { sessionId: string };
  return { client, runner, sessionId };
}

describe('the adapter behind HTTP/2', () => {
  it('answers calls, with and without bodies', async (t) => {
    const { client, sessionId } = await serveSessions(t);
    const path = `${BASE}/${sessionId}`;
    const status = await client.send({ ':path': `${path}/status` });
    assert.equal(status.status, 200);
    assert.equal(status.headers['graph-session-protocol'], '1');
    assert.match(status.text, /"status":"running"/);
    const head = await client.send({ ':path': `${path}/status`, ':method': 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
    const put = await client.send({ ':path': path, ':method': 'PUT' }, '{}');
    assert.deepEqual([put.status, put.headers['allow']], [405, 'GET, HEAD, PATCH, DELETE, OPTIONS']);
    const cancelled = await client.send({ ':path': `${path}:cancel`, ':method': 'POST' });
    assert.match(cancelled.text, /"status":"cancelled"/);
    const deleted = await client.send({ ':path': path, ':method': 'DELETE' });
    assert.equal(deleted.text, '{"ok":true}');
  });

  it('answers over TLS, to clients of HTTP/1.1 too', async (t) => {
    const handler = createGraphSessionsHandler({ store: new MemoryStore(), runner: new PuppetRunner() });
    t.after(() => handler.drain());
    const [key, cert] = await Promise.all(
      ['key', 'cert'].map((name) =>
        readFile(new URL(`../../fixtures/tls/localhost-${name}.pem`, import.meta.url)),
      ),
    );
    assert.ok(key && cert);
    const addresses: string[] = [];
    const noting: FetchHandler = {
      handle: (request) => {
        addresses.push(request.url);
        return handler.handle(request);
      },
    };
    const port = await listening(
      t,
      createSecureServer({ key, cert, allowHTTP1: true }, toNodeListener(noting)),
    );
    const client = await Http2Client.connect(t, `https://localhost:${port}`);
    const created = await client.send({ ':path': `${BASE}/new`, ...POST }, CREATION);
    assert.equal(created.status, 200, created.text);
    const request = get(`https://localhost:${port}${BASE}/x/status`, {
      rejectUnauthorized: false,
      agent: false,
    });
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume: () => void }];
    assert.equal(response.statusCode, 404);
    response.resume();
    const base = `https://localhost:${port}${BASE}`;
    assert.deepEqual(addresses, [`${base}/new`, `${base}/x/status`]);
  });

  it('streams events as they come, and notices a client that leaves', async (t) => {
    const { client, runner, sessionId } = await serveSessions(t, { limits: { streams: 1 } });
    const open = () => client.open({ ':path': `${BASE}/${sessionId}?protocol=1` });
    const stream = open();
    const until = async (text: string): Promise<void> => {
      for (let received = ''; !received.includes(text);) {
        const [piece] = (await once(stream, 'data')) as [string];
        received += piece;
      }
    };
    await until('replayComplete');
    const live = until('thoughtEvent');
    await runner.think(sessionId, 1);
    await live;
    assert.equal((await readAnswer(open())).status, 503, 'there is one place');
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    // When this is answered, the server has noticed.
    await client.send({ ':path': '/' });
    const next = open();
    const [headers] = (await once(next, 'response')) as [Record<string, unknown>];
    assert.equal(headers[':status'], 200);
    const rest = readAnswer(next);
    await runner.complete(sessionId);
    const { text, endCode } = await rest;
    assert.match(text, /event: done/);
    assert.equal(endCode, constants.NGHTTP2_NO_ERROR);
  });

  it('breaks off a stream that fails, so that it is not taken for the whole', async (t) => {
    const body = (): ReadableStream<Uint8Array> => {
      let isFirst = true;
      return new ReadableStream({
        pull(controller) {
          if (isFirst) controller.enqueue(new TextEncoder().encode(': beginning\n\n'));
          else controller.error(new Error('gone'));
          isFirst = false;
        },
      });
    };
    const headers = { 'Content-Type': 'text/event-stream' };
    const client = await serve(t, { handle: async () => new Response(body(), { headers }) });
    const { status, endCode } = await client.send({ ':path': '/' });
    assert.deepEqual([status, endCode], [200, constants.NGHTTP2_INTERNAL_ERROR]);
  });

  it('survives clients that leave in every way, and gives their places to others', async (t) => {
    const { client, sessionId } = await serveSessions(t, { limits: { streams: 1 } });
    const path = { ':path': `${BASE}/${sessionId}?protocol=1` };
    for (const code of [
      constants.NGHTTP2_NO_ERROR,
      constants.NGHTTP2_INTERNAL_ERROR,
      constants.NGHTTP2_PROTOCOL_ERROR,
      constants.NGHTTP2_ENHANCE_YOUR_CALM,
    ]) {
      const stream = client.open(path);
      const closed = readAnswer(stream);
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      assert.equal(headers[':status'], 200, `after code ${code}`);
      stream.close(code);
      await closed;
      // When this is answered, the server has noticed.
      await client.send({ ':path': '/' });
    }
    const sending = client.open({ ':path': `${BASE}/new`, ...POST }, { isEnd: false });
    sending.write('{');
    const sent = readAnswer(sending);
    sending.close(constants.NGHTTP2_INTERNAL_ERROR);
    await sent;
    assert.equal((await client.send({ ':path': `${BASE}/${sessionId}/status` })).status, 200);
  });

  it('breaks off a response that is not read', async (t) => {
    for (const type of ['application/json', 'text/event-stream']) {
      const headers = { 'Content-Type': type };
      const client = await serve(t, {
        handle: async () => new Response(new Uint8Array(8 * 1024 * 1024), { headers }),
      });
      const stream = client.open({ ':path': '/' });
      stream.pause();
      // Its code says the same.
      stream.on('error', () => undefined);
      await new Promise((resolve) => {
        stream.once('close', resolve);
      });
      assert.equal(stream.rstCode, constants.NGHTTP2_INTERNAL_ERROR, type);
    }
  });

  it('takes “:authority” for the host, and refuses what contradicts it', async (t) => {
    const { client } = await serveSessions(t);
    const path = { ':path': `${BASE}/x/status` };
    for (const [headers, status] of [
      [{ ':authority': 'localhost' }, 404],
      [{ ':authority': 'localhost', host: 'localhost' }, 404],
      [{ ':authority': 'evil.example' }, 403],
      [{ ':authority': 'localhost', host: 'evil.example' }, 400],
      [{ ':authority': 'evil.example', host: 'localhost' }, 400],
    ] as const) {
      assert.equal((await client.send({ ...path, ...headers })).status, status, JSON.stringify(headers));
    }
    // Newer versions of Node do not send it.
    const withUser = await client.send({ ...path, ':authority': 'user:password@localhost' });
    assert.ok([400, 0].includes(withUser.status), `${withUser.status}`);
    const everything = await client.send({ ':path': '*', ':method': 'OPTIONS' });
    assert.equal(everything.status, 204);
    assert.equal((await client.send({ ':path': `${BASE}/x`, ':method': 'TRACE' })).status, 405);
  });

  it('hands over headers without pseudo headers, cookies as one', async (t) => {
    const received: Record<string, string>[] = [];
    const authenticate: Authenticate = (_, request) => {
      received.push(Object.fromEntries(request.headers));
      return { principal: 'ann' };
    };
    const { client } = await serveSessions(t, { authenticate });
    received.length = 0;
    const headers = { cookie: ['a=1', 'b=2'], 'x-note': 'x', ':authority': 'box.example' };
    await client.send({ ':path': `${BASE}/x/status`, ...headers });
    assert.deepEqual(received, [{ cookie: 'a=1; b=2', host: 'box.example', 'x-note': 'x' }]);
  });

  it('leaves out response headers that HTTP/2 forbids', async (t) => {
    const client = await serve(t, {
      handle: async () => {
        const response = new Response('x', {
          statusText: 'Fine',
          headers: { Connection: 'close', 'Keep-Alive': 'timeout=5', 'Transfer-Encoding': 'chunked' },
        });
        response.headers.append('Set-Cookie', 'a=1');
        response.headers.append('Set-Cookie', 'b=2');
        return response;
      },
    });
    const { status, text, headers } = await client.send({ ':path': '/' });
    assert.deepEqual([status, text, headers['set-cookie']], [200, 'x', ['a=1', 'b=2']]);
    assert.equal(headers['connection'], undefined);
  });

  it('answers before a body has arrived that is not needed, and asks the client to stop', async (t) => {
    const { client } = await serveSessions(t);
    const stream = client.open(
      { ':path': `${BASE}/new`, ...POST, 'content-type': 'text/plain' },
      { isEnd: false },
    );
    stream.write('x');
    const { status, endCode } = await readAnswer(stream);
    assert.deepEqual([status, endCode], [415, constants.NGHTTP2_NO_ERROR]);
  });

  it('answers many bodies that are not needed on one connection, each as a whole', async (t) => {
    const { client, sessionId } = await serveSessions(t);
    const headers = { ':path': `${BASE}/new`, ...POST, 'content-type': 'text/plain' };
    for (let round = 0; round < 15; round += 1) {
      const stream = client.open(headers, { isEnd: false });
      stream.end('x'.repeat(500_000));
      let text = '';
      stream.on('data', (piece: string) => (text += piece));
      await once(stream, 'end');
      assert.equal((JSON.parse(text) as { status: number }).status, 415);
      // The client of Node keeps a stream until it has sent everything.
      stream.destroy();
    }
    assert.equal((await client.send({ ':path': `${BASE}/${sessionId}/status` })).status, 200);
  });

  it('answers 408 to a body that does not arrive', async (t) => {
    const { client } = await serveSessions(t);
    const stream = client.open({ ':path': `${BASE}/new`, ...POST }, { isEnd: false });
    stream.write('{');
    const { status, text } = await readAnswer(stream);
    assert.deepEqual([status, /"code":"request-timeout"/.test(text)], [408, true]);
  });
});
