import { sql, type AliasedRawBuilder, type Kysely, type Selectable } from 'kysely';
import { checkEvents } from './event-checksum.js';
import type { SessionLabels } from '../../protocol/session-labels.js';
import {
  SESSION_STATUSES,
  type KnownSessionStatus,
  type SessionSummary,
} from '../../protocol/session-summary.js';
import {
  StaleEpochError,
  type CreationReceipt,
  type ExpiryTimes,
  type LoggedEvent,
  type PageLimits,
  type SessionList,
  type SessionPlan,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
  type UnfinishedSession,
} from './session-store.js';
import type { SqlSchema } from './sql-schema.js';
import { applyWrite } from './sql-writes.js';

const SESSION_COLUMNS = [
  'session_id',
  'principal',
  'graph_id',
  'log_id',
  'created_ms',
  'status',
  'last_index',
  'log_bytes',
  'deleted_ms',
  'labels',
] as const;

/** The condition of an index, word for word: a parameter in it would keep the index from being used. */
const IS_UNFINISHED = sql<boolean>`is_ended = 0 and deleted_ms is null`;

type SessionColumns = Pick<Selectable<SqlSchema['sessions']>, (typeof SESSION_COLUMNS)[number]>;

/** Expressions of `select` that read the columns of events, whatever values a damaged database holds. */
export interface SqlColumns {
  /** A text as its bytes in UTF-8. */
  bytes<Column extends 'type' | 'json'>(column: Column): AliasedRawBuilder<Uint8Array, Column>;
  /** A whole number. */
  integer<Column extends 'position' | 'bytes' | 'checksum'>(
    column: Column,
  ): AliasedRawBuilder<number, Column>;
}

/** A store in an SQL database. Everything specific to one database is passed in, see `openSqliteStore`. */
export class SqlStore implements SessionStore {
  readonly #db: Kysely<SqlSchema>;
  readonly #columns: SqlColumns;

