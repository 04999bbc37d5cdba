import { sql, type Kysely } from 'kysely';
import type { ClaimedSession, Ownership } from '../../store/ownership.js';
import { processSlot } from '../../store/process-slot.js';
import type { SqlColumns } from '../../store/sql/sql-database.js';
import { integerOf, textOf, type UnknownRow } from '../../store/sql/sql-rows.js';
import type { SqlSchema } from '../../store/sql/sql-schema.js';
import { toClaimed } from '../../store/sql/sql-writes.js';
import { BeatRecord, type LeaseTimes } from '../beat-record.js';
import type { StoreClock } from '../store-clock.js';
import type { StoreClaims } from '../store-claims.js';
import { BeatThread, monotonicMs } from './beat-thread.js';

/** Options of `PostgresClaims`. */
export interface PostgresClaimsOptions extends LeaseTimes {
  readonly db: Kysely<SqlSchema>;
  readonly columns: SqlColumns;
  readonly clock: StoreClock;
  readonly url: string;
  readonly schema: string;
  /** How long the main thread may be blocked before this process counts as dead, in milliseconds. */
  readonly stallMs: number;
  /** How long beats may fail before this process gives its runs up, in milliseconds. */
  readonly doubtMs: number;
  readonly onError: (error: unknown) => void;
}

/** The claims of ready sessions that a process has made. */
interface ClaimNumbering {
  readonly processId: number;
  newest: number;
  /** True while the newest has no response. */
  isLost: boolean;
}

/** Claims in a PostgreSQL database: a row for each process, an owner in the row of each session. */
export class PostgresClaims implements StoreClaims {
  readonly #options: PostgresClaimsOptions;
  #beats: BeatRecord;
  #processId = 0;
  #numbering: ClaimNumbering = { processId: 0, newest: 0, isLost: false };
  #thread: BeatThread | undefined;

  constructor(options: PostgresClaimsOptions) {
    this.#options = options;
    this.#beats = new BeatRecord(options);
  }

