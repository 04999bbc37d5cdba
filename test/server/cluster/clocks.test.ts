import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreClock } from '../../../src/server/cluster/store-clock.js';
import { ClusterProcess, completed, SHORT } from '../../support/cluster-process.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../support/postgres.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

const HOUR_MS = 3_600_000;

it('the clock of a store continues by a monotonic clock from what was read of it last', () => {
  const clock = new StoreClock();
  clock.set(1_700_000_000_000, 500);
  assert.equal(clock.now(1500), 1_700_000_001_000);
  clock.set(1_700_000_000_900.4, 1500);
  assert.equal(clock.now(1501), 1_700_000_000_901);
});

describe('a server whose clock is an hour ahead', { skip: !HAS_POSTGRES }, () => {
  it('K15: goes by the clock of the database: in events, lists, deletions, and in what is overdue', async (t) => {
    const store = await storeDatabase(t);
    const runner = new PuppetRunner();
    const limits = { questionMs: HOUR_MS / 6, eraseDelayMs: HOUR_MS / 60 };
    const a = await TestServer.start(t, { store, runner, limits });
    const ahead = await ClusterProcess.start(store, 'B', {
      ...SHORT,
      limits: { ...SHORT.limits, ...limits, sweepMs: 300 },
      clockAheadMs: HOUR_MS,
    });
    t.after(() => ahead.kill());
    const waiting = await a.create();
    await runner.ask(waiting);
    const deleted = await a.create();
    await a.delete(deleted);
    // From now on only the server that is ahead sweeps.
    await query(store, 'update graph_sessions.chores set due_at = clock_timestamp()');
    const periods = new Set<string>();
    while (periods.size < 4)
      periods.add(JSON.stringify(await query(store, 'select due_at from graph_sessions.chores')));
    assert.equal((await a.get(`/${waiting}/status`)).body['status'], 'suspended', 'its question is open');
    assert.equal(
      (await query(store, `select 1 from graph_sessions.events where session_id = '${deleted}' limit 1`))
        .length,
      1,
      'what was just deleted may still be read',
    );
    const created = await ahead.create('count', { count: 2 });
    await completed(ahead, created);
    const [start] = (await ahead.stream(created)).frames;
    const times = [
      ...(await a.log(created)).map(({ ts }) => Number(ts)),
      Number((await a.get(`/${created}/status`)).body['createdAt']) * 1000,
      ...(start === undefined ? [] : [Number(start.data['ts'])]),
    ];
    await ahead.request('DELETE', `/${created}`);
    const rows = await query(
      store,
      `select deleted_ms::float, extract(epoch from clock_timestamp())::float * 1000 as now
         from graph_sessions.sessions where session_id = '${created}'`,
    );
    const [{ deleted_ms: deletedMs, now } = { deleted_ms: 0, now: 0 }] = rows as {
      deleted_ms: number;
      now: number;
    }[];
    for (const time of [...times, deletedMs])
      assert.ok(Math.abs(time - now) < HOUR_MS / 60, `${time}, ${now}`);
  });
});
