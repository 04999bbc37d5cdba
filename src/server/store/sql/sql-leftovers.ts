import { sql, type Kysely } from 'kysely';
import { ALL_SLOTS } from '../process-slot.js';
import { IS_OPEN, type SqlSchema } from './sql-schema.js';

/** After which time a number that no process has joined with is left over: no start, and no command, takes so long. */
const JOINING = sql<Date>`clock_timestamp() - interval '1 hour'`;

/**
 * Erases what processes have left behind in a database that several share: the rows of those that died before they had joined
 * the others, and credentials of sessions that older versions have ended.
 */
export async function eraseLeftovers(db: Kysely<SqlSchema>): Promise<void> {
  await db
    .deleteFrom('counters')
    .where('name', 'like', ALL_SLOTS)
    .where('begun_at', '<', JOINING)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('processes')
            .select('process_id')
            .whereRef('processes.process_id', '=', 'counters.value'),
        ),
      ),
    )
    .execute();
  await db
    .deleteFrom('tokens')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sessions')
            .select('sessions.session_id')
            .whereRef('sessions.session_id', '=', 'tokens.session_id')
            .where(IS_OPEN),
        ),
      ),
    )
    .execute();
}
