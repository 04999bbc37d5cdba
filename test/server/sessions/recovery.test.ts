import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../../src/runner/node-handler.js';
import { DEFAULT_LIMITS, type ServerLimits } from '../../../src/server/limits.js';
import { SessionManager } from '../../../src/server/sessions/session-manager.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import {
  StoreUnavailableError,
  type PageLimits,
  type SessionWrite,
} from '../../../src/server/store/session-store.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { eventually } from '../../support/watch.js';

const REQUEST = { principal: 'p', graphId: 'g', graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;

/** A store that notes which logs are read, and holds up reads and commits on demand of a test. */
class GatedStore extends MemoryStore {
  readonly readIds: string[] = [];
  heldIds: ReadonlySet<string> = new Set();
  opened = Promise.resolve();
  committed = async (_writes: readonly SessionWrite[]): Promise<void> => undefined;

  /** How often a log cannot be read from now on. */
  failures = 0;

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    this.readIds.push(sessionId);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new StoreUnavailableError('It is out of reach.');
    }
    if (this.heldIds.has(sessionId)) await this.opened;
    return super.readEvents(sessionId, after, limits);
  }

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    const revisions = await super.commit(epoch, writes);
    await this.committed(writes);
    return revisions;
  }
}

/** Notes the order in which sessions are started. */
class NotingRunner extends PuppetRunner {
  readonly started: string[] = [];

  override async start(session: Parameters<PuppetRunner['start']>[0]) {
    this.started.push(session.sessionId);
    await super.start(session);
  }
}

async function openServer(
  t: TestContext,
  store: GatedStore,
  { limits = {}, now = Date.now }: { limits?: Partial<ServerLimits>; now?: () => number } = {},
) {
  const runner = new NotingRunner();
  const errors: unknown[] = [];
  const sessions = await SessionManager.open({
    store,
    runner,
    limits: { ...DEFAULT_LIMITS, ...limits },
    now,
    onError: (error) => errors.push(error),
  });
  t.after(async () => {
    await sessions.close();
    assert.deepEqual(errors, []);
  });
  return { sessions, runner, errors };
}

/** Creates sessions in a process that ends; with a question, they wait for its answer. */
async function createBefore(t: TestContext, store: GatedStore, count: number, interactionId?: string) {
  let nowMs = 1e12;
  const { sessions, runner } = await openServer(t, store, { now: () => nowMs });
  const ids: string[] = [];
  for (let created = 0; created < count; created += 1) {
    nowMs += 1000;
    const { sessionId } = await sessions.create(REQUEST);
    nowMs += 500;
    if (interactionId !== undefined) await runner.ask(sessionId, interactionId);
    ids.push(sessionId);
  }
  await sessions.close();
  store.readIds.length = 0;
  return ids;
}

