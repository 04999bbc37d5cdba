import { sql, type Kysely } from 'kysely';
import type { SessionSummary } from '../../protocol/session-summary.js';
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
import type { SqlColumns, SqlDatabase } from './sql-database.js';
import {
  integerOf,
  storedColumns,
  textOf,
  toPlan,
  toSessionRow,
  toStored,
  type UnknownRow,
} from './sql-rows.js';
import { readEvents, readSteps } from './sql-events.js';
import type { SqlSchema } from './sql-schema.js';
import { inTransaction } from './sql-transaction.js';
import { applyWrite } from './sql-writes.js';
import { whenUnlocked } from './when-unlocked.js';

/** Damaged rows that are remembered, so that each is reported once. */
const MAX_REPORTED = 1000;

/** The condition of an index, word for word: a parameter in it would keep the index from being used. */
const IS_UNFINISHED = sql<boolean>`is_ended = 0 and deleted_ms is null`;

/**
 * A store in an SQL database. Everything specific to one database is passed in, see `openSqliteStore`.
 *
 * Queries order by `table.column`: the name alone would be the selected value, which no index contains.
 */
export class SqlStore implements SessionStore {
  readonly #database: SqlDatabase;
  readonly #db: Kysely<SqlSchema>;
  readonly #columns: SqlColumns;
  readonly #onError: (error: unknown) => void;
  readonly #reported = new Set<string>();

  /** `database` must have the schema, see `migrate`. `onError` is called with each damaged row that is left out. */
  constructor(database: SqlDatabase, onError: (error: unknown) => void) {
    this.#database = database;
    this.#db = database.db;
    this.#columns = database.columns;
    this.#onError = onError;
  }

