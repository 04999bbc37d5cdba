import type { JsonObject } from '../../protocol/values/json.js';
import { encodeFrame } from '../../protocol/stream/sse.js';
import type {
  AnyListName,
  ListChange,
  ListName,
  SessionList,
  SessionRecord,
  SessionRow,
} from '../store/session-store.js';
import { wakeInTurns } from '../scheduling/wake-in-turns.js';
import type { Wakeup } from '../scheduling/wakeup.js';

/** A change of a row of a list. It is encoded once for all watchers. */
export class RowChange {
  readonly sessionId: string;
  /** That of the list of the session's graph. */
  readonly revision: number;
  /** The graph of the session, in a list of all graphs. */
  readonly graphId: string | undefined;
  readonly #data: JsonObject;
  #frame: string | undefined;

  constructor(sessionId: string, revision: number, data: JsonObject, graphId?: string) {
    this.sessionId = sessionId;
    this.revision = revision;
    this.graphId = graphId;
    this.#data = data;
  }

  /**
   * The change as it is sent over the wire. In a list of all graphs it has no id, because revisions of several lists have no
   * order.
   */
  get frame(): string {
    const { revision, graphId } = this;
    this.#frame ??= encodeFrame({
      ...(graphId === undefined ? { id: revision } : {}),
      event: 'sessionStatus',
      data: { ...this.#data, revision, ...(graphId === undefined ? {} : { graphId }) },
    });
    return this.#frame;
  }

  /** The same change in the list of all graphs. */
  inAllGraphs(graphId: string): RowChange {
    return new RowChange(this.sessionId, this.revision, this.#data, graphId);
  }
}

/** Makes the change that reports a row of the store: of the list of its graph, or of all graphs. */
export function rowChange({ summary, revision }: SessionRow): RowChange {
  return new RowChange(summary.sessionId, revision, { ...summary }, summary.graphId);
}

/** True for a change that a list does not have yet. */
export function isAfter(
  { revision, graphId }: RowChange,
  list: Pick<SessionList, 'revision' | 'revisions'>,
): boolean {
  const { revisions } = list;
  if (revisions === undefined || graphId === undefined) return revision > list.revision;
  return revision > (revisions.get(graphId) ?? 0);
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

/** Makes the change that reports what the store says about a row. */
export function toRowChange(change: ListChange): RowChange {
  return change.kind === 'row'
    ? rowChange(change)
    : deletionChange(change.record, change.revision, change.deletedMs);
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

  add(name: AnyListName, watcher: ListWatcher): void {
    const key = listNameKey(name);
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
  }

  remove(name: AnyListName, watcher: ListWatcher): void {
    const key = listNameKey(name);
    const watchers = this.#watchers.get(key);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(key);
  }

  /** Passes a change to the watchers of the list of its graph, and of all graphs. Must be called in the order of revisions. */
  publishToAll(name: ListName, change: RowChange): void {
    this.publish(name, change);
    const { principal, graphId } = name;
    const all = { principal, graphId: undefined };
    if (this.#watchers.has(listNameKey(all))) this.publish(all, change.inAllGraphs(graphId));
  }

  /** Passes a change to the watchers of one list. Must be called in the order of revisions. */
  publish(name: AnyListName, change: RowChange): void {
    const watchers = [...(this.#watchers.get(listNameKey(name)) ?? [])];
    for (const watcher of watchers) watcher.add(change);
    void wakeInTurns(watchers.map(({ wakeup }) => wakeup));
  }
}

/** A text for the name of a list, different for each. */
export function listNameKey({ principal, graphId }: AnyListName): string {
  return JSON.stringify([principal, graphId ?? null]);
}
