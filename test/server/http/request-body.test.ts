import assert from 'node:assert/strict';
import { request as send, type ClientRequest } from 'node:http';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/protocol/json.js';
import type { Authenticate } from '../../../src/server/http/identity.js';
import { JsonValueCount } from '../../../src/server/http/json-value-count.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LARGE_BYTES = 12 * 1024 * 1024;

const byToken: Authenticate = (token) => (token === 'ada' ? { principal: 'ada' } : undefined);

/** Sends the beginning of a body whose rest never comes. Resolves with the status of the answer. */
async function statusOfUnfinished(
  server: TestServer,
  path: string,
  headers: Readonly<Record<string, string>>,
  start = '{"a":[',
): Promise<number> {
  let outgoing: ClientRequest | undefined;
  const status = await new Promise<number>((resolve, reject) => {
    const length = { 'Content-Length': LARGE_BYTES };
    outgoing = send(server.base + path, { method: 'POST', headers: { ...JSON_TYPE, ...length, ...headers } });
    outgoing.on('response', ({ statusCode = 0 }) => resolve(statusCode));
    outgoing.on('error', reject);
    outgoing.write(start);
  });
  outgoing?.destroy();
  return status;
}

function countOf(text: string, chunkBytes: number): number {
  const values = new JsonValueCount();
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    values.add(bytes.subarray(start, start + chunkBytes));
  }
  return values.count;
}

/** The number of values in a value, itself included. */
function sizeOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, child: JsonValue) => sum + sizeOf(child), 1);
}

describe('the body of a request', () => {
  it('is not read before the sender is known', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: byToken });
    const wrong = { Authorization: 'Bearer wrong' };
    for (const path of ['/new', '/x:resume', '/x:cancel', '/x:rerun', '/:delete']) {
      assert.equal(await statusOfUnfinished(server, path, wrong), 401, path);
    }
    // These never have a token in the body.
    for (const path of ['/x:cancel', '/x:rerun', '/:delete']) {
      assert.equal(await statusOfUnfinished(server, path, {}), 401, path);
    }
    const notJson = await server.post('/new', 'not json', wrong);
    assert.equal(notJson.status, 401);
  });

  it('may have the token, at its full size', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: byToken });
    const graph = {
      nodes: [{ id: 'n', type: 'x', configuration: { text: 'x'.repeat(15 * 1024 * 1024) } }],
    };
    const { status } = await server.post('/new', { graphId: 'g', graph, accessToken: 'ada' });
    assert.equal(status, 200);
    const { status: wrong } = await server.post('/new', { graphId: 'g', graph, accessToken: 'eve' });
    assert.equal(wrong, 401);
  });

  it('has its token read only where the protocol has one', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: byToken });
    const id = await server.create(ONE_NODE, 'g', { Authorization: 'Bearer ada' });
    for (const path of [`/${id}:cancel`, `/${id}:rerun`]) {
      assert.equal((await server.post(path, { accessToken: 'ada' })).status, 401, path);
    }
  });

  it('is refused before it is parsed when it has too many values, and before it has ended', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const many = `{"interactionId":"x","response":{"a":[${'{},'.repeat(210_000)}`;
    for (const path of ['/new', '/x:resume']) {
      assert.equal(await statusOfUnfinished(server, path, {}, many), 413, path);
    }
    const parse = t.mock.method(JSON, 'parse');
    const { status, body } = await server.post('/new', `{"graphId":"g","x":[${'1,'.repeat(200_000)}1]}`);
    assert.deepEqual([status, body['code']], [413, 'payload-too-large']);
    assert.equal(parse.mock.calls.filter(({ arguments: [text] }) => text.length > 10_000).length, 0);
    const most = `{"interactionId":"x","response":{"a":[${'1,'.repeat(199_990)}1]}}`;
    assert.equal((await server.post('/x:resume', most)).status, 404);
  });

  it('is small where there is no content', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const long = JSON.stringify({ reason: 'x'.repeat(64 * 1024) });
    for (const [method, path] of [
      ['POST', `/${id}:cancel`],
      ['POST', `/${id}:rerun`],
      ['POST', '/:delete'],
      ['PATCH', `/${id}`],
    ] as const) {
      const { status, body } = await server.request(method, path, { body: long, headers: JSON_TYPE });
      assert.deepEqual([status, body['code']], [413, 'payload-too-large'], path);
    }
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'running');
  });

  it('has its values counted exactly, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), fc.integer({ min: 1, max: 50 }), (value, indent, chunkBytes) => {
        const json = JSON.stringify(value, null, indent);
        assert.equal(countOf(json, chunkBytes), sizeOf(JSON.parse(json) as JsonValue), json);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => countOf(text, 7) >= 1));
    assert.equal(countOf('["\\"],[,{",[ ] , {\n}]', 1), 4);
  });
});
