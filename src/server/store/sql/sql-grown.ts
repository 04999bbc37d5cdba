import { sql } from 'kysely';
import { checkEvent, checkOrder } from '../event-checksum.js';
import type { LoggedEvent, PageLimits } from '../session-store.js';
import type { SqlDatabase } from './sql-database.js';
import { readEvents } from './sql-events.js';
import { textOf, toLoggedEvent, type UnknownRow } from './sql-rows.js';

/** Reads the next events of several logs, see `SessionStore.readGrown`. @throws Error when one is damaged or missing. */
export async function readGrown(
  database: SqlDatabase,
  cursors: ReadonlyMap<string, number>,
  limits: Omit<PageLimits, 'through'>,
): Promise<ReadonlyMap<string, readonly LoggedEvent[]>> {
  const grown = new Map<string, readonly LoggedEvent[]>();
  if (cursors.size === 0) return grown;
  if (database.hasRowLocks) return readTogether(database, cursors, limits);
  for (const [sessionId, after] of cursors) {
    const page = await readEvents(database, sessionId, after, {
      ...limits,
      through: Number.MAX_SAFE_INTEGER,
    });
    if (page.length > 0) grown.set(sessionId, page);
  }
  return grown;
}

/** One query for all, so one round trip. Positions have no gaps, so those of a page are known before their sizes. */
async function readTogether(
  { db, columns: { bytes, integer } }: SqlDatabase,
  cursors: ReadonlyMap<string, number>,
  { maxEvents, maxBytes }: Omit<PageLimits, 'through'>,
): Promise<ReadonlyMap<string, readonly LoggedEvent[]>> {
  const sessionIds = [...cursors.keys()];
  const after = [...cursors.values()];
  const pages = sql<{ session_id: string; position: number; type: string; bytes: number }>`(
    select events.session_id, events.position, events.type, events.bytes,
      sum(events.bytes) over (partition by events.session_id order by events.position) as total,
      row_number() over (partition by events.session_id order by events.position) as number
    from unnest(cast(${sessionIds} as text[]), cast(${after} as bigint[])) as cursors (session_id, after)
    join ${sql.table('events')} on events.session_id = cursors.session_id collate "C"
      and events.position > cursors.after and events.position <= cursors.after + ${maxEvents})`;
  const rows = await db
    .selectFrom(pages.as('pages'))
    .innerJoin('events', (join) =>
      join
        .onRef('events.session_id', '=', 'pages.session_id')
        .onRef('events.position', '=', 'pages.position'),
    )
    .where(sql<boolean>`pages.total <= ${maxBytes} or pages.number = 1`)
    .select([
      sql<unknown>`convert_to(events.session_id, 'UTF8')`.as('session_id'),
      sql<unknown>`events.position`.as('position'),
      sql<unknown>`convert_to(events.type, 'UTF8')`.as('type'),
      sql<unknown>`events.bytes`.as('bytes'),
      bytes('json'),
      integer('checksum'),
    ])
    .orderBy('events.session_id')
    .orderBy('events.position')
    .execute();
  return bySession(rows, cursors);
}

function bySession(
  rows: readonly UnknownRow[],
  cursors: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly LoggedEvent[]> {
  const grown = new Map<string, LoggedEvent[]>();
  for (const row of rows) {
    const sessionId = textOf(row, 'session_id');
    const { checksum, ...event } = toLoggedEvent(row);
    checkEvent(sessionId, { ...event, checksum });
    const events = grown.get(sessionId);
    if (events === undefined) grown.set(sessionId, [event]);
    else events.push(event);
  }
  for (const [sessionId, events] of grown) checkOrder(sessionId, cursors.get(sessionId) ?? -1, events);
  return grown;
}
