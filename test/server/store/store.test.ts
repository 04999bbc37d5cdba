import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { copyFile, cp, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import type { SessionLabels } from '../../../src/protocol/session-labels.js';
import type { KnownSessionStatus } from '../../../src/protocol/session-summary.js';
import { openStore } from '../../../src/server/store/open-store.js';
import {
  StaleEpochError,
  StoreUnavailableError,
  type LoggedEvent,
  type SessionRecord,
  type SessionStore,
  type SessionWrite,
} from '../../../src/server/store/session-store.js';
import { ONE_NODE } from '../../support/puppet-runner.js';
import { STORES, storeLocation, temporaryDirectory } from '../../support/server.js';

const PLAN = { graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;
const ALL = { through: Number.MAX_SAFE_INTEGER, maxEvents: 1000, maxBytes: 1_000_000 };

function record(sessionId: string, createdMs = 1000, graphId = 'g'): SessionRecord {
  return { sessionId, graphId, principal: 'p', logId: `log of ${sessionId}`, createdMs };
}

function summary(sessionId: string, status: KnownSessionStatus = 'running', updatedMs = 1000) {
  return { sessionId, status, createdAt: 1, updatedAt: updatedMs / 1000, pendingInputs: 0 };
}

function event(index: number, text = ''): LoggedEvent {
  const json = JSON.stringify({ type: 'thoughtEvent', nodeId: 'n', text, index });
  return { index, type: 'thoughtEvent', json, bytes: Buffer.byteLength(json) };
}

function step(index: number): LoggedEvent {
  const json = JSON.stringify({ type: 'nodeStart', nodeId: 'n', index });
  return { index, type: 'nodeStart', json, bytes: Buffer.byteLength(json) };
}

/** Removes a process from those that share a store, as those do who take it for dead; in any other, the newer one replaces it. */
async function expel(store: SessionStore, processId: number): Promise<void> {
  const claims = store.cluster?.createClaims({ onError: (error) => assert.fail(String(error)) });
  await claims?.open(processId, assert.fail);
  await claims?.close();
}

function create(of: SessionRecord, receipt?: { key: string; digest: string; body: string }): SessionWrite {
  return {
    kind: 'create',
    record: of,
    planJson: JSON.stringify(PLAN),
    events: [event(0)],
    status: 'running',
    row: summary(of.sessionId),
    ...(receipt === undefined ? {} : { receipt }),
  };
}

function append(
  of: SessionRecord,
  expectedLastIndex: number,
  events: readonly LoggedEvent[],
  status: KnownSessionStatus = 'running',
  updatedMs?: number,
): Extract<SessionWrite, { kind: 'append' }> {
  const row = updatedMs === undefined ? {} : { row: summary(of.sessionId, status, updatedMs) };
  return { kind: 'append', record: of, expectedLastIndex, events, status, ...row };
}

function label(of: SessionRecord, labels: SessionLabels): SessionWrite {
  return { kind: 'label', record: of, labels };
}

for (const kind of STORES) {
  describe(`a ${kind} store`, () => {
    async function open(t: Parameters<typeof storeLocation>[0]): Promise<{
      store: SessionStore;
      epoch: number;
    }> {
      const store = await openStore(await storeLocation(t, kind));
      t.after(() => store.close());
      return { store, epoch: await store.beginEpoch() };
    }

    it('gives back what was written, in pages limited by count and by bytes', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      const text = 'x'.repeat(1000);
      const events = Array.from({ length: 400 }, (_, position) => event(position + 1, text));
      await store.commit(epoch, [create(s), append(s, 0, events)]);
      const indexes = async (after: number, limits: object): Promise<number[]> =>
        (await store.readEvents('s', after, { ...ALL, ...limits })).map(({ index }) => index);
      assert.equal((await indexes(-1, {})).length, 401);
      assert.deepEqual(await indexes(3, { maxEvents: 2 }), [4, 5]);
      assert.deepEqual(await indexes(397, {}), [398, 399, 400]);
      assert.deepEqual(await indexes(397, { through: 398 }), [398]);
      assert.deepEqual(await indexes(0, { maxBytes: 2500 }), [1, 2]);
      assert.deepEqual(await indexes(0, { maxBytes: 1 }), [1], 'at least one, whatever its size');
      assert.deepEqual(await indexes(400, {}), []);
      assert.deepEqual(await indexes(-1, { through: -1 }), []);
      assert.deepEqual(await store.readEvents('s', 7, { ...ALL, maxEvents: 1 }), [event(8, text)]);
      assert.deepEqual(await store.readPlan('s'), PLAN);
      assert.deepEqual(await store.find('s'), {
        ...s,
        status: 'running',
        lastIndex: 400,
        logBytes: [event(0), ...events].reduce((sum, { bytes }) => sum + bytes, 0),
        isDeleted: false,
        labels: {},
      });
      assert.equal(await store.find('other'), undefined);
    });

    it('reads only the events that can change the state, in pages limited by count and by bytes', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      const steps = [3, 40, 41, 300].map((index) => step(index));
      const events = Array.from({ length: 400 }, (_, position) => event(position + 1));
      for (const one of steps) events[one.index - 1] = one;
      await store.commit(epoch, [create(s), append(s, 0, events)]);
      const indexes = async (after: number, limits: object = {}): Promise<number[]> =>
        (await store.readSteps('s', after, { ...ALL, through: 400, ...limits })).map(({ index }) => index);
      assert.deepEqual(await indexes(-1), [3, 40, 41, 300]);
      assert.deepEqual(await indexes(3, { maxEvents: 2 }), [40, 41]);
      assert.deepEqual(await indexes(3, { through: 40 }), [40]);
      assert.deepEqual(await indexes(3, { maxBytes: 1 }), [40], 'at least one, whatever its size');
      assert.deepEqual(await indexes(300), []);
      assert.deepEqual(await store.readSteps('s', 40, { ...ALL, through: 41 }), [step(41)]);
    });

    it('writes each step as a whole or not at all, and says why not', async (t) => {
      const { store, epoch } = await open(t);
      const [a, b, gone] = [record('a'), record('b'), record('gone')];
      await store.commit(epoch, [create(a), create(b), create(gone)]);
      await store.commit(epoch, [{ kind: 'delete', record: gone, deletedMs: 9000 }]);
      const outcomes = await store.commit(epoch, [
        append(a, 5, [event(6)], 'running', 2000),
        append(gone, 0, [event(1)]),
        label(record('unknown'), {}),
        { kind: 'delete', record: gone, deletedMs: 9001 },
        append(b, 0, [event(1)], 'running', 2000),
        append(b, 1, [event(2)]),
      ]);
      assert.deepEqual(outcomes, [
        { kind: 'moved' },
        { kind: 'deleted' },
        { kind: 'deleted' },
        { kind: 'moved' },
        { kind: 'written', revision: 5 },
        { kind: 'written' },
      ]);
      assert.equal((await store.find('a'))?.lastIndex, 0);
      assert.equal((await store.readEvents('a', -1, ALL)).length, 1);
      assert.equal((await store.find('b'))?.lastIndex, 2);
      assert.deepEqual(await store.commit(epoch, [{ kind: 'delete', record: gone, deletedMs: 9001 }]), [
        { kind: 'deleted' },
      ]);
      assert.equal((await store.list('p', 'g', 10)).revision, 5);
    });

    it('writes no step that builds on one that was not written', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      await store.commit(epoch, [create(s)]);
      await store.commit(epoch, [append(s, 0, [event(1), event(2)])]);
      // The second would fit the log, but was decided on another one.
      const writes = [append(s, 0, [event(1, 'x'), event(2, 'x')]), append(s, 2, [event(3, 'x')])];
      assert.deepEqual(await store.commit(epoch, writes), [{ kind: 'moved' }, { kind: 'moved' }]);
      assert.equal((await store.find('s'))?.lastIndex, 2);
    });

    it('counts the claims of a session, and accepts what its nodes do from the last owner only', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      const claim = { kind: 'claim', sessionId: 's' } as const;
      await store.commit(epoch, [create(s)]);
      const by = (ownerEpoch: number, index: number): SessionWrite => ({
        ...append(s, index - 1, [event(index)]),
        ownership: { sessionId: 's', epoch: ownerEpoch },
      });
      assert.deepEqual(await store.commit(epoch, [by(1, 1)]), [{ kind: 'written' }], 'its creator owns it');
      const claimed = { sessionId: 's', takeovers: 0, lastIndex: 1 };
      assert.deepEqual(await store.commit(epoch, [claim]), [
        { kind: 'written', claimed: { ...claimed, epoch: 2 } },
      ]);
      assert.deepEqual(await store.commit(epoch, [claim]), [
        { kind: 'written', claimed: { ...claimed, epoch: 3 } },
      ]);
      assert.deepEqual(await store.commit(epoch, [by(2, 2)]), [{ kind: 'stale' }]);
      assert.deepEqual(await store.commit(epoch, [by(3, 2)]), [{ kind: 'written' }]);
      assert.deepEqual(
        await store.commit(epoch, [append(s, 2, [event(3)])]),
        [{ kind: 'written' }],
        'a person',
      );
      const ended = append(s, 3, [event(4)], 'completed', 3000);
      assert.deepEqual(await store.commit(epoch, [ended]), [{ kind: 'written', revision: 2 }]);
      assert.deepEqual(await store.commit(epoch, [claim]), [{ kind: 'moved' }]);
      const unknown = { kind: 'claim', sessionId: 'unknown' } as const;
      assert.deepEqual(await store.commit(epoch, [unknown]), [{ kind: 'deleted' }]);
    });

    it('creates one session per key', async (t) => {
      const { store, epoch } = await open(t);
      const receipt = { digest: 'd', body: '{}' };
      const creations = ['a', 'b'].map((id) => create(record(id), { key: 'k', ...receipt, body: `"${id}"` }));
      assert.deepEqual(await store.commit(epoch, creations), [
        { kind: 'written', revision: 1 },
        { kind: 'repeated', receipt: { digest: 'd', body: '"a"' } },
      ]);
      assert.equal(await store.find('b'), undefined);
      assert.equal((await store.list('p', 'g', 10)).revision, 1);
    });

    it('writes nothing of a transaction that it rejects', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      await store.commit(epoch, [create(s)]);
      const broken = [append(s, 0, [event(1)], 'running', 2000), create(record('s'))];
      await assert.rejects(store.commit(epoch, broken));
      assert.equal((await store.find('s'))?.lastIndex, 0);
      assert.deepEqual((await store.readEvents('s', -1, ALL)).length, 1);
      assert.equal((await store.list('p', 'g', 10)).revision, 1);
      await store.commit(epoch, [append(s, 0, [event(1)])]);
      assert.equal((await store.find('s'))?.lastIndex, 1);
    });

    it('D4 accepts nothing from a process that was replaced', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s');
      await store.commit(epoch, [create(s)]);
      const newer = await store.beginEpoch();
      assert.ok(newer > epoch);
      await expel(store, epoch);
      await assert.rejects(store.commit(epoch, [append(s, 0, [event(1)])]), StaleEpochError);
      await store.commit(newer, [append(s, 0, [event(1, 'new')])]);
      assert.deepEqual(await store.readEvents('s', 0, ALL), [event(1, 'new')]);
    });

    it('counts revisions per principal and graph, in the order of the steps', async (t) => {
      const { store, epoch } = await open(t);
      const [a, b, other] = [record('a', 1000), record('b', 2000), record('c', 3000, 'other')];
      const outcomes = await store.commit(epoch, [
        create(a),
        create(b),
        append(a, 0, [event(1)]),
        append(a, 1, [event(2)], 'completed', 5000),
        create(other),
        { kind: 'delete', record: b, deletedMs: 9000 },
      ]);
      const revisions = outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.revision : outcome));
      assert.deepEqual(revisions, [1, 2, undefined, 3, 1, 4]);
      const list = await store.list('p', 'g', 10);
      assert.deepEqual(list, {
        revision: 4,
        rows: [{ summary: summary('a', 'completed', 5000), revision: 3 }],
        isTruncated: false,
      });
      assert.deepEqual(await store.list('q', 'g', 10), { revision: 0, rows: [], isTruncated: false });
    });

    it('lists the newest first; of equal age, the one that changed last', async (t) => {
      const { store, epoch } = await open(t);
      const sessions = [record('a', 1000), record('b', 2000), record('c', 2000), record('d', 1500)];
      await store.commit(
        epoch,
        sessions.map((of) => create(of)),
      );
      const ids = async (limit: number): Promise<string[]> =>
        (await store.list('p', 'g', limit)).rows.map(({ summary: { sessionId } }) => sessionId);
      assert.deepEqual(await ids(10), ['c', 'b', 'd', 'a']);
      assert.deepEqual(await ids(2), ['c', 'b']);
      assert.equal((await store.list('p', 'g', 3)).isTruncated, true);
      assert.equal((await store.list('p', 'g', 4)).isTruncated, false);
    });

    it('lists all graphs of a principal, each row with its graph, at the sum of their revisions', async (t) => {
      const { store, epoch } = await open(t);
      const sessions = [
        record('a', 1000),
        record('b', 2000, 'other'),
        record('c', 2000, '*'),
        record('gone', 3000, 'other'),
        { ...record('foreign', 4000), principal: 'q' },
      ];
      const [, , , gone] = sessions;
      assert.ok(gone !== undefined);
      await store.commit(epoch, [
        ...sessions.map((of) => create(of)),
        { kind: 'delete', record: gone, deletedMs: 9000 },
      ]);
      const { revision, revisions, rows, isTruncated } = await store.list('p', undefined, 10);
      assert.deepEqual(
        rows.map(({ summary: { sessionId, graphId }, revision: ofRow }) => [sessionId, graphId, ofRow]),
        [
          ['c', '*', 1],
          ['b', 'other', 1],
          ['a', 'g', 1],
        ],
      );
      const expected = { g: 1, other: 3, '*': 1 };
      assert.deepEqual(Object.fromEntries(revisions ?? []), expected);
      assert.deepEqual([revision, isTruncated], [5, false]);
      const [of, ofOther, ofNone] = await store.lookGraphs(['p', 'q', 'none']);
      assert.deepEqual(Object.fromEntries(of ?? []), expected);
      assert.deepEqual([[...(ofOther ?? [])], [...(ofNone ?? [])]], [[['g', 1]], []]);
      assert.deepEqual(
        (await store.list('p', '*', 10)).rows.map(({ summary }) => [summary.sessionId, summary.graphId]),
        [['c', undefined]],
        'the list of a graph that has this name',
      );
    });

    it('reads all graphs page by page, each session once, also of equal age', async (t) => {
      const { store, epoch } = await open(t);
      const graphs = ['g', 'other', 'third'];
      const sessions = Array.from({ length: 12 }, (_, at) =>
        record(`s${String(at).padStart(2, '0')}`, 1000 + Math.floor(at / 4), graphs[at % 3]),
      );
      await store.commit(
        epoch,
        sessions.map((of) => create(of)),
      );
      const all = { principal: 'p', graphId: undefined };
      const ids: string[] = [];
      let place: { createdMs: number; sessionId?: string } | undefined = { createdMs: 5000 };
      while (place !== undefined) {
        const page: Awaited<ReturnType<typeof store.listAfter>> = await store.listAfter(all, place, 5);
        ids.push(...page.rows.map(({ summary }) => summary.sessionId));
        const last = sessions.find(({ sessionId }) => sessionId === ids.at(-1));
        place = page.isTruncated ? last : undefined;
      }
      assert.deepEqual(
        ids,
        [...sessions].reverse().map(({ sessionId }) => sessionId),
      );
      assert.deepEqual(
        (await store.list('p', undefined, 5)).rows.map(({ summary }) => summary.sessionId),
        ids.slice(0, 5),
        'the order of the list',
      );
    });

    it('keeps tombstones and receipts for their time, and erases deleted sessions', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s', 1000);
      const receipt = { key: 'k', digest: 'd', body: '{}' };
      await store.commit(epoch, [create(s, receipt)]);
      assert.deepEqual(await store.findReceipt('p', 'k'), { digest: 'd', body: '{}' });
      assert.equal(await store.findReceipt('q', 'k'), undefined);
      await store.commit(epoch, [{ kind: 'delete', record: s, deletedMs: 5000 }]);
      assert.deepEqual(await store.findUnerased(Infinity), ['s']);
      assert.equal((await store.readEvents('s', -1, ALL)).length, 1, 'readable until it is erased');
      await store.commit(epoch, [{ kind: 'erase', sessionId: 's', after: -1, bytes: 0 }]);
      assert.deepEqual(await store.findUnerased(Infinity), []);
      assert.deepEqual(await store.readEvents('s', -1, ALL), []);
      assert.equal(await store.readPlan('s'), undefined);
      await store.expire({ tombstonesBeforeMs: 5000, receiptsBeforeMs: 1000 });
      assert.equal((await store.find('s'))?.isDeleted, true);
      assert.ok(await store.findReceipt('p', 'k'));
      await store.expire({ tombstonesBeforeMs: 5001, receiptsBeforeMs: 1001 });
      assert.equal(await store.find('s'), undefined);
      assert.equal(await store.findReceipt('p', 'k'), undefined);
    });

    it('erases a log in parts, from its end, and keeps the tombstone until the last one', async (t) => {
      const { store, epoch } = await open(t);
      const s = record('s', 1000);
      await store.commit(epoch, [create(s)]);
      const events = Array.from({ length: 9 }, (_, index) => ({
        index: index + 1,
        type: 'thoughtEvent' as const,
        json: '{}',
        bytes: 100,
      }));
      await store.commit(epoch, [
        { kind: 'append', record: s, expectedLastIndex: 0, events, status: 'running' },
        { kind: 'delete', record: s, deletedMs: 5000 },
      ]);
      const left: number[] = [];
      for (let after = 99; after !== -1;) {
        const part = await store.findErasable('s', 250);
        await store.commit(epoch, [{ kind: 'erase', sessionId: 's', ...part }]);
        ({ after } = part);
        const rest = await store.readEvents('s', -1, ALL);
        left.push(rest.length);
        assert.deepEqual(
          rest.map(({ index }) => index),
          rest.map((_, index) => index),
        );
        assert.deepEqual(await store.findUnerased(Infinity), after === -1 ? [] : ['s']);
        await store.expire({ tombstonesBeforeMs: 9000, receiptsBeforeMs: 0 });
        assert.equal((await store.find('s'))?.isDeleted, after === -1 ? undefined : true);
      }
      assert.deepEqual([left[0], left.at(-1)], [8, 0]);
      assert.deepEqual(await store.findErasable('s', 250), { after: -1, bytes: 0 });
    });

    it('lists and counts unfinished sessions by status, newest first, in pages', async (t) => {
      const { store, epoch } = await open(t);
      const all = [record('a', 1000), record('b', 2000), record('d', 3000), record('c', 3000)];
      const other = { ...record('e', 4000), principal: 'other' };
      await store.commit(
        epoch,
        [...all, other].map((of) => create(of)),
      );
      const [a, b] = all;
      assert.ok(a && b);
      await store.commit(epoch, [
        append(a, 0, [event(1)], 'suspended', 5000),
        append(b, 0, [event(1)], 'completed', 5000),
      ]);
      const first = await store.findUnfinished('running', 2);
      assert.deepEqual(first, [
        { sessionId: 'e', createdMs: 4000 },
        { sessionId: 'd', createdMs: 3000 },
      ]);
      assert.deepEqual(await store.findUnfinished('running', 2, first.at(-1)), [
        { sessionId: 'c', createdMs: 3000 },
      ]);
      assert.deepEqual(await store.findUnfinished('suspended', 2), [{ sessionId: 'a', createdMs: 1000 }]);
      assert.deepEqual(await store.findUnfinished('suspended', 2, { sessionId: '', createdMs: 1000 }), []);
      assert.deepEqual(
        await store.countUnfinished(),
        new Map([
          ['other', 1],
          ['p', 3],
        ]),
      );
      await store.commit(epoch, [{ kind: 'delete', record: a, deletedMs: 6000 }]);
      assert.deepEqual(await store.findUnfinished('suspended', 2), []);
      assert.equal((await store.countUnfinished()).get('p'), 2);
    });

    it('reads the row of a session as its list has it', async (t) => {
      const { store, epoch } = await open(t);
      const a = record('a', 1000);
      await store.commit(epoch, [create(a)]);
      await store.commit(epoch, [label(a, { title: 'Mine', pinned: true })]);
      const { rows } = await store.list('p', 'g', 10);
      assert.deepEqual(await store.readRow('a'), rows[0]?.summary);
      await store.commit(epoch, [{ kind: 'delete', record: a, deletedMs: 6000 }]);
      assert.equal(await store.readRow('a'), undefined);
    });

    it('finds unfinished sessions, old ones, and surplus ones', async (t) => {
      const { store, epoch } = await open(t);
      const all = [record('a', 1000), record('b', 2000), record('c', 3000), record('d', 4000)];
      await store.commit(
        epoch,
        all.map((of) => create(of)),
      );
      const [a, b, , d] = all;
      assert.ok(a && b && d);
      await store.commit(epoch, [
        append(b, 0, [event(1)], 'failed', 6000),
        append(a, 0, [event(1)], 'completed', 7000),
        append(d, 0, [event(1)], 'cancelled', 8000),
      ]);
      const ids = (found: readonly Pick<SessionRecord, 'sessionId'>[]): string[] =>
        found.map(({ sessionId }) => sessionId);
      assert.deepEqual(ids(await store.findUnfinished('running', 10)), ['c']);
      assert.deepEqual(ids(await store.findEndedBefore(7000)), ['b']);
      assert.deepEqual(ids(await store.findSurplus('p', 'g', 4)), []);
      assert.deepEqual(ids(await store.findSurplus('p', 'g', 3)), ['a']);
      assert.deepEqual(ids(await store.findSurplus('p', 'g', 0)), ['a', 'b', 'd']);
      await store.commit(epoch, [label(a, { pinned: true, title: 'Kept' }), label(b, { pinned: true })]);
      assert.deepEqual(ids(await store.findSurplus('p', 'g', 0)), ['d'], 'pinned sessions are kept');
      assert.deepEqual(ids(await store.findEndedBefore(7000)), []);
      await store.commit(epoch, [label(b, {})]);
      assert.deepEqual(ids(await store.findEndedBefore(7000)), ['b']);
    });
  });
}

