/** What takes longer than `npm test` may: `npm run test:cluster`. */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import {
  completed,
  ClusterProcess,
  writersOf,
  SHORT,
  type MemberSettings,
} from '../../support/cluster-process.js';
import { DatabaseProxy } from '../../support/database-proxy.js';
import { HAS_POSTGRES, query, startOwnPostgres, temporaryDatabase } from '../../support/postgres.js';
import { idsOf } from '../../support/sse-reader.js';

describe('several processes on one database, at length', { skip: !HAS_POSTGRES }, () => {
  let store: string;
  /** Lives through all tests; each adds another process. */
  let b: ClusterProcess;

  before(async () => {
    store = await temporaryDatabase();
    b = await ClusterProcess.start(store, 'B');
  });
  after(() => b.kill());

  async function start(t: TestContext, settings?: Partial<MemberSettings>): Promise<ClusterProcess> {
    const process = await ClusterProcess.start(store, 'A', settings);
    t.after(() => process.kill());
    return process;
  }

  it('a process whose main thread is blocked for longer than a lease is not taken for dead', async (t) => {
    const a = await start(t);
    const id = await a.create('block', { ms: 5000 });
    await (await b.stream(id)).toEnd();
    assert.deepEqual(writersOf(await b.log(id)), ['A']);
    assert.equal(await b.status(id), 'completed');
  });

  it('an answer goes to whichever process is there when the one that asked has died', async (t) => {
    const a = await start(t);
    const ids = await Promise.all([a.create('ask'), a.create('ask')]);
    const questions = await Promise.all(
      ids.map(async (id) => (await (await b.stream(id)).untilType('inputRequired')).data['interactionId']),
    );
    await a.kill();
    const answer = (position: number) =>
      b.request('POST', `/${ids[position]}:resume`, {
        interactionId: questions[position],
        response: { answer: 1 },
      });
    // Before anyone knows that it is dead, and after.
    assert.equal((await answer(0)).status, 200);
    await completed(b, ids[0] ?? '');
    assert.equal((await answer(1)).status, 200);
    await completed(b, ids[1] ?? '');
    for (const id of ids) assert.deepEqual(writersOf(await b.log(id)), ['B']);
  });

  it('a session that waits costs its process nothing after a while, and continues where it is answered', async (t) => {
    const a = await start(t, { ...SHORT, limits: { scanMs: 100, lingerMs: 200 } });
    const id = await a.create('ask');
    const question = await (await b.stream(id)).untilType('inputRequired');
    const answerAtB = async (): Promise<void> => {
      const { status } = await b.request('POST', `/${id}:resume`, {
        interactionId: question.data['interactionId'],
        response: { answer: 1 },
      });
      assert.equal(status, 200);
    };
    const owners = 'select count(owner)::int as owners from graph_sessions.sessions where is_ended = 0';
    for (let isOwned = true; isOwned;)
      isOwned = isDeepStrictEqual(await query(store, owners), [{ owners: 1 }]);
    await answerAtB();
    await completed(a, id);
    assert.deepEqual(writersOf(await a.log(id)), ['B']);
  });

  it('a session that kills its processes ends at the third', async (t) => {
    const others = await Promise.all([start(t), start(t), start(t)]);
    const [first] = others;
    assert.ok(first !== undefined);
    const id = await first.create('poison').catch(() => undefined);
    const [row] = await query(
      store,
      `select session_id from graph_sessions.sessions where plan like '%poison%'`,
    );
    assert.ok(row !== undefined && typeof row === 'object' && row !== null && 'session_id' in row);
    const poisoned = id ?? String(row.session_id);
    const living = (): ClusterProcess | undefined => [b, ...others].find(({ isRunning }) => isRunning);
    for (let status = 'running'; status === 'running';) {
      status =
        (await living()
          ?.status(poisoned)
          .catch(() => 'running')) ?? 'none is left';
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(await living()?.status(poisoned), 'failed');
    assert.equal([b, ...others].filter(({ isRunning }) => !isRunning).length, 3);
  });

  it('nothing is taken over while the database is restarted, and nothing is written twice', async (t) => {
    const own = await startOwnPostgres();
    t.after(() => own.stop());
    const [a, other] = [await ClusterProcess.start(own.url, 'A'), await ClusterProcess.start(own.url, 'B')];
    t.after(() => Promise.all([a.kill(), other.kill()]));
    const id = await a.create('count', { count: 150, paceMs: 50 });
    const reader = await other.stream(id);
    await reader.untilType('thoughtEvent');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await own.interrupt();
    // Longer than a lease, and shorter than the time after which a process gives its runs up.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await own.resume();
    const frames = await reader.toEnd();
    assert.deepEqual(
      idsOf(frames),
      idsOf(frames).map((_, position) => position),
      'its stream stayed',
    );
    assert.deepEqual(writersOf(await other.log(id)), ['A']);
  });

  it('a process that is cut off from the database is taken over, gives its runs up, and serves on afterwards', async (t) => {
    const proxy = await DatabaseProxy.start(t, store);
    const a = await ClusterProcess.start(proxy.url, 'A');
    t.after(() => a.kill());
    const id = await a.create('count', { count: 100, paceMs: 50 });
    await (await b.stream(id)).untilType('thoughtEvent');
    proxy.lose('both');
    await completed(b, id);
    proxy.heal();
    assert.deepEqual(writersOf(await b.log(id)), ['A', 'B']);
    for (let status = 503; status !== 200;) ({ status } = await a.request('GET', `/${id}/status`));
    const another = await a.create('count', { count: 2 });
    await completed(b, another);
    assert.deepEqual(writersOf(await b.log(another)), ['A']);
  });
});
