import { withLabels, type SessionLabels } from '../../protocol/session-labels.js';
import {
  isTerminalStatus,
  type KnownSessionStatus,
  type SessionSummary,
} from '../../protocol/session-summary.js';
import type {
  ListChange,
  LoggedEvent,
  SessionLook,
  SessionRecord,
  SessionRow,
  SessionWrite,
  StoredSession,
  UnfinishedSession,
  Unwritten,
  Written,
} from './session-store.js';

/** A session in memory, with its log. */
export interface Entry {
  readonly record: SessionRecord;
  /** As JSON. */
  plan: string | undefined;
  events: LoggedEvent[];
  lastIndex: number;
  logBytes: number;
  status: KnownSessionStatus;
  /** Without labels. */
  row: SessionSummary;
  labels: SessionLabels;
  revision: number;
  deletedMs: number | undefined;
  /** Counts its claims. */
  epoch: number;
}

/** Why a step on a session cannot be written; undefined when it can. */
export function refusalOf(entry: Entry | undefined, write: SessionWrite): Unwritten | undefined {
  if (write.kind === 'create' || write.kind === 'erase') return undefined;
  if (entry === undefined || entry.deletedMs !== undefined) return { kind: 'deleted' };
  if (write.kind === 'claim') return isTerminalStatus(entry.status) ? { kind: 'moved' } : undefined;
  if (write.kind === 'seen') return write.ownership.epoch === entry.epoch ? undefined : { kind: 'stale' };
  if (write.kind !== 'append') return undefined;
  if (write.ownership !== undefined && write.ownership.epoch !== entry.epoch) return { kind: 'stale' };
  return write.expectedLastIndex === entry.lastIndex ? undefined : { kind: 'moved' };
}

/** Appends events to the log of a session. */
export function append(entry: Entry, events: readonly LoggedEvent[]): void {
  for (const event of events) {
    entry.events.push(event);
    entry.logBytes += event.bytes;
    entry.lastIndex = event.index;
  }
}

/** What the new owner of a session gets. */
export function claimOf({ record, epoch, lastIndex }: Entry): Pick<Written, 'claimed'> {
  return { claimed: { sessionId: record.sessionId, epoch, lastIndex, takeovers: 0 } };
}

/** True for a session that may be deleted for its age or as surplus. */
export function isDiscardable({ status, labels }: Entry): boolean {
  return isTerminalStatus(status) && labels.pinned !== true;
}

/** The row of a session in its list. */
export function labelledRow({ row, labels }: Entry): SessionSummary {
  return withLabels(row, labels);
}

/** The row of a session in a list: that of its graph, or of all graphs. */
export function rowIn(entry: Entry, graphId: string | undefined): SessionRow {
  const summary = labelledRow(entry);
  const { revision, record } = entry;
  return { revision, summary: graphId === undefined ? { ...summary, graphId: record.graphId } : summary };
}

/** The newest change of a session in its list. */
export function changeOf(entry: Entry): ListChange {
  const { record, revision, deletedMs } = entry;
  return deletedMs === undefined
    ? { kind: 'row', revision, summary: labelledRow(entry) }
    : { kind: 'deletion', revision, record, deletedMs };
}

/** What a look at a session shows. */
export function lookOf({ record, status, lastIndex, epoch, deletedMs, labels }: Entry): SessionLook {
  const { sessionId } = record;
  return { kind: 'intact', sessionId, status, lastIndex, epoch, isDeleted: deletedMs !== undefined, labels };
}

/** A session as the store returns it. */
export function toStored(entry: Entry): StoredSession {
  return {
    ...entry.record,
    status: entry.status,
    lastIndex: entry.lastIndex,
    logBytes: entry.logBytes,
    isDeleted: entry.deletedMs !== undefined,
    labels: entry.labels,
  };
}

/** Negative when a session is older, or has the smaller id. */
export function compareAge(a: UnfinishedSession, b: UnfinishedSession): number {
  if (a.createdMs !== b.createdMs) return a.createdMs - b.createdMs;
  return a.sessionId < b.sessionId ? -1 : Number(a.sessionId > b.sessionId);
}

/** True for a session of a list; `graphId` undefined: of all graphs of the principal. */
export function isOf(record: SessionRecord, principal: string, graphId: string | undefined): boolean {
  return record.principal === principal && (graphId === undefined || record.graphId === graphId);
}
