import { Kysely, PostgresDialect, sql } from 'kysely';
import { monotonicMs } from '../../cluster/postgres/beat-thread.js';
import { PostgresClaims } from '../../cluster/postgres/postgres-claims.js';
import { PostgresWakeBus } from '../../cluster/postgres/postgres-wake-bus.js';
import { StoreClock } from '../../cluster/store-clock.js';
import type { StoreCluster } from '../../cluster/store-cluster.js';
import { postgresPool } from './postgres-pool.js';
import { CommitLostError } from '../sql/sql-transaction.js';
import { appendAtOnce, findAppended } from './append-statement.js';
import { canBeJoined } from './joined-appends.js';
import { isDeadlock, isLoss } from './postgres-errors.js';
import type { SessionStore } from '../session-store.js';
import type { SqlColumns, SqlDatabase } from '../sql/sql-database.js';
import { textOf, type UnknownRow } from '../sql/sql-rows.js';
import { migrate, MIGRATION_NAMES, type SqlKind, type SqlSchema } from '../sql/sql-schema.js';
import { SqlStore } from '../sql/sql-store.js';

/** The oldest version of PostgreSQL with all that is used. */
const OLDEST_VERSION = 15;
/** Connections of a process. */
const MAX_CONNECTIONS = 10;
/** How long a statement may take: the response to a request must not take more than 5 s. */
const STATEMENT_MS = 3500;
/** Sets the locks of principals apart from those of other programs. */
const PRINCIPAL_SEED = 7_460_213;
/** The schema of all tables. */
const SCHEMA = 'graph_sessions';

/** How the processes on a database find out which of them are dead. Times are milliseconds. */
export interface PostgresLease {
  /** How often a process shows that it lives; default 3 s. */
  readonly beatMs: number;
  /** A process that did not show it for so long is dead; default 15 s. */
  readonly leaseMs: number;
  /** How long the main thread of a process may be blocked; default 60 s. */
  readonly stallMs: number;
  /** How long a process that cannot show it continues its runs; default 30 s. */
  readonly doubtMs: number;
}

const LEASE: PostgresLease = { beatMs: 3000, leaseMs: 15_000, stallMs: 60_000, doubtMs: 30_000 };

/** Options of `openPostgresStore`. */
export interface PostgresStoreOptions {
  /** For tests; must be the same for all processes. */
  readonly lease: Partial<PostgresLease>;
  /** See `OpenStoreOptions`. */
  readonly listen: string;
}

/** In the order of bytes, as in SQLite, whatever the locale of the database is. */
const KIND: SqlKind = { schema: SCHEMA, text: sql`text collate "C"` };

/**
 * Begins a transaction that the server ends itself when this process is cut off from it: its locks would keep all others
 * waiting.
 */
const BEGIN = sql.raw<unknown>(`begin; set local idle_in_transaction_session_timeout = ${2 * STATEMENT_MS}`);

/**
 * Opens the sessions in a PostgreSQL database (15 or newer), in the schema `graph_sessions`, which is created if it is
 * missing. A commit is durable as the database is configured (`synchronous_commit`). `onError` is called with what does
 * not keep the store from working, such as a damaged row. Several processes may open the same database.
 *
 * @throws Error when the database cannot be used.
 */
export async function openPostgresStore(
  url: string,
  onError: (error: unknown) => void,
  { lease = {}, listen = url }: Partial<PostgresStoreOptions> = {},
): Promise<SessionStore> {
  const clock = new StoreClock();
  await migrateDatabase(listen, clock);
  const database = databaseOf(url);
  return new SqlStore(database, onError, clusterOf(database, listen, clock, { ...LEASE, ...lease }));
}

function clusterOf(
  { db, columns }: SqlDatabase,
  /** That of the connections that no pooler carries. */
  url: string,
  clock: StoreClock,
  lease: PostgresLease,
): StoreCluster {
  return {
    now: () => clock.now(monotonicMs()),
    createBus: (onNotice) =>
      new PostgresWakeBus({
        url,
        channel: SCHEMA,
        notify: (payload) => sql`select pg_notify(${SCHEMA}, ${payload})`.execute(db),
        onNotice,
      }),
    createClaims: ({ onError }) =>
      new PostgresClaims({ ...lease, db, columns, clock, url, schema: SCHEMA, onError }),
  };
}

