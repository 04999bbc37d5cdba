import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { PageLimits, SessionWrite } from '../../../src/server/store/session-store.js';
import { Gate } from '../../support/gate.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

/** A store whose next read of a log begins before the log is erased and ends after it. */
class OvertakenStore extends MemoryStore {
  #isHeld = false;
  #reading = new Gate();
  #erased = new Gate();

  /** Resolves when a read has begun. */
  holdNextRead(): Promise<void> {
    this.#isHeld = true;
    this.#reading = new Gate();
    this.#erased = new Gate();
    return this.#reading.opened;
  }

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    await this.#hold();
    return super.readEvents(sessionId, after, limits);
  }

  override async readSteps(sessionId: string, after: number, limits: PageLimits) {
    await this.#hold();
    return super.readSteps(sessionId, after, limits);
  }

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    const outcomes = await super.commit(epoch, writes);
    if (writes.some((write) => write.kind === 'erase' && write.after === -1)) this.#erased.open();
    return outcomes;
  }

  async #hold(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#reading.open();
    await this.#erased.opened;
  }
}

/** A session that has ended, and whose log is read from the store, because a new server has not read it yet. */
async function storedSession(t: TestContext) {
  const store = new OvertakenStore();
  const runner = new PuppetRunner();
  const before = await TestServer.start(t, { store, runner });
  const id = await before.create();
  const interactionId = await runner.ask(id);
  await before.resume(id, interactionId);
  await runner.append(id, thought('one'), thought('two'));
  await runner.complete(id);
  await before.close();
  const server = await TestServer.start(t, {
    store,
    runner: new PuppetRunner(),
    limits: { eraseDelayMs: 0 },
  });
  return { server, store, id, interactionId };
}

describe('a session that is deleted while its log is read', () => {
  for (const [what, read] of Object.entries({
    'one event': (server: TestServer, id: string) => server.get(`/${id}/events/1`),
    'a page of events': (server: TestServer, id: string) => server.get(`/${id}/events?after=0`),
    'the next page of events': (server: TestServer, id: string) =>
      server.get(`/${id}/events?after=2&limit=1`),
    'its status': (server: TestServer, id: string) => server.get(`/${id}/status`),
    'an answer': (server: TestServer, id: string, interactionId: string) => server.resume(id, interactionId),
  })) {
    it(`is gone for ${what}, and not empty, whole or broken`, async (t) => {
      const { server, store, id, interactionId } = await storedSession(t);
      const reading = store.holdNextRead();
      const answering = read(server, id, interactionId);
      await Promise.race([reading, answering]);
      assert.equal((await server.delete(id)).status, 200);
      const { status, body } = await answering;
      assert.deepEqual([status, body['code']], [404, 'session-deleted']);
    });
  }

  it('ends the run that reads it, as the end of the session does', async (t) => {
    const store = new MemoryStore();
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store, runner });
    const id = await server.create();
    await runner.append(id, thought('one'));
    const record = await store.find(id);
    assert.ok(record !== undefined);
    // As another process does, of which this one has not heard yet.
    await store.commit(await store.beginEpoch(), [{ kind: 'delete', record, deletedMs: 1 }]);
    await store.commit(await store.beginEpoch(), [
      { kind: 'erase', sessionId: id, ...(await store.findErasable(id, Infinity)) },
    ]);
    const reading = runner.session(id).readEvents()[Symbol.asyncIterator]().next();
    await assert.rejects(reading, { name: 'SessionEndedError' });
  });

  it('ends the stream that reads it', async (t) => {
    const { server, store, id } = await storedSession(t);
    const reading = store.holdNextRead();
    const stream = server.stream(id);
    await reading;
    const deleting = server.delete(id);
    const reader = await stream;
    await reader.toEnd();
    await deleting;
    assert.ok(!reader.frames.some(({ event }) => event === 'done'));
  });
});
