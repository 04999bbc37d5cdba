import {
  Migrator,
  sql,
  type ColumnType,
  type ExpressionBuilder,
  type Kysely,
  type Migration,
  type RawBuilder,
} from 'kysely';
import type { SessionLabels } from '../../../protocol/session-labels.js';
import { FIRST_EPOCH } from '../session-store.js';

/** The tables of the SQL store. JSON is stored as text; times are milliseconds since 1970. */
export interface SqlSchema {
  /** One row, `name = 'epoch'`; with the id of the last commit, by which one is found whose response was lost. */
  counters: {
    name: string;
    value: number;
    commit_id: string;
    /** When a process that shares the store got its number; the database sets it. */
    begun_at: ColumnType<Date, never, never>;
  };
  sessions: {
    session_id: string;
    principal: string;
    graph_id: string;
    log_id: string;
    created_ms: number;
    updated_ms: number;
    status: string;
    is_ended: number;
    last_index: number;
    log_bytes: number;
    summary: string;
    revision: number;
    deleted_ms: number | null;
    /** Title and pin that people set, as JSON. */
    labels: string;
    /** 1 when the labels have a pin. */
    is_pinned: number;
    /** Counts the claims of the session. */
    epoch: number;
    /** The process that runs it; null: none, or the only one. */
    owner: number | null;
    /** With which of its claims of ready sessions its owner got it; null: in another way. */
    claim: number | null;
    /** The answers after this index were seen by no owner. */
    unseen_after: number | null;
    /** How many owners in a row died without a node that ended. */
    takeovers: number;
  };
  /** What the sessions run; a session that was erased has none. Not in their rows, because SQLite writes a whole row at each change. */
  plans: { session_id: string; plan: string };
  events: {
    session_id: string;
    position: number;
    type: string;
    bytes: number;
    json: string;
    checksum: number;
  };
  revisions: { principal: string; graph_id: string; revision: number };
  /** The processes that share the store. */
  processes: {
    process_id: number;
    beat_at: Date;
    started_at: Date;
    /** Counts its claims of ready sessions, by which one is found whose response was lost. */
    claims: number;
  };
  /** What is done once per period, by whichever process comes first. */
  chores: { name: string; due_at: Date };
  /** The credentials of sessions that have not ended, sealed. */
  tokens: { session_id: string; sealed: string };
  receipts: { principal: string; receipt_key: string; digest: string; body: string; created_ms: number };
}

/** What the tables of a kind of database differ in. */
export interface SqlKind {
  /** The schema of the tables; undefined: the database has no schemas. */
  readonly schema?: string;
  /** The type of texts. */
  readonly text: 'text' | RawBuilder<unknown>;
}

/**
 * The steps that migrate a database to this schema. A released step is never changed. On SQLite a step is not
 * a transaction: a process may be killed in the middle of it, and the next process starts it over.
 */
