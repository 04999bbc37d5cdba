import type { JsonObject } from '../../protocol/json.js';
import type { SessionRecord, SessionRow } from '../store/session-store.js';
import type { Wakeup } from './wakeup.js';

/** A row of the monitor as it is sent over the wire. */
export interface RowChange {
  readonly sessionId: string;
  readonly revision: number;
  readonly data: JsonObject;
}

/** Makes the change that reports a row of the store. */
export function rowChange({ summary, revision }: SessionRow): RowChange {
  return { sessionId: summary.sessionId, revision, data: { ...summary, revision } };
}

/** Makes the change that reports a deletion. */
export function deletionChange(record: SessionRecord, revision: number, deletedMs: number): RowChange {
  return {
    sessionId: record.sessionId,
    revision,
    data: {
      sessionId: record.sessionId,
      status: 'deleted',
      createdAt: record.createdMs / 1000,
      updatedAt: deletedMs / 1000,
      pendingInputs: 0,
      revision,
    },
  };
}

/**
 * A watcher of a list that may be slow: only the newest change of each session waits, so it never holds more
 * rows than there are sessions.
 */
export class ListWatcher {
  readonly wakeup: Wakeup;
  #changes = new Map<string, RowChange>();

  constructor(wakeup: Wakeup) {
    this.wakeup = wakeup;
  }

  get hasChanges(): boolean {
    return this.#changes.size > 0;
  }

  add(change: RowChange): void {
    // Set again at the end, so that the map stays in the order of revisions.
    this.#changes.delete(change.sessionId);
    this.#changes.set(change.sessionId, change);
    this.wakeup.wake();
  }

  /** Removes and returns the waiting changes, by revision. */
  take(): readonly RowChange[] {
    const changes = [...this.#changes.values()];
    this.#changes = new Map();
    return changes;
  }
}

/** The watchers of all lists. */
export class ListWatchers {
  readonly #watchers = new Map<string, Set<ListWatcher>>();

  add(principal: string, graphId: string, watcher: ListWatcher): void {
    const key = keyOf(principal, graphId);
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
  }

  remove(principal: string, graphId: string, watcher: ListWatcher): void {
    const key = keyOf(principal, graphId);
    const watchers = this.#watchers.get(key);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(key);
  }

  /** Passes a change to the watchers of its list. Must be called in the order of revisions. */
  publish({ principal, graphId }: SessionRecord, change: RowChange): void {
    for (const watcher of this.#watchers.get(keyOf(principal, graphId)) ?? []) watcher.add(change);
  }
}

function keyOf(principal: string, graphId: string): string {
  return JSON.stringify([principal, graphId]);
}
