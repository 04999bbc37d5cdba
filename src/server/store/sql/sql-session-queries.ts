import { sql, type Kysely, type RawBuilder } from 'kysely';
import {
  revisionOfAll,
  type AnyListName,
  type ListChange,
  type ListName,
  type ListPlace,
  type SessionList,
  type SessionLook,
  type StoredSession,
  type UnfinishedSession,
} from '../session-store.js';
import type { SqlColumns, SqlDatabase } from './sql-database.js';
import {
  allGraphsColumns,
  integerOf,
  listColumns,
  lookColumns,
  storedColumns,
  textOf,
  toRowOfAll,
  toSessionLook,
  toSessionRow,
  toStored,
  type UnknownRow,
} from './sql-rows.js';
import { hasPlan, IS_OPEN, type SqlSchema } from './sql-schema.js';
import { inTransaction } from './sql-transaction.js';

/** Damaged rows that are remembered, so that each is reported once. */
const MAX_REPORTED = 1000;

/**
 * The queries of a store for many sessions at once, see `SessionStore`. Rows that cannot be read are left out.
 *
 * They order by `table.column`: the name alone would be the selected value, which no index contains.
 */
export class SqlSessionQueries {
  readonly #db: Kysely<SqlSchema>;
  readonly #columns: SqlColumns;
  readonly #beginRead: RawBuilder<unknown>;
  readonly #onError: (error: unknown) => void;
  readonly #reported = new Set<string>();

  /** `onError` is called once with each damaged row that is left out. */
  constructor({ db, columns, beginRead }: SqlDatabase, onError: (error: unknown) => void) {
    this.#db = db;
    this.#columns = columns;
    this.#beginRead = beginRead;
    this.#onError = onError;
  }

