import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { deleteMany } from '../../../src/server/http/delete-many.js';
import type { SessionManager } from '../../../src/server/sessions/session-manager.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';

for (const kind of STORES) {
  describe(`the deletion of many sessions over a ${kind} store`, () => {
    it('deletes each once, in whatever state it is, and answers in the order of the ids', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const running = await server.create();
      const suspended = await server.create();
      await runner.ask(suspended);
      const ended = await server.create();
      await runner.complete(ended);
      const kept = await server.create();
      const reader = await server.stream(running);
      const ids = [running, 'unknown', suspended, ended, running];
      const expected = [running, 'unknown', suspended, ended].map((sessionId) => {
        return { sessionId, result: sessionId === 'unknown' ? 'not-found' : 'deleted' };
      });
      for (let times = 0; times < 2; times += 1) {
        const { status, body } = await server.post('/:delete', { sessionIds: ids });
        assert.deepEqual([status, body['results']], [200, expected]);
      }
      await reader.until(({ data }) => data['type'] === 'graphCancelled');
      for (const id of [running, suspended, ended]) {
        assert.equal((await server.get(`/${id}/status`)).body['code'], 'session-deleted');
      }
      assert.equal((await server.get(`/${kept}/status`)).body['status'], 'running');
    });

    it('takes 1000 ids and no more, as a list of texts', async (t) => {
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner: new PuppetRunner(),
      });
      const ids = Array.from({ length: 1000 }, () => crypto.randomUUID());
      assert.equal((await server.post('/:delete', { sessionIds: ids })).status, 200);
      for (const sessionIds of [[...ids, 'x'], 'x', [1], [''], ['x'.repeat(513)], null, undefined, {}]) {
        const { status, body } = await server.post('/:delete', { sessionIds });
        assert.deepEqual([status, body['code']], [400, 'invalid-request']);
      }
      const long = ids.map((id) => id.repeat(3));
      assert.equal((await server.post('/:delete', { sessionIds: long })).status, 413);
    });
  });
}

describe('the deletion of many sessions', () => {
  it('continues after one that cannot be deleted, and reports why without details', async () => {
    const errors: unknown[] = [];
    const sessions = {
      get: (_principal: string, sessionId: string) => Promise.resolve(sessionId),
      delete: (sessionId: string) => {
        if (sessionId === 'full')
          throw new GraphRunError('unavailable', 'The disk is full.', { status: 503 });
        if (sessionId === 'bad') throw new Error('secret');
        return Promise.resolve();
      },
    } as unknown as SessionManager;
    const results = await deleteMany(
      sessions,
      'ann',
      ['full', 'bad', 'good'],
      (error) => errors.push(error),
      () => undefined,
    );
    assert.deepEqual(
      results.map((result) => [result.result, result.result === 'failed' ? result.problem['code'] : '']),
      [
        ['failed', 'unavailable'],
        ['failed', 'internal'],
        ['deleted', ''],
      ],
    );
    assert.ok(!JSON.stringify(results).includes('secret'));
    assert.equal(errors.length, 1);
  });
});
