import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completed, ClusterProcess, SHORT, writersOf } from '../../support/cluster-process.js';
import { assertContiguous } from '../../support/logs.js';
import { olderVersion } from '../../support/older-version.js';
import { HAS_POSTGRES, query, temporaryDatabase } from '../../support/postgres.js';
import { SseReader } from '../../support/sse-reader.js';

const LEAVING = { ...SHORT, limits: { ...SHORT.limits, handoverMs: 20_000 } };

async function newestStep(store: string): Promise<unknown> {
  const [step] = await query(
    store,
    'select name from graph_sessions.kysely_migration order by name desc limit 1',
  );
  return step;
}

describe('K18: a server and the version before it, on one database', { skip: !HAS_POSTGRES }, () => {
  it('serve each other’s sessions while one is replaced by the other', async (t) => {
    const store = await temporaryDatabase();
    const script = await olderVersion(t);
    const older = await ClusterProcess.start(store, 'older', LEAVING, script);
    t.after(() => older.kill());
    assert.deepEqual(await newestStep(store), { name: '0012-tokens' });
    const asking = await older.create('ask');
    const running = await older.create('count', { count: 40, paceMs: 50 });
    const atOlder = await older.stream(running);
    await atOlder.untilType('thoughtEvent');

    // It migrates the tables, while the older one runs and serves.
    const newer = await ClusterProcess.start(store, 'newer', LEAVING);
    t.after(() => newer.kill());
    assert.deepEqual(await newestStep(store), { name: '0013-all-graphs' });
    assert.equal((await older.request('GET', '/:list?graphs=all')).body['code'], 'missing-graph-id');
    const all = await SseReader.open(`${newer.base}?graphs=all&protocol=1`);
    t.after(() => all.close());
    await all.until(({ event }) => event === 'snapshotComplete');
    const later = await older.create('ask');
    // There is no hint of it, so it comes with the next look.
    const row = await all.until(({ data }) => data['sessionId'] === later);
    assert.equal(row.data['graphId'], 'g');
    const ofNewer = await newer.create('count', { count: 3 });
    await completed(older, ofNewer);

    // An answer at one that has never seen the question, in both directions.
    const answer = async (process: ClusterProcess, id: string): Promise<void> => {
      const question = await (await process.stream(id)).untilType('inputRequired');
      const { interactionId } = question.data;
      const { status } = await process.request('POST', `/${id}:resume`, {
        interactionId,
        response: { answer: 1 },
      });
      assert.equal(status, 200);
    };
    await answer(newer, later);
    const ofNewerAsks = await newer.create('ask');
    await answer(older, ofNewerAsks);
    for (const id of [later, ofNewerAsks]) await completed(newer, id);

    assert.deepEqual(await older.close(), [], 'errors of the older one');
    await completed(newer, running);
    assertContiguous(await newer.log(running));
    assert.deepEqual(writersOf(await newer.log(running)), ['older'], 'it was not interrupted');
    await answer(newer, asking);
    await completed(newer, asking);

    // Back to the older one, as when the newer one has a fault.
    const again = await ClusterProcess.start(store, 'again', LEAVING, script);
    t.after(() => again.kill());
    assert.deepEqual(await newer.close(), [], 'errors of the newer one');
    const last = await again.create('count', { count: 3 });
    await completed(again, last);
    assertContiguous(await again.log(running));
    assert.deepEqual(await again.errors(), []);
  });
});
