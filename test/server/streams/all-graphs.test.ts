import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';
import type { RawFrame, SseReader } from '../../support/sse-reader.js';

/** Random sequences per store, or `RUNS` if that variable is set. */
const RUNS = Number(process.env['RUNS'] ?? 20);

const GRAPHS = ['haiku', 'essay', 'a "b" ä'] as const;

/** The changes of several graphs, and the readers that read after each step (the others are slow). */
const storm = fc.array(
  fc.record({
    act: fc.constantFrom('create', 'create', 'ask', 'cancel', 'delete', 'rename', 'join'),
    graph: fc.constantFrom(...GRAPHS),
    pick: fc.nat(100),
    reads: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);

const byToken = (token: string | undefined) => (token === undefined ? undefined : { principal: token });
const as = (token: string) => ({ Authorization: `Bearer ${token}` });

const isSnapshotComplete = ({ event }: RawFrame): boolean => event === 'snapshotComplete';
const isRow = ({ event }: RawFrame): boolean => event === 'sessionStatus';
const rowsOf = (reader: SseReader): readonly JsonObject[] =>
  reader.frames.filter(isRow).map(({ data }) => data);

/** The rows of a reader at the end, by the id of their session. */
function lastRowsOf(reader: SseReader): readonly JsonObject[] {
  const rows = new Map<string, JsonObject>();
  for (const row of rowsOf(reader)) {
    if (row['status'] === 'deleted') rows.delete(String(row['sessionId']));
    else rows.set(String(row['sessionId']), row);
  }
  return [...rows.values()].sort((a, b) => String(a['sessionId']).localeCompare(String(b['sessionId'])));
}

for (const kind of STORES) {
  describe(`the list of all graphs over a ${kind} store`, () => {
    it('is a snapshot with the graph of each row, then the changes of every graph', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const x = await server.create(ONE_NODE, 'haiku');
      const y = await server.create(ONE_NODE, 'essay');
      await runner.complete(x);
      const reader = await server.monitorAll();
      const complete = await reader.until(isSnapshotComplete);
      const { ts: _, ...start } = reader.frames[0]?.data ?? {};
      assert.deepEqual(start, {
        graphs: 'all',
        protocol: 1,
        features: ['all-graphs', 'delete-many', 'older-sessions'],
        revision: 3,
        heartbeatMs: 15_000,
      });
      assert.deepEqual(
        rowsOf(reader).map(({ sessionId, graphId, status, revision }) => [
          sessionId,
          graphId,
          status,
          revision,
        ]),
        [
          [y, 'essay', 'running', 1],
          [x, 'haiku', 'completed', 2],
        ],
      );
      assert.deepEqual([complete.data['revision'], complete.data['count']], [3, 2]);

      const z = await server.create(ONE_NODE, 'third');
      const added = await reader.next();
      assert.deepEqual(
        [added?.data['sessionId'], added?.data['graphId'], added?.id],
        [z, 'third', undefined],
      );
      await server.delete(x);
      const deleted = await reader.next();
      assert.deepEqual(
        [deleted?.data['sessionId'], deleted?.data['status'], deleted?.data['graphId']],
        [x, 'deleted', 'haiku'],
      );
    });

    it(`has every change of every graph exactly once, and ends as the server's list (${RUNS} runs)`, async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        authenticate: byToken,
        limits: { openSessionsPerPrincipal: 100_000, chunkBytes: 300, heartbeatMs: 20 },
      });
      let run = 0;
      const property = fc.asyncProperty(storm, async (steps) => {
        run += 1;
        const headers = { ...as(`person-${run}`), 'Content-Type': 'application/json' };
        const create = (graph: string) => server.create(ONE_NODE, graph, headers);
        const open: string[] = [];
        for (const graph of GRAPHS) open.push(await create(graph));
        const readers = [await server.monitorAll(headers)];
        for (const { act, graph, pick, reads } of steps) {
          const id = open[pick % open.length];
          if (act === 'join') readers.push(await server.monitorAll(headers));
          else if (act === 'create' || id === undefined) open.push(await create(graph));
          else if (act === 'ask') await runner.ask(id);
          else if (act === 'rename') {
            await server.request('PATCH', `/${id}`, { body: JSON.stringify({ title: `T${pick}` }), headers });
          } else {
            open.splice(open.indexOf(id), 1);
            if (act === 'delete') await server.delete(id, headers);
            else await server.request('POST', `/${id}:cancel`, { headers });
          }
          for (const [position, reader] of readers.entries()) if (reads[position % 4]) await reader.next();
        }
        // One in each graph: behind it are all changes of that graph.
        const last: string[] = [];
        for (const graph of GRAPHS) last.push(await create(graph));
        const now = await server.monitorAll(headers);
        await now.until(isSnapshotComplete);
        for (const reader of readers) {
          const hasAll = (): boolean =>
            last.every((id) => rowsOf(reader).some(({ sessionId }) => sessionId === id)) &&
            reader.frames.some(isSnapshotComplete);
          if (!hasAll()) await reader.until(hasAll);
          assert.deepEqual(lastRowsOf(reader), lastRowsOf(now));
          const live = reader.frames.slice(reader.frames.findIndex(isSnapshotComplete)).filter(isRow);
          for (const graph of GRAPHS) {
            const revisions = live.flatMap(({ data }) =>
              data['graphId'] === graph ? [data['revision']] : [],
            );
            assert.deepEqual(
              revisions,
              [...new Set(revisions)].sort((a, b) => Number(a) - Number(b)),
              'each change of a graph once, in order',
            );
          }
          reader.close();
        }
        now.close();
      });
      await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
    });

    it('is read by pages: a change of any graph ends the wait, and older pages reach every session', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        limits: { monitorRows: 3 },
      });
      const ids: string[] = [];
      for (let count = 0; count < 9; count += 1) {
        ids.push(await server.create(ONE_NODE, GRAPHS[count % 3]));
      }
      const { body } = await server.get('/:list?graphs=all');
      assert.deepEqual(
        [body['graphs'], body['graphId'], body['revision'], body['truncated']],
        ['all', undefined, 9, true],
      );
      const seen = new Set<unknown>();
      const note = (rows: unknown): void => {
        assert.ok(Array.isArray(rows));
        for (const row of rows) if (isJsonObject(row)) seen.add(row['sessionId']);
      };
      note(body['rows']);
      for (let before: unknown = body['oldestCreatedAt']; before !== undefined;) {
        const query = new URLSearchParams({ graphs: 'all', before: String(before), limit: '2' });
        const page = await server.get(`/:list?${query}`);
        assert.equal(page.body['graphs'], 'all');
        note(page.body['rows']);
        before = page.body['next'];
      }
      assert.deepEqual(seen, new Set(ids));

      const known = new URLSearchParams({
        graphs: 'all',
        revision: '9',
        tag: String(body['tag']),
        wait: '30',
      });
      const waiting = server.get(`/:list?${known}`);
      await runner.complete(ids[0] ?? '');
      const changed = await waiting;
      assert.equal(changed.body['revision'], 10);
      assert.ok(Array.isArray(changed.body['rows']));
    });
  });
}

