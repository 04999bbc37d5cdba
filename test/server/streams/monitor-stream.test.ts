import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';
import { STORES, storeLocation, temporaryDirectory, TestServer } from '../../support/server.js';
import { idsOf, kindsOf, type RawFrame, type SseReader } from '../../support/sse-reader.js';

/** Random sequences per store in M1, or `RUNS` if that variable is set. */
const RUNS = Number(process.env['RUNS'] ?? 30);

/** The changes of a list, and the readers that read after each step (the others are slow). */
const storm = fc.array(
  fc.record({
    act: fc.constantFrom('create', 'create', 'ask', 'cancel', 'delete', 'join'),
    pick: fc.nat(100),
    reads: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);

const isSnapshotComplete = ({ event }: RawFrame): boolean => event === 'snapshotComplete';

/** The list of a client after these frames: the rule of the protocol, in a few lines. */
function rowsOf(frames: readonly RawFrame[], rows = new Map<string, JsonObject>()): Map<string, JsonObject> {
  let collected: Set<string> | undefined;
  for (const { event, data } of frames) {
    const id = String(data['sessionId']);
    if (event === 'monitorStart') collected = new Set();
    if (event === 'sessionStatus') {
      if (data['status'] === 'deleted') rows.delete(id);
      else rows.set(id, data);
      collected?.add(id);
    }
    if (event === 'snapshotComplete') {
      for (const [known, row] of rows) {
        const isInRange =
          data['truncated'] !== true || Number(row['createdAt']) >= Number(data['oldestCreatedAt']);
        if (isInRange && collected?.has(known) !== true) rows.delete(known);
      }
      collected = undefined;
    }
  }
  return rows;
}

function assertRevisionsGrow(reader: SseReader): void {
  const live = reader.frames.slice(reader.frames.findIndex(isSnapshotComplete));
  const ids = idsOf(live);
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((a, b) => a - b),
  );
}

for (const kind of STORES) {
  describe(`the list of sessions over a ${kind} store`, () => {
    it('is a snapshot at one revision, then every change in order', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const ids = [await server.create(), await server.create(), await server.create()];
      await runner.ask(ids[1] ?? '');
      const reader = await server.monitor();
      await reader.until(isSnapshotComplete);
      assert.deepEqual(kindsOf(reader.frames), [
        'monitorStart',
        'sessionStatus',
        'sessionStatus',
        'sessionStatus',
        'snapshotComplete',
      ]);
      const [start, ...rest] = reader.frames;
      const complete = rest.pop();
      const { ts, ...first } = start?.data ?? {};
      assert.ok(Math.abs(Date.now() - Number(ts)) < 60_000, String(ts));
      assert.deepEqual(first, {
        graphId: 'g',
        protocol: 1,
        features: ['all-graphs', 'delete-many', 'older-sessions'],
        revision: 4,
        heartbeatMs: 15_000,
      });
      assert.equal(start?.id, undefined);
      assert.equal(complete?.id, '4');
      const oldest = rest.at(-1)?.data['createdAt'];
      assert.deepEqual(complete?.data, { revision: 4, count: 3, truncated: false, oldestCreatedAt: oldest });
      const keys = rest.map(({ data }) => Number(data['createdAt']));
      assert.deepEqual(keys, [...keys].sort().reverse());
      assert.ok(rest.every(({ id, data }) => id === String(data['revision']) && Number(id) <= 4));
      const asked = rest.find(({ data }) => data['sessionId'] === ids[1]);
      assert.equal(asked?.data['pendingInputs'], 1);
      assert.equal(asked?.data['question'], 'Well?');
      assert.equal(asked?.data['status'], 'suspended');

      await runner.complete(ids[0] ?? '');
      const row = await reader.next();
      assert.deepEqual([row?.id, row?.data['status']], ['5', 'completed']);
      await server.delete(ids[0] ?? '');
      const deleted = await reader.next();
      assert.deepEqual([deleted?.id, deleted?.data['status']], ['6', 'deleted']);
    });

    it(`M1 ends equal to the server's list, whatever happens during the snapshot (${RUNS} runs)`, async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        // The reader is at the end when it gets a heartbeat.
        limits: { openSessionsPerPrincipal: 100_000, chunkBytes: 300, heartbeatMs: 20 },
      });
      let run = 0;
      const property = fc.asyncProperty(storm, async (steps) => {
        run += 1;
        const graphId = `storm${run}`;
        const create = () => server.create(ONE_NODE, graphId);
        const open = [await create(), await create(), await create()];
        const readers = [await server.monitor(graphId)];
        for (const { act, pick, reads } of steps) {
          const id = open[pick % open.length];
          if (act === 'join') readers.push(await server.monitor(graphId));
          else if (act === 'create' || id === undefined) open.push(await create());
          else if (act === 'ask') await runner.ask(id);
          else {
            open.splice(open.indexOf(id), 1);
            await (act === 'delete' ? server.delete(id) : server.cancel(id));
          }
          for (const [position, reader] of readers.entries()) if (reads[position % 4]) await reader.next();
        }
        const last = await create();
        const now = await server.monitor(graphId);
        await now.until(isSnapshotComplete);
        const truth = rowsOf(now.frames);
        for (const reader of readers) {
          if (!reader.frames.some(({ data }) => data['sessionId'] === last)) {
            await reader.until(({ data }) => data['sessionId'] === last);
          }
          if (!reader.frames.some(isSnapshotComplete)) await reader.until(isSnapshotComplete);
          assert.deepEqual(sorted(rowsOf(reader.frames)), sorted(truth));
          assertRevisionsGrow(reader);
          reader.close();
        }
        now.close();
      });
      await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
    });
  });
}