  /** `db` must have the schema, see `migrate`; `close` closes it. */
  constructor(db: Kysely<SqlSchema>, columns: SqlColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  async beginEpoch(): Promise<number> {
    const { value } = await this.#db
      .insertInto('counters')
      .values({ name: 'epoch', value: 1 })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ value: sql<number>`counters.value + 1` }),
      )
      .returning('value')
      .executeTakeFirstOrThrow();
    return Number(value);
  }

  async commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly (number | undefined)[]> {
    return this.#db.transaction().execute(async (tx) => {
      // A write comes first, so that the transaction holds the write lock before it reads.
      const { numUpdatedRows } = await tx
        .updateTable('counters')
        .set({ value: epoch })
        .where('name', '=', 'epoch')
        .where('value', '=', epoch)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new StaleEpochError('The store belongs to a newer process.');
      const revisions: (number | undefined)[] = [];
      for (const write of writes) revisions.push(await applyWrite(tx, write));
      return revisions;
    });
  }

  async find(sessionId: string): Promise<StoredSession | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select(SESSION_COLUMNS)
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row === undefined ? undefined : toStored(row);
  }

  async readPlan(sessionId: string): Promise<SessionPlan | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select('plan')
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return typeof row?.plan === 'string' ? (JSON.parse(row.plan) as SessionPlan) : undefined;
  }

  async readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    const { maxEvents, maxBytes, through } = limits;
    const { bytes, integer } = this.#columns;
    // Sizes first: a page of a thousand events of 8 MiB must never be read into memory.
    const sizes = await this.#db
      .selectFrom('events')
      .select([integer('position'), integer('bytes')])
      .where('session_id', '=', sessionId)
      .where('position', '>', after)
      .where('position', '<=', through)
      .orderBy('position')
      .limit(maxEvents)
      .execute();
    let last: number | undefined;
    let pageBytes = 0;
    for (const row of sizes) {
      pageBytes += row.bytes;
      if (pageBytes > maxBytes && last !== undefined) break;
      last = row.position;
    }
    if (last === undefined) return [];
    const rows = await this.#db
      .selectFrom('events')
      .select([integer('position'), bytes('type'), integer('bytes'), bytes('json'), integer('checksum')])
      .where('session_id', '=', sessionId)
      .where('position', '>', after)
      .where('position', '<=', last)
      .orderBy('position')
      .execute();
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const events = rows.map(({ position, type, bytes: size, json, checksum }) => ({
      index: position,
      type: decoder.decode(type) as LoggedEvent['type'],
      bytes: size,
      json: decoder.decode(json),
      checksum: Number(checksum),
    }));
    checkEvents(sessionId, after, events);
    return events.map(({ checksum: _, ...event }) => event);
  }

  async list(principal: string, graphId: string, limit: number): Promise<SessionList> {
    return this.#db.transaction().execute(async (tx) => {
      const counter = await tx
        .selectFrom('revisions')
        .select('revision')
        .where('principal', '=', principal)
        .where('graph_id', '=', graphId)
        .executeTakeFirst();
      const rows = await tx
        .selectFrom('sessions')
        .select(['summary', 'revision'])
        .where('principal', '=', principal)
        .where('graph_id', '=', graphId)
        .where('deleted_ms', 'is', null)
        .orderBy('created_ms', 'desc')
        .orderBy('revision', 'desc')
        .limit(limit + 1)
        .execute();
      return {
        revision: Number(counter?.revision ?? 0),
        rows: rows.slice(0, limit).map(({ summary, revision }) => ({
          summary: JSON.parse(summary) as SessionSummary,
          revision: Number(revision),
        })),
        isTruncated: rows.length > limit,
      };
    });
  }

  async findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined> {
    return this.#db
      .selectFrom('receipts')
      .select(['digest', 'body'])
      .where('principal', '=', principal)
      .where('receipt_key', '=', key)
      .executeTakeFirst();
  }

  async readRow(sessionId: string): Promise<SessionSummary | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select('summary')
      .where('session_id', '=', sessionId)
      .where('deleted_ms', 'is', null)
      .executeTakeFirst();
    return row === undefined ? undefined : (JSON.parse(row.summary) as SessionSummary);
  }

  async findUnfinished(
    status: 'running' | 'suspended',
    limit: number,
    before?: UnfinishedSession,
  ): Promise<readonly UnfinishedSession[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['session_id', 'created_ms'])
      .where(IS_UNFINISHED)
      .where('status', '=', status)
      .$if(before !== undefined, (query) =>
        query.where(sql<boolean>`(created_ms, session_id) < (${before?.createdMs}, ${before?.sessionId})`),
      )
      .orderBy('created_ms', 'desc')
      .orderBy('session_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ sessionId: row.session_id, createdMs: Number(row.created_ms) }));
  }

  async countUnfinished(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['principal', (expression) => expression.fn.countAll<number>().as('count')])
      .where(IS_UNFINISHED)
      .groupBy('principal')
      .execute();
    return new Map(rows.map(({ principal, count }) => [principal, Number(count)]));
  }

  async findSurplus(principal: string, graphId: string, keep: number): Promise<readonly StoredSession[]> {
    const sessions = this.#db
      .selectFrom('sessions')
      .where('principal', '=', principal)
      .where('graph_id', '=', graphId)
      .where('deleted_ms', 'is', null);
    const { count } = await sessions
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) <= keep) return [];
    const rows = await sessions
      .select(SESSION_COLUMNS)
      .where('is_ended', '=', 1)
      .where('is_pinned', '=', 0)
      .orderBy('created_ms')
      .limit(Number(count) - keep)
      .execute();
    return rows.map(toStored);
  }

  async findEndedBefore(ms: number): Promise<readonly StoredSession[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(SESSION_COLUMNS)
      .where('is_ended', '=', 1)
      .where('is_pinned', '=', 0)
      .where('updated_ms', '<', ms)
      .where('deleted_ms', 'is', null)
      .limit(100)
      .execute();
    return rows.map(toStored);
  }

  async findUnerased(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select('session_id')
      .where('deleted_ms', 'is not', null)
      .where('plan', 'is not', null)
      .execute();
    return rows.map((row) => row.session_id);
  }

  async expire({ tombstonesBeforeMs, receiptsBeforeMs }: ExpiryTimes): Promise<void> {
    await this.#db.deleteFrom('sessions').where('deleted_ms', '<', tombstonesBeforeMs).execute();
    await this.#db.deleteFrom('receipts').where('created_ms', '<', receiptsBeforeMs).execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

function toStored(row: SessionColumns): StoredSession {
  return {
    sessionId: row.session_id,
    principal: row.principal,
    graphId: row.graph_id,
    logId: row.log_id,
    createdMs: Number(row.created_ms),
    status: knownStatus(row.status),
    lastIndex: row.last_index,
    logBytes: Number(row.log_bytes),
    isDeleted: row.deleted_ms !== null,
    labels: JSON.parse(row.labels) as SessionLabels,
  };
}

function knownStatus(status: string): KnownSessionStatus {
  const known = SESSION_STATUSES.find((candidate) => candidate === status);
  if (known === undefined) throw new Error(`The store has a session with the unknown status “${status}”.`);
  return known;
}
