import { sql, type Kysely } from 'kysely';
import { breaksEvery } from '../../scheduling/breaks.js';
import {
  StaleEpochError,
  UnknownOutcomeError,
  type SessionRecord,
  type SessionWrite,
  type WriteOutcome,
} from '../session-store.js';
import { sessionIdOf, StepOrder } from '../step-order.js';
import { writeSize } from '../write-size.js';
import { processSlot } from '../process-slot.js';
import { ListRevisions } from './list-revisions.js';
import type { AppendCommit, AppendWrite, SqlAppends } from './sql-appends.js';
import type { SqlDatabase } from './sql-database.js';
import { integerOf, textOf, type UnknownRow } from './sql-rows.js';
import type { SqlSchema } from './sql-schema.js';
import { CommitLostError, inTransaction } from './sql-transaction.js';
import { applyWrite } from './sql-writes.js';

/** Time after which something else has a turn of the event loop, in the middle of a commit. */
const TURN_MS = 10;
/** Bytes of a commit whose checkpoint has a turn of its own. */
const LARGE_BYTES = 1024 * 1024;

/** How often a commit is tried that the database gives up in favour of others. */
const MAX_ATTEMPTS = 5;

/** A commit that may have no response. */
interface LostCommit {
  readonly id: string;
  readonly writes: readonly SessionWrite[];
  readonly outcomes: WriteOutcome[];
  /** Reads the outcomes, where only the response would have them. */
  readonly readOutcomes?: () => Promise<readonly WriteOutcome[]>;
}

/** The commits of a store, see `SessionStore.commit`. One that lost its response is not repeated before its outcome is known. */
export class SqlCommits {
  readonly #database: SqlDatabase;
  readonly #isShared: boolean;
  #lost: LostCommit | undefined;

  /** `isShared`: several processes write the database. */
  constructor(database: SqlDatabase, isShared: boolean) {
    this.#database = database;
    this.#isShared = isShared;
  }

  /** The row that has the epoch and the newest commit: one for the store, or one for each process that shares it. */
  slot(epoch: number): string {
    return this.#isShared ? processSlot(epoch) : 'epoch';
  }

  async commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]> {
    const lost = this.#lost;
    if (lost?.writes === writes) {
      const outcomes = await this.#outcomesOf(epoch, lost);
      if (outcomes !== undefined) return outcomes;
    }
    const { appends } = this.#database;
    if (appends !== undefined && writes.length > 0 && writes.every(isAppend) && appends.canCommit(writes)) {
      const readOutcomes = () => appends.find(writes);
      return this.#commitAs({ writes, readOutcomes }, epoch, (attempt) =>
        commitAppends(appends, { epoch, slot: this.slot(epoch), commitId: attempt.id }, writes),
      );
    }
    const bytes = writes.reduce((sum, write) => sum + writeSize(write), 0);
    if (bytes < LARGE_BYTES) return this.#commit(epoch, writes);
    return this.#database.withoutCheckpoint(() => this.#commit(epoch, writes));
  }

  #commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]> {
    return this.#commitAs({ writes }, epoch, (attempt) => this.#tryCommit(epoch, attempt));
  }

  /** Makes a commit, and finds out its outcome when it has no response. */
  async #commitAs(
    commit: Pick<LostCommit, 'writes' | 'readOutcomes'>,
    epoch: number,
    run: (attempt: LostCommit) => Promise<readonly WriteOutcome[]>,
  ): Promise<readonly WriteOutcome[]> {
    for (let attempts = 1; ; attempts += 1) {
      const attempt: LostCommit = { ...commit, id: crypto.randomUUID(), outcomes: [] };
      try {
        return await run(attempt);
      } catch (error) {
        if (attempts < MAX_ATTEMPTS && this.#database.isDeadlock(error)) continue;
        if (!(error instanceof CommitLostError)) throw error;
        const outcomes = await this.#outcomesOf(epoch, attempt);
        if (outcomes !== undefined) return outcomes;
        throw error.cause;
      }
    }
  }

  /**
   * Finds the outcomes of a commit without a response; undefined when it was not carried out. Waits for it, should it still
   * be in progress.
   *
   * @throws StaleEpochError; UnknownOutcomeError while the database cannot be asked.
   */
  async #outcomesOf(epoch: number, commit: LostCommit): Promise<readonly WriteOutcome[] | undefined> {
    this.#lost = commit;
    let row: UnknownRow | undefined;
    let outcomes: readonly WriteOutcome[] | undefined;
    try {
      row = await this.#database.db
        .selectFrom('counters')
        .select([this.#database.columns.integer('value'), this.#database.columns.bytes('commit_id')])
        .where('name', '=', this.slot(epoch))
        .$if(this.#database.hasRowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      if (row !== undefined && textOf(row, 'commit_id') === commit.id) {
        outcomes = (await commit.readOutcomes?.()) ?? commit.outcomes;
      }
    } catch (error) {
      throw new UnknownOutcomeError('It is not known whether the sessions were written.', { cause: error });
    }
    this.#lost = undefined;
    if (row === undefined || integerOf(row, 'value') !== epoch) throw displaced();
    return outcomes;
  }

  #tryCommit(epoch: number, { id, writes, outcomes }: LostCommit): Promise<readonly WriteOutcome[]> {
    return inTransaction(
      this.#database.db,
      async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('counters')
          .set({ value: epoch, commit_id: id })
          .where('name', '=', this.slot(epoch))
          .where('value', '=', epoch)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw displaced();
        const order = new StepOrder();
        const takeBreak = breaksEvery(TURN_MS);
        const processId = this.#isShared ? epoch : null;
        const { columns } = this.#database;
        const revisions = new ListRevisions();
        if (this.#isShared) {
          await this.#database.lockPrincipals?.(tx, creatorsOf(writes));
          await lockSessions(tx, writes);
        }
        for (const [position, write] of writes.entries()) {
          const onListChange = (record: SessionRecord): void => revisions.note(position, record);
          const context = { columns, processId, takeBreak, onListChange };
          const outcome = order.skipped(write) ?? (await applyWrite(tx, write, context));
          order.note(write, outcome);
          outcomes.push(outcome);
          await takeBreak();
        }
        await revisions.assign(tx, columns, outcomes);
        this.#database.checkPlace();
        return outcomes;
      },
      this.#database.beginWrite,
    );
  }
}

/** The principals of the sessions that a commit creates. */
function creatorsOf(writes: readonly SessionWrite[]): readonly string[] {
  return writes.flatMap((write) => (write.kind === 'create' ? [write.record.principal] : []));
}

/** Locks the sessions of a commit in their order, so that commits of several processes wait for each other without a deadlock. */
async function lockSessions(tx: Kysely<SqlSchema>, writes: readonly SessionWrite[]): Promise<void> {
  const sessionIds = new Set(writes.map(sessionIdOf));
  if (sessionIds.size < 2) return;
  await tx
    .selectFrom('sessions')
    .select(sql.lit(1).as('locked'))
    .where('session_id', 'in', [...sessionIds])
    .orderBy('session_id')
    .forUpdate()
    .execute();
}

async function commitAppends(
  appends: SqlAppends,
  commit: AppendCommit,
  writes: readonly AppendWrite[],
): Promise<readonly WriteOutcome[]> {
  const outcomes = await appends.commit(commit, writes);
  if (outcomes === undefined) throw displaced();
  return outcomes;
}

function isAppend(write: SessionWrite): write is AppendWrite {
  return write.kind === 'append';
}

/** The error for a process whose store belongs to another one. */
export function displaced(): StaleEpochError {
  return new StaleEpochError('Another process has taken over the sessions.');
}
