import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createGraphSessionsHandler, DEFAULT_BASE_PATH } from '../../../src/server/http/handler.js';
import { toNodeListener } from '../../../src/server/node/node-adapter.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { listening } from '../../support/listening.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';

type Parse = (incoming: IncomingMessage) => Promise<unknown>;

const asJson: Parse = async (incoming) => {
  const text = (await buffer(incoming)).toString();
  return text === '' ? undefined : JSON.parse(text);
};

/** A host that reads bodies before it calls the adapter, as Express does with `express.json()`. */
async function serve(t: TestContext, parse: Parse) {
  const errors: unknown[] = [];
  const runner = new PuppetRunner();
  const handler = createGraphSessionsHandler({ store: new MemoryStore(), runner });
  const listener = toNodeListener(handler, { onError: (error) => errors.push(error) });
  const port = await listening(
    t,
    createServer((incoming, outgoing) => {
      void parse(incoming).then((body) => {
        listener(body === undefined ? incoming : Object.assign(incoming, { body }), outgoing);
      });
    }),
  );
  t.after(() => handler.drain());
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${DEFAULT_BASE_PATH}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    } as RequestInit);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { runner, errors, call };
}

const CREATION = { graphId: 'g', graph: { ...ONE_NODE, title: 'Größe' } };

describe('the adapter behind a body parser', () => {
  const parsers: readonly (readonly [string, Parse])[] = [
    ['the value', asJson],
    ['the bytes', buffer],
    ['the text', async (incoming) => (await buffer(incoming)).toString()],
    ['an ArrayBuffer', async (incoming) => new Uint8Array(await buffer(incoming)).buffer],
  ];
  for (const [name, parse] of parsers) {
    it(`serves every call from ${name} in “request.body”`, async (t) => {
      const { runner, errors, call } = await serve(t, parse);
      const created = await call('POST', '/new', CREATION);
      assert.equal(created.status, 200, JSON.stringify(created.body));
      const id = String(created.body['sessionId']);
      const interactionId = await runner.ask(id);
      const answered = await call('POST', `/${id}:resume`, { interactionId, response: { input: 'ü' } });
      assert.deepEqual([answered.status, answered.body['duplicate']], [200, false]);
      assert.equal((await call('PATCH', `/${id}`, { title: 'Ä' })).body['title'], 'Ä');
      assert.equal((await call('POST', `/${id}:rerun`, {})).status, 200);
      assert.equal((await call('POST', `/${id}:cancel`, { reason: 'x' })).status, 200);
      assert.equal((await call('POST', `/${id}:cancel`)).status, 200, 'no body at all');
      assert.equal((await call('GET', `/${id}/status`)).body['status'], 'cancelled');
      assert.equal((await call('DELETE', `/${id}`)).status, 200);
      assert.deepEqual(errors, []);
    });
  }

  it('serves a body that the parser has left alone', async (t) => {
    const { call } = await serve(t, async () => ({}));
    assert.equal((await call('POST', '/new', CREATION)).status, 200);
  });

  it('serves a stream that was given an encoding', async (t) => {
    const { call } = await serve(t, async (incoming) => void incoming.setEncoding('utf8'));
    assert.equal((await call('POST', '/new', CREATION)).status, 200);
  });

  it('takes what a parser has unpacked for what it is', async (t) => {
    const { call } = await serve(t, async (incoming) =>
      JSON.parse(gunzipSync(await buffer(incoming)).toString()),
    );
    const packed = new Uint8Array(gzipSync(JSON.stringify(CREATION)));
    assert.equal((await call('POST', '/new', packed, { 'Content-Encoding': 'gzip' })).status, 200);
  });

  it('keeps to the type of content that the client named', async (t) => {
    const { call } = await serve(t, asJson);
    const answer = await call('POST', '/new', CREATION, { 'Content-Type': 'text/plain' });
    assert.deepEqual([answer.status, answer.body['code']], [415, 'unsupported-media-type']);
  });

  it('says on every route that the body is gone, to the client and to the host', async (t) => {
    const { errors, call } = await serve(t, async (incoming) => void (await buffer(incoming)));
    const paths = ['/new', '/x:resume', '/x:cancel', '/x:rerun'];
    for (const path of paths) {
      const { status, body } = await call('POST', path, CREATION);
      assert.deepEqual([status, body['code']], [500, 'internal'], path);
      assert.match(String(body['detail']), /request\.body/);
    }
    assert.deepEqual(
      errors.map((error) => error instanceof Error && /request\.body/.test(error.message)),
      paths.map(() => true),
    );
    assert.equal((await call('POST', '/x:cancel')).status, 404, 'a request without a body needs none');
  });
});
