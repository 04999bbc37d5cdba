import { sql, type Kysely } from 'kysely';
import type { SessionLabels } from '../../../protocol/session-labels.js';
import { isTerminalStatus } from '../../../protocol/session-summary.js';
import type { Break } from '../../scheduling/breaks.js';
import { eventChecksum } from '../event-checksum.js';
import type { SqlColumns } from './sql-database.js';
import { integerOf, textOf, toLabels, type UnknownRow } from './sql-rows.js';
import {
  FIRST_EPOCH,
  type CreationReceipt,
  type LoggedEvent,
  type SessionRecord,
  type SessionWrite,
  type Unwritten,
  type WriteOutcome,
} from '../session-store.js';
import type { ClaimedSession, Ownership } from '../ownership.js';
import { IS_OPEN, isPinned, type SqlSchema } from './sql-schema.js';
import { forgetToken, keepToken } from './sql-tokens.js';

/** Rows of one insert: with 6 values each they stay below the 999 that every SQLite accepts; a millisecond or two. */
const ROWS_PER_INSERT = 100;

type Tx = Kysely<SqlSchema>;

/** Everything that the steps of a commit share. */
export interface WriteContext {
  readonly columns: SqlColumns;
  /** The number of this process, which owns what it creates and claims; null: it has the store for itself. */
  readonly processId: number | null;
  readonly takeBreak: Break;
  /** Called when the step has changed a row of a list, which then gets a revision. */
  readonly onListChange: (record: SessionRecord) => void;
}

/**
 * Applies one step of a commit, with breaks. Resolves with its outcome; one that is not written has changed nothing.
 *
 * @throws Error when it cannot be applied; the transaction must then be rolled back.
 */
export async function applyWrite(tx: Tx, write: SessionWrite, context: WriteContext): Promise<WriteOutcome> {
  const { columns, processId, onListChange } = context;
  switch (write.kind) {
    case 'create':
      return applyCreate(tx, write, context);
    case 'append':
      return applyAppend(tx, write, context);
    case 'claim':
      return applyClaim(tx, write.sessionId, columns, processId);
    case 'seen':
      return applySeen(tx, write.ownership, columns);
    case 'label': {
      const { record, expected, labels } = write;
      if (
        processId !== null &&
        expected !== undefined &&
        !(await hasLabels(tx, record.sessionId, expected, columns))
      ) {
        return whyUnwritten(tx, record.sessionId, undefined, columns);
      }
      const { numUpdatedRows } = await tx
        .updateTable('sessions')
        .set({ labels: JSON.stringify(labels), is_pinned: isPinned(labels) })
        .where('session_id', '=', record.sessionId)
        .where('deleted_ms', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return { kind: 'deleted' };
      onListChange(record);
      return { kind: 'written' };
    }
    case 'delete': {
      const { record, deletedMs } = write;
      const { numUpdatedRows } = await tx
        .updateTable('sessions')
        .set({ deleted_ms: deletedMs })
        .where('session_id', '=', record.sessionId)
        .where('deleted_ms', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return { kind: 'deleted' };
      if (processId !== null) await forgetToken(tx, record.sessionId);
      onListChange(record);
      return { kind: 'written' };
    }
    case 'erase':
      await applyErase(tx, write);
      return { kind: 'written' };
  }
}

/** True when the labels of a session are still these; then nothing changes them before the end of the transaction. */
async function hasLabels(
  tx: Tx,
  sessionId: string,
  expected: SessionLabels,
  { bytes }: SqlColumns,
): Promise<boolean> {
  const row = await tx
    .selectFrom('sessions')
    .select(bytes('labels'))
    .where('session_id', '=', sessionId)
    .where('deleted_ms', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined && JSON.stringify(toLabels(row)) === JSON.stringify(expected);
}

async function applyErase(
  tx: Tx,
  { sessionId, after }: Extract<SessionWrite, { kind: 'erase' }>,
): Promise<void> {
  await tx
    .deleteFrom('events')
    .where('session_id', '=', sessionId)
    .$if(after >= 0, (query) => query.where('position', '>', after))
    .execute();
  if (after >= 0) return;
  await tx.deleteFrom('plans').where('session_id', '=', sessionId).execute();
  await tx
    .updateTable('sessions')
    .set({ summary: '{}', labels: '{}', is_pinned: 0 })
    .where('session_id', '=', sessionId)
    .execute();
}

async function applyCreate(
  tx: Tx,
  write: Extract<SessionWrite, { kind: 'create' }>,
  { columns, processId, takeBreak, onListChange }: WriteContext,
): Promise<WriteOutcome> {
  const { record, planJson, events, status, row, receipt, maxOpen, isReady = false, sealedToken } = write;
  const { principal, createdMs } = record;
  if (processId !== null && maxOpen !== undefined && (await isFull(tx, principal, maxOpen))) {
    // A repetition gets the first response all the same.
    const known = receipt && (await findReceipt(tx, columns, principal, receipt.key));
    return known === undefined ? { kind: 'full' } : { kind: 'repeated', receipt: known };
  }
  if (receipt !== undefined) {
    const { key, digest, body } = receipt;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('receipts')
      .values({ principal, receipt_key: key, digest, body, created_ms: createdMs })
      .onConflict((conflict) => conflict.columns(['principal', 'receipt_key']).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) {
      const known = await findReceipt(tx, columns, principal, key);
      if (known === undefined) throw new Error('The receipt of an earlier creation is missing.');
      return { kind: 'repeated', receipt: known };
    }
  }
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
      summary: JSON.stringify(row),
      // Assigned at the end of the commit.
      revision: 0,
      deleted_ms: null,
      labels: '{}',
      is_pinned: 0,
      epoch: FIRST_EPOCH,
      owner: isReady ? null : processId,
      claim: null,
      unseen_after: null,
      takeovers: 0,
    })
    .execute();
  await tx.insertInto('plans').values({ session_id: record.sessionId, plan: planJson }).execute();
  if (processId !== null && sealedToken !== undefined) {
    await keepToken(tx, record.sessionId, sealedToken);
  }
  await takeBreak();
  await insertEvents(tx, record.sessionId, events, takeBreak);
  onListChange(record);
  return { kind: 'written' };
}

/** True when a principal has so many sessions that have not ended. Exact, because its creations wait for each other. */
async function isFull(tx: Tx, principal: string, maxOpen: number): Promise<boolean> {
  if (!Number.isFinite(maxOpen)) return false;
  const open = tx
    .selectFrom('sessions')
    .select('session_id')
    .where('principal', '=', principal)
    .where(IS_OPEN)
    .limit(maxOpen);
  const row = await tx
    .selectFrom(open.as('open'))
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count) >= maxOpen;
}

