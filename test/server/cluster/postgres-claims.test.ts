import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import type { StoreClaims } from '../../../src/server/cluster/store-claims.js';
import { openStore } from '../../../src/server/store/open-store.js';
import { StoreUnavailableError, type SessionStore } from '../../../src/server/store/session-store.js';
import { DatabaseProxy, type RequestCut } from '../../support/database-proxy.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../support/postgres.js';

/** A process on a database. */
interface Member {
  readonly store: SessionStore;
  readonly claims: StoreClaims;
  readonly processId: number;
}

async function join(url: string): Promise<Member> {
  const store = await openStore(url);
  const onError = (error: unknown): void => assert.fail(String(error));
  const claims = store.cluster?.createClaims({ onError });
  assert.ok(claims !== undefined);
  const processId = await store.beginEpoch();
  await claims.open(processId, () => undefined);
  return { store, claims, processId };
}

/** Adds sessions that no process runs; a question of each was answered after the event 3. */
async function addReady(url: string, ...ids: readonly string[]): Promise<void> {
  for (const [position, id] of ids.entries()) {
    await query(
      url,
      `insert into graph_sessions.sessions (session_id, principal, graph_id, log_id, created_ms, updated_ms, status, is_ended,
         last_index, log_bytes, summary, revision, labels, is_pinned, epoch, unseen_after, takeovers)
       values ('${id}', 'p', 'g', 'l', ${position}, 1, 'running', 0, 5, 1, '{}', 1, '{}', 0, 1, 3, 0)`,
    );
  }
}

function claimed(sessionId: string, epoch = 2) {
  return { sessionId, epoch, takeovers: 0, unseenAfter: 3, lastIndex: 5 };
}

/** True for the statement that claims sessions. */
function isClaim(request: Buffer): boolean {
  return request.includes('skip locked');
}

describe('a claim of ready sessions', { skip: !HAS_POSTGRES }, () => {
  async function setUp(t: TestContext) {
    const url = await storeDatabase(t);
    const members: Member[] = [];
    // Before the proxy, through which they leave.
    t.after(async () => {
      for (const { claims, store } of members) {
        await claims.close();
        await store.close();
      }
    });
    const proxy = await DatabaseProxy.start(t, url);
    const member = await join(proxy.url);
    members.push(member);
    await addReady(url, 'a', 'b', 'c');
    const cutOnce = (cut: RequestCut): void => {
      proxy.cut = (request) => (proxy.cuts === 0 && isClaim(request) ? cut : undefined);
    };
    return { ...member, url, proxy, cutOnce };
  }

  for (const cut of ['response', 'request'] as const) {
    it(`K4: whose ${cut} is lost is found out by the next one, with all that must be known`, async (t) => {
      const { claims, cutOnce } = await setUp(t);
      cutOnce(cut);
      await assert.rejects(claims.claimReady(2), StoreUnavailableError);
      assert.deepEqual(await claims.claimReady(2), [claimed('a'), claimed('b')]);
      assert.deepEqual(await claims.claimReady(2), [claimed('c')]);
      assert.deepEqual(await claims.claimReady(2), []);
    });
  }

  it('that the database gets late claims nothing', async (t) => {
    const { claims, proxy, cutOnce, url } = await setUp(t);
    cutOnce('late');
    await assert.rejects(claims.claimReady(1), StoreUnavailableError);
    assert.deepEqual(await claims.claimReady(1), [claimed('a')]);
    await proxy.deliver();
    assert.deepEqual(
      await query(url, 'select session_id from graph_sessions.sessions where owner is null order by 1'),
      [{ session_id: 'b' }, { session_id: 'c' }],
    );
    assert.deepEqual(await claims.claimReady(5), [claimed('b'), claimed('c')]);
  });

  it('that the database carries out at the same time as the next one is made once', async (t) => {
    const { claims, url, cutOnce, proxy, processId } = await setUp(t);
    cutOnce('late');
    await assert.rejects(claims.claimReady(2), StoreUnavailableError);
    const unlock = await lockProcess(t, url, processId);
    // Both wait for the row of the process.
    const delivered = proxy.deliver();
    const next = claims.claimReady(2);
    const waiting = `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'graph-sessions' and wait_event_type = 'Lock'`;
    while (!isDeepStrictEqual(await query(url, waiting), [{ count: 2 }]));
    await unlock();
    assert.deepEqual(await next, [claimed('a'), claimed('b')]);
    await delivered;
    assert.deepEqual(await claims.claimReady(2), [claimed('c')]);
  });

  it('leaves out what was given back meanwhile', async (t) => {
    const { claims, cutOnce } = await setUp(t);
    cutOnce('response');
    await assert.rejects(claims.claimReady(2), StoreUnavailableError);
    await claims.release([{ sessionId: 'a', epoch: 2 }]);
    assert.deepEqual(await claims.claimReady(2), [claimed('b')]);
    assert.deepEqual(await claims.claimReady(1), [claimed('a', 3)]);
  });
});

/** Locks the row of a process, as a statement of another one may. Returns what unlocks it. */
async function lockProcess(t: TestContext, url: string, processId: number): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  await client.query(
    `begin; select 1 from graph_sessions.processes where process_id = ${processId} for update`,
  );
  return async () => {
    await client.query('commit');
  };
}
