import {
  isJsonObject,
  isText,
  parseJson,
  pickMembers,
  type JsonObject,
} from '../../../protocol/values/json.js';
import {
  NO_LABELS,
  withLabels,
  withoutLabels,
  type SessionLabels,
} from '../../../protocol/session-labels.js';
import {
  parseSessionSummary,
  SESSION_STATUSES,
  type KnownSessionStatus,
} from '../../../protocol/session-summary.js';
import type { LoggedEvent, SessionLook, SessionPlan, SessionRow, StoredSession } from '../session-store.js';
import type { SqlColumns } from './sql-database.js';

/** A row as it was read with `SqlColumns`: nothing is known of its values. */
export type UnknownRow = Readonly<Record<string, unknown>>;

/** Strict: a text that is damaged must not be shown as another one. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The columns of `sessions` that `toStored` needs. */
export function storedColumns({ bytes, integer }: SqlColumns) {
  return [
    bytes('session_id'),
    bytes('principal'),
    bytes('graph_id'),
    bytes('log_id'),
    bytes('status'),
    bytes('labels'),
    integer('created_ms'),
    integer('last_index'),
    integer('log_bytes'),
    integer('deleted_ms'),
    integer('is_ended'),
  ] as const;
}

/** Reads a text. @throws Error when it is none, or is not UTF-8. */
export function textOf(row: UnknownRow, column: string): string {
  const value = row[column];
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) return DECODER.decode(value);
  throw new Error(`The column ${column} has no text.`);
}

/** Reads a whole number. @throws Error when it is none. */
export function integerOf(row: UnknownRow, column: string): number {
  const value = row[column];
  // Databases return large integers as texts or as `bigint`.
  const number = typeof value === 'string' || typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new Error(`The column ${column} has no whole number.`);
}

/** Reads a session; of a deleted one what can be read. @throws Error that names it. */
export function toStored(row: UnknownRow): StoredSession {
  return naming(row, () => {
    const sessionId = textOf(row, 'session_id');
    return row['deleted_ms'] === null ? toIntact(sessionId, row) : toDamaged(sessionId, row);
  });
}

function toIntact(sessionId: string, row: UnknownRow): StoredSession {
  return {
    sessionId,
    principal: textOf(row, 'principal'),
    graphId: textOf(row, 'graph_id'),
    logId: textOf(row, 'log_id'),
    createdMs: integerOf(row, 'created_ms'),
    status: statusOf(textOf(row, 'status')),
    lastIndex: integerOf(row, 'last_index'),
    logBytes: integerOf(row, 'log_bytes'),
    isDeleted: false,
    labels: labelsOf(objectOf(row, 'labels')),
  };
}

/** Reads of a session what can be read, see `SessionStore.findDamaged`. */
export function toDamaged(sessionId: string, row: UnknownRow): StoredSession {
  const text = (column: string): string => orElse('', () => textOf(row, column));
  const integer = (column: string): number => orElse(0, () => integerOf(row, column));
  return {
    sessionId,
    // No principal is empty: a row without one belongs to none.
    principal: text('principal'),
    graphId: text('graph_id'),
    logId: text('log_id'),
    createdMs: integer('created_ms'),
    status: orElse(integer('is_ended') === 1 ? 'failed' : 'running', () => statusOf(text('status'))),
    lastIndex: orElse(-1, () => integerOf(row, 'last_index')),
    logBytes: integer('log_bytes'),
    isDeleted: row['deleted_ms'] !== null,
    labels: NO_LABELS,
  };
}

function orElse<Value>(fallback: Value, read: () => Value): Value {
  try {
    return read();
  } catch {
    // The row is known to be damaged, and is read as far as it can be.
    return fallback;
  }
}

/** The columns of `sessions` that `toSessionRow` needs. */
export function listColumns({ bytes, integer }: SqlColumns) {
  return [bytes('session_id'), bytes('summary'), bytes('labels'), integer('revision')] as const;
}

