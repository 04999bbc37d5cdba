import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../../src/runner/node-handler.js';
import { openStore } from '../../../src/server/store/open-store.js';
import { DatabaseProxy } from '../../support/database-proxy.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../support/postgres.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { idsOf, kindsOf, type RawFrame } from '../../support/sse-reader.js';
import { eventually } from '../../support/watch.js';

interface Pair {
  readonly a: TestServer;
  readonly b: TestServer;
  readonly runnerA: PuppetRunner;
  readonly runnerB: PuppetRunner;
}

/** Two servers on one database. */
async function pair(t: TestContext): Promise<Pair> {
  const store = await storeDatabase(t);
  const [runnerA, runnerB] = [new PuppetRunner(), new PuppetRunner()];
  const a = await TestServer.start(t, { store, runner: runnerA });
  const b = await TestServer.start(t, { store, runner: runnerB });
  return { a, b, runnerA, runnerB };
}

describe('two servers on one database', { skip: !HAS_POSTGRES }, () => {
  it('K8: both show a session, and its stream has every event once and in order, wherever it is read', async (t) => {
    const { a, b, runnerA } = await pair(t);
    const id = await a.create();
    const readers = [await b.stream(id), await a.stream(id)];
    await runnerA.think(id, 100);
    await runnerA.complete(id);
    for (const reader of readers) {
      const frames = await reader.toEnd();
      assert.deepEqual(
        idsOf(frames),
        Array.from({ length: 102 }, (_, index) => index),
      );
      assert.equal(frames.at(-1)?.data['status'], 'completed');
    }
    assert.deepEqual(await b.log(id), await a.log(id));
  });

  it('K10: both show the same list, in the order of revisions, also deletions', async (t) => {
    const { a, b, runnerA, runnerB } = await pair(t);
    const monitors = [await a.monitor(), await b.monitor()];
    for (const monitor of monitors) await monitor.until(({ event }) => event === 'snapshotComplete');
    const [x, y] = [await a.create(), await b.create()];
    await Promise.all([runnerA.complete(x), runnerB.complete(y)]);
    await b.delete(x);
    for (const monitor of monitors) {
      const gone = await monitor.until(({ data }) => data['sessionId'] === x && data['status'] === 'deleted');
      const revisions = idsOf(monitor.frames.filter(({ event }) => event === 'sessionStatus'));
      assert.deepEqual(
        revisions,
        [...revisions].sort((one, other) => one - other),
      );
      assert.equal(Number(gone.data['revision']), 5);
    }
    assert.equal((await a.get(`/${x}/status`)).body['code'], 'session-deleted');
  });

  it('K10: both show the list of all graphs, each change of any graph once, and those of no other person', async (t) => {
    const { a, b, runnerA, runnerB } = await pair(t);
    const monitors = [await a.monitorAll(), await b.monitorAll()];
    for (const monitor of monitors) await monitor.until(({ event }) => event === 'snapshotComplete');
    const x = await a.create(ONE_NODE, 'first');
    const y = await b.create(ONE_NODE, 'second');
    await Promise.all([runnerA.complete(x), runnerB.complete(y)]);
    await b.delete(x);
    const z = await a.create(ONE_NODE, 'third');
    for (const monitor of monitors) {
      const isLast = ({ data }: RawFrame): boolean => data['sessionId'] === z;
      const isGone = ({ data }: RawFrame): boolean => data['status'] === 'deleted';
      if (!monitor.frames.some(isLast)) await monitor.until(isLast);
      if (!monitor.frames.some(isGone)) await monitor.until(isGone);
      const rows = monitor.frames.filter(({ event }) => event === 'sessionStatus').map(({ data }) => data);
      const changes = rows.map(({ graphId, revision }) => `${String(graphId)} ${String(revision)}`);
      assert.deepEqual(changes, [...new Set(changes)], 'each change once');
      assert.deepEqual(
        [x, y, z].map((id) => rows.filter(({ sessionId }) => sessionId === id).at(-1)?.['status']),
        ['deleted', 'completed', 'running'],
      );
    }
    const page = await b.get('/:list?graphs=all');
    assert.equal(page.body['revision'], 3 + 2 + 1);
  });

  it('K7: an answer at the other server reaches the owner, which resumes the node', async (t) => {
    const { a, b, runnerA } = await pair(t);
    const id = await a.create();
    const question = await runnerA.ask(id);
    const answer = await b.resume(id, question);
    assert.deepEqual([answer.status, answer.body['duplicate']], [200, false]);
    assert.equal((await a.get(`/${id}/status`)).body['status'], 'running');
    await eventually(() => runnerA.resumed.includes(question));
    await runnerA.append(id, thought('after'));
    assert.equal((await b.log(id)).at(-1)?.['text'], 'after');
  });

  it('an answer at the other server gets its turn while the owner writes without a pause', async (t) => {
    const { a, b, runnerA } = await pair(t);
    const id = await a.create();
    const stop = new AbortController();
    const writing = [1, 2, 3].map(() => runnerA.thinkUntil(id, stop.signal));
    // Both know the session: what is measured is the turn.
    assert.equal((await b.get(`/${id}/status`)).status, 200);
    const passed: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const question = await runnerA.ask(id);
      const { body: before } = await a.get(`/${id}/status`);
      const answer = await b.resume(id, question);
      assert.deepEqual([answer.status, answer.body['duplicate']], [200, false]);
      const { body: after } = await a.get(`/${id}/status`);
      passed.push(Number(after['lastIndex']) - Number(before['lastIndex']));
    }
    stop.abort();
    await Promise.all(writing);
    // Without a turn it waits for hundreds or thousands of events.
    assert.ok(Math.max(...passed) < 400, `${passed.join(', ')} events`);
    const events = await b.log(id);
    assert.deepEqual(
      events.map(({ index }) => index),
      events.map((_, index) => index),
    );
  });

  it('K7: of two answers at two servers, one counts', async (t) => {
    const { a, b, runnerA } = await pair(t);
    const id = await a.create();
    for (let round = 0; round < 20; round += 1) {
      const question = await runnerA.ask(id);
      const isSame = round % 2 === 0;
      const [one, other] = await Promise.all([
        a.resume(id, question, { answer: 1 }),
        b.resume(id, question, { answer: isSame ? 1 : 2 }),
      ]);
      const results = [one, other].map(({ status, body }) =>
        status === 200 ? body['duplicate'] : body['code'],
      );
      assert.deepEqual(
        results.map(String).sort(),
        isSame ? ['false', 'true'] : ['false', 'interaction-conflict'],
      );
      await eventually(() => runnerA.resumed.includes(question));
    }
    const indexes = (await b.log(id)).map(({ index }) => index);
    assert.deepEqual(
      indexes,
      indexes.map((_, position) => position),
    );
  });

  it('K7: an answer elsewhere counts that comes while a server takes the session over for another one', async (t) => {
    const store = await storeDatabase(t);
    const handlers: Readonly<Record<string, NodeHandler>> = {
      ask: {
        async run({ ask }) {
          await ask({ riddle: {} });
          return { context: [] };
        },
      },
    };
    const limits = { lingerMs: 0, scanMs: 50 };
    const runner = () => createGraphRunner({ handlers });
    const proxy = await DatabaseProxy.start(t, store);
    const a = await TestServer.start(t, { store: proxy.url, runner: runner(), limits: { scanMs: 60_000 } });
    const b = await TestServer.start(t, { store, runner: runner(), limits });
    const nodes = ['one', 'other'].map((id) => ({ id, type: 'ask' }));
    const id = await b.create({ nodes });
    const reader = await b.stream(id);
    const questions = [await reader.untilType('inputRequired'), await reader.untilType('inputRequired')].map(
      ({ data }) => String(data['interactionId']),
    );
    const owned = `select 1 as one from graph_sessions.sessions where owner is not null`;
    while ((await query(store, owned)).length > 0);
    // After its claim, the first server reads what it takes over.
    let isClaimed = false;
    const release = proxy.hold((request) => {
      isClaimed ||= request.includes('epoch + 1');
      return isClaimed && request.includes('cast("epoch" as bigint)') && !request.includes('returning');
    });
    const first = a.resume(id, questions[0] ?? '');
    while ((await query(store, owned)).length === 0);
    const second = await b.resume(id, questions[1] ?? '');
    release();
    assert.deepEqual([second.status, (await first).status], [200, 200]);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
    const ends = (await b.log(id)).filter(({ type }) => type === 'nodeEnd' || type === 'nodeError');
    assert.deepEqual(
      ends.map(({ type }) => type),
      ['nodeEnd', 'nodeEnd'],
    );
  });

  it('K7: cancelling, naming and deleting work at the server that does not run the session', async (t) => {
    const { a, b, runnerA } = await pair(t);
    const id = await a.create();
    const { signal } = runnerA.session(id);
    const named = await b.request('PATCH', `/${id}`, {
      body: JSON.stringify({ title: 'Mine' }),
      headers: { 'Content-Type': 'application/json' },
    });
    assert.equal(named.body['title'], 'Mine');
    await runnerA.append(id, { type: 'nodeStart', nodeId: 'n' });
    const row = (await a.get('/:list?graphId=g')).body['rows'];
    assert.ok(Array.isArray(row) && JSON.stringify(row).includes('"title":"Mine"'));
    const reader = await a.stream(id);
    assert.equal((await b.cancel(id)).body['status'], 'cancelled');
    const frames = await reader.toEnd();
    assert.equal(kindsOf(frames).at(-1), 'done');
    await eventually(() => signal.aborted);
    assert.equal((await b.delete(id)).status, 200);
    assert.equal((await a.get(`/${id}/status`)).body['code'], 'session-deleted');
  });

  it('K7: names that are given at both servers at once keep each other', async (t) => {
    const { a, b } = await pair(t);
    const id = await a.create();
    const patch = (server: TestServer, body: object) =>
      server.request('PATCH', `/${id}`, {
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      });
    for (let round = 0; round < 10; round += 1) {
      const [title, pinned] = [`Title ${round}`, round % 2 === 0];
      await Promise.all([patch(a, { title }), patch(b, { pinned })]);
      for (const server of [a, b]) {
        const { body } = await patch(server, {});
        assert.deepEqual([body['title'], body['pinned'] ?? false], [title, pinned]);
      }
    }
  });

  it('a log that cannot be read on fails what is decided on it, and nothing else', async (t) => {
    const store = await storeDatabase(t);
    const [runnerA, runnerB] = [new PuppetRunner(), new PuppetRunner()];
    const onError = (): void => undefined;
    const a = await TestServer.start(t, { store, runner: runnerA, onError });
    const b = await TestServer.start(t, { store, runner: runnerB, onError });
    const [damaged, other] = [await a.create(), await a.create()];
    const question = await runnerA.ask(damaged);
    await b.log(damaged);
    const reader = await b.stream(other);
    // As if a third process had written what cannot be read.
    await query(
      store,
      `insert into graph_sessions.events (session_id, position, type, bytes, json, checksum)
        select session_id, last_index + 1, 'thoughtEvent', 1, '?', 0 from graph_sessions.sessions where session_id = '${damaged}';
      update graph_sessions.sessions set last_index = last_index + 1 where session_id = '${damaged}'`,
    );
    for (const server of [a, b]) assert.ok((await server.resume(damaged, question)).status >= 500);
    await runnerA.think(other, 3);
    await runnerA.complete(other);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
    assert.equal((await b.delete(damaged)).status, 200);
  });

  it('K13: creations at four servers at once keep the quota, and a key creates one session', async (t) => {
    const store = await storeDatabase(t);
    const limits = { openSessionsPerPrincipal: 5 };
    const servers = await Promise.all(
      Array.from({ length: 4 }, () => TestServer.start(t, { store, runner: new PuppetRunner(), limits })),
    );
    const create = (position: number, key: string) =>
      servers[position % 4]?.post('/new', { graphId: 'g', graph: ONE_NODE }, { 'Idempotency-Key': key });
    const [one, other] = await Promise.all([create(0, 'same'), create(1, 'same')]);
    assert.equal(one?.body['sessionId'], other?.body['sessionId']);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, position) => create(position, `${position}`)),
    );
    assert.equal(answers.filter((answer) => answer?.status === 200).length, 4);
    assert.equal(answers.filter((answer) => answer?.body['code'] === 'too-many-sessions').length, 36);
    assert.equal((await create(1, 'same'))?.status, 200, 'a repetition creates nothing');
  });

  it('K7: the log of a session that is deleted at one server can be read at the other for a while', async (t) => {
    const store = await storeDatabase(t);
    const [runner, limits] = [new PuppetRunner(), { eraseDelayMs: 1500 }];
    const a = await TestServer.start(t, { store, runner, limits });
    const b = await TestServer.start(t, { store, runner: new PuppetRunner(), limits });
    const id = await a.create();
    await runner.think(id, 3);
    const reader = await b.stream(id);
    await reader.untilType('thoughtEvent');
    const logged = async () =>
      (await query(store, `select 1 as one from graph_sessions.events where session_id = '${id}'`)).length;
    assert.equal((await a.delete(id)).status, 200);
    assert.ok((await logged()) > 0);
    await reader.toEnd();
    while ((await logged()) > 0);
  });
});

