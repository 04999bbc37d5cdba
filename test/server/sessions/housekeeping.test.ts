import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { join } from 'node:path';
import Database from 'libsql';
import type { GraphRunner } from '../../../src/runner/graph-runner.js';
import { DEFAULT_LIMITS, type ServerLimits } from '../../../src/server/limits.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { PageLimits, SessionWrite } from '../../../src/server/store/session-store.js';
import { SessionManager } from '../../../src/server/sessions/session-manager.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';
import { temporaryDirectory, TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const REQUEST = { principal: 'p', graphId: 'g', graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;

/** A store that fails on demand of a test. */
class BreakingStore extends MemoryStore {
  brokenId: string | undefined;
  failCommit: ((writes: readonly SessionWrite[]) => boolean) | undefined;
  sweeps = 0;
  deleted = 0;

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    if (sessionId === this.brokenId) throw new Error('unreadable');
    return super.readEvents(sessionId, after, limits);
  }

  override async findEndedBefore(ms: number) {
    this.sweeps += 1;
    return super.findEndedBefore(ms);
  }

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    if (this.failCommit?.(writes) === true) throw new Error('disk full');
    this.deleted += writes.filter(({ kind }) => kind === 'delete').length;
    return super.commit(epoch, writes);
  }
}

async function open(
  t: TestContext,
  { runner = new PuppetRunner(), limits = {} }: { runner?: GraphRunner; limits?: Partial<ServerLimits> } = {},
) {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1e12 });
  const store = new BreakingStore();
  const errors: unknown[] = [];
  const notices: string[] = [];
  const sessions = await SessionManager.open({
    store,
    runner,
    limits: { ...DEFAULT_LIMITS, ...limits },
    now: Date.now,
    onError: (error) => errors.push(error),
    onNotice: (text) => notices.push(text),
  });
  t.after(() => sessions.close());
  const create = async () => (await sessions.create(REQUEST)).sessionId;
  return { store, sessions, errors, notices, create };
}

/** Resolves after work that waits for turns of the event loop has had some. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** Lets sweeps happen until a condition holds. */
async function sweepUntil(t: TestContext, isDone: () => boolean): Promise<void> {
  for (let sweep = 0; sweep < 100 && !isDone(); sweep += 1) {
    t.mock.timers.tick(DEFAULT_LIMITS.sweepMs);
    await settle();
  }
  assert.ok(isDone());
}

describe('the periodic work of a server', () => {
  it('continues the other sessions when one cannot be read', async (t) => {
    const runner = new PuppetRunner();
    const { store, sessions, errors, create } = await open(t, { runner, limits: { questionMs: DAY_MS } });
    const ids = [await create(), await create(), await create()] as const;
    await runner.ask(ids[0]);
    await runner.ask(ids[1]);
    await runner.complete(ids[2]);
    store.brokenId = ids[0];
    t.mock.timers.tick(8 * DAY_MS);
    const asked = await sessions.get('p', ids[1]);
    await eventually(() => asked.durable?.state.pending.size === 0);
    assert.equal(errors.length, 1);
    // That change shows that the time is right.
    await sweepUntil(t, () => store.deleted === 1);
    for (const error of errors) assert.match(String(error), /unreadable/);
  });

  it('deletes everything that is too old, not only the first batch of the store', async (t) => {
    const runner = new PuppetRunner();
    const { store, create, notices } = await open(t, { runner });
    for (let count = 0; count < 230; count += 1) await runner.complete(await create());
    t.mock.timers.tick(8 * DAY_MS);
    await runner.append(await create(), thought('The time is right.'));
    await sweepUntil(t, () => store.deleted === 230);
    assert.match(notices.join(), /^230 sessions were deleted because they ended before \d{4}-/);
  });

  it('deletes nothing when the clock is wrong from the start, and says nothing', async (t) => {
    const runner = new PuppetRunner();
    const { store, create, notices } = await open(t, { runner });
    for (let count = 0; count < 5; count += 1) await runner.complete(await create());
    t.mock.timers.tick(8 * DAY_MS);
    for (let sweep = 0; sweep < 20; sweep += 1) {
      t.mock.timers.tick(DEFAULT_LIMITS.sweepMs);
      await settle();
    }
    assert.deepEqual([store.deleted, notices], [0, []]);
  });

  it('deletes at most 500 sessions in one sweep: a clock can be wrong', async (t) => {
    const runner = new PuppetRunner();
    const { store, create } = await open(t, { runner, limits: { sessionsPerGraph: 2000 } });
    for (let count = 0; count < 620; count += 1) await runner.complete(await create());
    t.mock.timers.tick(8 * DAY_MS);
    await create();
    await settle();
    t.mock.timers.tick(DEFAULT_LIMITS.sweepMs);
    await eventually(() => store.deleted === 500);
    await settle();
    assert.equal(store.deleted, 500);
    await sweepUntil(t, () => store.deleted === 620);
  });

  it('is no longer done by a server that could not be opened', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const store = new BreakingStore();
    t.mock.method(store, 'findUnfinished', () => Promise.reject(new Error('disk gone')));
    const options = { store, runner: new PuppetRunner(), limits: DEFAULT_LIMITS, now: Date.now };
    await assert.rejects(SessionManager.open({ ...options, onError: () => undefined }), /disk gone/);
    t.mock.timers.tick(DAY_MS);
    await new Promise(setImmediate);
    assert.equal(store.sweeps, 0);
  });
});

