import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJsonObject } from '../../../src/protocol/values/json.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeServer, FakeStream, jsonAnswer, type FakeAnswer } from '../../support/fake-server.js';

function idsOf(body: unknown): readonly string[] {
  assert.ok(isJsonObject(body) && Array.isArray(body['sessionIds']));
  return body['sessionIds'].map(String);
}

const confirmAll: FakeAnswer = (request) =>
  jsonAnswer({
    results: idsOf(request.body).map((sessionId, at) => {
      return { sessionId, result: at % 2 === 0 ? 'deleted' : 'not-found' };
    }),
  })(request) as Response;

describe('the deletion of many sessions over HTTP', () => {
  it('is one request for 500 sessions', async () => {
    const server = new FakeServer(confirmAll);
    const ids = Array.from({ length: 500 }, () => crypto.randomUUID());
    const failures = await server.client(new FakeEnvironment()).deleteSessions(ids);
    assert.equal(failures.size, 0);
    assert.deepEqual(
      server.requests.map(({ method, path }) => [method, path]),
      [['POST', '/:delete']],
    );
    assert.deepEqual(idsOf(server.requests[0]?.body), ids);
  });

  it('is split so that the body of each request is small', async () => {
    const server = new FakeServer(confirmAll);
    const ids = [
      ...Array.from({ length: 2500 }, (_, at) => `${at}`),
      ...Array.from({ length: 300 }, (_, at) => `${'x'.repeat(400)}${at}`),
    ];
    await server.client(new FakeEnvironment()).deleteSessions(ids);
    const asked = server.requests.map(({ body }) => idsOf(body));
    assert.deepEqual(asked.flat(), ids);
    for (const piece of asked) {
      assert.ok(piece.length <= 1000 && JSON.stringify(piece).length <= 41_000);
    }
  });

  it('leaves over what the server does not confirm', async () => {
    const problem = {
      type: 'urn:graph-session:problem:unavailable',
      code: 'unavailable',
      status: 503,
      detail: 'The disk is full.',
    };
    const server = FakeServer.withAnswers(
      jsonAnswer({
        results: [
          { sessionId: 'a', result: 'deleted' },
          { sessionId: 'b', result: 'failed', problem },
          { sessionId: 'c', result: 'something newer' },
        ],
      }),
    );
    const failures = await server.client(new FakeEnvironment()).deleteSessions(['a', 'b', 'c', 'd']);
    assert.deepEqual(
      [...failures].map(([id, { code }]) => [id, code]),
      [
        ['b', 'unavailable'],
        ['c', 'foreign-answer'],
        ['d', 'foreign-answer'],
      ],
    );
    assert.equal(failures.get('b')?.message, 'The disk is full.');
  });
});

describe('the capabilities of a client', () => {
  for (const features of [['delete-many', 'other'], undefined] as const) {
    it(`are learned from a list where the header is hidden, with ${features?.length ?? 'no'} features`, async () => {
      const server = new FakeServer(() => {
        const { body, headers } = new FakeStream().send({
          event: 'monitorStart',
          data: { graphId: 'g', protocol: 1, revision: 0, ...(features === undefined ? {} : { features }) },
        }).response;
        headers.delete('Graph-Session-Protocol');
        return new Response(body, { headers });
      });
      const service = server.client(new FakeEnvironment());
      assert.deepEqual([service.capabilities.rename, service.capabilities.deleteMany], [false, false]);
      for await (const messages of service.monitorSessions('g')) {
        if (messages.some(({ kind }) => kind === 'snapshotStart')) break;
      }
      const hasMany = features !== undefined;
      assert.deepEqual([service.capabilities.rename, service.capabilities.deleteMany], [true, hasMany]);
    });
  }
});
