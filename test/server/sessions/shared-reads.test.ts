import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { PageLimits } from '../../../src/server/store/session-store.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { idsOf } from '../../support/sse-reader.js';
import { TestServer } from '../../support/server.js';

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
