import type { AliasedRawBuilder, Kysely, RawBuilder } from 'kysely';
import type { SqlAppends } from './sql-appends.js';
import type { SqlSchema } from './sql-schema.js';

/** Expressions of `select` that read columns, whatever values a damaged database has; see `sql-rows.ts`. */
export interface SqlColumns {
  /** A text as its bytes in UTF-8. */
  bytes<Column extends string>(column: Column): AliasedRawBuilder<unknown, Column>;
  /** A whole number. */
  integer<Column extends string>(column: Column): AliasedRawBuilder<unknown, Column>;
}

/**
 * An open database with the schema of the store, and everything that is specific to its kind. Its queries throw
 * StoreUnavailableError when the same query may succeed later.
 */
export interface SqlDatabase {
  readonly db: Kysely<SqlSchema>;
  readonly columns: SqlColumns;
  /** Begins a transaction whose queries all read the same moment. */
  readonly beginRead: RawBuilder<unknown>;
  /** Begins a transaction that writes, so that it waits for other writers before it reads. */
  readonly beginWrite: RawBuilder<unknown>;
  /** True if several connections write: then a row is locked, to wait for a transaction that has changed it. */
  readonly hasRowLocks: boolean;
  /** Lets the creations of principals wait for each other until the transaction ends; absent: one process writes. */
  lockPrincipals?(tx: Kysely<SqlSchema>, principals: readonly string[]): Promise<void>;
  /** True for the error of a transaction that was rolled back in favour of others; it succeeds when it is repeated. */
  isDeadlock(error: unknown): boolean;
  /** Commits of appends in one statement; absent: each is a transaction. */
  readonly appends?: SqlAppends;
  /**
   * Checks that what is written now is what the next process opens.
   *
   * @throws StoreUnavailableError while the database is out of reach; StaleEpochError when another one is in its
   *   place.
   */
  checkPlace(): void;
  /**
   * Makes a large commit. What the database does after it by itself, as SQLite copies its write-ahead log, has a turn of
   * the event loop of its own, and cannot make the commit fail.
   */
  withoutCheckpoint<Result>(commit: () => Promise<Result>): Promise<Result>;
  /** Gives space of deleted rows back, in small steps. */
  shrink(): Promise<void>;
  close(): Promise<void>;
}