describe('the list of all graphs', () => {
  it('has the sessions of its reader only', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: byToken,
    });
    await server.create(ONE_NODE, 'haiku', as('ann'));
    const own = await server.create(ONE_NODE, 'haiku', as('bo'));
    const reader = await server.monitorAll(as('bo'));
    const complete = await reader.until(isSnapshotComplete);
    assert.equal(complete.data['count'], 1);
    await server.create(ONE_NODE, 'essay', as('ann'));
    const later = await server.create(ONE_NODE, 'essay', as('bo'));
    await reader.until(({ data }) => data['sessionId'] === later);
    assert.deepEqual(
      rowsOf(reader).map(({ sessionId }) => sessionId),
      [own, later],
    );
  });

  it('is not the list of a graph called “*”: no run can have that graph, and its own list stays apart', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const refused = await server.post('/new', { graphId: '*', graph: ONE_NODE });
    assert.deepEqual([refused.status, refused.body['code']], [400, 'invalid-request']);
    assert.match(String(refused.body['detail']), /“\*” stands for all graphs/);
    await server.create(ONE_NODE, 'haiku');
    const { body } = await server.get('/:list?graphId=*');
    assert.deepEqual([body['graphId'], body['rows']], ['*', []]);
  });

  it('is asked for by “graphs=all” alone: anything else is refused in a sentence', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    for (const query of ['graphs=some', 'graphs=', 'graphs=all&graphId=g']) {
      for (const path of [`?${query}&protocol=1`, `/:list?${query}`, `/:list?${query}&before=1`]) {
        const { status, body } = await server.get(path);
        assert.deepEqual([status, body['code']], [400, 'invalid-request'], path);
        assert.match(String(body['detail']), /“graphs” must be “all”/);
      }
    }
  });
});