function databaseOf(url: string): SqlDatabase {
  const root = open(url, STATEMENT_MS);
  return {
    db: root.withSchema(SCHEMA),
    columns: COLUMNS,
    beginRead: sql`begin isolation level repeatable read read only`,
    beginWrite: BEGIN,
    hasRowLocks: true,
    isDeadlock,
    lockPrincipals,
    appends: {
      canCommit: canBeJoined,
      commit: (commit, writes) =>
        root
          .withSchema(SCHEMA)
          .connection()
          .execute(async (connection) => {
            try {
              return await appendAtOnce(connection, SCHEMA, commit, writes);
            } catch (error) {
              throw isLoss(error)
                ? new CommitLostError('The appends have no response.', { cause: error })
                : error;
            }
          }),
      find: (writes) => findAppended(root.withSchema(SCHEMA), writes),
    },
    // A connection always leads to the database that is served.
    checkPlace: () => undefined,
    withoutCheckpoint: (commit) => commit(),
    // The server gives the space of deleted rows back itself.
    shrink: () => Promise.resolve(),
    close: () => root.destroy(),
  };
}

/** In the order of the locks, so that transactions wait for each other without a deadlock. */
async function lockPrincipals(tx: Kysely<SqlSchema>, principals: readonly string[]): Promise<void> {
  if (principals.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(number) from (
      select distinct hashtextextended(principal, ${PRINCIPAL_SEED}) as number
      from unnest(cast(${[...principals]} as text[])) as principals (principal) order by number) as locks`.execute(
    tx,
  );
}

/** Migrates the database, unless it has all steps, perhaps also later ones of a newer process. Sets the clock by it. */
async function migrateDatabase(url: string, clock: StoreClock): Promise<void> {
  const root = open(url);
  try {
    const { rows } = await sql<UnknownRow>`
      select current_setting('server_version_num')::int as version,
        round(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(root);
    // What the response took is made up for by the first beat.
    clock.set(Number(rows[0]?.['now']), monotonicMs());
    checkVersion(rows[0]?.['version']);
    const applied = await appliedSteps(root);
    if (!MIGRATION_NAMES.every((name) => applied.has(name))) await migrate(root.withSchema(SCHEMA), KIND);
  } finally {
    await root.destroy();
  }
}

/** @throws Error for a server that is too old; `version` is its `server_version_num`. */
export function checkVersion(version: unknown): void {
  if (typeof version === 'number' && version >= OLDEST_VERSION * 10_000) return;
  const found = typeof version === 'number' ? `is version ${Math.floor(version / 10_000)}` : 'has no version';
  throw new Error(`It ${found}; PostgreSQL ${OLDEST_VERSION} or newer is needed.`);
}

async function appliedSteps(db: Kysely<SqlSchema>): Promise<ReadonlySet<string>> {
  const table = `${SCHEMA}.kysely_migration`;
  const { rows: tables } = await sql<UnknownRow>`select to_regclass(${table}) is not null as exists`.execute(
    db,
  );
  if (tables[0]?.['exists'] !== true) return new Set();
  const { rows } = await sql<UnknownRow>`
    select convert_to(name, 'UTF8') as name from ${sql.table(table)}`.execute(db);
  return new Set(rows.map((row) => textOf(row, 'name')));
}

function open(url: string, statementMs?: number): Kysely<SqlSchema> {
  const limit = statementMs === undefined ? {} : { statementMs };
  const pool = postgresPool(url, { maxConnections: MAX_CONNECTIONS, ...limit });
  return new Kysely<SqlSchema>({ dialect: new PostgresDialect({ pool }) });
}

/** Texts as bytes, so that one reader serves all databases. */
const COLUMNS: SqlColumns = {
  bytes: (column) => sql<unknown>`convert_to(${sql.ref(column)}, 'UTF8')`.as(column),
  integer: (column) => sql<unknown>`cast(${sql.ref(column)} as bigint)`.as(column),
};
