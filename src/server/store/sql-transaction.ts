import { sql, type Kysely } from 'kysely';
import type { SqlSchema } from './sql-schema.js';

/**
 * Runs `work` in a transaction that `begin` begins. Rejects with the first error, also when the transaction cannot be rolled back
 * (Kysely's own transactions reject with the second one then).
 */
export function inTransaction<Result>(
  db: Kysely<SqlSchema>,
  work: (tx: Kysely<SqlSchema>) => Promise<Result>,
  begin = sql`begin`,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    await begin.execute(connection);
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
  });
}

async function rollBack(connection: Kysely<SqlSchema>): Promise<void> {
  try {
    await sql`rollback`.execute(connection);
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full. The first error says why.
  }
}