describe('a session that another server has deleted', { skip: !HAS_POSTGRES }, () => {
  it('ends its streams, also when nothing but the deletion can be seen', async (t) => {
    const store = await storeDatabase(t);
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store, runner });
    const id = await server.create();
    await runner.think(id, 1);
    const reader = await server.stream(id);
    await reader.untilType('thoughtEvent');
    await query(store, `update graph_sessions.sessions set deleted_ms = 1 where session_id = '${id}'`);
    await reader.toEnd();
    assert.deepEqual(
      kindsOf(reader.frames).filter((kind) => kind === 'done'),
      [],
    );
  });
});

describe('a session that another server deletes and erases at once', { skip: !HAS_POSTGRES }, () => {
  for (const [what, send] of Object.entries({
    'an answer': (server: TestServer, id: string, interactionId: string) => server.resume(id, interactionId),
    'a deletion': (server: TestServer, id: string) => server.delete(id),
    'a cancellation': (server: TestServer, id: string) => server.cancel(id),
  })) {
    it(`is gone for ${what} that has already claimed it`, async (t) => {
      const store = await storeDatabase(t);
      const runner = new PuppetRunner();
      const first = await TestServer.start(t, { store, runner });
      const id = await first.create();
      const interactionId = await runner.ask(id);
      await first.close();
      const proxy = await DatabaseProxy.start(t, store);
      const server = await TestServer.start(t, { store: proxy.url, runner: new PuppetRunner() });
      const release = proxy.hold((request) => request.includes('"plans"'));
      const sent = send(server, id, interactionId);
      await eventually(() => proxy.held > 0, 'its plan is asked for');
      for (const table of ['events', 'plans']) {
        await query(store, `delete from graph_sessions.${table} where session_id = '${id}'`);
      }
      await query(store, `update graph_sessions.sessions set deleted_ms = 1 where session_id = '${id}'`);
      release();
      const { status, body } = await sent;
      assert.deepEqual([status, body['code']], [404, 'session-deleted']);
    });
  }
});

describe('a chore of several processes', { skip: !HAS_POSTGRES }, () => {
  it('K12: is done by one of them in each period', async (t) => {
    const url = await storeDatabase(t);
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)));
    t.after(() => Promise.all(stores.map((store) => store.close())));
    const onError = (error: unknown) => assert.fail(String(error));
    const claims = stores.flatMap(({ cluster }) => cluster?.createClaims({ onError }) ?? []);
    for (let period = 0; period < 50; period += 1) {
      const taken = await Promise.all(claims.map((claim) => claim.takeChore('sweep', 3_600_000)));
      assert.deepEqual(taken.filter(Boolean), [true]);
      // The period is over.
      await query(url, 'update graph_sessions.chores set due_at = clock_timestamp()');
    }
  });
});
