import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_BASE_PATH as BASE } from '../../../src/server/http/handler.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

const HOST = 'Host: localhost\r\n';
const POST = `HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const CREATION = JSON.stringify({ graphId: 'g', graph: ONE_NODE });
const TRICKLE_MS = 20;

function open(t: TestContext, server: TestServer): Socket {
  const socket = connect(server.server.port, '127.0.0.1').setEncoding('latin1').setNoDelay();
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  return socket;
}

/** Sends a beginning, then a piece again and again; resolves with the response when the server closes. */
async function trickle(t: TestContext, server: TestServer, first: string, piece: string): Promise<string> {
  const socket = open(t, server);
  let received = '';
  socket.on('data', (text: string) => (received += text));
  const closed = once(socket, 'close');
  if (first !== '') socket.write(first);
  const timer = piece === '' ? undefined : setInterval(() => socket.write(piece), TRICKLE_MS);
  await closed;
  clearInterval(timer);
  return received;
}

describe('a request that comes slowly', () => {
  it('is answered 408 and loses its connection, whatever part does not come', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), headersMs: 200, bodyMs: 200 });
    const id = await server.create();
    const length = 'Content-Length: 60000\r\n\r\n';
    const cases: readonly (readonly [string, string, string])[] = [
      ['headers', `GET / HTTP/1.1\r\n${HOST}`, 'A: b\r\n'],
      ['headers that stop', `GET / HTTP/1.1\r\n${HOST}`, ''],
      ['nothing', '', ''],
      ['a body', `POST ${BASE}/new ${POST}${length}`, ' '],
      ['a body that stops', `POST ${BASE}/new ${POST}${length}{`, ''],
      ['an optional body', `POST ${BASE}/${id}:cancel ${POST}${length}`, ' '],
      ['chunks', `POST ${BASE}/new ${POST}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
    ];
    const answers = await Promise.all(
      cases.map(async ([name, first, piece]) => [name, await trickle(t, server, first, piece)] as const),
    );
    for (const [name, answer] of answers) {
      assert.match(answer, /^HTTP\/1\.1 408 /, name);
      assert.match(answer, /^connection: close\r$/im, name);
      if (!/headers|nothing/.test(name)) assert.match(answer, /"code":"request-timeout"/, name);
    }
  });

  it('loses its connection also when it was answered before its end', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), stallMs: 200 });
    const answer = await trickle(t, server, `POST ${BASE} ${POST}Content-Length: 100000\r\n\r\n`, ' ');
    assert.match(answer, /^HTTP\/1\.1 405 /);
  });

  it('is served while its body makes progress', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), bodyMs: 400 });
    const socket = open(t, server);
    const padding = ' '.repeat(16 * 1024);
    socket.write(
      `POST ${BASE}/new ${POST}Connection: close\r\nContent-Length: ${CREATION.length + 4 * padding.length}\r\n\r\n`,
    );
    // Longer than `bodyMs` in all.
    for (let pieces = 0; pieces < 4; pieces += 1) {
      socket.write(padding);
      await delay(200);
    }
    const answered = once(socket, 'data');
    socket.write(CREATION);
    const [answer] = (await answered) as [string];
    assert.match(answer, /^HTTP\/1\.1 200 /);
  });

  it('is nothing that limits streams, long answers or connections that are kept', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, headersMs: 100, requestMs: 100, bodyMs: 100 });
    const id = await server.create();
    const reader = await server.stream(id);
    await reader.untilType('replayComplete');
    // Ten times as long as a request may take.
    const page = await server.get(`/${id}/events?after=0&wait=1`);
    assert.deepEqual([page.status, page.body['events']], [200, []]);
    await runner.complete(id);
    assert.equal((await reader.toEnd()).at(-1)?.event, 'done');
  });
});

describe('a response that is not read', () => {
  it('loses its connection, also when it is no stream', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, stallMs: 200 });
    const id = await server.create();
    await runner.think(id, 4, 'x'.repeat(4 * 1024 * 1024));
    const sockets = await new Promise<Socket>((resolve) => {
      server.server.server.once('connection', resolve);
      open(t, server).pause().write(`GET ${BASE}/${id}/events HTTP/1.1\r\n${HOST}\r\n`);
    });
    await once(sockets, 'close');
  });
});
