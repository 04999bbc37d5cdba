import type { ConnectionState, MonitorMessage } from '../../protocol/stream/messages.js';
import type { SessionSummary } from '../../protocol/session-summary.js';

/** A list that does not have all sessions. */
export interface ListLimits {
  /** True when older sessions were left out; default: false. */
  readonly isTruncated?: boolean;
  /** `createdAt` of the oldest session that such a list is sure to have, in seconds since 1970; default: of its last row. */
  readonly oldestCreatedAt?: number;
}

/**
 * The messages of one connection to a list: first all rows, newest first, then only those that differ from what the reader
 * has, and deletions. One object serves one reading of one connection, with all its attempts.
 *
 * Use `publish` where all rows are known at once; `update`, then `complete` once, where they come bit by bit.
 */
export class ListPublisher {
  readonly #rows = new Map<string, SessionSummary>();
  #hasBegun = false;
  #isComplete = false;

  /** The rows that the reader has, by the id of their session. */
  get rows(): ReadonlyMap<string, SessionSummary> {
    return this.#rows;
  }

  /** True when the reader has the whole list. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Makes the messages that report the state of the connection. */
  describe(connection: ConnectionState): readonly MonitorMessage[] {
    return [{ kind: 'connection', connection }];
  }

  /** Gives the messages after which the reader has exactly these rows, in any order; none when it has them. */
  publish(rows: readonly SessionSummary[], limits: ListLimits = {}): readonly MonitorMessage[] {
    const newest = [...rows].sort((a, b) => b.createdAt - a.createdAt);
    const { isTruncated = false, oldestCreatedAt = newest.at(-1)?.createdAt } = limits;
    const bounds = isTruncated && oldestCreatedAt !== undefined ? { isTruncated, oldestCreatedAt } : {};
    const listed = new Set(rows.map(({ sessionId }) => sessionId));
    const isInList = ({ createdAt }: SessionSummary) =>
      !isTruncated || oldestCreatedAt === undefined || createdAt >= oldestCreatedAt;
    const missing = [...this.#rows.values()].filter((row) => !listed.has(row.sessionId) && isInList(row));
    const deleted = missing.map(({ sessionId }) => sessionId);
    return [...this.update(newest, deleted), ...this.complete(bounds)];
  }

  /** Gives the messages for some rows that may be new or changed, and for sessions that no longer exist. */
  update(rows: readonly SessionSummary[], deletedIds: readonly string[] = []): readonly MonitorMessage[] {
    const messages: MonitorMessage[] = [];
    for (const row of rows) {
      const known = this.#rows.get(row.sessionId);
      if (known !== undefined && isSameRow(known, row)) continue;
      this.#rows.set(row.sessionId, row);
      messages.push({ kind: 'row', row });
    }
    for (const sessionId of deletedIds) {
      if (this.#rows.delete(sessionId)) messages.push({ kind: 'deleted', sessionId });
    }
    if (this.#hasBegun) return messages;
    this.#hasBegun = true;
    return [{ kind: 'snapshotStart' }, ...messages];
  }

  /** Says that the reader has the whole list; nothing after the first time. */
  complete({ isTruncated = false, oldestCreatedAt }: ListLimits = {}): readonly MonitorMessage[] {
    if (this.#isComplete) return [];
    this.#isComplete = true;
    const bound = oldestCreatedAt === undefined ? {} : { oldestCreatedAt };
    return [...this.update([]), { kind: 'snapshotComplete', isTruncated, ...bound }];
  }
}

function isSameRow(a: SessionSummary, b: SessionSummary): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
