import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_LIMITS } from '../../../src/server/limits.js';
import { LogReader } from '../../../src/server/sessions/log-reader.js';
import { Session } from '../../../src/server/sessions/session.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { StoreUnavailableError, type PageLimits } from '../../../src/server/store/session-store.js';
import { Gate } from '../../support/gate.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { idsOf } from '../../support/sse-reader.js';
import { TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

const READERS = 30;

/** A store that counts the pages of logs that are read. */
class CountingStore extends MemoryStore {
  reads = 0;

  override async readEvents(sessionId: string, after: number, limits: PageLimits) {
    this.reads += 1;
    return super.readEvents(sessionId, after, limits);
  }
}

describe('a session with many readers', () => {
  it('is read once for all who are at the same place', async (t) => {
    const store = new CountingStore();
    const runner = new PuppetRunner();
    const limits = { streamsPerSession: READERS };
    const server = await TestServer.start(t, { store, runner, limits });
    const id = await server.create();
    const readers = await Promise.all(Array.from({ length: READERS }, () => server.stream(id)));
    for (const reader of readers) await reader.untilType('replayComplete');
    store.reads = 0;
    for (const text of ['one', 'two', 'three']) {
      await runner.append(id, thought(text));
      await Promise.all(readers.map((reader) => reader.until(({ data }) => data['text'] === text)));
    }
    assert.equal(store.reads, 3, 'pages that were read');
    await runner.complete(id);
    const ids = await Promise.all(readers.map(async (reader) => idsOf(await reader.toEnd())));
    for (const seen of ids) assert.deepEqual(seen, ids[0]);
  });
});

/** A store whose reads of rows wait for a gate, and are counted. */
class GatedStore extends MemoryStore {
  finds = 0;
  gate = new Gate();
  readonly stepsAfter: number[] = [];

  override async find(sessionId: string) {
    this.finds += 1;
    await this.gate.opened;
    return super.find(sessionId);
  }

  override async readSteps(sessionId: string, after: number, limits: PageLimits) {
    this.stepsAfter.push(after);
    return super.readSteps(sessionId, after, limits);
  }
}

/** A store that answers once about a row, and is then out of reach. */
class FadingStore extends MemoryStore {
  left = Infinity;

  override async find(sessionId: string) {
    this.left -= 1;
    if (this.left < 0) throw new StoreUnavailableError('It is out of reach.');
    return super.find(sessionId);
  }
}

describe('a log that ends too early', () => {
  it('is not called damaged when it cannot be found out whether the session was erased', async (t) => {
    const store = new FadingStore();
    const server = await TestServer.start(t, { store, runner: new PuppetRunner() });
    const id = await server.create();
    const record = await store.find(id);
    assert.ok(record !== undefined);
    const session = new Session(record, 'running', record.lastIndex + 1);
    store.left = 1;
    await assert.rejects(new LogReader(store, DEFAULT_LIMITS).fold(session), {
      name: 'StoreUnavailableError',
    });
    store.left = Infinity;
  });
});

describe('a log that many fold while another process writes it', () => {
  it('is folded once at a time for all of them, and on from where the last fold has ended', async (t) => {
    const store = new GatedStore();
    const runner = new PuppetRunner();
    store.gate.open();
    const server = await TestServer.start(t, { store, runner });
    const id = await server.create();
    for (const text of ['one', 'two', 'three', 'four', 'five']) await runner.append(id, thought(text));
    const record = await store.find(id);
    assert.ok(record !== undefined);
    // As a process knows it that has heard of two thoughts.
    const session = new Session(record, 'running', record.lastIndex - 3);
    const reader = new LogReader(store, DEFAULT_LIMITS);
    store.gate = new Gate();
    store.finds = 0;
    store.stepsAfter.length = 0;
    const folding = Promise.all(Array.from({ length: READERS }, () => reader.fold(session)));
    await eventually(() => store.finds > 0, 'it is being read');
    session.observe('running', record.lastIndex);
    store.gate.open();
    const folds = await folding;
    for (const { state } of folds) assert.equal(state.lastIndex, record.lastIndex);
    assert.equal(store.finds, 2, 'folds');
    assert.equal(store.stepsAfter.indexOf(-1), store.stepsAfter.lastIndexOf(-1), 'reads from the beginning');
    assert.equal(store.stepsAfter.at(-1), record.lastIndex - 3);
  });
});
