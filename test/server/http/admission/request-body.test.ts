import assert from 'node:assert/strict';
import { request as send, type ClientRequest } from 'node:http';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../../../src/protocol/values/json.js';
import type { Authenticate } from '../../../../src/server/http/admission/identity.js';
import { JsonSize } from '../../../../src/server/http/admission/json-size.js';
import { ONE_NODE, PuppetRunner } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LARGE_BYTES = 6 * 1024 * 1024;

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

function sizeOfText(text: string, chunkBytes: number): { readonly values: number; readonly names: number } {
  const size = new JsonSize();
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    size.add(bytes.subarray(start, start + chunkBytes));
  }
  const { values, names } = size;
  return { values, names };
}

/** The number of values in a value, itself included. */
function valuesIn(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, child: JsonValue) => sum + valuesIn(child), 1);
}

function namesIn(value: JsonValue, into = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return into;
  if (!Array.isArray(value)) for (const name of Object.keys(value)) into.add(name);
  for (const child of Object.values(value) as JsonValue[]) namesIn(child, into);
  return into;
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
      nodes: [{ id: 'n', type: 'x', configuration: { text: 'x'.repeat(7.5 * 1024 * 1024) } }],
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
    const many = `{"interactionId":"x","response":{"a":[${'{},'.repeat(110_000)}`;
    for (const path of ['/new', '/x:resume']) {
      assert.equal(await statusOfUnfinished(server, path, {}, many), 413, path);
    }
    const parse = t.mock.method(JSON, 'parse');
    const { status, body } = await server.post('/new', `{"graphId":"g","x":[${'1,'.repeat(100_000)}1]}`);
    assert.deepEqual([status, body['code']], [413, 'payload-too-large']);
    assert.equal(parse.mock.calls.filter(({ arguments: [text] }) => text.length > 10_000).length, 0);
    const most = `{"interactionId":"x","response":{"a":[${'1,'.repeat(99_990)}1]}}`;
    assert.equal((await server.post('/x:resume', most)).status, 404);
  });

  it('is refused before it is parsed when it has too many different names', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const answerWith = (names: number, objects: number): string => {
      const members = Array.from({ length: names }, (_, name) => `"${name}":1`);
      const object = `{${members.join()}}`;
      return `{"interactionId":"x","response":{"a":[${Array.from({ length: objects }, () => object).join()}]}}`;
    };
    const parse = t.mock.method(JSON, 'parse');
    const { status, body } = await server.post('/x:resume', answerWith(10_000, 1));
    assert.deepEqual([status, body['code']], [413, 'payload-too-large']);
    assert.equal(parse.mock.calls.filter(({ arguments: [text] }) => text.length > 10_000).length, 0);
    assert.equal((await server.post('/x:resume', answerWith(9990, 1))).status, 404);
    assert.equal((await server.post('/x:resume', answerWith(20, 4000))).status, 404);
  });

  it('is small where there is no content', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const long = JSON.stringify({ reason: 'x'.repeat(64 * 1024) });
    for (const [method, path] of [
      ['POST', `/${id}:cancel`],
      ['POST', '/:delete'],
      ['PATCH', `/${id}`],
    ] as const) {
      const { status, body } = await server.request(method, path, { body: long, headers: JSON_TYPE });
      assert.deepEqual([status, body['code']], [413, 'payload-too-large'], path);
    }
    assert.equal((await server.get(`/${id}/status`)).body['status'], 'running');
  });

  it('has its values and names counted exactly, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), fc.integer({ min: 1, max: 50 }), (value, indent, chunkBytes) => {
        const json = JSON.stringify(value, null, indent);
        const parsed = JSON.parse(json) as JsonValue;
        const expected = { values: valuesIn(parsed), names: namesIn(parsed).size };
        assert.deepEqual(sizeOfText(json, chunkBytes), expected, json);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => sizeOfText(text, 7).values >= 1));
    assert.equal(sizeOfText('["\\"],[,{",[ ] , {\n}]', 1).values, 4);
  });
});
