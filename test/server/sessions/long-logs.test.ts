import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DEFAULT_LIMITS } from '../../../src/server/limits.js';
import { readEventsPage } from '../../../src/server/http/events-page.js';
import { SessionManager } from '../../../src/server/sessions/session-manager.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { PageLimits } from '../../../src/server/store/session-store.js';
import { sessionStream } from '../../../src/server/streams/session-stream.js';
import { OpenStreams, StreamControl } from '../../../src/server/streams/open-streams.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';

const REQUEST = { principal: 'p', graphId: 'g', graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;
const EVENTS = 20_000;
const PAGE_BYTES = 64 * 1024;

/** A store that works synchronously, as that of SQLite does, and counts the pages read in one turn of the loop. */
class CountingStore extends MemoryStore {
  pages = 0;
  mostPagesInOneTurn = 0;
  #pagesInThisTurn = 0;
  #ticking: NodeJS.Immediate = setImmediate(() => this.#tick());

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    const page = await super.readEvents(sessionId, after, limits);
    if (page.length === 0) return page;
    this.pages += 1;
    this.#pagesInThisTurn += 1;
    this.mostPagesInOneTurn = Math.max(this.mostPagesInOneTurn, this.#pagesInThisTurn);
    return page;
  }

  override async close() {
    clearImmediate(this.#ticking);
    await super.close();
  }

  #tick(): void {
    this.#pagesInThisTurn = 0;
    this.#ticking = setImmediate(() => this.#tick());
  }
}

/** Opens a store with a session whose log is long; it has ended, or waits for an answer. */
async function openLong(t: TestContext, kind: 'ended' | 'waiting') {
  const store = new CountingStore();
  const open = async (runner: PuppetRunner) =>
    SessionManager.open({
      store,
      runner,
      limits: { ...DEFAULT_LIMITS, pageBytes: PAGE_BYTES },
      now: Date.now,
      onError: (error) => assert.fail(String(error)),
    });
  const runner = new PuppetRunner();
  const before = await open(runner);
  const { sessionId } = await before.create(REQUEST);
  for (let sent = 0; sent < EVENTS; sent += 1000) {
    await runner.append(sessionId, ...Array.from({ length: 1000 }, () => thought('·'.repeat(40))));
  }
  if (kind === 'ended') await runner.complete(sessionId);
  else await runner.ask(sessionId, 'q');
  await before.close();
  const next = new PuppetRunner();
  const sessions = await open(next);
  t.after(async () => {
    await sessions.close();
    await store.close();
  });
  const session = await sessions.get('p', sessionId);
  store.pages = 0;
  store.mostPagesInOneTurn = 0;
  return { store, sessions, session, runner: next };
}

describe('a long log', () => {
  it('is read one page per turn of the event loop, for the status and however many readers', async (t) => {
    const { store, sessions, session } = await openLong(t, 'ended');
    const [digest] = await Promise.all([sessions.digest(session), ...readAll(sessions, session)]);
    assert.equal(digest.status, 'completed');
    // Readers at the same place share a page of at most 256 events.
    assert.ok(store.pages > EVENTS / 256, `${store.pages}`);
    assert.equal(store.mostPagesInOneTurn, 1);
  });

  it('is not read again for the status of a session that has ended', async (t) => {
    const { store, sessions, session } = await openLong(t, 'ended');
    const first = await sessions.digest(session);
    assert.equal(session.durable, undefined, 'too large to be kept');
    store.pages = 0;
    assert.deepEqual(await sessions.digest(session), first);
    assert.equal(store.pages, 0);
  });

  for (const kind of ['ended', 'waiting'] as const) {
    it(`is not read when a session is named or pinned that is ${kind}`, async (t) => {
      const { store, sessions, session } = await openLong(t, kind);
      const named = await sessions.label(session, { title: 'Mine', pinned: true });
      assert.deepEqual([named.title, named.pinned, named.nodesTotal], ['Mine', true, 1]);
      const back = await sessions.label(session, { title: null, pinned: false });
      assert.deepEqual([back.title, back.graphTitle, back.pinned], [undefined, undefined, undefined]);
      assert.equal(store.pages, 0);
    });
  }

  it('is read one page per turn for the history of a node and for an answer', async (t) => {
    const { store, sessions, session, runner } = await openLong(t, 'waiting');
    await sessions.resume(session, { interactionId: 'q', response: {} });
    assert.deepEqual(runner.resumed, ['q']);
    let events = 0;
    for await (const page of runner.session(session.sessionId).readEvents()) events += page.length;
    assert.ok(events > EVENTS);
    assert.equal(store.mostPagesInOneTurn, 1);
  });
});

/** Reads a whole log as two streams, and a page of it as JSON. */
function readAll(sessions: SessionManager, session: Parameters<typeof readEventsPage>[1]) {
  const stream = async (): Promise<void> => {
    const options = { sessions, session, after: -1, isInputAnsweredOn: false, isPromptCloseOn: false };
    for await (const _ of sessionStream({ ...options, control: new StreamControl() }));
  };
  const query = new URLSearchParams('limit=1000');
  const connection = { streams: new OpenStreams(DEFAULT_LIMITS), signal: new AbortController().signal };
  return [stream(), stream(), readEventsPage(sessions, session, -1, query, connection)];
}