const migrations = ({ schema, text }: SqlKind) =>
  ({
    '0001-sessions': {
      async up(db: Kysely<unknown>): Promise<void> {
        await db.schema
          .createTable('counters')
          .ifNotExists()
          .addColumn('name', text, (column) => column.primaryKey())
          .addColumn('value', 'bigint', (column) => column.notNull())
          .execute();
        await createSessions(db, text);
        await db.schema
          .createTable('events')
          .ifNotExists()
          .addColumn('session_id', text, (column) => column.notNull())
          .addColumn('position', 'integer', (column) => column.notNull())
          .addColumn('type', text, (column) => column.notNull())
          .addColumn('bytes', 'integer', (column) => column.notNull())
          .addColumn('json', text, (column) => column.notNull())
          .addColumn('checksum', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('events_key', ['session_id', 'position'])
          .execute();
        await db.schema
          .createTable('revisions')
          .ifNotExists()
          .addColumn('principal', text, (column) => column.notNull())
          .addColumn('graph_id', text, (column) => column.notNull())
          .addColumn('revision', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('revisions_key', ['principal', 'graph_id'])
          .execute();
        await db.schema
          .createTable('receipts')
          .ifNotExists()
          .addColumn('principal', text, (column) => column.notNull())
          .addColumn('receipt_key', text, (column) => column.notNull())
          .addColumn('digest', text, (column) => column.notNull())
          .addColumn('body', text, (column) => column.notNull())
          .addColumn('created_ms', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('receipts_key', ['principal', 'receipt_key'])
          .execute();
      },
    },
    '0002-labels': {
      async up(db: Kysely<unknown>): Promise<void> {
        if (await hasColumn(db, 'sessions', 'labels')) return;
        await db.schema
          .alterTable('sessions')
          .addColumn('labels', 'text', (column) => column.notNull().defaultTo('{}'))
          .execute();
      },
    },
    '0003-pins': {
      async up(db: Kysely<Pick<SqlSchema, 'sessions'>>): Promise<void> {
        if (!(await hasColumn(db, 'sessions', 'is_pinned'))) {
          await db.schema
            .alterTable('sessions')
            .addColumn('is_pinned', 'integer', (column) => column.notNull().defaultTo(0))
            .execute();
        }
        const labelled = await db
          .selectFrom('sessions')
          .select(['session_id', 'labels'])
          .where('labels', '!=', '{}')
          .execute();
        for (const { session_id: sessionId, labels } of labelled) {
          await db
            .updateTable('sessions')
            .set({ is_pinned: isPinned(JSON.parse(labels) as SessionLabels) })
            .where('session_id', '=', sessionId)
            .execute();
        }
      },
    },
    '0004-indexes': {
      async up(db: Kysely<unknown>): Promise<void> {
        const prefix = schema === undefined ? '' : `${schema}.`;
        for (const [name, indexed] of Object.entries(INDEXES)) {
          await sql`create index if not exists ${sql.ref(name)} on ${sql.raw(prefix + indexed)}`.execute(db);
        }
        await db.schema.dropIndex('sessions_by_graph').ifExists().execute();
      },
    },
    '0005-epochs': {
      async up(db: Kysely<unknown>): Promise<void> {
        if (await hasColumn(db, 'sessions', 'epoch')) return;
        await db.schema
          .alterTable('sessions')
          .addColumn('epoch', 'bigint', (column) => column.notNull().defaultTo(FIRST_EPOCH))
          .execute();
      },
    },
    '0006-commits': {
      async up(db: Kysely<unknown>): Promise<void> {
        if (await hasColumn(db, 'counters', 'commit_id')) return;
        await db.schema
          .alterTable('counters')
          .addColumn('commit_id', 'text', (column) => column.notNull().defaultTo(''))
          .execute();
      },
    },
    '0007-changes': {
      async up(db: Kysely<unknown>): Promise<void> {
        await db.schema
          .createIndex('sessions_by_revision')
          .ifNotExists()
          .on('sessions')
          .columns(['principal', 'graph_id', 'revision'])
          .execute();
      },
    },
    '0008-owners': {
      async up(db: Kysely<unknown>): Promise<void> {
        if (!(await hasColumn(db, 'sessions', 'takeovers'))) {
          for (const column of ['owner', 'unseen_after'] as const) {
            if (await hasColumn(db, 'sessions', column)) continue;
            await db.schema.alterTable('sessions').addColumn(column, 'bigint').execute();
          }
          await db.schema
            .alterTable('sessions')
            .addColumn('takeovers', 'integer', (column) => column.notNull().defaultTo(0))
            .execute();
        }
        // Only a database with schemas has more than one process.
        if (schema === undefined) return;
        await db.schema
          .createTable('processes')
          .ifNotExists()
          .addColumn('process_id', 'bigint', (column) => column.primaryKey())
          .addColumn('beat_at', 'timestamptz', (column) => column.notNull())
          .addColumn('started_at', 'timestamptz', (column) => column.notNull())
          .execute();
        await db.schema
          .createTable('chores')
          .ifNotExists()
          .addColumn('name', text, (column) => column.primaryKey())
          .addColumn('due_at', 'timestamptz', (column) => column.notNull())
          .execute();
        for (const [name, indexed] of Object.entries(OWNER_INDEXES)) {
          await sql`create index if not exists ${sql.ref(name)} on ${sql.raw(`${schema}.${indexed}`)}`.execute(
            db,
          );
        }
      },
    },
    '0009-open-sessions': {
      async up(db: Kysely<unknown>): Promise<void> {
        // Only where several processes share the store are open sessions counted in it.
        if (schema === undefined) return;
        await sql`
          create index if not exists sessions_open on ${sql.raw(`${schema}.sessions`)} (principal) where ${IS_OPEN}`.execute(
          db,
        );
      },
    },
    '0010-plans': {
      async up(db: Kysely<SqlSchema>): Promise<void> {
        await db.schema
          .createTable('plans')
          .ifNotExists()
          .addColumn('session_id', text, (column) => column.primaryKey())
          .addColumn('plan', text, (column) => column.notNull())
          .execute();
        if (!(await hasColumn(db, 'sessions', 'plan'))) return;
        await db
          .insertInto('plans')
          .columns(['session_id', 'plan'])
          .expression((old) =>
            old
              .selectFrom('sessions')
              .select(['session_id', sql<string>`plan`.as('plan')])
              .where(sql<boolean>`plan is not null`),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await db.schema.alterTable('sessions').dropColumn('plan').execute();
      },
    },
    '0011-claims': {
      async up(db: Kysely<unknown>): Promise<void> {
        if (!(await hasColumn(db, 'sessions', 'claim'))) {
          await db.schema.alterTable('sessions').addColumn('claim', 'bigint').execute();
        }
        if (schema === undefined || (await hasColumn(db, 'processes', 'claims'))) return;
        await db.schema
          .alterTable('processes')
          .addColumn('claims', 'bigint', (column) => column.notNull().defaultTo(0))
          .execute();
      },
    },
    '0012-tokens': {
      async up(db: Kysely<unknown>): Promise<void> {
        // Only where several processes share the store do credentials leave the memory of one.
        if (schema === undefined) return;
        await db.schema
          .createTable('tokens')
          .ifNotExists()
          .addColumn('session_id', text, (column) => column.primaryKey())
          .addColumn('sealed', text, (column) => column.notNull())
          .execute();
        if (await hasColumn(db, 'counters', 'begun_at')) return;
        await db.schema
          .alterTable('counters')
          .addColumn('begun_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
          .execute();
      },
    },
    '0013-all-graphs': {
      async up(db: Kysely<unknown>): Promise<void> {
        await db.schema
          .createIndex('sessions_of_principal')
          .ifNotExists()
          .on('sessions')
          .columns(['principal', 'deleted_ms', 'created_ms', 'session_id'])
          .execute();
      },
    },
  }) satisfies Readonly<Record<string, Migration>>;

/** The condition of a session that is not erased, or not whole: its plan is erased last. */
export function hasPlan({ exists, selectFrom }: ExpressionBuilder<SqlSchema, 'sessions'>) {
  const plan = selectFrom('plans').select('plans.session_id');
  return exists(plan.whereRef('plans.session_id', '=', 'sessions.session_id'));
}

/** The condition of an index, word for word: a parameter in it would keep the index from being used. */
export const IS_OPEN = sql<boolean>`is_ended = 0 and deleted_ms is null`;

/** Indexes that contain all that a query needs, so that its time depends on its result, not on all sessions. */
const INDEXES: Readonly<Record<string, string>> = {
  sessions_in_list: 'sessions (principal, graph_id, deleted_ms, created_ms)',
  // SQLite reads the row for a column of the condition that is not in the index.
  unfinished_sessions:
    'sessions (is_ended, deleted_ms, status, created_ms, session_id, principal) where is_ended = 0 and deleted_ms is null',
  sessions_deleted: 'sessions (deleted_ms) where deleted_ms is not null',
  receipts_by_age: 'receipts (created_ms)',
};

/** Indexes by which the processes find what they run, and what none of them runs. */
const OWNER_INDEXES: Readonly<Record<string, string>> = {
  sessions_by_owner: 'sessions (owner) where owner is not null',
  sessions_ready: "sessions (created_ms) where owner is null and status = 'running'",
};

/** The names of all steps, in their order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrations({ text: 'text' }));

/**
 * Migrates a database to this schema.
 *
 * @throws Error when a step fails; the next call starts that step over.
 */
export async function migrate(db: Kysely<SqlSchema>, kind: SqlKind): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(kind) },
    ...(kind.schema === undefined ? {} : { migrationTableSchema: kind.schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** The value of the column `is_pinned`, by which queries filter. */
export function isPinned({ pinned }: SessionLabels): number {
  return pinned === true ? 1 : 0;
}

async function hasColumn<Tables>(db: Kysely<Tables>, table: string, column: string): Promise<boolean> {
  const tables = await db.introspection.getTables();
  const found = tables.find(({ name }) => name === table);
  return found?.columns.some(({ name }) => name === column) === true;
}

async function createSessions(db: Kysely<unknown>, text: SqlKind['text']): Promise<void> {
  await db.schema
    .createTable('sessions')
    .ifNotExists()
    .addColumn('session_id', text, (column) => column.primaryKey())
    .addColumn('principal', text, (column) => column.notNull())
    .addColumn('graph_id', text, (column) => column.notNull())
    .addColumn('log_id', text, (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_ms', 'bigint', (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('is_ended', 'integer', (column) => column.notNull())
    .addColumn('last_index', 'integer', (column) => column.notNull())
    .addColumn('log_bytes', 'bigint', (column) => column.notNull())
    .addColumn('plan', text)
    .addColumn('summary', text, (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('deleted_ms', 'bigint')
    .execute();
  await db.schema
    .createIndex('sessions_by_graph')
    .ifNotExists()
    .on('sessions')
    .columns(['principal', 'graph_id', 'created_ms'])
    .execute();
  await db.schema
    .createIndex('sessions_by_end')
    .ifNotExists()
    .on('sessions')
    .columns(['is_ended', 'updated_ms'])
    .execute();
}
