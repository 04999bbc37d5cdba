import pg from 'pg';
import { startPostgres } from '../scripts/postgres-server.mjs';
import { BenchServer, figure, quantile, sleep, times, untilText } from './support.js';

const LIMITS = {
  openSessionsPerPrincipal: 100_000,
  sessionsPerGraph: 100_000,
  streamsPerPrincipal: 100_000,
  streamsPerSession: 1000,
  // A killed server is found by its lease; sessions that wait are given back soon.
  lingerMs: 1000,
};
/** Bytes of an event. */
const EVENT_BYTES = 300;
/** Sessions that write at once, over all servers. */
const WRITERS = 40;
/** Events of a session that is read at another server. */
const READ_EVENTS = 50;
/** How long an idle server is watched. */
const IDLE_MS = 10_000;

/**
 * Several servers on one PostgreSQL database, as figures and as ratios to one of them: appends, the way of an event to a
 * reader at another server, takeover, many readers, and what an idle server asks. SQLite, with one server, for comparison.
 */
export async function cluster(events = 500, readers = 1000): Promise<void> {
  const given = process.env['TEST_POSTGRES_URL'];
  const own = given === undefined ? await startPostgres() : undefined;
  const place = given ?? own?.url;
  if (place === undefined) throw new Error('There is no PostgreSQL server for this platform.');
  const database = new BenchDatabase(place);
  try {
    const alone = await measureAppends('1 server, SQLite', [await BenchServer.start(LIMITS)], events);
    let one = alone;
    for (const count of [1, 2, 4]) {
      const servers = await startServers(await database.create(), count);
      const rate = await measureAppends(
        `${count} ${count === 1 ? 'server' : 'servers'}, PostgreSQL`,
        servers,
        events,
        database,
      );
      if (count === 1) one = rate;
      figure('  of one server', rate / one);
      figure('  of SQLite', rate / alone);
    }
    await measureReaders(await startServers(await database.create(), 2), readers, database);
    await measureTakeover(await startServers(await database.create(), 2));
    await measureIdle(database);
  } finally {
    await database.close();
    await own?.stop();
  }
}

/** Measures how many events a second all servers write together, each with its share of the sessions. */
async function measureAppends(
  name: string,
  servers: readonly BenchServer[],
  events: number,
  database?: BenchDatabase,
): Promise<number> {
  console.log(name);
  try {
    await writeAll(servers, 20);
    const [cpu, transactions, began] = [
      await cpuOf(servers),
      await database?.transactions(),
      performance.now(),
    ];
    await writeAll(servers, events);
    const appends = WRITERS * events;
    const rate = appends / ((performance.now() - began) / 1000);
    figure('  appends', rate, '/s');
    figure(
      '  processor time of the servers per append',
      (((await cpuOf(servers)) - cpu) * 1000) / appends,
      'µs',
    );
    if (database !== undefined && transactions !== undefined) {
      figure('  transactions per append', ((await database.transactions()) - transactions) / appends);
    }
    return rate;
  } finally {
    await stopAll(servers);
  }
}

/** Runs sessions to their end, as fast as they can write. */
async function writeAll(servers: readonly BenchServer[], events: number): Promise<void> {
  await times(WRITERS, async (turn) => {
    const server = servers[turn % servers.length];
    if (server === undefined) return;
    const id = await server.create('flood', { events, bytes: EVENT_BYTES });
    const socket = await server.connect(`/${id}?protocol=1`);
    await untilText(socket, '"type":"graphComplete"');
    socket.destroy();
  });
}

/**
 * Measures how long an event takes to readers at the other server, one for each session and many of them; and what that costs
 * that server, the database, and the readers, which are in this process.
 */