  async beginEpoch(): Promise<number> {
    const begin = (tx: Kysely<SqlSchema>) =>
      tx
        .insertInto('counters')
        .values({ name: 'epoch', value: 1 })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet({ value: sql<number>`counters.value + 1` }),
        )
        .returning(this.#columns.integer('value'))
        .executeTakeFirstOrThrow();
    return integerOf(await whenUnlocked(() => this.#write(begin)), 'value');
  }

  async checkEpoch(epoch: number): Promise<void> {
    this.#database.checkPlace();
    const row = await this.#db
      .selectFrom('counters')
      .select(this.#columns.integer('value'))
      .where('name', '=', 'epoch')
      .executeTakeFirst();
    if (row === undefined || integerOf(row, 'value') !== epoch) throw displaced();
  }

  async commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly (number | undefined)[]> {
    return this.#write(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('counters')
        .set({ value: epoch })
        .where('name', '=', 'epoch')
        .where('value', '=', epoch)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw displaced();
      const revisions: (number | undefined)[] = [];
      for (const write of writes) revisions.push(await applyWrite(tx, write, this.#columns));
      this.#database.checkPlace();
      return revisions;
    });
  }

  async find(sessionId: string): Promise<StoredSession | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select(storedColumns(this.#columns))
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row === undefined ? undefined : toStored(row);
  }

  async readPlan(sessionId: string): Promise<SessionPlan | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select([this.#columns.bytes('session_id'), this.#columns.bytes('plan')])
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row === undefined || row.plan === null ? undefined : toPlan(row);
  }

  async readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return readEvents(this.#database, sessionId, after, limits);
  }

  async readSteps(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return readSteps(this.#database, sessionId, after, limits);
  }

  async list(principal: string, graphId: string, limit: number): Promise<SessionList> {
    return inTransaction(this.#db, async (tx) => {
      const { bytes, integer } = this.#columns;
      const counter = await tx
        .selectFrom('revisions')
        .select(integer('revision'))
        .where('principal', '=', principal)
        .where('graph_id', '=', graphId)
        .executeTakeFirst();
      const rows = await tx
        .selectFrom('sessions')
        .select([bytes('session_id'), bytes('summary'), integer('revision')])
        .where('principal', '=', principal)
        .where('graph_id', '=', graphId)
        .where('deleted_ms', 'is', null)
        .orderBy('sessions.created_ms', 'desc')
        .orderBy('sessions.revision', 'desc')
        .limit(limit + 1)
        .execute();
      return {
        revision: counter === undefined ? 0 : integerOf(counter, 'revision'),
        rows: this.#readable(rows.slice(0, limit), toSessionRow),
        isTruncated: rows.length > limit,
      };
    });
  }

  async findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined> {
    const { bytes } = this.#columns;
    const row = await this.#db
      .selectFrom('receipts')
      .select([bytes('digest'), bytes('body')])
      .where('principal', '=', principal)
      .where('receipt_key', '=', key)
      .executeTakeFirst();
    return row === undefined ? undefined : { digest: textOf(row, 'digest'), body: textOf(row, 'body') };
  }

  async readRow(sessionId: string): Promise<SessionSummary | undefined> {
    const { bytes, integer } = this.#columns;
    const row = await this.#db
      .selectFrom('sessions')
      .select([bytes('session_id'), bytes('summary'), integer('revision')])
      .where('session_id', '=', sessionId)
      .where('deleted_ms', 'is', null)
      .executeTakeFirst();
    return row === undefined ? undefined : toSessionRow(row).summary;
  }

  async findUnfinished(
    status: 'running' | 'suspended',
    limit: number,
    before?: UnfinishedSession,
  ): Promise<readonly UnfinishedSession[]> {
    const { bytes, integer } = this.#columns;
    const rows = await this.#db
      .selectFrom('sessions')
      .select([bytes('session_id'), integer('created_ms')])
      .where(IS_UNFINISHED)
      .where('status', '=', status)
      .$if(before !== undefined, (query) =>
        query.where(sql<boolean>`(created_ms, session_id) < (${before?.createdMs}, ${before?.sessionId})`),
      )
      .orderBy('sessions.created_ms', 'desc')
      .orderBy('sessions.session_id', 'desc')
      .limit(limit)
      .execute();
    return this.#readable(rows, (row) => ({
      sessionId: textOf(row, 'session_id'),
      createdMs: integerOf(row, 'created_ms'),
    }));
  }

  async countUnfinished(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select([
        this.#columns.bytes('principal'),
        (expression) => expression.fn.countAll<number>().as('count'),
      ])
      .where(IS_UNFINISHED)
      .groupBy('principal')
      .execute();
    return new Map(
      this.#readable(rows, (row) => [textOf(row, 'principal'), integerOf(row, 'count')] as const),
    );
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
      .select(storedColumns(this.#columns))
      .where('is_ended', '=', 1)
      .where('is_pinned', '=', 0)
      .orderBy('sessions.created_ms')
      .limit(Number(count) - keep)
      .execute();
    return this.#readable(rows, toStored);
  }

  async newestMs(): Promise<number | undefined> {
    const times: number[] = [];
    // One query for each part of the index; together they would read all of it.
    for (const isEnded of [0, 1]) {
      const row = await this.#db
        .selectFrom('sessions')
        .select(this.#columns.integer('updated_ms'))
        .where('is_ended', '=', isEnded)
        .orderBy('sessions.updated_ms', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) times.push(integerOf(row, 'updated_ms'));
    }
    return times.length === 0 ? undefined : Math.max(...times);
  }

  async findEndedBefore(ms: number): Promise<readonly StoredSession[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(storedColumns(this.#columns))
      .where('is_ended', '=', 1)
      .where('is_pinned', '=', 0)
      .where('updated_ms', '<', ms)
      .where('deleted_ms', 'is', null)
      .limit(100)
      .execute();
    return this.#readable(rows, toStored);
  }

  async findUnerased(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(this.#columns.bytes('session_id'))
      .where('deleted_ms', 'is not', null)
      .where('plan', 'is not', null)
      .execute();
    return this.#readable(rows, (row) => textOf(row, 'session_id'));
  }

  async expire({ tombstonesBeforeMs, receiptsBeforeMs }: ExpiryTimes): Promise<void> {
    await whenUnlocked(() =>
      this.#write(async (tx) => {
        await tx.deleteFrom('sessions').where('deleted_ms', '<', tombstonesBeforeMs).execute();
        await tx.deleteFrom('receipts').where('created_ms', '<', receiptsBeforeMs).execute();
      }),
    );
    await whenUnlocked(() => this.#database.shrink());
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Runs `work` in a transaction that has the write lock from its beginning. */
  #write<Result>(work: (tx: Kysely<SqlSchema>) => Promise<Result>): Promise<Result> {
    return inTransaction(this.#db, work, this.#database.beginWrite);
  }

  /** Reads the rows that can be read; the others are left out, and each is reported once. */
  #readable<Result>(rows: readonly UnknownRow[], read: (row: UnknownRow) => Result): readonly Result[] {
    return rows.flatMap((row) => {
      try {
        return [read(row)];
      } catch (error) {
        this.#report(error);
        return [];
      }
    });
  }

  #report(error: unknown): void {
    const text = String(error);
    if (this.#reported.has(text)) return;
    if (this.#reported.size < MAX_REPORTED) this.#reported.add(text);
    this.#onError(error);
  }
}

function displaced(): StaleEpochError {
  return new StaleEpochError('Another process has taken over the sessions.');
}
