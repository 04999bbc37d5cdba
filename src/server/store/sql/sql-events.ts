import { EMITTED_TYPES } from '../../../protocol/events.js';
import { checkEvent, checkOrder, damagedLog } from '../event-checksum.js';
import type { LoggedEvent, LogPart, PageLimits } from '../session-store.js';
import type { SqlDatabase } from './sql-database.js';
import { integerOf, toLoggedEvent, type UnknownRow } from './sql-rows.js';

/** Reads a page of a log, see `SessionStore.readEvents`. @throws Error when an event is damaged or missing. */
export async function readEvents(
  database: SqlDatabase,
  sessionId: string,
  after: number,
  limits: PageLimits,
): Promise<readonly LoggedEvent[]> {
  const events = await readPage(database, sessionId, after, limits, 'all');
  checkOrder(sessionId, after, events);
  return events;
}

/**
 * Reads a page of the events of a log that can change the state, see `SessionStore.readSteps`.
 *
 * @throws Error when one of them is damaged, or an event up to the last of them is missing.
 */
export async function readSteps(
  database: SqlDatabase,
  sessionId: string,
  after: number,
  limits: PageLimits,
): Promise<readonly LoggedEvent[]> {
  const steps = await readPage(database, sessionId, after, limits, 'steps');
  const last = steps.at(-1)?.index ?? limits.through;
  const { count } = await between(database, sessionId, after, last)
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) !== last - after) throw damagedLog(sessionId, after + 1, last);
  return steps;
}

async function readPage(
  database: SqlDatabase,
  sessionId: string,
  after: number,
  { through, maxEvents, maxBytes }: PageLimits,
  which: 'all' | 'steps',
): Promise<readonly LoggedEvent[]> {
  const { bytes, integer } = database.columns;
  const wanted = (last: number) =>
    between(database, sessionId, after, last)
      .$if(which === 'steps', (query) => query.where('type', 'not in', EMITTED_TYPES))
      .orderBy('events.position');
  // Sizes first: a page of a thousand events of 8 MiB must never be read into memory.
  const sizes = await wanted(through)
    .select([integer('position'), integer('bytes')])
    .limit(maxEvents)
    .execute();
  const last = lastOfPage(sizes, maxBytes);
  if (last === undefined) return [];
  const rows = await wanted(last)
    .select([integer('position'), bytes('type'), integer('bytes'), bytes('json'), integer('checksum')])
    .execute();
  return rows.map((row) => {
    const { checksum, ...event } = toLoggedEvent(row);
    checkEvent(sessionId, { ...event, checksum });
    return event;
  });
}

/** The largest value of the column `position`. */
const MAX_POSITION = 2 ** 31 - 1;

/** The events of a session after an index, up to another. */
function between({ db }: SqlDatabase, sessionId: string, after: number, through: number) {
  return db
    .selectFrom('events')
    .where('session_id', '=', sessionId)
    .where('position', '>', after)
    .where('position', '<=', Math.min(through, MAX_POSITION));
}

/** The position of the last event of a page: one event, or as many as fit into `maxBytes`. */
function lastOfPage(sizes: readonly UnknownRow[], maxBytes: number): number | undefined {
  let last: number | undefined;
  let pageBytes = 0;
  for (const row of sizes) {
    pageBytes += integerOf(row, 'bytes');
    if (pageBytes > maxBytes && last !== undefined) break;
    last = integerOf(row, 'position');
  }
  return last;
}

/** Events among which the newest are looked for. */
const ERASED_EVENTS = 500;

/** Finds the newest events of a log, see `SessionStore.findErasable`. Damaged ones are found, too. */
export async function findErasable(
  { db, columns }: SqlDatabase,
  sessionId: string,
  maxBytes: number,
): Promise<LogPart> {
  const newest = await db
    .selectFrom('events')
    .select([columns.integer('position'), columns.integer('bytes')])
    .where('session_id', '=', sessionId)
    .orderBy('events.position', 'desc')
    .limit(ERASED_EVENTS)
    .execute();
  let bytes = 0;
  for (const [count, row] of newest.entries()) {
    const rowBytes = typeof row.bytes === 'number' ? row.bytes : 0;
    if (count > 0 && bytes + rowBytes > maxBytes) return { after: integerOf(row, 'position'), bytes };
    bytes += rowBytes;
  }
  const oldest = newest.length === ERASED_EVENTS ? newest.at(-1) : undefined;
  return { after: oldest === undefined ? -1 : integerOf(oldest, 'position') - 1, bytes };
}
