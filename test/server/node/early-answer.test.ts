import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { DEFAULT_BASE_PATH as BASE } from '../../../src/server/http/handler.js';
import type { Authenticate } from '../../../src/server/http/admission/identity.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

const MIB = 1024 * 1024;
const CREATION = JSON.stringify({ graphId: 'g', graph: ONE_NODE });

const login: Authenticate = (token) => (token === 'ada' ? { principal: 'ada' } : undefined);

/** Requests that are answered before their body is needed: status, path, type of the body. */
const EARLY: readonly (readonly [number, string, string])[] = [
  [401, '/x:cancel', 'application/json\r\nAuthorization: Bearer eve'],
  [404, '/x:cancel', 'application/json\r\nAuthorization: Bearer ada'],
  [404, '/no/such/route', 'application/json'],
  [405, '', 'application/json'],
  [413, '/new', 'application/json\r\nAuthorization: Bearer ada'],
  [415, '/new', 'text/plain\r\nAuthorization: Bearer ada'],
];

function head(path: string, type: string, bytes: number): string {
  const headers = `Host: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${bytes}`;
  return `POST ${BASE}${path} HTTP/1.1\r\n${headers}\r\n\r\n`;
}

function open(t: TestContext, server: TestServer): Socket {
  const socket = connect(server.server.port, '127.0.0.1').setEncoding('latin1').setNoDelay();
  t.after(() => socket.destroy());
  return socket;
}

/** Reads until the server ends the connection. Rejects when it is cut. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  socket.resume();
  await once(socket, 'end');
  return text;
}

describe('an answer before the end of the request', () => {
  it('ends the connection, although the rest of the body does not come', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login });
    for (const [status, path, type] of EARLY) {
      const started = performance.now();
      const socket = open(t, server);
      socket.write(head(path, type, 20 * MIB));
      const text = await readAll(socket);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\nconnection: close\\r\\n`, 'i'));
      assert.ok(performance.now() - started < 3000, `${status} ${path}`);
      await once(socket, 'close');
    }
  });

  it('is read by a client that first sends everything', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login });
    for (const [status, path, type] of EARLY) {
      const socket = open(t, server);
      socket.pause();
      socket.write(head(path, type, 20 * MIB));
      const piece = 'x'.repeat(MIB);
      for (let sent = 0; sent < 20; sent += 1) {
        await new Promise<void>((resolve) => {
          socket.write(piece, () => resolve());
        });
      }
      const text = await readAll(socket);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} [^]*"status":${status}`), `${status} ${path}`);
    }
  });

  it('is read by it also when a part of the body was read', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      limits: { createBodyBytes: 2 * MIB },
    });
    const socket = open(t, server);
    socket.pause();
    const type = 'application/json\r\nTransfer-Encoding: chunked';
    socket.write(head('/new', type, 0).replace('Content-Length: 0\r\n', ''));
    for (let sent = 0; sent < 20; sent += 1) {
      await new Promise<void>((resolve) => {
        socket.write(`100000\r\n${'x'.repeat(MIB)}\r\n`, () => resolve());
      });
    }
    assert.match(await readAll(socket), /^HTTP\/1\.1 413 [^]*"status":413/);
  });

  it('is the last one of its connection: what follows the body is no request', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      limits: { createBodyBytes: 1000 },
    });
    const socket = open(t, server);
    const text = readAll(socket);
    socket.write(head('/new', 'application/json', 200_000));
    const answered = once(socket, 'data');
    socket.write('x'.repeat(100_000));
    await answered;
    socket.on('error', () => undefined);
    socket.write('x'.repeat(100_000) + head('/new', 'application/json', CREATION.length) + CREATION);
    assert.equal((await text).match(/HTTP\/1\.1/g)?.length, 1);
    const { body } = await server.get('/:list?graphId=g');
    assert.deepEqual(body['rows'], []);
  });

  it('of which the whole request had arrived keeps the connection', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const socket = open(t, server);
    for (const status of [404, 200]) {
      const [path, body] = status === 404 ? ['/x:cancel', '{}'] : ['/new', CREATION];
      socket.write(head(path, 'application/json', body.length) + body);
      const [text] = (await once(socket, 'data')) as [string];
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.doesNotMatch(text, /connection: close/i);
    }
  });

  it('cuts a client that sends without end', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const socket = open(t, server);
    socket.on('error', () => undefined);
    socket.write(head('', 'application/json', 1024 * MIB));
    const closed = once(socket, 'close');
    const piece = Buffer.alloc(MIB);
    let sent = 0;
    const send = (): void => {
      for (let isFree = true; isFree && !socket.destroyed; sent += 1) isFree = socket.write(piece);
    };
    socket.on('drain', send);
    socket.resume();
    send();
    await closed;
    assert.ok(sent < 100, `${sent} MiB`);
  });

  it('to what is not HTTP is read by a client that first sends everything', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const socket = open(t, server);
    socket.pause();
    socket.write('NOT HTTP\r\n\r\n');
    for (let sent = 0; sent < 20; sent += 1) {
      await new Promise<void>((resolve) => {
        socket.write('x'.repeat(MIB), () => resolve());
      });
    }
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 [^]*"status":400/);
  });
});
