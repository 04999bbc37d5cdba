import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openStore } from '../../../../src/server/store/open-store.js';
import type { SessionStore, SessionWrite } from '../../../../src/server/store/session-store.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../../support/postgres.js';

const NOTHING_OLD = { tombstonesBeforeMs: 0, receiptsBeforeMs: 0 };

async function open(t: TestContext): Promise<{ store: SessionStore; url: string }> {
  const url = await storeDatabase(t);
  const store = await openStore(url);
  t.after(() => store.close());
  return { store, url };
}

function creation(sessionId: string): SessionWrite {
  const record = { sessionId, graphId: 'g', principal: 'p', logId: 'l', createdMs: 1 };
  const row = { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
  const events = [{ index: 0, type: 'graphStart', json: '{}', bytes: 2 } as const];
  return { kind: 'create', record, planJson: '{}', events, status: 'running', row, sealedToken: 'sealed' };
}

describe('what processes leave behind in a database', { skip: !HAS_POSTGRES }, () => {
  it('is erased: the numbers of those that died before they had joined the others, after an hour', async (t) => {
    const { store, url } = await open(t);
    const slots = () =>
      query(
        url,
        `select name, value::int from graph_sessions.counters where name like 'process %' order by value`,
      );
    const [dead, joining, joined] = [
      await store.beginEpoch(),
      await store.beginEpoch(),
      await store.beginEpoch(),
    ];
    const claims = store.cluster?.createClaims({ onError: (error) => assert.fail(String(error)) });
    assert.ok(claims !== undefined);
    await claims.open(joined, () => undefined);
    await store.expire(NOTHING_OLD);
    assert.equal((await slots()).length, 3, 'all of them may still join');
    await query(
      url,
      `update graph_sessions.counters set begun_at = now() - interval '61 minutes' where value in (${dead}, ${joined})`,
    );
    await store.expire(NOTHING_OLD);
    assert.deepEqual(await slots(), [
      { name: `process ${joining}`, value: joining },
      { name: `process ${joined}`, value: joined },
    ]);
    await store.checkEpoch(joined);
    await claims.close();
    const epochs = await query(url, `select value::int from graph_sessions.counters where name = 'epoch'`);
    assert.deepEqual(epochs, [{ value: joined }], 'no number is given twice');
  });

  it('is erased: credentials of sessions that a server of an older version has ended or deleted', async (t) => {
    const { store, url } = await open(t);
    const epoch = await store.beginEpoch();
    await store.commit(epoch, ['open', 'ended', 'deleted'].map(creation));
    await query(
      url,
      `update graph_sessions.sessions set is_ended = 1 where session_id = 'ended';
       update graph_sessions.sessions set deleted_ms = 1 where session_id = 'deleted'`,
    );
    assert.equal(await store.readSealedToken?.('ended'), 'sealed');
    await store.expire(NOTHING_OLD);
    assert.deepEqual(await query(url, 'select session_id, sealed from graph_sessions.tokens'), [
      { session_id: 'open', sealed: 'sealed' },
    ]);
  });
});