  async listAfter(
    { principal, graphId }: AnyListName,
    { createdMs, sessionId }: ListPlace,
    limit: number,
  ): Promise<Pick<SessionList, 'rows' | 'isTruncated'>> {
    const older = this.#db
      .selectFrom('sessions')
      .where('principal', '=', principal)
      .where('deleted_ms', 'is', null)
      .where('created_ms', '<=', createdMs)
      .$if(sessionId !== undefined, (query) =>
        query.where((row) =>
          row.or([row('created_ms', '<', createdMs), row('session_id', '<', sessionId ?? '')]),
        ),
      )
      .orderBy('sessions.created_ms', 'desc')
      .orderBy('sessions.session_id', 'desc')
      .limit(limit + 1);
    if (graphId === undefined) {
      const all = await older.select(allGraphsColumns(this.#columns)).execute();
      return { rows: this.#readable(all.slice(0, limit), toRowOfAll), isTruncated: all.length > limit };
    }
    const rows = await older.select(listColumns(this.#columns)).where('graph_id', '=', graphId).execute();
    return { rows: this.#readable(rows.slice(0, limit), toSessionRow), isTruncated: rows.length > limit };
  }

  async list(principal: string, graphId: string | undefined, limit: number): Promise<SessionList> {
    if (graphId === undefined) return this.#listAll(principal, limit);
    const read = async (tx: Kysely<SqlSchema>): Promise<SessionList> => {
      const { integer } = this.#columns;
      const counter = await tx
        .selectFrom('revisions')
        .select(integer('revision'))
        .where('principal', '=', principal)
        .where('graph_id', '=', graphId)
        .executeTakeFirst();
      const rows = await tx
        .selectFrom('sessions')
        .select(listColumns(this.#columns))
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
    };
    return inTransaction(this.#db, read, this.#beginRead);
  }

  #listAll(principal: string, limit: number): Promise<SessionList> {
    const read = async (tx: Kysely<SqlSchema>): Promise<SessionList> => {
      const [revisions = new Map<string, number>()] = await this.#lookGraphs(tx, [principal]);
      const rows = await tx
        .selectFrom('sessions')
        .select(allGraphsColumns(this.#columns))
        .where('principal', '=', principal)
        .where('deleted_ms', 'is', null)
        .orderBy('sessions.created_ms', 'desc')
        .orderBy('sessions.session_id', 'desc')
        .limit(limit + 1)
        .execute();
      return {
        revision: revisionOfAll(revisions),
        revisions,
        rows: this.#readable(rows.slice(0, limit), toRowOfAll),
        isTruncated: rows.length > limit,
      };
    };
    return inTransaction(this.#db, read, this.#beginRead);
  }

  async lookGraphs(principals: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]> {
    return principals.length === 0 ? [] : this.#lookGraphs(this.#db, principals);
  }

  async #lookGraphs(
    db: Kysely<SqlSchema>,
    principals: readonly string[],
  ): Promise<readonly ReadonlyMap<string, number>[]> {
    const { bytes, integer } = this.#columns;
    const rows = await db
      .selectFrom('revisions')
      .select([bytes('principal'), bytes('graph_id'), integer('revision')])
      .where('principal', 'in', principals)
      .execute();
    const found = new Map(principals.map((principal) => [principal, new Map<string, number>()]));
    for (const [principal, graphId, revision] of this.#readable(rows, toRevision)) {
      found.get(principal)?.set(graphId, revision);
    }
    return principals.map((principal) => found.get(principal) ?? new Map<string, number>());
  }

  async lookLists(names: readonly ListName[]): Promise<readonly number[]> {
    if (names.length === 0) return [];
    const { bytes, integer } = this.#columns;
    const rows = await this.#db
      .selectFrom('revisions')
      .select([bytes('principal'), bytes('graph_id'), integer('revision')])
      .where((expression) =>
        expression.or(
          names.map(({ principal, graphId }) => expression.and({ principal, graph_id: graphId })),
        ),
      )
      .execute();
    const revisions = new Map(
      this.#readable(rows, toRevision).map(
        ([principal, graphId, revision]) => [nameKey(principal, graphId), revision] as const,
      ),
    );
    return names.map(({ principal, graphId }) => revisions.get(nameKey(principal, graphId)) ?? 0);
  }

  async listChanges(
    { principal, graphId }: ListName,
    after: number,
    limit: number,
  ): Promise<readonly ListChange[]> {
    const { integer } = this.#columns;
    const rows = await this.#db
      .selectFrom('sessions')
      .select([...listColumns(this.#columns), integer('created_ms'), integer('deleted_ms')])
      .where('principal', '=', principal)
      .where('graph_id', '=', graphId)
      .where('sessions.revision', '>', after)
      .orderBy('sessions.revision')
      .limit(limit)
      .execute();
    return this.#readable(rows, toListChange);
  }

  async look(sessionIds: readonly string[]): Promise<readonly SessionLook[]> {
    if (sessionIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom('sessions')
      .select(lookColumns(this.#columns))
      .where('session_id', 'in', sessionIds)
      .execute();
    return this.#readable(rows, (row) => {
      const sessionId = textOf(row, 'session_id');
      const [look] = this.#readable([row], toSessionLook);
      return look ?? ({ kind: 'damaged', sessionId, isDeleted: row['deleted_ms'] !== null } as const);
    });
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
      .where(IS_OPEN)
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
      .where(IS_OPEN)
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

  async findUnerased(beforeMs: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(this.#columns.bytes('session_id'))
      .where('deleted_ms', 'is not', null)
      .$if(Number.isFinite(beforeMs), (query) => query.where('deleted_ms', '<', beforeMs))
      .where(hasPlan)
      .execute();
    return this.#readable(rows, (row) => textOf(row, 'session_id'));
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

function toRevision(row: UnknownRow): readonly [principal: string, graphId: string, revision: number] {
  return [textOf(row, 'principal'), textOf(row, 'graph_id'), integerOf(row, 'revision')];
}

function nameKey(principal: string, graphId: string): string {
  return JSON.stringify([principal, graphId]);
}

function toListChange(row: UnknownRow): ListChange {
  const revision = integerOf(row, 'revision');
  if (row['deleted_ms'] === null) return { kind: 'row', revision, summary: toSessionRow(row).summary };
  const record = { sessionId: textOf(row, 'session_id'), createdMs: integerOf(row, 'created_ms') };
  return { kind: 'deletion', revision, record, deletedMs: integerOf(row, 'deleted_ms') };
}
