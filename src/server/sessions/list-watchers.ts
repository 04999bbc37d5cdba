import type { JsonObject } from '../../protocol/json.js';
import { encodeFrame } from '../../protocol/sse.js';
import type { ListName, SessionRecord, SessionRow } from '../store/session-store.js';
import { wakeInTurns } from '../scheduling/wake-in-turns.js';
import type { Wakeup } from '../scheduling/wakeup.js';

/** A change of a row of the list. It is encoded once for all watchers. */
export class RowChange {
  readonly sessionId: string;
  readonly revision: number;
  readonly #data: JsonObject;
  #frame: string | undefined;

  constructor(sessionId: string, revision: number, data: JsonObject) {
    this.sessionId = sessionId;
    this.revision = revision;
    this.#data = data;
  }

  /** The change as it is sent over the wire. */
  get frame(): string {
    this.#frame ??= encodeFrame({
      id: this.revision,
      event: 'sessionStatus',
      data: { ...this.#data, revision: this.revision },
    });
    return this.#frame;
  }
}

/** Makes the change that reports a row of the store. */
export function rowChange({ summary, revision }: SessionRow): RowChange {
  return new RowChange(summary.sessionId, revision, { ...summary });
}

/** Makes the change that reports a deletion. */
export function deletionChange(
  { sessionId, createdMs }: Pick<SessionRecord, 'sessionId' | 'createdMs'>,
  revision: number,
  deletedMs: number,
): RowChange {
  return new RowChange(sessionId, revision, {
    sessionId,
    status: 'deleted',
    createdAt: createdMs / 1000,
    updatedAt: deletedMs / 1000,
    pendingInputs: 0,
  });
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

  /** Adds a change; waking the watcher is up to the caller. */
  add(change: RowChange): void {
    // Set again at the end, so that the map stays in the order of revisions.
    this.#changes.delete(change.sessionId);
    this.#changes.set(change.sessionId, change);
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
  publish({ principal, graphId }: ListName, change: RowChange): void {
    const watchers = [...(this.#watchers.get(keyOf(principal, graphId)) ?? [])];
    for (const watcher of watchers) watcher.add(change);
    void wakeInTurns(watchers.map(({ wakeup }) => wakeup));
  }
}

function keyOf(principal: string, graphId: string): string {
  return JSON.stringify([principal, graphId]);
}