/** Waits until everything that can happen without a timer has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

describe('a server that starts', () => {
  it('reads nothing of a session that waits, and continues it once it is answered', async (t) => {
    const store = new GatedStore();
    const [first = '', second = ''] = await createBefore(t, store, 20, 'q');
    const { sessions, runner } = await openServer(t, store);
    await settled();
    assert.deepEqual([store.readIds, runner.started], [[], []]);
    const session = await sessions.get('p', first);
    assert.equal((await sessions.digest(session)).pending.length, 1);
    assert.deepEqual(runner.started, [], 'reading does not start it');
    const answer = { interactionId: 'q', response: {} };
    const outcomes = await Promise.all([sessions.resume(session, answer), sessions.resume(session, answer)]);
    assert.deepEqual(outcomes.map(({ isDuplicate }) => isDuplicate).sort(), [false, true]);
    assert.deepEqual([runner.started, runner.resumed], [[first], ['q']]);
    await sessions.cancel(await sessions.get('p', second));
    assert.equal((await sessions.get('p', second)).status, 'cancelled');
  });

  it('continues what was running in the background, newest first, and what is requested at once', async (t) => {
    const store = new GatedStore();
    const [oldest = '', middle = '', newest = ''] = await createBefore(t, store, 3);
    let open = (): void => undefined;
    store.opened = new Promise((resolve) => (open = resolve));
    store.heldIds = new Set([newest]);
    const { sessions, runner } = await openServer(t, store);
    await eventually(() => store.readIds.includes(newest));
    await sessions.cancel(await sessions.get('p', oldest));
    assert.deepEqual(runner.started, [oldest]);
    open();
    await eventually(() => runner.started.length === 3);
    assert.deepEqual(runner.started, [oldest, newest, middle]);
    assert.deepEqual(new Set(store.readIds).size, store.readIds.length, 'each log once');
  });

  it('resumes a node although its log cannot be read for a moment', async (t) => {
    const store = new GatedStore();
    const ask: NodeHandler = {
      run: async ({ ask: question }) => ({ answers: [await question({ riddle: {} })] }),
    };
    const errors: unknown[] = [];
    const open = () =>
      SessionManager.open({
        store,
        runner: createGraphRunner({ handlers: { ask } }),
        limits: DEFAULT_LIMITS,
        now: Date.now,
        onError: (error) => errors.push(error),
      });
    const before = await open();
    const graph = { nodes: [{ id: 'n', type: 'ask' }] };
    const { sessionId } = await before.create({ ...REQUEST, graph });
    const asking = await before.get('p', sessionId);
    await eventually(() => asking.status === 'suspended');
    const [question] = (await before.digest(asking)).pending;
    assert.ok(question !== undefined);
    await before.close();
    const after = await open();
    t.after(() => after.close());
    const session = await after.get('p', sessionId);
    // What the node has done so far is read once its answer is logged.
    store.committed = async (writes) => {
      if (writes.some((write) => write.kind === 'append' && write.resumes !== undefined)) store.failures = 2;
    };
    await after.resume(session, { interactionId: question.interactionId, response: {} });
    await eventually(() => session.hasEnded);
    assert.deepEqual([session.status, store.failures, errors], ['completed', 0, []]);
  });

  it('counts the sessions of earlier processes', async (t) => {
    const store = new GatedStore();
    const [id = ''] = await createBefore(t, store, 3, 'q');
    const { sessions } = await openServer(t, store, { limits: { openSessionsPerPrincipal: 3 } });
    await assert.rejects(sessions.create(REQUEST), { code: 'too-many-sessions' });
    await sessions.delete(await sessions.get('p', id));
    await sessions.create(REQUEST);
  });

  it('stops continuing when it is closed, without an error', async (t) => {
    const store = new GatedStore();
    const ids = await createBefore(t, store, 3);
    let open = (): void => undefined;
    store.opened = new Promise((resolve) => (open = resolve));
    store.heldIds = new Set(ids);
    const { sessions, runner } = await openServer(t, store);
    await eventually(() => store.readIds.length === 1);
    const closed = sessions.close();
    open();
    await closed;
    assert.deepEqual([store.readIds.length, runner.started], [1, []]);
  });

  it('reads the log of a session that waits once for its deadline, and expires it on time', async (t) => {
    const store = new GatedStore();
    const [id = ''] = await createBefore(t, store, 1, 'q');
    let nowMs = 1e12 + 10_000;
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { sessions, runner } = await openServer(t, store, {
      now: () => nowMs,
      limits: { questionMs: 60_000, sweepMs: 1000 },
    });
    const sweep = async (): Promise<void> => {
      t.mock.timers.tick(1000);
      await settled();
    };
    await settled();
    assert.deepEqual(store.readIds, [], 'created too recently to have an overdue question');
    nowMs = 1e12 + 61_499;
    await sweep();
    const reads = store.readIds.length;
    assert.ok(reads > 0);
    await sweep();
    assert.equal(store.readIds.length, reads);
    const { pending } = await sessions.digest(await sessions.get('p', id));
    assert.equal(pending.length, 1);
    nowMs = 1e12 + 61_501;
    await sweep();
    assert.deepEqual(runner.resumed, ['q']);
    assert.equal((await sessions.digest(await sessions.get('p', id))).pending.length, 0);
  });
});

describe('a session that is being created', () => {
  it('is one object, even if it is requested as soon as the store has it', async (t) => {
    const store = new GatedStore();
    const { sessions, runner } = await openServer(t, store);
    let early: ReturnType<SessionManager['get']> | undefined;
    store.committed = async (writes) => {
      const [write] = writes;
      if (write?.kind !== 'create') return;
      early = sessions.get('p', write.record.sessionId);
      await settled();
    };
    const { sessionId } = await sessions.create(REQUEST);
    assert.equal(await early, await sessions.get('p', sessionId));
    assert.deepEqual(runner.started, [sessionId]);
  });

  it('causes no error when the server is closed while the surplus is deleted', async (t) => {
    const store = new GatedStore();
    const { sessions, runner } = await openServer(t, store, { limits: { sessionsPerGraph: 1 } });
    const { sessionId } = await sessions.create(REQUEST);
    await runner.complete(sessionId);
    await sessions.create(REQUEST);
    await sessions.close();
  });
});
