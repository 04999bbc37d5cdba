import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { KnownSessionStatus } from '../../../src/protocol/session-summary.js';
import { openStore } from '../../../src/server/store/open-store.js';
import type {
  LoggedEvent,
  SessionRecord,
  SessionStore,
  SessionWrite,
} from '../../../src/server/store/session-store.js';
import { ONE_NODE } from '../../support/puppet-runner.js';
import { STORES, storeLocation } from '../../support/server.js';

const LIST = { principal: 'p', graphId: 'g' };

function record(sessionId: string): SessionRecord {
  return { sessionId, ...LIST, logId: `log of ${sessionId}`, createdMs: 1000 };
}

function event(index: number, text = ''): LoggedEvent {
  const json = JSON.stringify({ type: 'thoughtEvent', nodeId: 'n', text, index });
  return { index, type: 'thoughtEvent', json, bytes: Buffer.byteLength(json) };
}

function row(sessionId: string, status: KnownSessionStatus = 'running') {
  return { sessionId, status, createdAt: 1, updatedAt: 1, pendingInputs: 0, title: 'Graph' };
}

function create(sessionId: string): SessionWrite {
  const planJson = JSON.stringify({ graph: ONE_NODE, mode: 'interactive', inputs: {} });
  const of = record(sessionId);
  return { kind: 'create', record: of, planJson, events: [event(0)], status: 'running', row: row(sessionId) };
}

function append(sessionId: string, after: number, events: readonly LoggedEvent[]): SessionWrite {
  const status = 'suspended';
  const of = record(sessionId);
  return {
    kind: 'append',
    record: of,
    expectedLastIndex: after,
    events,
    status,
    row: row(sessionId, status),
  };
}

for (const kind of STORES) {
  describe(`changes in a ${kind} store`, () => {
    async function open(t: TestContext): Promise<{ store: SessionStore; epoch: number }> {
      const store = await openStore(await storeLocation(t, kind));
      t.after(() => store.close());
      return { store, epoch: await store.beginEpoch() };
    }

    it('reads what several logs have grown by, a page of each', async (t) => {
      const { store, epoch } = await open(t);
      const text = 'x'.repeat(1000);
      const events = Array.from({ length: 20 }, (_, position) => event(position + 1, text));
      await store.commit(epoch, [
        create('a'),
        create('b'),
        create('c'),
        append('a', 0, events),
        append('b', 0, [event(1)]),
      ]);
      const cursors = new Map([
        ['a', 2],
        ['b', 0],
        ['c', 0],
        ['unknown', 5],
      ]);
      const read = async (maxEvents: number, maxBytes: number) =>
        [...(await store.readGrown(cursors, { maxEvents, maxBytes }))].map(([sessionId, page]) => [
          sessionId,
          page.map(({ index }) => index),
        ]);
      assert.deepEqual(await read(3, 1e6), [
        ['a', [3, 4, 5]],
        ['b', [1]],
      ]);
      assert.deepEqual(await read(10, 2500), [
        ['a', [3, 4]],
        ['b', [1]],
      ]);
      assert.deepEqual((await read(10, 1))[0], ['a', [3]], 'at least one, whatever its size');
      const grown = await store.readGrown(new Map([['b', 0]]), { maxEvents: 10, maxBytes: 1e6 });
      assert.deepEqual(grown.get('b'), [event(1)]);
    });

    it('shows of sessions how far their logs are, who has claimed them, and their labels', async (t) => {
      const { store, epoch } = await open(t);
      await store.commit(epoch, [create('a'), create('b'), append('a', 0, [event(1)])]);
      await store.commit(epoch, [
        { kind: 'claim', sessionId: 'a' },
        { kind: 'label', record: record('a'), labels: { title: 'Mine', pinned: true } },
        { kind: 'delete', record: record('b'), deletedMs: 2000 },
      ]);
      const looks = [...(await store.look(['b', 'a', 'unknown']))].sort((x, y) =>
        x.sessionId.localeCompare(y.sessionId),
      );
      assert.deepEqual(looks, [
        {
          kind: 'intact',
          sessionId: 'a',
          status: 'suspended',
          lastIndex: 1,
          epoch: 2,
          isDeleted: false,
          labels: { title: 'Mine', pinned: true },
        },
        {
          kind: 'intact',
          sessionId: 'b',
          status: 'running',
          lastIndex: 0,
          epoch: 1,
          isDeleted: true,
          labels: {},
        },
      ]);
      assert.deepEqual(await store.look([]), []);
    });

    it('lists the changes of a list after a revision, also deletions, each session once', async (t) => {
      const { store, epoch } = await open(t);
      await store.commit(epoch, [create('a'), create('b'), create('c'), append('a', 0, [event(1)])]);
      await store.commit(epoch, [{ kind: 'delete', record: record('b'), deletedMs: 2000 }]);
      const changes = await store.listChanges(LIST, 1, 10);
      assert.deepEqual(
        changes.map((change) => [
          change.revision,
          change.kind,
          change.kind === 'row' ? change.summary.sessionId : change.record.sessionId,
        ]),
        [
          [3, 'row', 'c'],
          [4, 'row', 'a'],
          [5, 'deletion', 'b'],
        ],
      );
      const [, , deletion] = changes;
      assert.ok(deletion?.kind === 'deletion');
      assert.deepEqual([deletion.record.createdMs, deletion.deletedMs], [1000, 2000]);
      assert.deepEqual(
        (await store.listChanges(LIST, 1, 1)).map(({ revision }) => revision),
        [3],
      );
      assert.deepEqual(await store.listChanges({ principal: 'q', graphId: 'g' }, 0, 10), []);
      assert.deepEqual(await store.lookLists([{ principal: 'q', graphId: 'g' }, LIST]), [0, 5]);
    });

    it('keeps a title that is set while the row changes', async (t) => {
      const { store, epoch } = await open(t);
      await store.commit(epoch, [create('a')]);
      await store.commit(epoch, [{ kind: 'label', record: record('a'), labels: { title: 'Mine' } }]);
      await store.commit(epoch, [append('a', 0, [event(1)])]);
      const [listed] = (await store.list('p', 'g', 10)).rows;
      assert.deepEqual(
        [listed?.summary.title, listed?.summary.graphTitle, listed?.summary.status],
        ['Mine', 'Graph', 'suspended'],
      );
      assert.deepEqual(await store.readRow('a'), listed?.summary);
    });
  });
}
