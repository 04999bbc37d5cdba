import { sql, type Kysely } from 'kysely';
import type { ListName, SessionRecord, WriteOutcome } from '../session-store.js';
import type { SqlColumns } from './sql-database.js';
import { integerOf } from './sql-rows.js';
import type { SqlSchema } from './sql-schema.js';

/** A step that has changed a row of a list. */
interface Change {
  /** Its position in the commit. */
  readonly position: number;
  readonly record: SessionRecord;
}

/**
 * Numbers the changes of lists in a commit. At its end, because the row of a list is then locked for the shortest time;
 * and in the order of the names, so that commits of several processes wait for each other without a deadlock.
 */
export class ListRevisions {
  readonly #changes: Change[] = [];

  /** Notes that a step has changed the row of a session. */
  note(position: number, record: SessionRecord): void {
    this.#changes.push({ position, record });
  }

  /** Gives each change the next revision of its list: to its row, and to its outcome in `outcomes`. */
  async assign(tx: Kysely<SqlSchema>, columns: SqlColumns, outcomes: WriteOutcome[]): Promise<void> {
    if (this.#changes.length === 0) return;
    const lists = new Map<string, Change[]>();
    for (const change of this.#changes) {
      const key = keyOf(change.record);
      lists.set(key, [...(lists.get(key) ?? []), change]);
    }
    const newest = new Map<string, number>();
    const sorted = [...lists.values()].flatMap(([first]) => first?.record ?? []).sort(compareNames);
    for (const name of sorted) {
      const changes = lists.get(keyOf(name)) ?? [];
      const last = await addRevisions(tx, columns, name, changes.length);
      for (const [number, { position, record }] of changes.entries()) {
        const revision = last - changes.length + 1 + number;
        outcomes[position] = { kind: 'written', revision };
        newest.set(record.sessionId, revision);
      }
    }
    for (const [sessionId, revision] of newest) {
      await tx.updateTable('sessions').set({ revision }).where('session_id', '=', sessionId).execute();
    }
  }
}

/** Resolves with the newest revision of a list after so many more. */
async function addRevisions(
  tx: Kysely<SqlSchema>,
  columns: SqlColumns,
  { principal, graphId }: ListName,
  count: number,
): Promise<number> {
  const row = await tx
    .insertInto('revisions')
    .values({ principal, graph_id: graphId, revision: count })
    .onConflict((conflict) =>
      conflict
        .columns(['principal', 'graph_id'])
        .doUpdateSet({ revision: sql<number>`revisions.revision + ${count}` }),
    )
    .returning(columns.integer('revision'))
    .executeTakeFirstOrThrow();
  return integerOf(row, 'revision');
}

function keyOf({ principal, graphId }: ListName): string {
  return JSON.stringify([principal, graphId]);
}

function compareNames(a: ListName, b: ListName): number {
  return compare(a.principal, b.principal) || compare(a.graphId, b.graphId);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