/** The response to an earlier creation, if there is one. @throws Error when it cannot be read. */
async function findReceipt(
  tx: Tx,
  { bytes }: SqlColumns,
  principal: string,
  key: string,
): Promise<CreationReceipt | undefined> {
  const row = await tx
    .selectFrom('receipts')
    .select([bytes('digest'), bytes('body')])
    .where('principal', '=', principal)
    .where('receipt_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : { digest: textOf(row, 'digest'), body: textOf(row, 'body') };
}

async function applyAppend(
  tx: Tx,
  write: Extract<SessionWrite, { kind: 'append' }>,
  { columns, processId, takeBreak, onListChange }: WriteContext,
): Promise<WriteOutcome> {
  const { record, expectedLastIndex, events, status, row, ownership, resumes, sealedToken } = write;
  const bytes = bytesOf(events);
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({
      status,
      is_ended: isTerminalStatus(status) ? 1 : 0,
      last_index: expectedLastIndex + events.length,
      log_bytes: sql<number>`log_bytes + ${bytes}`,
      ...(row === undefined
        ? {}
        : { summary: JSON.stringify(row), updated_ms: Math.round(row.updatedAt * 1000) }),
      ...(resumes === undefined ? {} : { unseen_after: unseenAfter(expectedLastIndex, resumes.epoch) }),
      ...(events.some(({ type }) => type === 'nodeEnd') ? { takeovers: 0 } : {}),
    })
    .where('session_id', '=', record.sessionId)
    .where('last_index', '=', expectedLastIndex)
    .where('deleted_ms', 'is', null)
    .$if(ownership !== undefined, (query) => query.where('epoch', '=', ownership?.epoch ?? 0))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return whyUnwritten(tx, record.sessionId, ownership, columns);
  if (processId !== null) {
    if (isTerminalStatus(status)) await forgetToken(tx, record.sessionId);
    else if (sealedToken !== undefined) await keepToken(tx, record.sessionId, sealedToken);
  }
  await insertEvents(tx, record.sessionId, events, takeBreak);
  if (row !== undefined) onListChange(record);
  return { kind: 'written' };
}

/** Answers that a process has written which does not run the session are unseen, from the first of them on. */
function unseenAfter(lastIndex: number, epoch: number | undefined) {
  const unseen = sql<number | null>`coalesce(unseen_after, ${sql.lit(lastIndex)})`;
  return epoch === undefined
    ? unseen
    : sql<number | null>`case when epoch = ${sql.lit(epoch)} then unseen_after else ${unseen} end`;
}

async function applyClaim(
  tx: Tx,
  sessionId: string,
  columns: SqlColumns,
  processId: number | null,
): Promise<WriteOutcome> {
  const claimed = await tx
    .updateTable('sessions')
    .set({ epoch: sql<number>`epoch + 1`, owner: processId, claim: null })
    .where('session_id', '=', sessionId)
    .where('is_ended', '=', 0)
    .where('deleted_ms', 'is', null)
    .$if(processId !== null, (query) =>
      query.where((either) => either.or([either('owner', 'is', null), either('owner', '=', processId)])),
    )
    .returning([
      columns.integer('epoch'),
      columns.integer('last_index'),
      columns.integer('unseen_after'),
      columns.integer('takeovers'),
    ])
    .executeTakeFirst();
  if (claimed === undefined) return whyUnclaimed(tx, sessionId, columns);
  return { kind: 'written', claimed: toClaimed(sessionId, claimed) };
}

/** Reads a row of a claim. */
export function toClaimed(sessionId: string, row: UnknownRow): ClaimedSession {
  const claimed = {
    sessionId,
    epoch: integerOf(row, 'epoch'),
    lastIndex: integerOf(row, 'last_index'),
    takeovers: integerOf(row, 'takeovers'),
  };
  return row['unseen_after'] === null ? claimed : { ...claimed, unseenAfter: integerOf(row, 'unseen_after') };
}

async function whyUnclaimed(tx: Tx, sessionId: string, { integer }: SqlColumns): Promise<Unwritten> {
  const row = await tx
    .selectFrom('sessions')
    .select([integer('is_ended'), integer('deleted_ms')])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (row === undefined || row.deleted_ms !== null) return { kind: 'deleted' };
  return integerOf(row, 'is_ended') === 1 ? { kind: 'moved' } : { kind: 'stale' };
}

async function applySeen(tx: Tx, ownership: Ownership, columns: SqlColumns): Promise<WriteOutcome> {
  const { sessionId, epoch } = ownership;
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ unseen_after: null })
    .where('session_id', '=', sessionId)
    .where('epoch', '=', epoch)
    .where('deleted_ms', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n ? { kind: 'written' } : whyUnwritten(tx, sessionId, ownership, columns);
}

/** Finds out why no row matched a step. */
async function whyUnwritten(
  tx: Tx,
  sessionId: string,
  ownership: Ownership | undefined,
  { integer }: SqlColumns,
): Promise<Unwritten> {
  const row = await tx
    .selectFrom('sessions')
    .select([integer('epoch'), integer('deleted_ms')])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (row === undefined || row.deleted_ms !== null) return { kind: 'deleted' };
  if (ownership !== undefined && integerOf(row, 'epoch') !== ownership.epoch) return { kind: 'stale' };
  return { kind: 'moved' };
}

async function insertEvents(
  tx: Tx,
  sessionId: string,
  events: readonly LoggedEvent[],
  takeBreak: Break,
): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_PER_INSERT) {
    await takeBreak();
    const rows = events.slice(start, start + ROWS_PER_INSERT).map((event) => ({
      session_id: sessionId,
      position: event.index,
      type: event.type,
      bytes: event.bytes,
      json: event.json,
      checksum: eventChecksum(sessionId, event),
    }));
    await takeBreak();
    await tx.insertInto('events').values(rows).execute();
  }
}

function bytesOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, { bytes }) => sum + bytes, 0);
}
