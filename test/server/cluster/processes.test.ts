import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../src/protocol/json.js';
import { ClusterProcess, SHORT, type MemberSettings } from '../../support/cluster-process.js';
import { HAS_POSTGRES, query, temporaryDatabase } from '../../support/postgres.js';
import { idsOf } from '../../support/sse-reader.js';

/** Which process wrote the events of nodes, in their order, each once. */
function writersOf(log: readonly JsonObject[]): readonly string[] {
  const names = log.flatMap(({ text }) => (typeof text === 'string' ? [text.split(' ')[0] ?? ''] : []));
  return names.filter((name, index) => name !== names[index - 1]);
}

/** Resolves when a session has completed, as a process sees it. */
async function ended(process: ClusterProcess, id: string): Promise<void> {
  const frames = await (await process.stream(id)).toEnd();
  assert.equal(frames.at(-1)?.data['status'], 'completed');
}

function assertContiguous(log: readonly JsonObject[]): void {
  assert.deepEqual(
    log.map(({ index }) => index),
    log.map((_, position) => position),
  );
}

describe('several processes on one database', { skip: !HAS_POSTGRES }, () => {
  let store: string;
  /** Lives through all tests; each has another process beside it. */
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

  it('the sessions of a killed process go on elsewhere, each once; readers return with their cursor', async (t) => {
    const a = await start(t);
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => a.create('count', { count: 30, paceMs: 100 })),
    );
    const [first = ''] = ids;
    const reader = await b.stream(first);
    await reader.untilType('thoughtEvent');
    await a.kill();
    const frames = await reader.toEnd();
    assert.deepEqual(
      idsOf(frames),
      idsOf(frames).map((_, position) => position),
      'its stream stayed',
    );
    await Promise.all(ids.map((id) => ended(b, id)));
    for (const id of ids) {
      const log = await b.log(id);
      assertContiguous(log);
      assert.equal(writersOf(log).at(-1), 'B');
      assert.equal(log.filter(({ type }) => type === 'nodeRetry').length, 1);
    }
    assert.deepEqual(await b.errors(), []);
  });

  it('a process that slept through a takeover writes nothing more to the session, and serves on', async (t) => {
    const a = await start(t);
    const id = await a.create('count', { count: 60, paceMs: 50 });
    await (await b.stream(id)).untilType('thoughtEvent');
    a.pause();
    const reader = await b.stream(id);
    await reader.until(({ data }) => String(data['text']).startsWith('B'));
    a.resume();
    await reader.toEnd();
    const log = await a.log(id);
    assertContiguous(log);
    assert.deepEqual(writersOf(log), ['A', 'B'], 'nothing of the sleeper after the claim');
    const another = await a.create('count', { count: 2 });
    await ended(b, another);
    assert.deepEqual([await a.errors(), await b.errors()], [[], []]);
  });

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
    await ended(b, ids[0] ?? '');
    assert.equal((await answer(1)).status, 200);
    await ended(b, ids[1] ?? '');
    for (const id of ids) assert.deepEqual(writersOf(await b.log(id)), ['B']);
  });

  it('a session that waits costs its process nothing after a while, and goes on where it is answered', async (t) => {
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
    await ended(a, id);
    assert.deepEqual(writersOf(await a.log(id)), ['B']);
  });

  it('a process that ends in order leaves its sessions to the others', async (t) => {
    const a = await start(t);
    const id = await a.create('count', { count: 20, paceMs: 100 });
    await (await b.stream(id)).untilType('thoughtEvent');
    await a.close();
    await (await b.stream(id)).toEnd();
    assert.deepEqual(writersOf(await b.log(id)), ['A', 'B']);
  });
});
