import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { GraphRunError } from '../../../src/protocol/problems.js';
import type { Authenticate } from '../../../src/server/http/admission/identity.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { temporaryDirectory, TestServer } from '../../support/server.js';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const byToken: Authenticate = (token) => {
  if (token === undefined || token === 'bad') {
    throw new GraphRunError('unauthenticated', 'Who are you?', { status: 401 });
  }
  if (token === 'limited') throw new GraphRunError('forbidden', 'Not you.', { status: 403 });
  const [name = '', lifeMs] = token.split('+');
  // The part after the dot is secret.
  const [principal = ''] = name.split('.');
  return { principal, ...(lifeMs === undefined ? {} : { expiresAtMs: Date.now() + Number(lifeMs) }) };
};

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

describe('the routes', () => {
  it('S39 refuse unknown routes and methods with the problems of the protocol', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const cases: readonly (readonly [string, string, number, string, string?])[] = [
      ['PUT', `/${id}`, 405, 'method-not-allowed', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
      ['POST', `/${id}`, 405, 'method-not-allowed', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
      ['POST', '', 405, 'method-not-allowed', 'GET, HEAD, OPTIONS'],
      ['GET', '/new', 405, 'method-not-allowed', 'POST, OPTIONS'],
      ['GET', `/${id}:resume`, 405, 'method-not-allowed', 'POST, OPTIONS'],
      ['DELETE', `/${id}/events`, 405, 'method-not-allowed', 'GET, HEAD, OPTIONS'],
      ['GET', '/:delete', 405, 'method-not-allowed', 'POST, OPTIONS'],
      ['POST', '/:resume', 404, 'not-found'],
      ['POST', `/${id}:delete`, 404, 'not-found'],
      ['POST', `/${id}:foo`, 404, 'not-found'],
      ['POST', `/${id}:constructor`, 404, 'not-found'],
      ['GET', `/${id}/foo`, 404, 'not-found'],
      ['GET', `/${id}/toString`, 404, 'not-found'],
      ['GET', `/${id}/status/x`, 404, 'not-found'],
      ['GET', '/%E0%A4%A', 404, 'not-found'],
      ['GET', '/../other', 404, 'not-found'],
      ['GET', '/unknown', 404, 'session-not-found'],
      ['DELETE', '/unknown', 404, 'session-not-found'],
      ['POST', '/unknown:cancel', 404, 'session-not-found'],
      ['GET', '/unknown/status', 404, 'session-not-found'],
    ];
    for (const [method, path, status, code, allow] of cases) {
      const answer = await server.request(method, path);
      assert.deepEqual([answer.status, answer.body['code']], [status, code], `${method} ${path}`);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.equal(answer.headers.get('graph-session-protocol'), '1');
      assert.equal(answer.headers.get('allow'), allow ?? null);
      assert.equal(answer.body['status'], status);
      assert.equal(answer.body['error'], answer.body['detail']);
    }
  });

  it('S39 take JSON only, and give event streams only', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const body = JSON.stringify({ graphId: 'g', graph: ONE_NODE });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
      const answer = await server.post('/new', body, { 'Content-Type': type });
      assert.deepEqual([answer.status, answer.body['code']], [415, 'unsupported-media-type']);
    }
    const utf8 = await server.post('/new', body, { 'Content-Type': 'Application/JSON; charset=UTF-8' });
    assert.equal(utf8.status, 200);
    for (const accept of ['application/json', 'text/html', 'text/event-stream;q=0', '*/*;q=0']) {
      const answer = await server.get(`/${id}`, { Accept: accept });
      assert.deepEqual([answer.status, answer.body['code']], [406, 'not-acceptable'], accept);
    }
    for (const accept of ['text/event-stream', 'text/*', '*/*', 'text/html, text/event-stream;q=0.1']) {
      const reader = await server.stream(id, 'protocol=1', { Accept: accept });
      reader.close();
    }
  });

  it('take no text in another encoding, of which parts would be lost', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const body = JSON.stringify({ graphId: 'g', graph: { ...ONE_NODE, title: 'Müller' } });
    for (const encoding of ['latin1', 'utf16le'] as const) {
      for (const encoded of [Buffer.from(body, encoding), Buffer.from(body, encoding).subarray(0, -1)]) {
        const response = await fetch(`${server.base}/new`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: encoded,
        });
        const { code } = (await response.json()) as { readonly code: string };
        assert.deepEqual([response.status, code], [400, 'invalid-json'], encoding);
      }
    }
    const cut = Buffer.concat([Buffer.from(body), Buffer.from([0xc3])]);
    const response = await fetch(`${server.base}/new`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: cut,
    });
    assert.equal(response.status, 400);
  });

  it('take a cancellation with a reason, with an empty body, or with none', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    assert.equal((await server.post(`/${id}:cancel`, { reason: 'enough' })).status, 200);
    assert.equal((await server.post(`/${id}:cancel`, '')).status, 200);
    assert.equal((await server.post(`/${id}:cancel`, '[')).body['code'], 'invalid-json');
    assert.equal((await server.post(`/${id}:cancel`, 'x', { 'Content-Type': 'text/plain' })).status, 415);
  });

  it('return the status of a session', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    const interactionId = await runner.ask(id);
    const { body } = await server.get(`/${id}/status`);
    const { createdAt, updatedAt, logId, ...rest } = body;
    assert.deepEqual(rest, {
      sessionId: id,
      graphId: 'g',
      status: 'suspended',
      lastIndex: 1,
      pending: [{ nodeId: 'n', interactionId, index: 1 }],
      nodes: { n: { status: 'suspended' } },
    });
    assert.ok(Math.abs(Number(createdAt) * 1000 - Date.now()) < 60_000);
    assert.ok(Number(updatedAt) >= Number(createdAt));
    assert.equal(typeof logId, 'string');
  });

  it('hide internal errors behind an opaque id', async (t) => {
    class BrokenStore extends MemoryStore {
      override find(): Promise<undefined> {
        return Promise.reject(new Error('secret'));
      }
    }
    const errors: unknown[] = [];
    const server = await TestServer.start(t, {
      store: new BrokenStore(),
      runner: new PuppetRunner(),
      onError: (error) => errors.push(error),
    });
    const { status, body } = await server.get('/x/status');
    assert.deepEqual([status, body['code']], [500, 'internal']);
    assert.match(String(body['instance']), /^urn:uuid:/);
    assert.ok(!JSON.stringify(body).includes('secret'));
    assert.equal(errors.length, 1);
  });

  it('answer HEAD as GET, without a body and without a place for a stream', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      limits: { streamsPerSession: 1 },
    });
    const id = await server.create();
    const open = await server.stream(id);
    await open.untilType('replayComplete');
    for (const [path, type] of [
      [`/${id}/status`, 'application/json'],
      [`/${id}/events?wait=20&after=0`, 'application/json'],
      [`/${id}?protocol=1`, 'text/event-stream; charset=utf-8'],
      ['?graphId=g&protocol=1', 'text/event-stream; charset=utf-8'],
    ] as const) {
      const head = await fetch(server.base + path, { method: 'HEAD' });
      assert.deepEqual(
        [head.status, head.headers.get('content-type'), await head.text()],
        [200, type, ''],
        path,
      );
      assert.equal(head.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(head.headers.get('content-length'), null);
    }
    for (const [path, status] of [
      ['/x/status', 404],
      [`/${id}?after=9`, 409],
      ['', 400],
      ['/new', 405],
      [`/${id}:cancel`, 405],
    ] as const) {
      const head = await fetch(server.base + path, { method: 'HEAD' });
      assert.deepEqual([head.status, await head.text()], [status, ''], path);
    }
    open.close();
  });

  it('refuse a body that is compressed', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const creation = { graphId: 'g', graph: ONE_NODE };
    for (const encoding of ['gzip', 'br', 'identity, gzip', 'x']) {
      const answer = await server.post('/new', creation, { 'Content-Encoding': encoding });
      assert.deepEqual([answer.status, answer.body['code']], [415, 'unsupported-media-type'], encoding);
      assert.equal(answer.headers.get('accept-encoding'), 'identity');
    }
    const identity = await server.post('/new', creation, { 'Content-Encoding': 'Identity' });
    assert.equal(identity.status, 200);
    const text = await server.post('/new', creation, { 'Content-Type': 'text/plain' });
    assert.deepEqual([text.status, text.headers.get('accept-encoding')], [415, null]);
  });

  it('forbid browsers to guess or embed any answer', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const answers = await Promise.all([
      server.get(`/${id}/status`),
      server.get(`/${id}/events`),
      server.get('/nowhere/status'),
      server.post('/new', { graphId: 'g', graph: ONE_NODE }),
      server.request('OPTIONS', '/new'),
      server.stream(id).then(({ response }) => response),
    ]);
    for (const { headers } of answers) {
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    }
  });

  it('answer on the wire what HTTP asks for', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const path = '/v1beta1/graphSessions';
    for (const [lines, status, allow] of [
      [`GET http://localhost${path}/x/status HTTP/1.1\r\nHost: localhost`, 404],
      [`GET http://evil.example${path}/x/status HTTP/1.1\r\nHost: localhost`, 403],
      [`GET http://localhost${path}/x/status HTTP/1.1\r\nHost: evil.example`, 404],
      [`GET ftp://localhost${path}/x/status HTTP/1.1\r\nHost: localhost`, 400],
      [`GET ${path}/x/status HTTP/1.1\r\nHost: localhost\r\nHost: localhost`, 400],
      [`GET ${path}/x/status HTTP/1.1\r\nX: y`, 400],
      [`GET ${path}/x/status HTTP/1.0\r\nX: y`, 404],
      [`GET / HTTP/1.1\r\nHost: localhost${path}/x/status?`, 400],
      [`GET * HTTP/1.1\r\nHost: localhost`, 400],
      [`OPTIONS * HTTP/1.1\r\nHost: localhost`, 204, 'GET, HEAD, POST, PATCH, DELETE, OPTIONS'],
      [`OPTIONS * HTTP/1.1\r\nHost: a b`, 400],
      [`OPTIONS ${path}/new HTTP/1.1\r\nHost: localhost`, 204, 'POST, OPTIONS'],
      [`TRACE ${path}/x/status HTTP/1.1\r\nHost: localhost`, 405, 'GET, HEAD, OPTIONS'],
      [`TRACE ${path}/x/y HTTP/1.1\r\nHost: localhost`, 404],
      [`TRACE ${path} HTTP/1.1\r\nHost: evil.example`, 403],
      [`PROPFIND ${path} HTTP/1.1\r\nHost: localhost`, 405, 'GET, HEAD, OPTIONS'],
      [`FOO ${path}/x HTTP/1.1\r\nHost: localhost`, 405, 'GET, HEAD, POST, PATCH, DELETE, OPTIONS'],
      [`get ${path}/x HTTP/1.1\r\nHost: localhost`, 405, 'GET, HEAD, POST, PATCH, DELETE, OPTIONS'],
      ['\x16\x03\x01', 400],
      [`GET ${path}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: x`, 400],
      [`GET ${path}/x HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}`, 431],
      ['CONNECT localhost:80 HTTP/1.1\r\nHost: localhost', 405, 'GET, HEAD, POST, PATCH, DELETE, OPTIONS'],
    ] as const) {
      const text = await exchange(server.server.port, `${lines}\r\n\r\n`);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `), lines);
      assert.equal(/^allow: (.*)\r$/im.exec(text)?.[1], allow, lines);
      assert.match(text, /^graph-session-protocol: 1\r$/im);
      assert.match(text, /^x-content-type-options: nosniff\r$/im);
    }
  });
});

describe('bytes that are no request', () => {
  it('never become part of the response before them', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const socket = connect(server.server.port, '127.0.0.1').setEncoding('latin1');
    t.after(() => socket.destroy());
    let received = '';
    socket.on('data', (text: string) => (received += text));
    socket.write(`GET /v1beta1/graphSessions/${id}?protocol=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    while (!received.includes('replayComplete')) await once(socket, 'data');
    socket.write('FOO / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200']);
  });
});