async function measureReaders(
  [writer, other]: readonly BenchServer[],
  count: number,
  database: BenchDatabase,
): Promise<void> {
  if (writer === undefined || other === undefined) return;
  try {
    for (const readers of [WRITERS, count]) {
      const delays: number[] = [];
      const ids = await times(WRITERS, () =>
        writer.create('flood', { events: READ_EVENTS, bytes: EVENT_BYTES, perSecond: 5 }),
      );
      let ended = 0;
      const [cpu, own, transactions] = [
        await cpuOf([other]),
        process.cpuUsage(),
        await database.transactions(),
      ];
      const read = async (turn: number): Promise<void> => {
        const socket = await other.connect(`/${ids[turn % WRITERS]}?protocol=1`);
        const openedMs = Date.now();
        await untilText(socket, '"type":"graphComplete"', (text) => {
          const now = Date.now();
          // What was written before is a replay.
          const live = [...text.matchAll(/"ts":(\d{13})\b/g)]
            .map(([, ts]) => Number(ts))
            .filter((ts) => ts > openedMs);
          delays.push(...live.map((ts) => now - ts));
        });
        ended += 1;
        socket.destroy();
      };
      await Promise.all(Array.from({ length: readers }, (_, turn) => read(turn)));
      console.log(`${readers} readers at the other server`);
      figure('  readers that got the end', ended);
      figure('  event to reader, p50', quantile(delays, 0.5), 'ms');
      figure('  event to reader, p99', quantile(delays, 0.99), 'ms');
      const { user, system } = process.cpuUsage(own);
      const sent = readers * READ_EVENTS;
      figure(
        '  processor time of that server',
        (((await cpuOf([other])) - cpu) * 1000) / sent,
        'µs/event sent',
      );
      figure('  processor time of the readers', (user + system) / sent, 'µs/event sent');
      const made = (await database.transactions()) - transactions;
      figure('  transactions per event written', made / (WRITERS * READ_EVENTS));
    }
  } finally {
    await stopAll([writer, other]);
  }
}

/** Measures how soon another server continues a session after `kill -9` of its own. */
async function measureTakeover([owner, other]: readonly BenchServer[]): Promise<void> {
  if (owner === undefined || other === undefined) return;
  const id = await owner.create('flood', { events: 10_000, bytes: EVENT_BYTES, perSecond: 20 });
  await sleep(1000);
  await owner.stop();
  const began = performance.now();
  try {
    for (let status = 'running'; status === 'running'; await sleep(100)) {
      const response = await fetch(`${other.base}/${id}/status`);
      status = String(((await response.json()) as { status?: string }).status);
    }
    console.log('kill -9 of an owner');
    figure('  until its session is taken over', (performance.now() - began) / 1000, 's');
  } finally {
    await other.stop();
  }
}

/** Measures how many transactions an idle server makes, with none and with many sessions that wait for an answer. */
async function measureIdle(database: BenchDatabase): Promise<void> {
  const [server] = await startServers(await database.create(), 1);
  if (server === undefined) return;
  try {
    for (const waiting of [0, 1000]) {
      await times(waiting, () => server.create('ask-text', { prompt: 'Well?' }));
      // Until they are given back.
      await sleep(waiting === 0 ? 1000 : 8000);
      const before = await database.transactions();
      await sleep(IDLE_MS);
      const rate = ((await database.transactions()) - before) / (IDLE_MS / 1000);
      console.log(`an idle server, ${waiting} sessions wait`);
      figure('  transactions', rate, '/s');
    }
  } finally {
    await server.stop();
  }
}

function startServers(url: string, count: number): Promise<readonly BenchServer[]> {
  return Promise.all(Array.from({ length: count }, () => BenchServer.on(url, LIMITS)));
}

async function stopAll(servers: readonly BenchServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

async function cpuOf(servers: readonly BenchServer[]): Promise<number> {
  const stats = await Promise.all(servers.map((server) => server.stats()));
  return stats.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** The databases of the benchmark on one PostgreSQL server. */
class BenchDatabase {
  readonly #url: string;
  readonly #client: pg.Client;
  readonly #names: string[] = [];
  #isConnected = false;

  constructor(url: string) {
    this.#url = url;
    this.#client = new pg.Client({ connectionString: url });
  }

  /** Creates an empty database and returns its URL. */
  async create(): Promise<string> {
    const name = `bench_${process.pid}_${this.#names.length}`;
    await (await this.#connection()).query(`create database ${name}`);
    this.#names.push(name);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** The number of transactions in the newest database so far. */
  async transactions(): Promise<number> {
    const client = await this.#connection();
    // A process reports its transactions when it is idle, at most once a second.
    await sleep(1100);
    const { rows }: pg.QueryResult<{ count: string }> = await client.query(
      'select xact_commit + xact_rollback as count from pg_stat_database where datname = $1',
      [this.#names.at(-1)],
    );
    return Number(rows[0]?.count ?? 0);
  }

  async close(): Promise<void> {
    if (!this.#isConnected) return;
    for (const name of this.#names) await this.#client.query(`drop database ${name} with (force)`);
    await this.#client.end();
  }

  async #connection(): Promise<pg.Client> {
    if (!this.#isConnected) await this.#client.connect();
    this.#isConnected = true;
    return this.#client;
  }
}