function sorted(rows: Map<string, JsonObject>): [string, JsonObject][] {
  return [...rows].sort(([a], [b]) => a.localeCompare(b));
}

describe('the list of sessions', () => {
  it('M2 reports deletions that happened without watchers by leaving the rows out', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const ids = [await server.create(), await server.create(), await server.create()];
    const first = await server.monitor();
    await first.until(isSnapshotComplete);
    first.close();
    await server.delete(ids[0] ?? '');
    await server.delete(ids[2] ?? '');
    const second = await server.monitor();
    await second.until(isSnapshotComplete);
    const rows = rowsOf(second.frames, rowsOf(first.frames));
    assert.deepEqual([...rows.keys()], [ids[1]]);
  });

  it('M3 has nothing but rows for a client older than version 1', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { heartbeatMs: 20, streamAgeMs: 500 } });
    const id = await server.create();
    const reader = await server.monitor('g', '');
    await reader.until(({ comment }) => comment !== undefined);
    await runner.complete(id);
    await reader.until(({ data }) => data['status'] === 'completed');
    await reader.toEnd();
    assert.match(reader.frames.at(-1)?.text ?? '', /^retry: \d+\n\n$/, 'not even the goodbye');
    for (const { event, data } of reader.frames) {
      assert.equal(event, Object.keys(data).length === 0 ? undefined : 'sessionStatus');
    }
  });

  it('M4 reports that it is truncated, and its oldest row', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), limits: { monitorRows: 5 } });
    for (let count = 0; count < 8; count += 1) await server.create();
    const reader = await server.monitor();
    const complete = await reader.until(isSnapshotComplete);
    const rows = reader.frames.filter(({ event }) => event === 'sessionStatus');
    assert.equal(rows.length, 5);
    assert.deepEqual([complete.data['count'], complete.data['truncated']], [5, true]);
    assert.equal(complete.data['oldestCreatedAt'], rows.at(-1)?.data['createdAt']);
    assert.equal(complete.data['revision'], 8);
  });

  it('M5 merges changes for a stalled reader', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { logEvents: 100_000 } });
    const id = await server.create();
    const reader = await server.monitor();
    await reader.until(isSnapshotComplete);
    // The reader stalls meanwhile; each change is about 300 bytes.
    for (let step = 0; step < 10_000; step += 1) {
      const text = `${step} ${'x'.repeat(100)}`;
      await runner.append(id, { type: 'nodeEnd', nodeId: 'n', outputs: { context: text } });
    }
    await runner.complete(id);
    const last = await reader.until(({ data }) => data['status'] === 'completed');
    assert.equal(last.data['revision'], 10_002);
    assertRevisionsGrow(reader);
  });

  it('M5 does not report events that change no row', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    const reader = await server.monitor();
    await reader.until(isSnapshotComplete);
    for (let step = 0; step < 500; step += 1) {
      await runner.append(id, { type: 'agentEvent', nodeId: 'n', event: { content: {} } }, thought('hm'));
    }
    await runner.complete(id);
    const row = await reader.next();
    assert.deepEqual([row?.id, row?.data['status']], ['2', 'completed']);
  });

  it('merges changes that come faster than its interval', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { monitorIntervalMs: 100 } });
    const id = await server.create();
    const reader = await server.monitor();
    await reader.until(isSnapshotComplete);
    for (let step = 0; step < 50; step += 1) await runner.ask(id);
    await runner.complete(id);
    await reader.until(({ data }) => data['status'] === 'completed');
    assert.ok(reader.frames.length < 20, `${reader.frames.length} frames`);
    assertRevisionsGrow(reader);
  });

  it('M7 of one graph has no row of another, and requires a graphId', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    for (let count = 0; count < 5; count += 1) {
      await server.create(undefined, 'x');
      await server.create(undefined, 'y z');
    }
    const reader = await server.monitor('y%20z');
    const complete = await reader.until(isSnapshotComplete);
    assert.deepEqual([complete.data['count'], complete.data['revision']], [5, 5]);
    await server.create(undefined, 'x');
    const own = await server.create(undefined, 'y z');
    assert.equal((await reader.next())?.data['sessionId'], own);
    for (const query of ['', '?graphId=', '?protocol=1']) {
      const { status, body } = await server.get(query);
      assert.deepEqual([status, body['code']], [400, 'missing-graph-id']);
    }
  });

  it('M6 continues the revisions after a restart', async (t) => {
    const store = await temporaryDirectory(t);
    const before = await TestServer.start(t, { store, runner: new PuppetRunner() });
    const ids = [await before.create(), await before.create()];
    await before.delete(ids[0] ?? '');
    const first = await before.monitor();
    const was = await first.until(isSnapshotComplete);
    await before.close();
    const after = await TestServer.start(t, { store, runner: new PuppetRunner() });
    const second = await after.monitor();
    const is = await second.until(isSnapshotComplete);
    assert.deepEqual(is.data, was.data);
    await after.create();
    assert.equal((await second.next())?.data['revision'], Number(was.data['revision']) + 1);
  });
});