describe('access', () => {
  it('S35 another principal sees nothing, on all routes', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, authenticate: byToken });
    const id = await server.create(ONE_NODE, 'g', bearer('ann'));
    const interactionId = await runner.ask(id);
    const asBob = bearer('bob');
    const answers = await Promise.all([
      server.get(`/${id}`, asBob),
      server.get(`/${id}/events`, asBob),
      server.get(`/${id}/status`, asBob),
      server.delete(id, asBob),
      server.request('POST', `/${id}:cancel`, { headers: asBob }),
      server.post(`/${id}:resume`, { interactionId, response: {} }, asBob),
    ]);
    for (const { status, body } of answers) {
      assert.deepEqual([status, body['code']], [404, 'session-not-found']);
    }
    const many = await server.post('/:delete', { sessionIds: [id, 'unknown'] }, asBob);
    assert.deepEqual(many.body['results'], [
      { sessionId: id, result: 'not-found' },
      { sessionId: 'unknown', result: 'not-found' },
    ]);
    assert.equal((await server.post('/:delete', { sessionIds: [id] }, bearer('bad'))).status, 401);
    const monitor = await server.monitor('g', 'protocol=1', asBob);
    const complete = await monitor.until(({ event }) => event === 'snapshotComplete');
    assert.deepEqual(complete.data, { revision: 0, count: 0, truncated: false });
    await server.create(ONE_NODE, 'g', bearer('ann'));
    await server.create(ONE_NODE, 'g', asBob);
    assert.equal((await monitor.next())?.data['revision'], 1);
    assert.equal((await server.log(id, bearer('ann'))).length, 2);
  });

  it('S36 the header takes precedence over the body, and 401 and 403 come before the session', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, authenticate: byToken });
    const body = { graphId: 'g', graph: ONE_NODE };
    const inBody = await server.post('/new', { ...body, accessToken: 'ann' });
    assert.equal(inBody.status, 200);
    const id = String(inBody.body['sessionId']);
    assert.equal((await server.get(`/${id}/status`, bearer('ann'))).status, 200);
    const both = await server.post('/new', { ...body, accessToken: 'ann' }, bearer('bob'));
    assert.equal((await server.get(`/${String(both.body['sessionId'])}/status`, bearer('ann'))).status, 404);
    for (const [token, status, code] of [
      [undefined, 401, 'unauthenticated'],
      ['bad', 401, 'unauthenticated'],
      ['limited', 403, 'forbidden'],
    ] as const) {
      for (const path of [`/${id}`, '/unknown', `/${id}/status`]) {
        const answer = await server.get(path, token === undefined ? {} : bearer(token));
        assert.deepEqual([answer.status, answer.body['code']], [status, code]);
        assert.equal(answer.headers.get('www-authenticate'), status === 401 ? 'Bearer' : null);
      }
    }
    const interactionId = await runner.ask(id);
    assert.equal((await server.post(`/${id}:resume`, { interactionId })).status, 401);
    const resumed = await server.post(`/${id}:resume`, { interactionId, accessToken: 'ann' });
    assert.equal(resumed.status, 200);
  });

  it('S36 a credential that expires ends its streams, and a session forgets its credential', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, authenticate: byToken });
    const id = await server.create(ONE_NODE, 'g', bearer('ann'));
    const session = runner.session(id);
    assert.equal(session.accessToken(), 'ann');
    const reader = await server.stream(id, 'protocol=1', bearer('ann+150'));
    const monitor = await server.monitor('g', 'protocol=1', bearer('ann+150'));
    assert.deepEqual((await reader.toEnd()).at(-1)?.data, { reason: 'auth-expired' });
    assert.deepEqual((await monitor.toEnd()).at(-1)?.data, { reason: 'auth-expired' });
    const question = await runner.ask(id);
    const path = `/${id}:resume`;
    await server.post(path, { interactionId: 'no', accessToken: 'ann+1' });
    assert.equal(session.accessToken(), 'ann', 'an answer that is refused replaces nothing');
    await server.post(path, { interactionId: question, accessToken: 'ann+9999' });
    assert.equal(session.accessToken(), 'ann+9999');
    await runner.complete(id);
    assert.equal(session.accessToken(), undefined);
  });

  it('S36 no credential reaches the disk, the log or an error', async (t) => {
    const directory = await temporaryDirectory(t);
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: directory, runner, authenticate: byToken });
    const secret = 'tOkEn-5d1f';
    const token = `ann.${secret}`;
    const created = await server.post(
      '/new',
      { graphId: 'g', graph: ONE_NODE, accessToken: token },
      { 'Idempotency-Key': '"k"' },
    );
    const id = String(created.body['sessionId']);
    const interactionId = await runner.ask(id);
    const path = `/${id}:resume`;
    await server.post(path, { interactionId, response: { a: 1 }, accessToken: token });
    const conflict = await server.post(path, { interactionId, response: {}, accessToken: token });
    assert.equal(conflict.status, 409);
    assert.ok(!JSON.stringify(conflict.body).includes(secret));
    assert.ok(!JSON.stringify(await server.log(id, bearer(token))).includes(secret));
    for (const file of await readdir(directory)) {
      assert.ok(!(await readFile(join(directory, file), 'latin1')).includes(secret), file);
    }
    assert.ok((await readdir(directory)).length > 0);
  });

  it('S37 an allowed page may read every response, including errors and preflights', async (t) => {
    const origin = 'https://editor.example';
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: byToken,
      allowedOrigins: [origin],
      limits: { openSessionsPerPrincipal: 1 },
    });
    const id = await server.create(ONE_NODE, 'g', bearer('ann'));
    const from = { ...bearer('ann'), Origin: origin };
    const answers = await Promise.all([
      server.get(`/${id}/status`, from),
      server.get(`/${id}/status`, { Origin: origin }),
      server.get('/unknown', from),
      server.get(`/${id}?after=9`, from),
      server.post('/new', { graphId: 'g', graph: ONE_NODE }, from),
      server.get(`/${id}?after=x`, from),
      server.request('PUT', `/${id}`, { headers: from }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 404, 409, 429, 400, 405],
    );
    const stream = await server.stream(id, 'protocol=1', from);
    for (const { headers } of [...answers, stream.response]) {
      assert.equal(headers.get('access-control-allow-origin'), origin);
      assert.equal(headers.get('vary'), 'Origin');
      assert.equal(
        headers.get('access-control-expose-headers'),
        'Graph-Session-Protocol, Location, Retry-After, Idempotent-Replay, WWW-Authenticate, ETag, Content-Range',
      );
    }
    const preflight = await server.request('OPTIONS', '/new', {
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, POST, PATCH, DELETE, OPTIONS');
    assert.equal(
      preflight.headers.get('access-control-allow-headers'),
      'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range, If-Range',
    );
    assert.equal(preflight.headers.get('access-control-max-age'), '7200');
    const other = await server.get(`/${id}/status`, { ...from, Origin: 'https://evil.example' });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
  });

  it('an open server allows pages and names of this machine, and configured ones', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      allowedHosts: ['box.example'],
      allowedOrigins: ['https://editor.example'],
    });
    const ask = (host: string, origin?: string): Promise<string> =>
      exchange(
        server.server.port,
        [
          'GET /v1beta1/graphSessions/x/status HTTP/1.1',
          `Host: ${host}`,
          ...(origin === undefined ? [] : [`Origin: ${origin}`]),
          'Connection: close\r\n\r\n',
        ].join('\r\n'),
      );
    for (const [host, origin, status] of [
      ['localhost', undefined, 404],
      ['localhost:1234', 'http://localhost:5173', 404],
      ['[::1]', 'http://127.0.0.1', 404],
      ['app.localhost', undefined, 404],
      ['box.example', 'https://editor.example', 404],
      ['box.example', 'http://box.example', 404],
      ['evil.example', undefined, 403],
      ['localhost.evil.example', undefined, 403],
      ['localhost', 'https://evil.example', 403],
      ['localhost', 'null', 403],
    ] as const) {
      assert.match(await ask(host, origin), new RegExp(`^HTTP/1\\.1 ${status} `), `${host} ${origin}`);
    }
  });
});

/** Sends bytes and returns the response until the server closes, or has sent a header. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  for await (const chunk of socket.setEncoding('latin1').once('connect', () => socket.write(text))) {
    received += String(chunk);
    if (received.includes('\r\n\r\n')) break;
  }
  return received;
}
