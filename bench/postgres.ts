import { readFileSync } from 'node:fs';
import process from 'node:process';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { startPostgres } from '../scripts/postgres-server.mjs';
import { openStore } from '../src/server/store/open-store.js';
import type { LoggedEvent, SessionStore, SessionWrite } from '../src/server/store/session-store.js';
import { figure } from './support.js';

/** Sessions of which each commit appends to some. */
const SESSIONS = 50;
/** Sessions and their events whose sizes are measured: as many as a commit has, several times. */
const SIZED_SESSIONS = 250;
const SIZED_EVENTS = 200;
const PLAN = JSON.stringify({ graph: { nodes: [] }, mode: 'interactive', inputs: {} });

/** Appends per second over PostgreSQL, and what one costs, alone and in groups of 50 sessions. */
export async function postgres(commits = 400): Promise<void> {
  const url = process.env['TEST_POSTGRES_URL'];
  const own = url === undefined ? await startPostgres() : undefined;
  const place = url ?? own?.url;
  if (place === undefined) throw new Error('There is no PostgreSQL server for this platform.');
  const store = await openStore(place);
  try {
    const bench = await AppendBench.open(store);
    await bench.run(1, 50);
    for (const group of [1, SESSIONS]) await measure(bench, group, commits, place);
    await measureSizes(store, place);
  } finally {
    await store.close();
    await own?.stop();
  }
}

async function measure(bench: AppendBench, group: number, commits: number, url: string): Promise<void> {
  const trips = countQueries();
  const [cpu, databaseMs, started] = [process.cpuUsage(), await databaseCpuMs(url), performance.now()];
  await bench.run(group, commits);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const appends = group * commits;
  console.log(`in groups of ${group}`);
  figure('appends', appends / seconds, '/s');
  figure('round trips per append', trips() / appends);
  figure('processor time of this process per append', (user + system) / appends, 'µs');
  const databaseUs = ((await databaseCpuMs(url)) - databaseMs) * 1000;
  figure('processor time of the database per append', databaseUs / appends, 'µs');
}

/** Measures what ended sessions take on the disk of the database, with their indexes, and what one writes to its log. */
async function measureSizes(store: SessionStore, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const read = async (text: string): Promise<number> => {
    const { rows }: pg.QueryResult<{ value: string }> = await client.query(`select ${text} as value`);
    return Number(rows[0]?.value);
  };
  const tables = ['events', 'sessions', 'plans'] as const;
  const sizes = async (): Promise<readonly number[]> => {
    const found: number[] = [];
    for (const table of tables) found.push(await read(`pg_total_relation_size('graph_sessions.${table}')`));
    return found;
  };
  const before = await sizes();
  const walBefore = await read(`pg_current_wal_lsn() - '0/0'`);
  const epoch = await store.beginEpoch();
  for (let first = 0; first < SIZED_SESSIONS; first += SESSIONS) {
    const numbers = Array.from({ length: SESSIONS }, (_, turn) => 1000 + first + turn);
    await store.commit(epoch, numbers.map(creationOf));
    for (let index = 1; index < SIZED_EVENTS; index += 1) {
      await store.commit(
        epoch,
        numbers.map((number) => appendOf(number, index)),
      );
    }
  }
  const wal = (await read(`pg_current_wal_lsn() - '0/0'`)) - walBefore;
  const after = await sizes();
  await client.end();
  console.log(`${SIZED_SESSIONS} sessions with ${SIZED_EVENTS} events of ${eventAt(1).bytes} bytes`);
  for (const [position, table] of tables.entries()) {
    const rows = table === 'events' ? SIZED_SESSIONS * SIZED_EVENTS : SIZED_SESSIONS;
    figure(`on disk, per row of ${table}`, ((after[position] ?? 0) - (before[position] ?? 0)) / rows, 'B');
  }
  figure('write-ahead log, per append', wal / (SIZED_SESSIONS * SIZED_EVENTS), 'B');
}

/** Sessions whose logs grow by one event with each commit. */
class AppendBench {
  readonly #store: SessionStore;
  readonly #epoch: number;
  readonly #lastIndexes = new Map<number, number>();

  private constructor(store: SessionStore, epoch: number) {
    this.#store = store;
    this.#epoch = epoch;
  }

  static async open(store: SessionStore): Promise<AppendBench> {
    const bench = new AppendBench(store, await store.beginEpoch());
    await store.commit(
      bench.#epoch,
      Array.from({ length: SESSIONS }, (_, number) => creationOf(number)),
    );
    return bench;
  }

  async run(group: number, commits: number): Promise<void> {
    for (let turn = 0; turn < commits; turn += 1) {
      const writes = Array.from({ length: group }, (_, number): SessionWrite => {
        const expectedLastIndex = this.#lastIndexes.get(number) ?? 0;
        this.#lastIndexes.set(number, expectedLastIndex + 1);
        return appendOf(number, expectedLastIndex + 1);
      });
      await this.#store.commit(this.#epoch, writes);
    }
  }
}

function creationOf(number: number): SessionWrite {
  const record = recordOf(number);
  const { sessionId } = record;
  const row = { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
  return { kind: 'create', record, planJson: PLAN, events: [eventAt(0)], status: 'running', row };
}

function appendOf(number: number, index: number): SessionWrite {
  const expectedLastIndex = index - 1;
  return {
    kind: 'append',
    record: recordOf(number),
    expectedLastIndex,
    events: [eventAt(index)],
    status: 'running',
  };
}

function recordOf(number: number) {
  return { sessionId: `s${number}`, graphId: 'g', principal: 'p', logId: 'l', createdMs: 1 };
}

function eventAt(index: number): LoggedEvent {
  const json = JSON.stringify({ type: 'thoughtEvent', nodeId: 'n', text: 'x'.repeat(200), index, ts: 1 });
  return { index, type: 'thoughtEvent', json, bytes: json.length };
}

/** Counts the statements that are sent from now on. */
function countQueries(): () => number {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: Parameters<typeof query>) {
    count += 1;
    return query.apply(this, args);
  } as typeof query;
  return () => {
    pg.Client.prototype.query = query;
    return count;
  };
}

/** Processor time of the database's processes for this one, in milliseconds. The database is on this machine, a Linux. */
async function databaseCpuMs(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows }: pg.QueryResult<{ pid: number }> = await client.query(
    "select pid from pg_stat_activity where application_name = 'graph-sessions'",
  );
  await client.end();
  return rows.reduce((sum, { pid }) => {
    // User and system time in ticks of 10 ms; the name before them may have spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) * 10;
  }, 0);
}