describe('opening a store', () => {
  it('finds everything again, and creates a missing directory', async (t) => {
    const directory = join(await temporaryDirectory(t), 'a', 'b');
    const first = await openStore(directory);
    const s = record('s');
    const epoch = await first.beginEpoch();
    await first.commit(epoch, [create(s), append(s, 0, [event(1, '\0\u2028"\ud800')])]);
    await first.close();
    const second = await openStore(directory);
    t.after(() => second.close());
    assert.ok((await second.beginEpoch()) > epoch);
    assert.deepEqual(await second.readEvents('s', 0, ALL), [event(1, '\0\u2028"\ud800')]);
  });

  it('D2 leaves everything in the one file that a backup copies when it is closed', async (t) => {
    const directory = await temporaryDirectory(t);
    const store = await openStore(directory);
    await store.commit(await store.beginEpoch(), [create(record('s'))]);
    await store.close();
    assert.equal((await stat(join(directory, 'sessions.db-wal'))).size, 0);
    const copy = await temporaryDirectory(t);
    await copyFile(join(directory, 'sessions.db'), join(copy, 'sessions.db'));
    const copied = await openStore(copy);
    t.after(() => copied.close());
    assert.equal((await copied.find('s'))?.lastIndex, 0);
  });

  it('gives others turns in the middle of a commit that takes long', async (t) => {
    const store = await openStore(await temporaryDirectory(t));
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    const sessions = Array.from({ length: 500 }, (_, index) => record(`s${index}`, index));
    let turns = 0;
    const done = new AbortController();
    const others = (async () => {
      for (; !done.signal.aborted; turns += 1) await new Promise(setImmediate);
    })();
    const outcomes = await store.commit(
      epoch,
      sessions.map((of) => create(of)),
    );
    done.abort();
    await others;
    assert.deepEqual(outcomes.at(-1), { kind: 'written', revision: 500 });
    assert.ok(turns > 3, `${turns} turns`);
  });

  it('gives others turns in the middle of one step that takes long', async (t) => {
    const store = await openStore(await temporaryDirectory(t));
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    const s = record('s');
    await store.commit(epoch, [create(s)]);
    const events = Array.from({ length: 20_000 }, (_, index) => event(index + 1));
    let turns = 0;
    const done = new AbortController();
    const others = (async () => {
      for (; !done.signal.aborted; turns += 1) await new Promise(setImmediate);
    })();
    await store.commit(epoch, [append(s, 0, events)]);
    done.abort();
    await others;
    assert.equal((await store.find('s'))?.lastIndex, 20_000);
    assert.ok(turns > 5, `${turns} turns`);
  });

  it('leaves nothing of an erased session in the file, and gives its space back', async (t) => {
    const directory = await temporaryDirectory(t);
    const store = await openStore(directory);
    const epoch = await store.beginEpoch();
    const s = record('s');
    const events = Array.from({ length: 400 }, (_, index) => event(index + 1, 'secret '.repeat(1000)));
    await store.commit(epoch, [create(s), append(s, 0, events, 'completed')]);
    await store.commit(epoch, [{ kind: 'delete', record: s, deletedMs: 1 }]);
    await store.commit(epoch, [{ kind: 'erase', sessionId: 's', after: -1, bytes: 0 }]);
    await store.expire({ tombstonesBeforeMs: 2, receiptsBeforeMs: 2 });
    await store.close();
    const file = await readFile(join(directory, 'sessions.db'));
    assert.equal(file.includes('secret'), false);
    assert.ok(file.length < 500_000, `${file.length} bytes after 2.8 MB were erased`);
  });

  it('forgets many deleted sessions and receipts in small transactions, with turns for others in between', async (t) => {
    const directory = await temporaryDirectory(t);
    const store = await openStore(directory);
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    const all = Array.from({ length: 500 }, (_, number) => record(`s${number}`, 1000));
    const receiptOf = (key: string) => ({ key, digest: 'd', body: '{}' });
    await store.commit(
      epoch,
      all.map((one) => create(one, receiptOf(one.sessionId))),
    );
    await store.commit(
      epoch,
      all.map((one): SessionWrite => ({ kind: 'delete', record: one, deletedMs: 2000 })),
    );
    await store.commit(
      epoch,
      all.map(({ sessionId }): SessionWrite => ({ kind: 'erase', sessionId, after: -1, bytes: 0 })),
    );
    const other = new Database(join(directory, 'sessions.db'));
    t.after(() => other.close());
    const count = other.prepare(
      'select (select count(*) from sessions) + (select count(*) from receipts) as rows',
    );
    const counts: number[] = [];
    let isOver = false;
    const look = (): void => {
      counts.push(Number((count.get() as { rows: number }).rows));
      if (!isOver) setImmediate(look);
    };
    look();
    await store.expire({ tombstonesBeforeMs: 3000, receiptsBeforeMs: 3000 });
    isOver = true;
    look();
    assert.deepEqual([counts[0], counts.at(-1)], [1000, 0]);
    const atOnce = Math.max(...counts.slice(1).map((rows, at) => (counts[at] ?? 0) - rows));
    assert.ok(atOnce <= 100, `${atOnce} rows between two turns`);
  });

  it('D2 rejects with the first error of a transaction, and says when it may pass', async (t) => {
    const directory = await temporaryDirectory(t);
    const store = await openStore(directory);
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    const holder = new Database(join(directory, 'sessions.db'));
    holder.exec('BEGIN IMMEDIATE');
    await assert.rejects(
      store.commit(epoch, [create(record('s'))]),
      (error) => error instanceof StoreUnavailableError && /locked/.test(String(error.cause)),
    );
    holder.exec('ROLLBACK');
    holder.close();
    await store.commit(epoch, [create(record('s'))]);
    assert.equal((await store.list('p', 'g', 10)).rows.length, 1);
  });

  it('D2 writes nothing to files that are missing, and leaves those that were replaced for good', async (t) => {
    const parent = await temporaryDirectory(t);
    const [directory, moved] = [join(parent, 'data'), join(parent, 'moved')];
    const store = await openStore(directory);
    t.after(() => store.close());
    const epoch = await store.beginEpoch();
    await store.commit(epoch, [create(record('before'))]);
    await rename(directory, moved);
    await assert.rejects(store.commit(epoch, [create(record('missing'))]), StoreUnavailableError);
    await assert.rejects(store.checkEpoch(epoch), StoreUnavailableError);
    await rename(moved, directory);
    await store.checkEpoch(epoch);
    await store.commit(epoch, [create(record('again'))]);
    await rename(directory, moved);
    await cp(moved, directory, { recursive: true });
    await assert.rejects(store.commit(epoch, [create(record('replaced'))]), StaleEpochError);
    await assert.rejects(store.checkEpoch(epoch), StaleEpochError);
    const ids = (await store.list('p', 'g', 10)).rows.map(({ summary: { sessionId } }) => sessionId);
    assert.deepEqual(ids, ['again', 'before']);
  });

  it('keeps what was pinned before pins had a column of their own', async (t) => {
    const directory = await temporaryDirectory(t);
    const before = await openStore(directory);
    const all = [record('pinned'), record('named'), record('plain')];
    const epoch = await before.beginEpoch();
    await before.commit(epoch, [
      ...all.map((of) => create(of)),
      ...all.map((of) => append(of, 0, [event(1)], 'completed', 2000)),
      label(all[0]!, { title: 'Kept', pinned: true }),
      label(all[1]!, { title: 'Named' }),
    ]);
    await before.close();
    const database = new Database(join(directory, 'sessions.db'));
    database.exec(`ALTER TABLE sessions DROP COLUMN is_pinned`);
    database.exec(`DELETE FROM kysely_migration WHERE name >= '0003-pins'`);
    database.close();
    const after = await openStore(directory);
    t.after(() => after.close());
    const old = (await after.findEndedBefore(3000)).map(({ sessionId }) => sessionId);
    assert.deepEqual(old.sort(), ['named', 'plain']);
  });

  it('opens a database from before sessions had epochs, and claims its sessions', async (t) => {
    const directory = await temporaryDirectory(t);
    const before = await openStore(directory);
    const s = record('s');
    await before.commit(await before.beginEpoch(), [create(s), append(s, 0, [event(1)])]);
    await before.close();
    const database = new Database(join(directory, 'sessions.db'));
    database.exec('ALTER TABLE sessions DROP COLUMN epoch');
    database.exec(`DELETE FROM kysely_migration WHERE name >= '0005-epochs'`);
    database.close();
    const after = await openStore(directory);
    t.after(() => after.close());
    assert.equal((await after.readEvents('s', -1, ALL)).length, 2);
    const claim = { kind: 'claim', sessionId: 's' } as const;
    assert.deepEqual(await after.commit(await after.beginEpoch(), [claim]), [
      { kind: 'written', claimed: { sessionId: 's', epoch: 2, takeovers: 0, lastIndex: 1 } },
    ]);
  });

  it('D2 explains in one sentence why a location cannot be used', async (t) => {
    const directory = await temporaryDirectory(t);
    const file = join(directory, 'file');
    await writeFile(file, 'x');
    await assert.rejects(openStore(file), /^Error: The data directory “.*” cannot be used: /);
    await writeFile(
      join(directory, 'sessions.db'),
      'this is no database, and long enough to be seen as none',
    );
    await assert.rejects(openStore(directory), /^Error: The data directory “.*” cannot be used: /);
  });
});
