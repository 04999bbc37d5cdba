import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { Authenticate } from '../../../../src/server/http/admission/identity.js';
import { ONE_NODE, PuppetRunner } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

const EVIL = 'https://evil.example';
const EDITOR = 'https://editor.example';
type Headers = Readonly<Record<string, string>>;

/** A login by cookie, by token, or with the token in the body. */
const byLogin: Authenticate = (token, request) =>
  (token ?? request.headers.get('Cookie')?.replace('sid=', '')) === 'ada' ? { principal: 'ada' } : undefined;

const COOKIE = { Cookie: 'sid=ada' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Sends a request with any header: `fetch` keeps some for the browser. Resolves with the status. */
function statusOf(
  server: TestServer,
  method: string,
  path: string,
  headers: Headers,
  body = '',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = send(server.base + path, { method, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function serverOf(
  t: TestContext,
  allowedOrigins: readonly string[] = [],
): Promise<[TestServer, string]> {
  const server = await TestServer.start(t, {
    runner: new PuppetRunner(),
    authenticate: byLogin,
    allowedOrigins,
  });
  return [server, await server.create(ONE_NODE, 'g', COOKIE)];
}

/** All requests that change something, each with the status that it has when it is let in. */
function changes(
  id: string,
): readonly (readonly [method: string, path: string, body: string, status: number])[] {
  return [
    ['POST', '/new', JSON.stringify({ graphId: 'g', graph: ONE_NODE }), 200],
    ['POST', `/${id}:resume`, '{"interactionId":"x","response":{}}', 404],
    ['POST', `/${id}:rerun`, '', 200],
    ['PATCH', `/${id}`, '{"pinned":true}', 200],
    ['POST', `/${id}:cancel`, '', 200],
    ['DELETE', `/${id}`, '', 200],
  ];
}

describe('a page that acts with the cookie of a person', () => {
  it('is refused when it is foreign, on every route that changes something', async (t) => {
    const [server, id] = await serverOf(t, [EDITOR]);
    for (const headers of [
      { Origin: EVIL },
      { Origin: 'null' },
      { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://other.editor.example', 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
      { Origin: 'http://localhost:5173' },
      { Origin: `${EDITOR}.evil.example` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'something new' },
      { Origin: EVIL, Authorization: 'Basic YWRhOmFkYQ==' },
    ] as readonly Headers[]) {
      for (const [method, path, body] of changes(id)) {
        const status = await statusOf(server, method, path, { ...COOKIE, ...JSON_TYPE, ...headers }, body);
        assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      }
    }
    const form = { ...COOKIE, Origin: EVIL, 'Content-Type': 'application/x-www-form-urlencoded' };
    assert.equal(await statusOf(server, 'POST', `/${id}:cancel`, form), 403);
    const inBody = JSON.stringify({ graphId: 'g', graph: ONE_NODE, accessToken: 'ada' });
    assert.equal(await statusOf(server, 'POST', '/new', { Origin: EVIL, ...JSON_TYPE }, inBody), 403);
    assert.equal((await server.get(`/${id}/status`, COOKIE)).body['status'], 'running');
  });

  it('is let in when it is of the own origin, named, or no page at all', async (t) => {
    for (const headers of [
      {},
      { Origin: 'own' },
      { Origin: 'own', 'Sec-Fetch-Site': 'same-origin' },
      { Origin: EDITOR },
      { Origin: EDITOR, 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
      // Proxies that end TLS, and that rename the host.
      { Origin: 'https://app.example', Host: 'app.example' },
      { Origin: 'https://app.example', Host: 'backend:8787', 'Sec-Fetch-Site': 'same-origin' },
    ] as readonly Headers[]) {
      const [server, id] = await serverOf(t, [EDITOR]);
      const own = new URL(server.base).origin;
      const from = headers['Origin'] === 'own' ? { ...headers, Origin: own } : headers;
      for (const [method, path, body, expected] of changes(id)) {
        const status = await statusOf(server, method, path, { ...COOKIE, ...JSON_TYPE, ...from }, body);
        assert.equal(status, expected, `${method} ${path} ${JSON.stringify(headers)}`);
      }
    }
  });

  it('reads as before: a browser hides the answer from foreign pages', async (t) => {
    const [server, id] = await serverOf(t);
    const from = { ...COOKIE, Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' };
    const { status, headers } = await server.get(`/${id}/status`, from);
    assert.deepEqual([status, headers.get('access-control-allow-origin')], [200, null]);
    const stream = await server.stream(id, 'protocol=1', from);
    assert.equal((await stream.next())?.event, 'start');
  });

  it('needs no origin with a bearer token, which it cannot add by itself', async (t) => {
    const [server, id] = await serverOf(t);
    for (const [method, path, body, expected] of changes(id)) {
      const headers = { Authorization: 'Bearer ada', Origin: EVIL, ...JSON_TYPE };
      assert.equal(await statusOf(server, method, path, headers, body), expected, `${method} ${path}`);
    }
  });

  it('“*” allows every page, but not with a login that the browser adds', async (t) => {
    const [server, id] = await serverOf(t, ['*']);
    const inBody = JSON.stringify({ graphId: 'g', graph: ONE_NODE, accessToken: 'ada' });
    assert.equal(await statusOf(server, 'POST', '/new', { Origin: EVIL, ...JSON_TYPE }, inBody), 200);
    assert.equal(await statusOf(server, 'POST', `/${id}:cancel`, { ...COOKIE, Origin: EVIL }), 403);
  });

  it('is refused by a server without a login, too', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    for (const headers of [
      { Origin: EVIL },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ] as readonly Headers[]) {
      assert.equal(await statusOf(server, 'POST', `/${id}:cancel`, headers), 403, JSON.stringify(headers));
    }
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'running');
    const ofThisMachine = { Origin: 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' };
    assert.equal(await statusOf(server, 'POST', `/${id}:cancel`, ofThisMachine), 200);
  });
});

describe('a page of a host without an address of its own', () => {
  const WEBVIEW = 'vscode-webview://0f3h7m1sqvnb5u9k';
  const HOSTS = [WEBVIEW, 'null', 'file://'];

  /** The status of a change, and the origin whose pages may read an answer. */
  async function lets(server: TestServer, id: string, headers: Headers): Promise<readonly unknown[]> {
    const read = await server.get(`/${id}/status`, headers);
    const status = await statusOf(server, 'PATCH', `/${id}`, { ...headers, ...JSON_TYPE }, '{"pinned":true}');
    return [status, read.headers.get('access-control-allow-origin')];
  }

  it('is refused by default: a webview of VS Code, a file, a sandboxed frame', async (t) => {
    const [withLogin, id] = await serverOf(t);
    const open = await TestServer.start(t, { runner: new PuppetRunner() });
    const openId = await open.create();
    for (const Origin of HOSTS) {
      assert.deepEqual(await lets(withLogin, id, { ...COOKIE, Origin }), [403, null], Origin);
      assert.deepEqual(await lets(open, openId, { Origin }), [403, null], Origin);
    }
  });

  it('is let in, and may read answers, when its origin is allowed, and no other', async (t) => {
    for (const allowed of HOSTS) {
      const [withLogin, id] = await serverOf(t, [allowed]);
      const open = await TestServer.start(t, { runner: new PuppetRunner(), allowedOrigins: [allowed] });
      const openId = await open.create();
      for (const Origin of [...HOSTS, `${WEBVIEW}x`]) {
        const expected = Origin === allowed ? [200, Origin] : [403, null];
        assert.deepEqual(await lets(withLogin, id, { ...COOKIE, Origin }), expected, `${allowed}: ${Origin}`);
        assert.deepEqual(await lets(open, openId, { Origin }), expected, `${allowed}: ${Origin}, no login`);
      }
    }
  });

  it('may read answers under “*” with a token, when its origin is not known in advance', async (t) => {
    const [server, id] = await serverOf(t, ['*']);
    for (const Origin of HOSTS) {
      const headers = { Authorization: 'Bearer ada', Origin };
      assert.deepEqual(await lets(server, id, headers), [200, Origin]);
    }
  });
});
