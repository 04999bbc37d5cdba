import type { Kysely } from 'kysely';
import type { SqlColumns } from './sql-database.js';
import { textOf } from './sql-rows.js';
import type { SqlSchema } from './sql-schema.js';

type Db = Kysely<SqlSchema>;

/** Keeps the sealed credential of a session, in the place of an older one. */
export async function keepToken(db: Db, sessionId: string, sealed: string): Promise<void> {
  await db
    .insertInto('tokens')
    .values({ session_id: sessionId, sealed })
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ sealed }))
    .execute();
}

/** Erases the sealed credential of a session. */
export async function forgetToken(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom('tokens').where('session_id', '=', sessionId).execute();
}

/** Reads the sealed credential of a session; undefined when there is none. */
export async function readToken(
  db: Db,
  { bytes }: SqlColumns,
  sessionId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('tokens')
    .select(bytes('sealed'))
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row === undefined ? undefined : textOf(row, 'sealed');
}