  async open(processId: number, onLost: () => void): Promise<void> {
    const { db, clock, url, schema, beatMs, stallMs, doubtMs, onError } = this.#options;
    await this.#stop();
    this.#processId = processId;
    this.#numbering = { processId, newest: 0, isLost: false };
    this.#beats = new BeatRecord(this.#options);
    await db
      .insertInto('processes')
      .values({
        process_id: processId,
        beat_at: sql`clock_timestamp()`,
        started_at: sql`clock_timestamp()`,
        claims: 0,
      })
      .execute();
    this.#beats.made(monotonicMs());
    let isLost = false;
    const lose = (): void => {
      if (isLost || this.#processId !== processId) return;
      isLost = true;
      onLost();
    };
    this.#thread = new BeatThread({
      url,
      schema,
      processId,
      beatMs,
      stallMs,
      onBeat: ({ atMs, storeMs, tookMs }) => {
        this.#beats.made(atMs);
        clock.set(storeMs, atMs + tookMs / 2);
      },
      doubtMs,
      onLost: lose,
      onError: (error) => {
        onError(error);
        lose();
      },
    });
  }

  async judge(): Promise<number> {
    const { db, leaseMs } = this.#options;
    if (!this.#beats.mayJudge(monotonicMs())) return 0;
    const { rows: late } = await sql<UnknownRow>`
      select process_id from ${this.#table('processes')}
      where process_id <> ${this.#processId} and beat_at < clock_timestamp() - ${seconds(leaseMs)}`.execute(
      db,
    );
    let dead = 0;
    for (const row of late) {
      const processId = integerOf(row, 'process_id');
      const isDead = sql<boolean>`beat_at < clock_timestamp() - ${seconds(leaseMs)}`;
      if (await this.#remove(processId, isDead, { isDead: true })) dead += 1;
    }
    return dead;
  }

  async claimReady(limit: number): Promise<readonly ClaimedSession[]> {
    const numbering = this.#numbering;
    if (numbering.isLost) {
      const found = await this.#findLost(numbering);
      numbering.isLost = false;
      if (found.length > 0) return found;
    }
    if (limit <= 0) return [];
    numbering.newest += 1;
    // Until the response is there, it may have claimed sessions that this process does not know.
    numbering.isLost = true;
    const claimed = await this.#claim(numbering, limit);
    numbering.isLost = false;
    return claimed;
  }

  /** Makes the claim of a number, unless that was made before, or the process was taken for dead. */
  async #claim({ processId, newest }: ClaimNumbering, limit: number): Promise<readonly ClaimedSession[]> {
    const { db, columns } = this.#options;
    const rows = await db
      .with('turn', (query) =>
        query
          .updateTable('processes')
          .set({ claims: newest })
          .where('process_id', '=', processId)
          .where('claims', '=', newest - 1)
          .returning('process_id'),
      )
      .with('ready', (query) =>
        query
          .selectFrom('sessions')
          .select('session_id')
          .where('owner', 'is', null)
          .where('status', '=', 'running')
          .where('deleted_ms', 'is', null)
          .where((where) => where.exists(where.selectFrom('turn').select('turn.process_id')))
          .orderBy('created_ms')
          .limit(limit)
          .forUpdate('sessions')
          .skipLocked(),
      )
      .updateTable('sessions')
      .from('ready')
      .set({ epoch: sql<number>`epoch + 1`, owner: processId, claim: newest })
      .whereRef('sessions.session_id', '=', 'ready.session_id')
      .returning([
        sql<unknown>`convert_to(sessions.session_id, 'UTF8')`.as('session_id'),
        columns.integer('epoch'),
        columns.integer('last_index'),
        columns.integer('takeovers'),
        columns.integer('unseen_after'),
        columns.integer('created_ms'),
      ])
      .execute();
    return inOrder(rows);
  }

  /** Finds what the claim without a response has claimed. When it was not made yet, it never is. */
  async #findLost({ processId, newest }: ClaimNumbering): Promise<readonly ClaimedSession[]> {
    const { db, columns } = this.#options;
    // Waits for it, should it be in progress.
    const { numUpdatedRows } = await db
      .updateTable('processes')
      .set({ claims: newest })
      .where('process_id', '=', processId)
      .where('claims', '=', newest - 1)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return [];
    const rows = await db
      .selectFrom('sessions')
      .select([
        columns.bytes('session_id'),
        columns.integer('epoch'),
        columns.integer('last_index'),
        columns.integer('takeovers'),
        columns.integer('unseen_after'),
        columns.integer('created_ms'),
      ])
      .where('owner', '=', processId)
      .where('claim', '=', newest)
      .where('status', '=', 'running')
      .where('deleted_ms', 'is', null)
      .execute();
    return inOrder(rows);
  }

  async release(sessions: readonly Ownership[]): Promise<void> {
    if (sessions.length === 0) return;
    const { db } = this.#options;
    await sql`
      update ${this.#table('sessions')} as sessions set owner = null
      from unnest(cast(${sessions.map(({ sessionId }) => sessionId)} as text[]), cast(${sessions.map(({ epoch }) => epoch)} as bigint[]))
        as released (session_id, epoch)
      where sessions.session_id = released.session_id collate "C" and sessions.epoch = released.epoch`.execute(
      db,
    );
  }

  async takeChore(name: string, periodMs: number): Promise<boolean> {
    const { rows } = await sql`
      insert into ${this.#table('chores')} as chores (name, due_at) values (${name}, clock_timestamp() + ${seconds(periodMs)})
      on conflict (name) do update set due_at = excluded.due_at where chores.due_at <= clock_timestamp()
      returning 1 as taken`.execute(this.#options.db);
    return rows.length === 1;
  }

  async close(): Promise<void> {
    const processId = this.#processId;
    await this.#stop();
    if (processId !== 0) await this.#remove(processId, sql<boolean>`true`);
  }

  /** A table in a statement that Kysely does not know. */
  #table(name: string) {
    return sql.table(`${this.#options.schema}.${name}`);
  }

  async #stop(): Promise<void> {
    this.#processId = 0;
    await this.#thread?.close();
    this.#thread = undefined;
  }

  /** Removes a process, unless a condition is not met: nothing that it writes is accepted, and its sessions are free. */
  #remove(
    processId: number,
    condition: ReturnType<typeof sql<boolean>>,
    { isDead = false } = {},
  ): Promise<boolean> {
    return this.#options.db.transaction().execute(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('processes')
        .where('process_id', '=', processId)
        .where(condition)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      // Waits for its commit in progress, and refuses every later one.
      await tx.deleteFrom('counters').where('name', '=', processSlot(processId)).execute();
      // What ran in a process that died may be the reason for it.
      if (isDead) {
        await tx
          .updateTable('sessions')
          .set({ takeovers: sql<number>`takeovers + 1` })
          .where('owner', '=', processId)
          .where('status', '=', 'running')
          .execute();
      }
      await tx.updateTable('sessions').set({ owner: null }).where('owner', '=', processId).execute();
      return true;
    });
  }
}

/** Reads claimed sessions, oldest first. */
function inOrder(rows: readonly UnknownRow[]): readonly ClaimedSession[] {
  return [...rows]
    .sort((a, b) => integerOf(a, 'created_ms') - integerOf(b, 'created_ms'))
    .map((row) => toClaimed(textOf(row, 'session_id'), row));
}

/** An interval of the database. */
function seconds(ms: number) {
  return sql`make_interval(secs => ${ms / 1000})`;
}
