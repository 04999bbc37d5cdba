import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pg from 'pg';
import { openStore } from '../../../../src/server/store/open-store.js';
import type { SessionRecord, SessionWrite } from '../../../../src/server/store/session-store.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../../support/postgres.js';
import { ONE_NODE } from '../../../support/puppet-runner.js';

const PLAN = JSON.stringify({ graph: ONE_NODE, mode: 'interactive', inputs: {} });

function record(sessionId: string, graphId: string): SessionRecord {
  return { sessionId, graphId, principal: 'p', logId: sessionId, createdMs: 1000 };
}

function create(of: SessionRecord): SessionWrite {
  const { sessionId } = of;
  const row = { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
  const json = JSON.stringify({ type: 'nodeStart', nodeId: 'n', index: 0 });
  const event = { index: 0, type: 'nodeStart', json, bytes: json.length } as const;
  return { kind: 'create', record: of, planJson: PLAN, events: [event], status: 'running', row };
}

function label(of: SessionRecord, title: string): SessionWrite {
  return { kind: 'label', record: of, labels: { title } };
}

describe('commits of several processes to the same rows', { skip: !HAS_POSTGRES }, () => {
  it('wait for each other without a deadlock, whatever their order is', async (t) => {
    const url = await storeDatabase(t);
    const [one, other] = [await openStore(url), await openStore(url)];
    t.after(() => Promise.all([one.close(), other.close()]));
    const [oneEpoch, otherEpoch] = [await one.beginEpoch(), await other.beginEpoch()];
    const records = Array.from({ length: 12 }, (_, index) => record(`s${index}`, `g${index % 4}`));
    await one.commit(oneEpoch, records.map(create));
    for (let round = 0; round < 40; round += 1) {
      const labels = records.map((of) => label(of, `${round}`));
      const results = await Promise.all([
        one.commit(oneEpoch, labels),
        other.commit(otherEpoch, [...labels].reverse()),
      ]);
      for (const outcome of results.flat()) assert.equal(outcome.kind, 'written');
    }
    assert.deepEqual(
      await query(
        url,
        'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
      ),
      [{ deadlocks: 0 }],
    );
  });

  it('are made again when the database gives them up for another program', async (t) => {
    const url = await storeDatabase(t);
    const store = await openStore(url);
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    const of = record('s', 'g');
    await store.commit(epoch, [create(of)]);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    t.after(() => client.end());
    await client.query('begin');
    await client.query('update graph_sessions.revisions set revision = revision');
    const committed = store.commit(epoch, [label(of, 'Mine')]);
    const waiting = 'select 1 as waiting from pg_locks where not granted';
    while ((await query(url, waiting)).length === 0);
    // The transaction of the store has waited for longer, so that it is the one to look for a deadlock first.
    await client.query('update graph_sessions.sessions set labels = labels');
    await client.query('commit');
    assert.deepEqual(await committed, [{ kind: 'written', revision: 2 }]);
  });
});
