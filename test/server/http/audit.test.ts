import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AuditEvent, OnAudit } from '../../../src/server/http/audit.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { storeLocation, STORES, TestServer } from '../../support/server.js';

const ADA = { Authorization: 'Bearer ada' };
const BOB = { Authorization: 'Bearer bob' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

type Kind = (typeof STORES)[number];

class AuditedServer {
  readonly events: AuditEvent[] = [];
  readonly runner = new PuppetRunner();

  static async start(t: TestContext, kind: Kind): Promise<readonly [AuditedServer, TestServer]> {
    const audited = new AuditedServer();
    const server = await TestServer.start(t, {
      store: await storeLocation(t, kind),
      runner: audited.runner,
      authenticate: (token) => (token === undefined ? undefined : { principal: token }),
      onAudit: (event) => {
        audited.events.push(event);
      },
    });
    return [audited, server];
  }

  /** The events since the last call, without their times, which are checked. */
  take(): readonly Omit<AuditEvent, 'timestampMs'>[] {
    return this.events.splice(0).map(({ timestampMs, ...rest }) => {
      assert.ok(Math.abs(Date.now() - timestampMs) < 60_000);
      return rest;
    });
  }
}

for (const kind of STORES) {
  describe(`the audit of a ${kind} store`, () => {
    it('has each accepted action once, however often it is repeated', async (t) => {
      const [audited, server] = await AuditedServer.start(t, kind);
      const patch = (id: string, body: string) =>
        server.request('PATCH', `/${id}`, { body, headers: { ...ADA, ...JSON_TYPE } });
      const creation = { graphId: 'g', graph: ONE_NODE, accessToken: 'secret' };
      const key = { ...ADA, 'Idempotency-Key': '"k"' };
      const [created] = [await server.post('/new', creation, key), await server.post('/new', creation, key)];
      const sessionId = String(created.body['sessionId']);
      const of = { principal: 'ada', graphId: 'g', sessionId };
      assert.deepEqual(audited.take(), [{ action: 'create', ...of }]);

      const interactionId = await audited.runner.ask(sessionId);
      const answer = { interactionId, response: { secret: 1 } };
      await Promise.all([1, 2, 3].map(() => server.post(`/${sessionId}:resume`, answer, ADA)));
      assert.deepEqual(audited.take(), [{ action: 'resume', ...of, interactionId }]);

      const rerun = { headers: { ...ADA, 'Idempotency-Key': '"r"' } };
      const again = await server.request('POST', `/${sessionId}:rerun`, rerun);
      await server.request('POST', `/${sessionId}:rerun`, rerun);
      const copy = String(again.body['sessionId']);
      assert.deepEqual(audited.take(), [
        { action: 'rerun', ...of, sessionId: copy, sourceSessionId: sessionId },
      ]);

      await Promise.all([1, 2].map(() => patch(sessionId, '{"title":"Mine","pinned":true}')));
      await patch(sessionId, '{"pinned":true}');
      assert.deepEqual(audited.take(), [{ action: 'label', ...of }]);

      await Promise.all(
        [1, 2, 3].map(() => server.request('POST', `/${sessionId}:cancel`, { headers: ADA })),
      );
      assert.deepEqual(audited.take(), [{ action: 'cancel', ...of }]);

      await Promise.all([1, 2].map(() => server.delete(sessionId, ADA)));
      await server.delete(sessionId, ADA);
      assert.deepEqual(audited.take(), [{ action: 'delete', ...of }]);

      const many = { sessionIds: [sessionId, copy, 'unknown'] };
      await server.post('/:delete', many, ADA);
      assert.deepEqual(audited.take(), [{ action: 'delete', ...of, sessionId: copy }]);
    });

    it('has nothing that was refused', async (t) => {
      const [audited, server] = await AuditedServer.start(t, kind);
      const sessionId = await server.create(ONE_NODE, 'g', ADA);
      const interactionId = await audited.runner.ask(sessionId);
      audited.take();
      const refused = await Promise.all([
        server.post('/new', { graphId: 'g', graph: ONE_NODE }),
        server.post('/new', { graphId: 'g', graph: { nodes: [] } }, ADA),
        server.post('/new', {}, ADA),
        server.post(`/${sessionId}:resume`, { interactionId: 'no', response: {} }, ADA),
        server.post(`/${sessionId}:resume`, { interactionId, response: {} }, BOB),
        server.request('POST', `/${sessionId}:cancel`, { headers: BOB }),
        server.request('POST', `/${sessionId}:rerun`, { headers: BOB }),
        server.request('PATCH', `/${sessionId}`, { body: '{"pinned":1}', headers: { ...ADA, ...JSON_TYPE } }),
        server.delete(sessionId, BOB),
        server.delete('unknown', ADA),
      ]);
      for (const { status } of refused) assert.ok(status >= 400);
      await server.post('/:delete', { sessionIds: [sessionId] }, BOB);
      assert.deepEqual(audited.take(), []);
      await audited.runner.complete(sessionId);
      await server.request('POST', `/${sessionId}:cancel`, { headers: ADA });
      assert.deepEqual(audited.take(), [], 'it had ended');
    });
  });
}

describe('an audit that fails', () => {
  it('changes no answer, and is reported', async (t) => {
    const failing: readonly OnAudit[] = [
      () => {
        throw new Error('no');
      },
      () => Promise.reject(new Error('no')),
    ];
    for (const onAudit of failing) {
      const errors: unknown[] = [];
      const server = await TestServer.start(t, {
        runner: new PuppetRunner(),
        onAudit,
        onError: (error) => errors.push(error),
      });
      const id = await server.create();
      assert.equal((await server.cancel(id)).status, 200);
      assert.equal((await server.delete(id)).status, 200);
      assert.deepEqual(
        errors.map((error) => error instanceof Error && error.message),
        Array.from({ length: 3 }, () => '“onAudit” failed.'),
      );
    }
  });

  it('holds up no answer', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      onAudit: () => new Promise(() => undefined),
    });
    assert.equal((await server.cancel(await server.create())).status, 200);
  });
});
