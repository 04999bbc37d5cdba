import type { ConnectionState, MonitorMessage } from '../../protocol/stream/messages.js';
import type { SessionSummary } from '../../protocol/session-summary.js';

type SnapshotComplete = Extract<MonitorMessage, { readonly kind: 'snapshotComplete' }>;

/**
 * Folds the messages of a monitor connection to a list, and makes the messages that bring another copy to the same
 * state, after which that copy can apply the messages that follow.
 */
export class ListCopy {
  readonly #rows = new Map<string, SessionSummary>();
  #connection: ConnectionState = { phase: 'connecting', attempt: 0 };
  /** Ids of the snapshot that is arriving. */
  #arriving: Set<string> | undefined;
  #complete: SnapshotComplete | undefined;

  /** True once a complete list has arrived. */
  get isLoaded(): boolean {
    return this.#complete !== undefined;
  }

  /** Applies messages in the order in which they came. */
  apply(messages: readonly MonitorMessage[]): void {
    for (const message of messages) {
      switch (message.kind) {
        case 'connection':
          this.#connection = message.connection;
          break;
        case 'snapshotStart':
          this.#arriving = new Set();
          break;
        case 'row':
          this.#arriving?.add(message.row.sessionId);
          this.#rows.set(message.row.sessionId, message.row);
          break;
        case 'deleted':
          this.#rows.delete(message.sessionId);
          break;
        case 'snapshotComplete':
          this.#reconcile(message);
          break;
      }
    }
  }

  /** Returns the messages that make another copy equal to this one. Rows come newest first. */
  messages(): readonly MonitorMessage[] {
    const messages: MonitorMessage[] = [{ kind: 'connection', connection: this.#connection }];
    const rows = [...this.#rows.values()].sort((a, b) => b.createdAt - a.createdAt);
    const add = (row: SessionSummary) => messages.push({ kind: 'row', row });
    if (this.#complete !== undefined) {
      messages.push({ kind: 'snapshotStart' });
      rows.forEach(add);
      messages.push(this.#complete);
    }
    const arriving = this.#arriving;
    if (arriving !== undefined) {
      // The rest of this snapshot, and its end, are among the messages that follow.
      messages.push({ kind: 'snapshotStart' });
      rows.filter(({ sessionId }) => arriving.has(sessionId)).forEach(add);
    }
    return messages;
  }

  /** Drops the rows that are missing in the finished snapshot, as far as it covers them. */
  #reconcile(complete: SnapshotComplete): void {
    const { isTruncated, oldestCreatedAt } = complete;
    const arriving = this.#arriving ?? new Set(this.#rows.keys());
    for (const [sessionId, { createdAt }] of this.#rows) {
      const isCovered = !isTruncated || (oldestCreatedAt !== undefined && createdAt >= oldestCreatedAt);
      if (isCovered && !arriving.has(sessionId)) this.#rows.delete(sessionId);
    }
    this.#arriving = undefined;
    this.#complete = complete;
  }
}
