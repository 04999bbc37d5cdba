import { sql, type Kysely } from 'kysely';
import type { SqlDatabase } from './sql-database.js';
import { integerOf, textOf, type UnknownRow } from './sql-rows.js';
import type { SqlSchema } from './sql-schema.js';
import { inTransaction } from './sql-transaction.js';

/** Rows that are read and written at once: each may have megabytes. */
const ROWS_PER_STEP = 20;

type Table = 'sessions' | 'plans' | 'events' | 'revisions' | 'receipts';

/**
 * Copies all sessions of a SQLite database that no server uses to one that has none, in one transaction. Ids stay, also
 * those of logs, so that the cursors of readers stay valid. Resolves with the number of sessions.
 *
 * @throws Error when the other database has sessions, or a row cannot be read; nothing is copied then.
 */
export function copyTables(from: SqlDatabase, to: SqlDatabase): Promise<number> {
  return inTransaction(
    to.db,
    async (tx) => {
      const existing = await tx.selectFrom('sessions').select('session_id').limit(1).executeTakeFirst();
      if (existing !== undefined) throw new Error('The other database has sessions already.');
      const sessions = await copyRows(from, 'sessions', (rows) =>
        tx.insertInto('sessions').values(rows.map(toSession)).execute(),
      );
      await copyRows(from, 'plans', (rows) => tx.insertInto('plans').values(rows.map(toPlan)).execute());
      await copyRows(from, 'events', (rows) => tx.insertInto('events').values(rows.map(toEvent)).execute());
      await copyRows(from, 'revisions', (rows) =>
        tx.insertInto('revisions').values(rows.map(toRevision)).execute(),
      );
      await copyRows(from, 'receipts', (rows) =>
        tx.insertInto('receipts').values(rows.map(toReceipt)).execute(),
      );
      return sessions;
    },
    to.beginWrite,
  );
}

const TEXTS = {
  sessions: ['session_id', 'principal', 'graph_id', 'log_id', 'status', 'summary', 'labels'],
  plans: ['session_id', 'plan'],
  events: ['session_id', 'type', 'json'],
  revisions: ['principal', 'graph_id'],
  receipts: ['principal', 'receipt_key', 'digest', 'body'],
} as const satisfies Readonly<Record<Table, readonly string[]>>;

const INTEGERS = {
  sessions: [
    'created_ms',
    'updated_ms',
    'is_ended',
    'last_index',
    'log_bytes',
    'revision',
    'deleted_ms',
    'is_pinned',
    'epoch',
    'unseen_after',
    'takeovers',
  ],
  plans: [],
  events: ['position', 'bytes', 'checksum'],
  revisions: ['revision'],
  receipts: ['created_ms'],
} as const satisfies Readonly<Record<Table, readonly string[]>>;

/** Passes the rows of a table on, in steps. Resolves with their number. */
async function copyRows(
  { db, columns }: { readonly db: Kysely<SqlSchema>; readonly columns: SqlDatabase['columns'] },
  table: Table,
  write: (rows: readonly UnknownRow[]) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const { rows } = await sql<UnknownRow>`
      select rowid as row_number, ${sql.join([
        ...TEXTS[table].map((name) => columns.bytes(name)),
        ...INTEGERS[table].map((name) => columns.integer(name)),
      ])} from ${sql.table(table)} where rowid > ${after} order by rowid limit ${ROWS_PER_STEP}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return count;
    await write(rows);
    count += rows.length;
    after = integerOf(last, 'row_number');
  }
}

function toSession(row: UnknownRow): SqlSchema['sessions'] {
  return {
    session_id: textOf(row, 'session_id'),
    principal: textOf(row, 'principal'),
    graph_id: textOf(row, 'graph_id'),
    log_id: textOf(row, 'log_id'),
    created_ms: integerOf(row, 'created_ms'),
    updated_ms: integerOf(row, 'updated_ms'),
    status: textOf(row, 'status'),
    is_ended: integerOf(row, 'is_ended'),
    last_index: integerOf(row, 'last_index'),
    log_bytes: integerOf(row, 'log_bytes'),
    summary: textOf(row, 'summary'),
    revision: integerOf(row, 'revision'),
    deleted_ms: optionalInteger(row, 'deleted_ms'),
    labels: textOf(row, 'labels'),
    is_pinned: integerOf(row, 'is_pinned'),
    epoch: integerOf(row, 'epoch'),
    // No process of the other database runs it.
    owner: null,
    claim: null,
    unseen_after: optionalInteger(row, 'unseen_after'),
    takeovers: integerOf(row, 'takeovers'),
  };
}

function toPlan(row: UnknownRow): SqlSchema['plans'] {
  return { session_id: textOf(row, 'session_id'), plan: textOf(row, 'plan') };
}

function toEvent(row: UnknownRow): SqlSchema['events'] {
  return {
    session_id: textOf(row, 'session_id'),
    position: integerOf(row, 'position'),
    type: textOf(row, 'type'),
    bytes: integerOf(row, 'bytes'),
    json: textOf(row, 'json'),
    checksum: integerOf(row, 'checksum'),
  };
}

function toRevision(row: UnknownRow): SqlSchema['revisions'] {
  return {
    principal: textOf(row, 'principal'),
    graph_id: textOf(row, 'graph_id'),
    revision: integerOf(row, 'revision'),
  };
}

function toReceipt(row: UnknownRow): SqlSchema['receipts'] {
  return {
    principal: textOf(row, 'principal'),
    receipt_key: textOf(row, 'receipt_key'),
    digest: textOf(row, 'digest'),
    body: textOf(row, 'body'),
    created_ms: integerOf(row, 'created_ms'),
  };
}

function optionalInteger(row: UnknownRow, column: string): number | null {
  return row[column] === null ? null : integerOf(row, column);
}
