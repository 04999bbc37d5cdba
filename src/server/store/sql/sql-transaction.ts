import { sql, type Kysely } from 'kysely';
import type { SqlSchema } from './sql-schema.js';

/** It is unknown whether a transaction was committed: its connection broke, or it had ended itself. */
export class CommitLostError extends Error {
  override readonly name = 'CommitLostError';
}

/**
 * Runs `work` in a transaction that `begin` begins. Rejects with the first error, also when the transaction cannot be rolled back
 * (Kysely's own transactions reject with the second one then).
 *
 * @throws CommitLostError when the commit fails, and the transaction cannot be rolled back.
 */
export function inTransaction<Result>(
  db: Kysely<SqlSchema>,
  work: (tx: Kysely<SqlSchema>) => Promise<Result>,
  begin = sql`begin`,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    await begin.execute(connection);
    let result: Result;
    try {
      result = await work(connection);
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
    try {
      await sql`commit`.execute(connection);
    } catch (error) {
      if (await rollBack(connection)) throw error;
      throw new CommitLostError('The commit has no response.', { cause: error });
    }
    return result;
  });
}

/** Rolls a transaction back; false when that fails. */
async function rollBack(connection: Kysely<SqlSchema>): Promise<boolean> {
  try {
    await sql`rollback`.execute(connection);
    return true;
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full, or the connection broke. The first error says
    // why.
    return false;
  }
}
