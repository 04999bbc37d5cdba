import { sql, type Kysely } from 'kysely';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import { eventChecksum } from './event-checksum.js';
import type { SqlColumns } from './sql-database.js';
import { integerOf } from './sql-rows.js';
import type { LoggedEvent, SessionRecord, SessionWrite } from './session-store.js';
import { isPinned, type SqlSchema } from './sql-schema.js';

/** Rows of one insert: with 6 values each they stay below the 999 that every SQLite accepts. */
const ROWS_PER_INSERT = 150;

type Tx = Kysely<SqlSchema>;

/**
 * Applies one step of a commit. Returns the new revision of the list when the step changed a row.
 *
 * @throws Error when the log does not end where the step expects; the transaction must then be rolled back.
 */
export async function applyWrite(
  tx: Tx,
  write: SessionWrite,
  columns: SqlColumns,
): Promise<number | undefined> {
  switch (write.kind) {
    case 'create':
      return applyCreate(tx, write, columns);
    case 'append':
      return applyAppend(tx, write, columns);
    case 'label': {
      const revision = await nextRevision(tx, write.record, columns);
      await tx
        .updateTable('sessions')
        .set({
          labels: JSON.stringify(write.labels),
          is_pinned: isPinned(write.labels),
          summary: JSON.stringify(write.row),
          revision,
        })
        .where('session_id', '=', write.record.sessionId)
        .execute();
      return revision;
    }
    case 'delete':
      await tx
        .updateTable('sessions')
        .set({ deleted_ms: write.deletedMs })
        .where('session_id', '=', write.record.sessionId)
        .execute();
      return nextRevision(tx, write.record, columns);
    case 'erase':
      await tx
        .deleteFrom('events')
        .where('session_id', '=', write.sessionId)
        .$if(write.after >= 0, (query) => query.where('position', '>', write.after))
        .execute();
      if (write.after >= 0) return undefined;
      await tx
        .updateTable('sessions')
        .set({ plan: null, summary: '{}', labels: '{}', is_pinned: 0 })
        .where('session_id', '=', write.sessionId)
        .execute();
      return undefined;
  }
}

async function applyCreate(
  tx: Tx,
  write: Extract<SessionWrite, { kind: 'create' }>,
  columns: SqlColumns,
): Promise<number> {
  const { record, planJson, events, status, row, receipt } = write;
  const revision = await nextRevision(tx, record, columns);
  await tx
    .insertInto('sessions')
    .values({
      session_id: record.sessionId,
      principal: record.principal,
      graph_id: record.graphId,
      log_id: record.logId,
      created_ms: record.createdMs,
      updated_ms: record.createdMs,
      status,
      is_ended: 0,
      last_index: events.at(-1)?.index ?? -1,
      log_bytes: bytesOf(events),
      plan: planJson,
      summary: JSON.stringify(row),
      revision,
      deleted_ms: null,
      labels: '{}',
      is_pinned: 0,
    })
    .execute();
  await insertEvents(tx, record.sessionId, events);
  if (receipt !== undefined) {
    const { key, digest, body } = receipt;
    const { principal, createdMs } = record;
    await tx
      .insertInto('receipts')
      .values({ principal, receipt_key: key, digest, body, created_ms: createdMs })
      .execute();
  }
  return revision;
}

async function applyAppend(
  tx: Tx,
  write: Extract<SessionWrite, { kind: 'append' }>,
  columns: SqlColumns,
): Promise<number | undefined> {
  const { record, expectedLastIndex, events, status, row } = write;
  const revision = row === undefined ? undefined : await nextRevision(tx, record, columns);
  const bytes = bytesOf(events);
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({
      status,
      is_ended: isTerminalStatus(status) ? 1 : 0,
      last_index: expectedLastIndex + events.length,
      log_bytes: sql<number>`log_bytes + ${bytes}`,
      ...(row === undefined || revision === undefined
        ? {}
        : { summary: JSON.stringify(row), updated_ms: Math.round(row.updatedAt * 1000), revision }),
    })
    .where('session_id', '=', record.sessionId)
    .where('last_index', '=', expectedLastIndex)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) {
    throw new Error(`Session ${record.sessionId} does not end at ${expectedLastIndex}.`);
  }
  await insertEvents(tx, record.sessionId, events);
  return revision;
}

async function insertEvents(tx: Tx, sessionId: string, events: readonly LoggedEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_PER_INSERT) {
    const rows = events.slice(start, start + ROWS_PER_INSERT).map((event) => ({
      session_id: sessionId,
      position: event.index,
      type: event.type,
      bytes: event.bytes,
      json: event.json,
      checksum: eventChecksum(sessionId, event),
    }));
    await tx.insertInto('events').values(rows).execute();
  }
}

async function nextRevision(
  tx: Tx,
  { principal, graphId }: SessionRecord,
  columns: SqlColumns,
): Promise<number> {
  const row = await tx
    .insertInto('revisions')
    .values({ principal, graph_id: graphId, revision: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['principal', 'graph_id'])
        .doUpdateSet({ revision: sql<number>`revisions.revision + 1` }),
    )
    .returning(columns.integer('revision'))
    .executeTakeFirstOrThrow();
  return integerOf(row, 'revision');
}

function bytesOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, { bytes }) => sum + bytes, 0);
}