/** Reads a row of a list. @throws Error that names its session. */
export function toSessionRow(row: UnknownRow): SessionRow {
  return naming(row, () => {
    const summary = parseSessionSummary(objectOf(row, 'summary'));
    if (summary.sessionId !== textOf(row, 'session_id')) throw new Error('It is that of another session.');
    // Rows of earlier versions have the labels of their time.
    const labels = labelsOf(objectOf(row, 'labels'));
    return { summary: withLabels(withoutLabels(summary), labels), revision: integerOf(row, 'revision') };
  });
}

/** The columns of `sessions` that `toRowOfAll` needs. */
export function allGraphsColumns(columns: SqlColumns) {
  return [...listColumns(columns), columns.bytes('graph_id')] as const;
}

/** Reads a row of a list of all graphs. @throws Error that names its session. */
export function toRowOfAll(row: UnknownRow): SessionRow {
  const { summary, revision } = toSessionRow(row);
  return naming(row, () => ({ revision, summary: { ...summary, graphId: textOf(row, 'graph_id') } }));
}

/** The columns of `sessions` that `toSessionLook` needs. */
export function lookColumns({ bytes, integer }: SqlColumns) {
  return [
    bytes('session_id'),
    bytes('status'),
    bytes('labels'),
    integer('last_index'),
    integer('epoch'),
    integer('deleted_ms'),
  ] as const;
}

/** Reads what a look shows. @throws Error that names the session. */
export function toSessionLook(row: UnknownRow): SessionLook {
  return naming(row, () => ({
    kind: 'intact',
    sessionId: textOf(row, 'session_id'),
    status: statusOf(textOf(row, 'status')),
    lastIndex: integerOf(row, 'last_index'),
    epoch: integerOf(row, 'epoch'),
    isDeleted: row['deleted_ms'] !== null,
    labels: labelsOf(objectOf(row, 'labels')),
  }));
}

/** Reads a plan. @throws Error that names its session. */
export function toPlan(row: UnknownRow): SessionPlan {
  return naming(row, () => {
    const { graph, mode, inputs } = objectOf(row, 'plan');
    const isPlan = isJsonObject(graph) && isJsonObject(inputs);
    if (!isPlan || (mode !== 'interactive' && mode !== 'headless')) throw new Error('The plan is damaged.');
    // Written as a plan, and its members are those of one.
    return { graph, mode, inputs } as unknown as SessionPlan;
  });
}

/** Reads an event; its checksum is to be checked. @throws Error when a column is damaged. */
export function toLoggedEvent(row: UnknownRow): LoggedEvent & { readonly checksum: number } {
  return {
    index: integerOf(row, 'position'),
    type: textOf(row, 'type') as LoggedEvent['type'],
    bytes: integerOf(row, 'bytes'),
    json: textOf(row, 'json'),
    checksum: integerOf(row, 'checksum'),
  };
}

function naming<Result>(row: UnknownRow, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new Error(`The row of session ${nameOf(row)} is damaged.`, { cause: error });
  }
}

function nameOf(row: UnknownRow): string {
  const bytes = row['session_id'];
  // Not strict: it is only shown.
  return bytes instanceof ArrayBuffer || bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : '?';
}

function objectOf(row: UnknownRow, column: string): JsonObject {
  const value = parseJson(textOf(row, column));
  if (isJsonObject(value)) return value;
  throw new Error(`The column ${column} has no JSON object.`);
}

/** Reads the column `labels`. @throws Error when it is damaged. */
export function toLabels(row: UnknownRow): SessionLabels {
  return labelsOf(objectOf(row, 'labels'));
}

function labelsOf(value: JsonObject): SessionLabels {
  return {
    ...pickMembers(value, ['title'], isText),
    ...(value['pinned'] === true ? { pinned: true } : {}),
  };
}

function statusOf(text: string): KnownSessionStatus {
  const known = SESSION_STATUSES.find((candidate) => candidate === text);
  if (known === undefined) throw new Error(`“${text}” is not a status.`);
  return known;
}
