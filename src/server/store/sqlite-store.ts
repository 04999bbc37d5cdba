import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { SessionStore } from './session-store.js';
import { migrate, type SqlSchema } from './sql-schema.js';
import { SqlStore, type SqlColumns } from './sql-store.js';

/**
 * Opens the SQLite database `sessions.db` in a directory and creates both if they are missing. A commit is on
 * disk when it resolves.
 *
 * @throws Error when the directory cannot be used.
 */
export async function openSqliteStore(directory: string): Promise<SessionStore> {
  await mkdir(directory, { recursive: true });
  const database = new Database(join(directory, 'sessions.db'), { timeout: 5000 });
  for (const setting of ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000']) {
    database.pragma(setting);
  }
  const db = new Kysely<SqlSchema>({ dialect: new SqliteDialect({ database }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return new SqlStore(db, COLUMNS);
}

/**
 * SQLite keeps a value of any type in any column, so a damaged file can have anything anywhere, and the
 * driver ends the process over a text that is not UTF-8 (libsql 0.5), where the checksum would refuse it.
 */
const COLUMNS: SqlColumns = {
  bytes: (column) => sql<Uint8Array>`cast(${sql.ref(column)} as blob)`.as(column),
  integer: (column) => sql<number>`cast(${sql.ref(column)} as integer)`.as(column),
};
