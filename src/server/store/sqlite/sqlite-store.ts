import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { nextTurn } from '../../../protocol/next-turn.js';
import type { SessionStore } from '../session-store.js';
import type { SqlColumns, SqlDatabase } from '../sql/sql-database.js';
import { textOf, type UnknownRow } from '../sql/sql-rows.js';
import { migrate, MIGRATION_NAMES, type SqlSchema } from '../sql/sql-schema.js';
import { SqlStore } from '../sql/sql-store.js';
import { sqliteDriver } from './sqlite-driver.js';
import { convertingErrors } from './sqlite-errors.js';
import { SqliteFiles } from './sqlite-files.js';

/** How long the opening of a database waits for a lock; nothing else runs meanwhile. */
const OPEN_TIMEOUT_MS = 5000;
/** How long a write blocks the thread for a lock; the write queue then waits without blocking it. */
const BUSY_TIMEOUT_MS = 20;
/** Size up to which an older database is rewritten when it is opened, so that it can give space back. */
const MAX_REWRITE_BYTES = 64 * 1024 * 1024;
/** Pages of the write-ahead log after which a commit copies it; the default of SQLite. */
const CHECKPOINT_PAGES = 1000;
/** Pages that are given back at once: a few milliseconds. */
const SHRINK_PAGES = 64;

/**
 * Opens the SQLite database `sessions.db` in a directory and creates both if they are missing. A commit is on
 * disk when it resolves. `onError` is called with what does not keep the store from working, such as a damaged
 * row.
 *
 * @throws Error when the directory cannot be used.
 */
export async function openSqliteStore(
  directory: string,
  onError: (error: unknown) => void,
): Promise<SessionStore> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'sessions.db');
  const database = new Database(path, { timeout: OPEN_TIMEOUT_MS });
  try {
    return new SqlStore(await prepareDatabase(database, path, onError), onError);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function prepareDatabase(
  database: Database.Database,
  path: string,
  onError: (error: unknown) => void,
): Promise<SqlDatabase> {
  for (const setting of [
    `busy_timeout = ${OPEN_TIMEOUT_MS}`,
    // Takes effect in an empty database only, and only before it is in use.
    'auto_vacuum = INCREMENTAL',
    'journal_mode = WAL',
    'synchronous = FULL',
    // What was deleted must not stay in the file.
    'secure_delete = ON',
  ]) {
    database.pragma(setting);
  }
  const db = new Kysely<SqlSchema>({ dialect: new SqliteDialect({ database: sqliteDriver(database) }) });
  if (!(await isMigrated(db))) {
    await checkTexts(db);
    await migrate(db, { text: 'text' });
  }
  await makeShrinkable(database, path, onError);
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const files = new SqliteFiles(path);
  return {
    db,
    columns: COLUMNS,
    beginRead: sql`begin`,
    beginWrite: sql`begin immediate`,
    hasRowLocks: false,
    isDeadlock: () => false,
    checkPlace: () => files.check(),
    withoutCheckpoint: (commit) => withoutCheckpoint(db, database, commit),
    shrink: () => shrink(db, database),
    async close() {
      try {
        // So that a copy of the one file is complete: the driver leaves everything in the write-ahead log.
        await sql`pragma wal_checkpoint(truncate)`.execute(db);
      } catch (error) {
        onError(error);
      }
      await db.destroy();
    },
  };
}

/** True when no step is missing. Found without Kysely's migrator, which reads texts that may be damaged. */
async function isMigrated(db: Kysely<SqlSchema>): Promise<boolean> {
  const tables = await sql<{ count: number }>`
    select count(*) as count from sqlite_master where type = 'table' and name = 'kysely_migration'`.execute(
    db,
  );
  if (tables.rows[0]?.count !== 1) return false;
  const steps = await sql<{ name: unknown }>`
    select cast(name as blob) as name from kysely_migration order by 1`.execute(db);
  const names = steps.rows.map((row) => textOf(row, 'name'));
  return names.join() === MIGRATION_NAMES.join();
}

/**
 * Checks the texts that Kysely's migrator reads: the driver ends the process over one that is not UTF-8.
 *
 * @throws Error when one is damaged.
 */
async function checkTexts(db: Kysely<SqlSchema>): Promise<void> {
  const { rows } = await sql<UnknownRow>`
    select cast(type || char(10) || name || char(10) || ifnull(sql, '') as blob) as text from sqlite_master`.execute(
    db,
  );
  const texts = rows.map((row) => textOf(row, 'text'));
  if (!texts.some((text) => text.startsWith('table\nkysely_migration\n'))) return;
  const steps = await sql<UnknownRow>`
    select cast(name || char(10) || timestamp as blob) as text from kysely_migration`.execute(db);
  for (const row of steps.rows) textOf(row, 'text');
}

/** Rewrites a small database that was created without the possibility to give space back. */
async function makeShrinkable(
  database: Database.Database,
  path: string,
  onError: (error: unknown) => void,
): Promise<void> {
  const [mode] = database.pragma('auto_vacuum') as { auto_vacuum: number }[];
  if (mode?.auto_vacuum === 2 || (await stat(path)).size > MAX_REWRITE_BYTES) return;
  try {
    database.pragma('auto_vacuum = INCREMENTAL');
    database.exec('VACUUM');
  } catch (error) {
    // It works without, only its file does not get smaller.
    onError(new Error(`The database ${path} cannot be made smaller.`, { cause: error }));
  }
}

/** Makes a commit without the copying of the write-ahead log, and copies it afterwards. */
async function withoutCheckpoint<Result>(
  db: Kysely<SqlSchema>,
  database: Database.Database,
  commit: () => Promise<Result>,
): Promise<Result> {
  database.pragma('wal_autocheckpoint = 0');
  try {
    return await commit();
  } finally {
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    await nextTurn();
    // Its errors are those of the next commit, which copies the log again.
    await db
      .connection()
      .execute(async () => database.exec('pragma wal_checkpoint(passive)'))
      .catch(() => undefined);
  }
}

/** Gives free pages back to the file system, a few at a time with turns for everything else in between. */
async function shrink(db: Kysely<SqlSchema>, database: Database.Database): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; ;) {
    const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(db);
    const free = rows[0]?.freelist_count ?? 0;
    // None is given back by a database that was created without that possibility.
    if (free === 0 || free >= before) return;
    before = free;
    // Not in the middle of a transaction; and not through Kysely, for which it is a query without columns, so
    // that only one page would be given back.
    await db.connection().execute(async () => {
      convertingErrors(() => database.exec(`pragma incremental_vacuum(${SHRINK_PAGES})`));
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/**
 * SQLite keeps a value of any type in any column, so a damaged file can have anything anywhere, and the
 * driver ends the process over a text that is not UTF-8 (libsql 0.5).
 */
const COLUMNS: SqlColumns = {
  bytes: (column) => sql<unknown>`cast(${sql.ref(column)} as blob)`.as(column),
  integer: (column) => sql<unknown>`cast(${sql.ref(column)} as integer)`.as(column),
};
