import { sql, type DeleteResult, type Kysely } from 'kysely';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import { nextTurn } from '../../../protocol/next-turn.js';
import {
  type AnyListName,
  type CreationReceipt,
  type ExpiryTimes,
  type ListChange,
  type ListName,
  type LoggedEvent,
  type LogPart,
  type PageLimits,
  type SessionList,
  type SessionLook,
  type SessionPlan,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
  type UnfinishedSession,
  type WriteOutcome,
  type ListPlace,
} from '../session-store.js';
import { copyTables } from './copy-tables.js';
import { displaced, SqlCommits } from './sql-commits.js';
import type { SqlColumns, SqlDatabase } from './sql-database.js';
import type { StoreCluster } from '../../cluster/store-cluster.js';
import { processSlot } from '../process-slot.js';
import { findErasable, readEvents, readSteps } from './sql-events.js';
import { readGrown } from './sql-grown.js';
import { eraseLeftovers } from './sql-leftovers.js';
import {
  integerOf,
  listColumns,
  storedColumns,
  textOf,
  toDamaged,
  toPlan,
  toSessionRow,
  toStored,
  type UnknownRow,
} from './sql-rows.js';
import { hasPlan, type SqlSchema } from './sql-schema.js';
import { SqlSessionQueries } from './sql-session-queries.js';
import { readToken } from './sql-tokens.js';
import { inTransaction } from './sql-transaction.js';
import { whenUnlocked } from './when-unlocked.js';

/** Rows that one transaction deletes at the end of their retention: a few milliseconds. */
const EXPIRED_ROWS = 100;

/** A store in an SQL database. Everything specific to one database is passed in, see `openSqliteStore`. */
export class SqlStore implements SessionStore {
  readonly cluster?: StoreCluster;
  readonly #database: SqlDatabase;
  readonly #db: Kysely<SqlSchema>;
  readonly #columns: SqlColumns;
  readonly #queries: SqlSessionQueries;
  readonly #commits: SqlCommits;

  /**
   * `database` must have the schema, see `migrate`. `onError` is called with each damaged row that is left out. `cluster`
   * only if several processes may share the database.
   */
  constructor(database: SqlDatabase, onError: (error: unknown) => void, cluster?: StoreCluster) {
    if (cluster !== undefined) this.cluster = cluster;
    this.#database = database;
    this.#db = database.db;
    this.#columns = database.columns;
    this.#commits = new SqlCommits(database, cluster !== undefined);
    this.#queries = new SqlSessionQueries(database, onError);
  }

  async beginEpoch(): Promise<number> {
    const begin = (tx: Kysely<SqlSchema>) =>
      tx
        .insertInto('counters')
        .values({ name: 'epoch', value: 1, commit_id: '' })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet({ value: sql<number>`counters.value + 1` }),
        )
        .returning(this.#columns.integer('value'))
        .executeTakeFirstOrThrow();
    const beginShared = async (tx: Kysely<SqlSchema>) => {
      const row = await begin(tx);
      const value = integerOf(row, 'value');
      await tx
        .insertInto('counters')
        .values({ name: processSlot(value), value, commit_id: '' })
        .execute();
      return row;
    };
    const work = this.cluster === undefined ? begin : beginShared;
    return integerOf(await whenUnlocked(() => this.#write(work)), 'value');
  }

  async endEpoch(epoch: number): Promise<void> {
    if (this.cluster === undefined) return;
    await this.#write(async (tx) => {
      await tx.deleteFrom('counters').where('name', '=', processSlot(epoch)).execute();
      await tx.updateTable('sessions').set({ owner: null }).where('owner', '=', epoch).execute();
    });
  }