describe('a session that cannot continue', () => {
  it('is reported once, however much of it was in progress', async (t) => {
    const failures: ((error: Error) => void)[] = [];
    const work = () => new Promise<void>((_resolve, reject) => failures.push(reject));
    const { sessions, errors, create } = await open(t, {
      runner: { validate: () => undefined, start: work, resume: work },
    });
    const session = await sessions.get('p', await create());
    for (const interactionId of ['a', 'b']) {
      const question = { nodeId: 'n', interactionId };
      await session.runner?.append(() => [
        { type: 'inputRequired', ...question, suspendEvent: { riddle: {} } },
      ]);
      await sessions.resume(session, { interactionId, response: {} });
    }
    const error = new Error('no engine');
    for (const fail of failures) fail(error);
    await eventually(() => session.hasEnded);
    assert.equal(failures.length, 3);
    assert.deepEqual(errors, [error]);
    assert.equal(session.status, 'failed');
  });

  it('stays deleted when a second deletion meets a store that fails', async (t) => {
    const runner = new PuppetRunner();
    const { store, sessions, create } = await open(t, { runner });
    const session = await sessions.get('p', await create());
    const other = await create();
    await sessions.delete(session);
    store.failCommit = (writes) => writes.some(({ kind }) => kind === 'append');
    const [again, append] = await Promise.allSettled([
      sessions.delete(session),
      runner.append(other, thought('lost')),
    ]);
    store.failCommit = undefined;
    assert.deepEqual([again.status, append.status], ['rejected', 'rejected']);
    assert.equal(session.isDeleted, true);
  });
});

describe('a session that could not be recovered', () => {
  it('can be deleted, and nothing else', async (t) => {
    const directory = await temporaryDirectory(t);
    const runner = new PuppetRunner();
    const before = await TestServer.start(t, { store: directory, runner });
    const id = await before.create();
    await runner.think(id, 4);
    await before.close();
    const database = new Database(join(directory, 'sessions.db'));
    database.prepare(`UPDATE events SET json = json || ' ' WHERE position = 0`).run();
    database.close();

    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const after = await TestServer.start(t, { store: directory, runner: new PuppetRunner(), onError });
    await eventually(() => errors.length === 1);
    assert.equal((await after.get(`/${id}/status`)).status, 500);
    assert.equal((await after.cancel(id)).status, 500);
    assert.equal((await after.delete(id)).status, 200);
    assert.equal((await after.delete(id)).body['code'], 'session-deleted');
    assert.equal((await after.get(`/${id}/status`)).body['code'], 'session-deleted');
    const monitor = await after.monitor();
    const complete = await monitor.until(({ event }) => event === 'snapshotComplete');
    assert.equal(complete.data['count'], 0);
  });
});
