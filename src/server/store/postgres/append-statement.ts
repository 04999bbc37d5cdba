import { sql, type Kysely } from 'kysely';
import { isTerminalStatus } from '../../../protocol/session-summary.js';
import { eventChecksum } from '../event-checksum.js';
import type { WriteOutcome } from '../session-store.js';
import type { AppendCommit, AppendWrite } from '../sql/sql-appends.js';
import { integerOf, textOf, type UnknownRow } from '../sql/sql-rows.js';
import type { SqlSchema } from '../sql/sql-schema.js';
import { joinAppends, toOutcomes, type JoinedAppend } from './joined-appends.js';

/**
 * Writes appends in one statement, and so in one round trip: each session's events, its row, and the next revisions of
 * its list; the end of a session erases its credential. A session whose log has moved, or that was claimed or deleted, is
 * left out. The statement changes nothing unless the store is at `epoch`; else it resolves with undefined.
 *
 * The rows of sessions are locked before those of revisions, and each in the order of their keys, so that statements of
 * several processes wait for each other without a deadlock.
 */
export async function appendAtOnce(
  db: Kysely<SqlSchema>,
  schema: string,
  { epoch, slot, commitId }: AppendCommit,
  writes: readonly AppendWrite[],
): Promise<readonly WriteOutcome[] | undefined> {
  const joined = joinAppends(writes);
  const table = (name: string) => sql.table(`${schema}.${name}`);
  const { rows } = await sql<UnknownRow>`
    with fence as (
      update ${table('counters')} set commit_id = ${commitId} where name = ${slot} and value = ${epoch}
      returning value
    ), appended as (
      select session_id collate "C" as session_id, epoch, expected, count, bytes, status, is_ended, ends_node, summary,
        updated_ms
      from unnest(${column(joined, ({ sessionId }) => sessionId)}::text[],
        ${column(joined, ({ epoch: owner }) => owner ?? null)}::bigint[],
        ${column(joined, ({ expectedLastIndex }) => expectedLastIndex)}::int[],
        ${column(joined, ({ events }) => events.length)}::int[],
        ${column(joined, ({ bytes }) => bytes)}::bigint[],
        ${column(joined, ({ status }) => status)}::text[],
        ${column(joined, ({ status }) => (isTerminalStatus(status) ? 1 : 0))}::int[],
        ${column(joined, ({ events }) => events.some(({ type }) => type === 'nodeEnd'))}::boolean[],
        ${column(joined, ({ row }) => (row === undefined ? null : JSON.stringify(row)))}::text[],
        ${column(joined, ({ row }) => (row === undefined ? null : Math.round(row.updatedAt * 1000)))}::bigint[]
      ) as a (session_id, epoch, expected, count, bytes, status, is_ended, ends_node, summary, updated_ms)
    ), locked as (
      select s.session_id, s.principal, s.graph_id
      from ${table('sessions')} s join appended a using (session_id) cross join fence
      where s.last_index = a.expected and s.deleted_ms is null and (a.epoch is null or s.epoch = a.epoch)
      order by s.session_id
      for update of s
    ), numbered as (
      select position, session_id, principal, graph_id,
        row_number() over (partition by principal, graph_id order by position) as rank,
        count(*) over (partition by principal, graph_id) as total
      from unnest(${stepsWithRow(joined).map(({ sessionId }) => sessionId)}::text[],
        ${stepsWithRow(joined).map(({ position }) => position)}::int[]) as step (id, position)
      join locked on session_id = id
    ), revised as (
      insert into ${table('revisions')} as r (principal, graph_id, revision)
      select principal, graph_id, count(*) from numbered group by principal, graph_id order by principal, graph_id
      on conflict (principal, graph_id) do update set revision = r.revision + excluded.revision
      returning principal, graph_id, revision
    ), given as (
      select position, session_id, revision - total + rank as revision
      from numbered join revised using (principal, graph_id)
    ), moved as (
      update ${table('sessions')} s set
        last_index = a.expected + a.count,
        log_bytes = s.log_bytes + a.bytes,
        status = a.status,
        is_ended = a.is_ended,
        takeovers = case when a.ends_node then 0 else s.takeovers end,
        summary = coalesce(a.summary, s.summary),
        updated_ms = coalesce(a.updated_ms, s.updated_ms),
        revision = coalesce((select max(g.revision) from given g where g.session_id = s.session_id), s.revision)
      from appended a join locked using (session_id)
      where s.session_id = a.session_id
      returning s.session_id
    ), forgotten as (
      delete from ${table('tokens')} t using appended a join locked using (session_id)
      where a.is_ended = 1 and t.session_id = a.session_id
    ), logged as (
      insert into ${table('events')} (session_id, position, type, bytes, json, checksum)
      select session_id, position, type, bytes, json, checksum
      from unnest(${eventColumn(joined, (_, sessionId) => sessionId)}::text[],
        ${eventColumn(joined, ({ index }) => index)}::int[],
        ${eventColumn(joined, ({ type }) => type)}::text[],
        ${eventColumn(joined, ({ bytes }) => bytes)}::int[],
        ${eventColumn(joined, ({ json }) => json)}::text[],
        ${eventColumn(joined, (event, sessionId) => eventChecksum(sessionId, event))}::bigint[]
      ) as event (id, position, type, bytes, json, checksum)
      join locked on session_id = id
    )
    select convert_to(m.session_id, 'UTF8') as session_id, g.position, g.revision
    from fence left join moved m on true left join given g using (session_id)`.execute(db);
  if (rows.length === 0) return undefined;
  const written = new Set<string>();
  const revisions = new Map<number, number>();
  for (const row of rows) {
    if (row['session_id'] !== null) written.add(textOf(row, 'session_id'));
    if (row['position'] !== null) revisions.set(integerOf(row, 'position'), integerOf(row, 'revision'));
  }
  const unwritten = joined.map(({ sessionId }) => sessionId).filter((sessionId) => !written.has(sessionId));
  return toOutcomes(writes, written, revisions, await readHeads(db, unwritten));
}