  async checkEpoch(epoch: number): Promise<void> {
    this.#database.checkPlace();
    const row = await this.#db
      .selectFrom('counters')
      .select(this.#columns.integer('value'))
      .where('name', '=', this.#commits.slot(epoch))
      .executeTakeFirst();
    if (row === undefined || integerOf(row, 'value') !== epoch) throw displaced();
  }

  commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]> {
    return this.#commits.commit(epoch, writes);
  }

  async find(sessionId: string): Promise<StoredSession | undefined> {
    const row = await this.#row(sessionId);
    return row === undefined ? undefined : toStored(row);
  }

  async findDamaged(sessionId: string): Promise<StoredSession | undefined> {
    const row = await this.#row(sessionId);
    return row === undefined ? undefined : toDamaged(sessionId, row);
  }

  async readPlan(sessionId: string): Promise<SessionPlan | undefined> {
    const row = await this.#db
      .selectFrom('plans')
      .select([this.#columns.bytes('session_id'), this.#columns.bytes('plan')])
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row === undefined ? undefined : toPlan(row);
  }

  async readSealedToken(sessionId: string): Promise<string | undefined> {
    return this.cluster === undefined ? undefined : readToken(this.#db, this.#columns, sessionId);
  }

  async readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return readEvents(this.#database, sessionId, after, limits);
  }

  async findErasable(sessionId: string, maxBytes: number): Promise<LogPart> {
    return findErasable(this.#database, sessionId, maxBytes);
  }

  async readSteps(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return readSteps(this.#database, sessionId, after, limits);
  }

  readGrown(
    cursors: ReadonlyMap<string, number>,
    limits: Omit<PageLimits, 'through'>,
  ): Promise<ReadonlyMap<string, readonly LoggedEvent[]>> {
    return readGrown(this.#database, cursors, limits);
  }

  look(sessionIds: readonly string[]): Promise<readonly SessionLook[]> {
    return this.#queries.look(sessionIds);
  }

  listAfter(
    name: AnyListName,
    place: ListPlace,
    limit: number,
  ): Promise<Pick<SessionList, 'rows' | 'isTruncated'>> {
    return this.#queries.listAfter(name, place, limit);
  }

  list(principal: string, graphId: string | undefined, limit: number): Promise<SessionList> {
    return this.#queries.list(principal, graphId, limit);
  }

  lookLists(names: readonly ListName[]): Promise<readonly number[]> {
    return this.#queries.lookLists(names);
  }

  lookGraphs(principals: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]> {
    return this.#queries.lookGraphs(principals);
  }

  listChanges(name: ListName, after: number, limit: number): Promise<readonly ListChange[]> {
    return this.#queries.listChanges(name, after, limit);
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
    const row = await this.#db
      .selectFrom('sessions')
      .select(listColumns(this.#columns))
      .where('session_id', '=', sessionId)
      .where('deleted_ms', 'is', null)
      .executeTakeFirst();
    return row === undefined ? undefined : toSessionRow(row).summary;
  }

  findUnfinished(
    status: 'running' | 'suspended',
    limit: number,
    before?: UnfinishedSession,
  ): Promise<readonly UnfinishedSession[]> {
    return this.#queries.findUnfinished(status, limit, before);
  }

  countUnfinished(): Promise<ReadonlyMap<string, number>> {
    return this.#queries.countUnfinished();
  }

  findSurplus(principal: string, graphId: string, keep: number): Promise<readonly StoredSession[]> {
    return this.#queries.findSurplus(principal, graphId, keep);
  }

  newestMs(): Promise<number | undefined> {
    return this.#queries.newestMs();
  }

  findEndedBefore(ms: number): Promise<readonly StoredSession[]> {
    return this.#queries.findEndedBefore(ms);
  }

  findUnerased(beforeMs: number): Promise<readonly string[]> {
    return this.#queries.findUnerased(beforeMs);
  }

  async expire({ tombstonesBeforeMs, receiptsBeforeMs }: ExpiryTimes): Promise<void> {
    await this.#deleteInParts((tx) =>
      tx.deleteFrom('sessions').where('session_id', 'in', (old) =>
        old
          .selectFrom('sessions')
          .select('session_id')
          .where('deleted_ms', '<', tombstonesBeforeMs)
          // Not before it is erased: the rest of its log could no longer be found.
          .where((row) => row.not(hasPlan(row)))
          .limit(EXPIRED_ROWS),
      ),
    );
    await this.#deleteInParts((tx) =>
      tx
        .deleteFrom('receipts')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('principal', 'receipt_key'),
            'in',
            selectFrom('receipts')
              .select(['principal', 'receipt_key'])
              .where('created_ms', '<', receiptsBeforeMs)
              .limit(EXPIRED_ROWS)
              .$asTuple('principal', 'receipt_key'),
          ),
        ),
    );
    if (this.cluster !== undefined) await eraseLeftovers(this.#db);
    await whenUnlocked(() => this.#database.shrink());
  }

  async copyTo(other: SessionStore): Promise<number> {
    if (!(other instanceof SqlStore) || this.#database.hasRowLocks) {
      throw new Error('Sessions can be copied from a directory to PostgreSQL only.');
    }
    return copyTables(this.#database, other.#database);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Repeats a deletion of at most `EXPIRED_ROWS` rows, each in a transaction and a turn of its own, until it deletes fewer. */
  async #deleteInParts(
    deletion: (tx: Kysely<SqlSchema>) => { executeTakeFirst(): Promise<DeleteResult> },
  ): Promise<void> {
    for (let isMore = true; isMore;) {
      await nextTurn();
      const { numDeletedRows } = await whenUnlocked(() =>
        this.#write((tx) => deletion(tx).executeTakeFirst()),
      );
      isMore = numDeletedRows >= EXPIRED_ROWS;
    }
  }

  #row(sessionId: string): Promise<UnknownRow | undefined> {
    return this.#db
      .selectFrom('sessions')
      .select(storedColumns(this.#columns))
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
  }

  /** Runs `work` in a transaction that has the write lock from its beginning. */
  #write<Result>(work: (tx: Kysely<SqlSchema>) => Promise<Result>): Promise<Result> {
    return inTransaction(this.#db, work, this.#database.beginWrite);
  }
}
