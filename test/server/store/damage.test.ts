import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import Database from 'libsql';
import { openStore } from '../../../src/server/store/open-store.js';
import type { LoggedEvent, SessionRecord } from '../../../src/server/store/session-store.js';
import { CliProcess } from '../../support/cli-process.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { temporaryDirectory, TestServer } from '../../support/server.js';
import { SseReader } from '../../support/sse-reader.js';

const RUNS = Number(process.env['RUNS'] ?? 25);
const FILES = ['sessions.db', 'sessions.db-wal'] as const;
const RECORD: SessionRecord = { sessionId: 's', graphId: 'g', principal: 'p', logId: 'l', createdMs: 1 };
const SUMMARY = { sessionId: 's', status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;

function event(index: number): LoggedEvent {
  const json = JSON.stringify({
    type: 'thoughtEvent',
    nodeId: 'n',
    text: `thought ${index} `.repeat(9),
    index,
  });
  return { index, type: 'thoughtEvent', json, bytes: Buffer.byteLength(json) };
}

/** Creates the files of a process that was killed while the log was in the write-ahead file. */
async function filesOfKilledProcess(t: TestContext): Promise<Map<string, Buffer>> {
  const directory = await temporaryDirectory(t);
  const store = await openStore(directory);
  const epoch = await store.beginEpoch();
  const plan = { graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;
  const common = { record: RECORD, status: 'running' } as const;
  await store.commit(epoch, [
    { kind: 'create', ...common, planJson: JSON.stringify(plan), events: [event(0)], row: SUMMARY },
  ]);
  for (let index = 1; index < 40; index += 1) {
    await store.commit(epoch, [
      { kind: 'append', ...common, expectedLastIndex: index - 1, events: [event(index)] },
    ]);
  }
  const files = new Map<string, Buffer>();
  for (const name of FILES) files.set(name, await readFile(join(directory, name)));
  await store.close();
  return files;
}

/** Reads these files as a new process does; undefined when it refuses them. */
async function readBack(
  directory: string,
  files: ReadonlyMap<string, Buffer>,
): Promise<readonly LoggedEvent[] | undefined> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
  try {
    const store = await openStore(directory);
    try {
      const stored = await store.find('s');
      if (stored === undefined) return [];
      const limits = { through: stored.lastIndex, maxEvents: 1000, maxBytes: 1e9 };
      const events = await store.readEvents('s', -1, limits);
      assert.equal(events.length, stored.lastIndex + 1, 'the log has the expected length');
      return events;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return undefined;
  }
}

describe('the files of a database', () => {
  it('D2 torn at any byte of the newest writes hold a correct prefix of the log', async (t) => {
    const files = await filesOfKilledProcess(t);
    const directory = join(await temporaryDirectory(t), 'copy');
    const wal = files.get('sessions.db-wal') ?? Buffer.alloc(0);
    assert.equal((await readBack(directory, files))?.length, 40);
    const lengths = new Set<number>();
    const property = fc.asyncProperty(fc.nat(wal.length), async (length) => {
      const torn = new Map(files).set('sessions.db-wal', wal.subarray(0, length));
      const events = await readBack(directory, torn);
      assert.deepEqual(
        events,
        Array.from({ length: events?.length ?? -1 }, (_, index) => event(index)),
      );
      lengths.add(events?.length ?? -1);
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
    assert.ok(lengths.size > 1, 'it was torn in different places');
  });

  it('D2 with a flipped bit are refused, or hold only correct events', async (t) => {
    const killed = await filesOfKilledProcess(t);
    // The same log in the database file itself, where no write-ahead checksum protects it.
    const settled = await temporaryDirectory(t);
    for (const [name, bytes] of killed) await writeFile(join(settled, name), bytes);
    const database = new Database(join(settled, 'sessions.db'));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const file = await readFile(join(settled, 'sessions.db'));
    const directory = join(await temporaryDirectory(t), 'copy');
    // Only in the events: what the tables of the sessions say has no checksum.
    const [first, last] = [file.indexOf('thought 0 '), file.lastIndexOf('thought ')];
    assert.ok(first > 0 && last > first);
    const outcomes = { refused: 0, read: 0 };
    const position = fc.integer({ min: Math.min(first, last), max: Math.max(first, last) });
    const property = fc.asyncProperty(position, fc.nat(7), async (at, bit) => {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const events = await readBack(directory, new Map([['sessions.db', flipped]])).catch(() => undefined);
      outcomes[events === undefined ? 'refused' : 'read'] += 1;
      for (const read of events ?? []) assert.deepEqual(read, { ...event(read.index), bytes: read.bytes });
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
    assert.ok(outcomes.refused > 0);
  });
});

/** A database with ten sessions, one in three of them open, and a receipt of each. */
async function filledDirectory(t: TestContext): Promise<string> {
  const directory = await temporaryDirectory(t);
  const store = await openStore(directory);
  const epoch = await store.beginEpoch();
  const plan = { graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;
  for (let count = 0; count < 10; count += 1) {
    const record = { ...RECORD, sessionId: `session-${count}` };
    const row = { ...SUMMARY, sessionId: record.sessionId };
    const common = { record, row } as const;
    const receipt = {
      key: `key-${count}`,
      digest: 'd',
      body: JSON.stringify({ sessionId: record.sessionId }),
    };
    await store.commit(epoch, [
      {
        kind: 'create',
        ...common,
        status: 'running',
        planJson: JSON.stringify(plan),
        events: [event(0)],
        receipt,
      },
      { kind: 'append', ...common, status: 'running', expectedLastIndex: 0, events: [event(1), event(2)] },
      { kind: 'label', ...common, labels: { title: 'Titled' } },
    ]);
    if (count % 3 === 0) continue;
    const status = 'completed';
    await store.commit(epoch, [
      { kind: 'append', ...common, status, expectedLastIndex: 2, events: [event(3)] },
    ]);
  }
  await store.close();
  return directory;
}

describe('a database with damage anywhere', () => {
  for (const [what, damage] of [
    [
      'a step of the migration',
      `update kysely_migration set name = cast(x'ff' as text) where name like '0004%'`,
    ],
    ['the time of a step of the migration', `update kysely_migration set timestamp = cast(x'ff' as text)`],
  ] as const) {
    it(`D2 is refused, and ends no process, when ${what} is not UTF-8 and a step is missing`, async (t) => {
      const directory = await filledDirectory(t);
      const database = new Database(join(directory, 'sessions.db'));
      database.exec(damage);
      database.exec(`delete from kysely_migration where name like '0003%'`);
      database.close();
      await assert.rejects(openStore(directory), Error);
    });
  }

  it('D2 ends no process, and shows no other events', async (t) => {
    const directory = await filledDirectory(t);
    const script = fileURLToPath(new URL('../../support/damage-rounds.ts', import.meta.url));
    const seed = String(Math.floor(Math.random() * 1e6));
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', script, directory, String(RUNS), seed],
      { encoding: 'utf8' },
    );
    assert.deepEqual({ status, signal }, { status: 0, signal: null }, `seed ${seed}: ${stderr}`);
    const { opened, done, failed } = JSON.parse(stdout) as Record<string, number>;
    assert.ok(Number(opened) > 0 && Number(done) > 0 && Number(failed) > 0, stdout);
  });

  const columns: Readonly<Record<string, readonly string[]>> = {
    sessions: ['principal', 'graph_id', 'log_id', 'status', 'summary', 'labels'],
    plans: ['plan'],
    receipts: ['digest', 'body'],
    events: ['type', 'json'],
  };
  for (const [table, names] of Object.entries(columns)) {
    for (const column of names) {
      it(`D2 fails for the session alone whose ${table}.${column} is not UTF-8`, async (t) => {
        const directory = await temporaryDirectory(t);
        const key = { 'Idempotency-Key': '"k"' };
        const runner = new PuppetRunner();
        const before = await TestServer.start(t, { store: directory, runner });
        const body = { graphId: 'g', graph: ONE_NODE };
        const open = String((await before.post('/new', body, key)).body['sessionId']);
        const [ended, other] = [await before.create(), await before.create()];
        await runner.complete(ended);
        await before.close();
        const database = new Database(join(directory, 'sessions.db'));
        const damage = `update ${table} set ${column} = cast(cast(${column} as blob) || x'ff' as text)`;
        const where = table === 'receipts' ? '' : ` where session_id in ('${open}', '${ended}')`;
        assert.ok(database.prepare(damage + where).run().changes > 0);
        database.close();
        const cli = CliProcess.spawn(t, '--port', '0', '--data', directory);
        const base = `${await cli.url()}/v1beta1/graphSessions`;
        const statusOf = async (path: string, init?: RequestInit) => {
          const response = await fetch(base + path, init);
          await response.body?.cancel();
          return response.status;
        };
        for (const id of [open, ended]) await statusOf(`/${id}/status`);
        await statusOf(`/${ended}:rerun`, { method: 'POST' });
        await statusOf('/new', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...key },
          body: JSON.stringify(body),
        });
        const monitor = await SseReader.open(`${base}?graphId=g&protocol=1`);
        await monitor.until(({ event: name }) => name === 'snapshotComplete');
        assert.ok(monitor.frames.some(({ data }) => data['sessionId'] === other));
        monitor.close();
        assert.equal(await statusOf(`/${other}/status`), 200);
        assert.deepEqual(await cli.kill('SIGTERM'), { code: 0, signal: null }, cli.output);
      });
    }
  }
});

describe('a session whose row cannot be read', () => {
  for (const column of [
    'graph_id',
    'log_id',
    'status',
    'labels',
    'summary',
    'plan',
    'last_index',
    'created_ms',
  ]) {
    it(`D2 can be deleted, one by one and with others: ${column}`, async (t) => {
      const directory = await temporaryDirectory(t);
      const runner = new PuppetRunner();
      const before = await TestServer.start(t, { store: directory, runner });
      const [open, other, ended, intact] = [
        await before.create(),
        await before.create(),
        await before.create(),
        await before.create(),
      ];
      await runner.complete(ended);
      await before.close();
      const database = new Database(join(directory, 'sessions.db'));
      const table = column === 'plan' ? 'plans' : 'sessions';
      const damage = `update ${table} set ${column} = cast(cast(${column} as blob) || x'ff' as text) where session_id != ?`;
      assert.equal(database.prepare(damage).run(intact).changes, 3);
      database.close();
      const after = await TestServer.start(t, {
        store: directory,
        runner: new PuppetRunner(),
        limits: { openSessionsPerPrincipal: 2 },
        // What is damaged is reported.
        onError: () => undefined,
      });
      for (const id of [open, ended]) assert.equal((await after.delete(id)).status, 200, id);
      const { body } = await after.post('/:delete', { sessionIds: [other, open] });
      assert.deepEqual(body['results'], [
        { sessionId: other, result: 'deleted' },
        { sessionId: open, result: 'deleted' },
      ]);
      for (const id of [open, other, ended]) {
        const { status, body: problem } = await after.get(`/${id}/status`);
        assert.deepEqual([status, problem['code']], [404, 'session-deleted']);
      }
      assert.equal((await after.get(`/${intact}/status`)).status, 200);
      await after.create();
      assert.equal(
        (await after.post('/new', { graphId: 'g', graph: ONE_NODE })).status,
        429,
        'they count no longer',
      );
    });
  }
});

describe('an event that differs from what was written', () => {
  for (const { what, change, status } of [
    // A status depends on no text of a node.
    { what: 'text', change: `json = replace(json, '"2 ', '"9 ')`, status: 200 },
    { what: 'type', change: `type = 'nodeEnd'`, status: 500 },
    { what: 'place', change: 'position = 99', status: 500 },
  ]) {
    it(`D2 is never shown: another ${what}`, async (t) => {
      const directory = await temporaryDirectory(t);
      const runner = new PuppetRunner();
      const before = await TestServer.start(t, { store: directory, runner });
      const id = await before.create();
      await runner.think(id, 4);
      await runner.complete(id);
      const log = await before.log(id);
      await before.close();
      const database = new Database(join(directory, 'sessions.db'));
      const { changes } = database
        .prepare(`UPDATE events SET ${change} WHERE session_id = ? AND position = 2`)
        .run(id);
      assert.equal(changes, 1);
      database.close();

      const errors: unknown[] = [];
      const after = await TestServer.start(t, {
        store: directory,
        runner: new PuppetRunner(),
        onError: (error) => errors.push(error),
      });
      assert.equal((await after.get(`/${id}/status`)).status, status);
      const paths = [`/${id}/events`, `/${id}/events?after=1&limit=1`];
      for (const path of paths) assert.equal((await after.get(path)).status, 500, path);
      const reader = await SseReader.open(`${after.base}/${id}?protocol=1`);
      await assert.rejects(reader.toEnd());
      for (const { id: index, data } of reader.frames) {
        if (index !== undefined) assert.deepEqual(data, log[Number(index)]);
      }
      assert.ok(errors.length > paths.length, 'the host gets each error');
      // Events after the damaged one can still be read.
      const rest = (await after.get(`/${id}/events?after=2`)).body['events'];
      assert.deepEqual(rest, log.slice(3));
    });
  }
});