/** Reads the outcomes of appends whose statement was carried out, but its response was lost. */
export async function findAppended(
  db: Kysely<SqlSchema>,
  writes: readonly AppendWrite[],
): Promise<readonly WriteOutcome[]> {
  const joined = joinAppends(writes);
  const heads = await readHeads(
    db,
    joined.map(({ sessionId }) => sessionId),
  );
  const written = new Set<string>();
  const revisions = new Map<number, number>();
  for (const { sessionId, events, stepsWithRow: steps } of joined) {
    const head = heads.get(sessionId);
    const [first] = events;
    if (head === undefined || first === undefined) continue;
    const stored = await db
      .selectFrom('events')
      .select('checksum')
      .where('session_id', '=', sessionId)
      .where('position', '=', first.index)
      .executeTakeFirst();
    if (stored === undefined || Number(stored.checksum) !== eventChecksum(sessionId, first)) continue;
    written.add(sessionId);
    // Only the newest is stored; those before it are never shown without it.
    for (const position of steps) revisions.set(position, head.revision);
  }
  return toOutcomes(writes, written, revisions, heads);
}

/** What a row says of why its log could not be written. */
interface Head {
  readonly epoch: number;
  readonly revision: number;
  readonly isDeleted: boolean;
}

async function readHeads(
  db: Kysely<SqlSchema>,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, Head>> {
  if (sessionIds.length === 0) return new Map();
  const rows: readonly UnknownRow[] = await db
    .selectFrom('sessions')
    .select([
      sql<unknown>`convert_to(session_id, 'UTF8')`.as('session_id'),
      'epoch',
      'revision',
      'deleted_ms',
    ])
    .where('session_id', 'in', sessionIds)
    .execute();
  return new Map(
    rows.map((row) => [
      textOf(row, 'session_id'),
      {
        epoch: integerOf(row, 'epoch'),
        revision: integerOf(row, 'revision'),
        isDeleted: row['deleted_ms'] !== null,
      },
    ]),
  );
}

function column<Value>(
  joined: readonly JoinedAppend[],
  valueOf: (append: JoinedAppend) => Value,
): readonly Value[] {
  return joined.map(valueOf);
}

function eventColumn<Value>(
  joined: readonly JoinedAppend[],
  valueOf: (event: JoinedAppend['events'][number], sessionId: string) => Value,
): readonly Value[] {
  return joined.flatMap(({ sessionId, events }) => events.map((event) => valueOf(event, sessionId)));
}

function stepsWithRow(
  joined: readonly JoinedAppend[],
): readonly { readonly sessionId: string; readonly position: number }[] {
  return joined.flatMap(({ sessionId, stepsWithRow: steps }) =>
    steps.map((position) => ({ sessionId, position })),
  );
}
