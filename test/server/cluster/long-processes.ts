/** What takes longer than `npm test` may: `npm run test:cluster`. */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  completed,
  ClusterProcess,
  writersOf,
  SHORT,
  type MemberSettings,
} from '../../support/cluster-process.js';
import { DatabaseProxy } from '../../support/database-proxy.js';
import { assertContiguous } from '../../support/logs.js';
import { olderVersion } from '../../support/older-version.js';
import { HAS_POSTGRES, query, startOwnPostgres, temporaryDatabase } from '../../support/postgres.js';
import { restartInTurns } from '../../support/rolling-restart.js';
import { idsOf, type SseReader } from '../../support/sse-reader.js';

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

  it('K21: a process whose main thread is blocked for longer than a lease is not taken for dead', async (t) => {
    const own = await temporaryDatabase();
    // A lease that even a busy machine keeps while nothing is blocked.
    const lease = { beatMs: 400, leaseMs: 5000, stallMs: 60_000, doubtMs: 60_000 };
    const settings = { ...SHORT, lease };
    const [a, other] = [
      await ClusterProcess.start(own, 'A', settings),
      await ClusterProcess.start(own, 'B', settings),
    ];
    t.after(() => Promise.all([a.kill(), other.kill()]));
    const id = await a.create('block', { ms: 12_000 });
    await (await other.stream(id)).toEnd();
    assert.deepEqual(writersOf(await other.log(id)), ['A']);
    assert.equal(await other.status(id), 'completed');
  });

  it('K7: an answer goes to whichever process is there when the one that asked has died', async (t) => {
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

  it('K11: a session that waits costs its process nothing after a while, and continues where it is answered', async (t) => {
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

  it('K17: a session that kills its processes ends at the third', async (t) => {
    const others = await Promise.all([start(t), start(t), start(t)]);
    const [first] = others;
    assert.ok(first !== undefined);
    const id = await first.create('poison').catch(() => undefined);
    const [row] = await query(
      store,
      `select session_id from graph_sessions.plans where plan like '%poison%'`,
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

  for (const mode of ['fast', 'immediate'] as const) {
    it(`K5: nothing is taken over while the database is restarted (${mode}) under load, and all is written once`, async (t) => {
      const own = await startOwnPostgres();
      t.after(() => own.stop());
      const lease = { beatMs: 400, leaseMs: 4000, stallMs: 20_000, doubtMs: 60_000 };
      const settings = { ...SHORT, lease };
      const members = [
        await ClusterProcess.start(own.url, 'A', settings),
        await ClusterProcess.start(own.url, 'B', settings),
      ];
      t.after(() => Promise.all(members.map((member) => member.kill())));
      const [a, other] = members;
      assert.ok(a !== undefined && other !== undefined);
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, turn) =>
          (turn % 2 === 0 ? a : other).create('count', { count: 120, paceMs: 50 }),
        ),
      );
      const readers = await Promise.all(ids.map((id, turn) => (turn % 2 === 0 ? other : a).stream(id)));
      for (const reader of readers) await reader.untilType('thoughtEvent');
      await own.interrupt(mode);
      // Longer than a lease, and shorter than the time after which a process gives its runs up.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await own.resume();
      for (const [turn, reader] of readers.entries()) {
        const frames = await reader.toEnd();
        assert.deepEqual(
          idsOf(frames),
          idsOf(frames).map((_, position) => position),
          'its stream stayed',
        );
        const log = await other.log(ids[turn] ?? '');
        const owner = turn % 2 === 0 ? 'A' : 'B';
        assert.deepEqual(
          log.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])),
          Array.from({ length: 120 }, (_, index) => `${owner} ${index}`),
        );
      }
    });
  }

  it('K14: four processes are replaced in turns, under load, two versions at the same time', async (t) => {
    const own = await temporaryDatabase();
    const onFirstReplaced = async (): Promise<void> => {
      // What a newer version would do at its start: its steps only add.
      await query(
        own,
        `alter table graph_sessions.sessions add column newer text not null default 'x';
         create table graph_sessions.newer (name text);
         insert into graph_sessions.kysely_migration (name, timestamp) values ('9999-newer', now()::text)`,
      );
    };
    const oldScript = await olderVersion(t);
    const plan = { store: own, processes: 4, rounds: 1, people: 4, oldScript, onFirstReplaced };
    const sessions = await restartInTurns(t, plan);
    t.diagnostic(`${sessions} sessions`);
    assert.ok(sessions >= 12, `${sessions} sessions`);
  });

  for (const direction of ['requests', 'responses', 'both'] as const) {
    it(`K6: a process that is cut off from the database (${direction}) is taken over, gives its runs up, and serves on afterwards`, async (t) => {
      const proxy = await DatabaseProxy.start(t, store);
      const a = await ClusterProcess.start(proxy.url, 'A');
      t.after(() => a.kill());
      const id = await a.create('count', { count: 100, paceMs: 50 });
      await (await b.stream(id)).untilType('thoughtEvent');
      proxy.lose(direction);
      await completed(b, id);
      proxy.heal();
      const log = await b.log(id);
      assertContiguous(log);
      assert.deepEqual(writersOf(log), ['A', 'B']);
      // It reads again before it knows that it can write.
      const graph = { nodes: [{ id: 'n', type: 'count', configuration: { count: 2 } }] };
      let created = await a.request('POST', '/new', { graphId: 'g', graph });
      while (created.status === 503) created = await a.request('POST', '/new', { graphId: 'g', graph });
      assert.equal(created.status, 200);
      const another = String(created.body['sessionId']);
      await completed(b, another);
      assert.deepEqual(writersOf(await b.log(another)), ['A']);
    });
  }

  it('K3: 200 sessions of a killed process continue elsewhere, each once, among 100,000 that wait', async (t) => {
    const own = await temporaryDatabase();
    const [a, other] = [await ClusterProcess.start(own, 'A'), await ClusterProcess.start(own, 'B')];
    t.after(() => Promise.all([a.kill(), other.kill()]));
    await addWaiting(own, 100_000);
    const ids = await Promise.all(
      Array.from({ length: 200 }, () => a.create('count', { count: 20, paceMs: 500 })),
    );
    const started = `select 1 as one from graph_sessions.events where type = 'thoughtEvent' and position = 2`;
    while ((await query(own, started)).length < ids.length);
    await a.kill();
    const killedMs = performance.now();
    const retried = `select 1 as one from graph_sessions.events where type = 'nodeRetry'`;
    while ((await query(own, retried)).length < ids.length) await sleep(100);
    const tookMs = performance.now() - killedMs;
    t.diagnostic(`all of them ran again after ${(tookMs / 1000).toFixed(1)} s, with a lease of 1.5 s`);
    assert.ok(tookMs < 30_000, `${tookMs} ms`);
    await Promise.all(ids.map((id) => completed(other, id)));
    for (const id of ids) {
      const log = await other.log(id);
      assertContiguous(log);
      assert.deepEqual(writersOf(log), ['A', 'B']);
      assert.equal(log.filter(({ type }) => type === 'nodeRetry').length, 1);
    }
    assert.deepEqual(await other.errors(), []);
  });

  it('K8: 1000 readers at another process get every event once and in order', async (t) => {
    const a = await start(t, { ...SHORT, limits: { ...SHORT.limits, streamsPerSession: 1000 } });
    const own = await start(t, { ...SHORT, limits: { ...SHORT.limits, streamsPerSession: 1000 } });
    const nodes = [
      { id: 'q', type: 'ask' },
      { id: 'n', type: 'count', configuration: { count: 20, paceMs: 1000 } },
    ];
    const graph = { nodes, edges: [{ from: 'q', to: 'n' }] };
    const ids = await Promise.all(Array.from({ length: 20 }, () => a.createGraph(graph)));
    const readers = await Promise.all(
      Array.from({ length: 1000 }, async (_, turn) => {
        const reader = await own.stream(ids[turn % ids.length] ?? '');
        await reader.untilType('inputRequired');
        return reader;
      }),
    );
    // From now on, everything comes live.
    const delays: number[] = [];
    const read = async (reader: SseReader): Promise<void> => {
      for (let frame = await reader.next(); frame !== undefined; frame = await reader.next()) {
        const { ts, type } = frame.data;
        if (type === 'thoughtEvent') delays.push(Date.now() - Number(ts));
      }
      const indexes = idsOf(reader.frames);
      assert.deepEqual(
        indexes,
        indexes.map((_, position) => position),
      );
      assert.equal(reader.frames.at(-1)?.data['status'], 'completed');
    };
    const reading = Promise.all(readers.map(read));
    for (const [turn, id] of ids.entries()) {
      const asked = readers[turn]?.frames.find(({ data }) => data['type'] === 'inputRequired');
      const interactionId = asked?.data['interactionId'];
      const { status } = await a.request('POST', `/${id}:resume`, { interactionId, response: { answer: 1 } });
      assert.equal(status, 200);
    }
    await reading;
    // One is of the node that asked.
    assert.equal(delays.length, 21 * 1000);
    delays.sort((one, other) => one - other);
    // Depends on the machine, which here also has the readers and the database.
    t.diagnostic(
      `${delays.length} events came live, the median after ${delays[Math.floor(delays.length / 2)]} ms`,
    );
  });

  it('K11: a process without work asks the database no more because 10,000 sessions wait', async (t) => {
    const own = await temporaryDatabase();
    const proxy = await DatabaseProxy.start(t, own);
    const a = await ClusterProcess.start(proxy.url, 'A');
    t.after(() => a.kill());
    let requests = 0;
    proxy.cut = () => {
      requests += 1;
      return undefined;
    };
    const inTenSeconds = async (): Promise<number> => {
      requests = 0;
      await sleep(10_000);
      return requests;
    };
    const alone = await inTenSeconds();
    await addWaiting(own, 10_000);
    const among = await inTenSeconds();
    t.diagnostic(`${alone} requests in 10 s, ${among} with 10,000 sessions`);
    assert.ok(among < 1.3 * alone + 5, `${alone} and ${among} requests`);
  });
});

/** Adds sessions that wait for an answer, and that no process runs. */
async function addWaiting(url: string, count: number): Promise<void> {
  await query(
    url,
    `insert into graph_sessions.sessions (session_id, principal, graph_id, log_id, created_ms, updated_ms, status, is_ended,
       last_index, log_bytes, summary, revision, labels, is_pinned, epoch, takeovers)
     select 'waiting ' || number, 'someone', 'other', 'l', number, 1, 'suspended', 0, 5, 1, '{}', number, '{}', 0, 1, 0
     from generate_series(1, ${count}) as number;
     analyze graph_sessions.sessions`,
  );
}
