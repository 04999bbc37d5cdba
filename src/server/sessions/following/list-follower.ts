import { listKeyOf } from '../../cluster/list-key.js';
import type { WakeBus } from '../../cluster/wake-bus.js';
import type { AnyListName, ListChange, ListName, SessionStore } from '../../store/session-store.js';
import {
  listNameKey,
  toRowChange,
  type ListWatcher,
  type ListWatchers,
  type RowChange,
} from '../list-watchers.js';
import { AllGraphsFollower } from './all-graphs-follower.js';

/** Changes of a list that are read at once. */
const CHANGES_PER_READ = 500;
/** Lists that are looked at together. */
const LISTS_PER_LOOK = 200;

/** A list that is watched here. */
interface FollowedList {
  readonly name: ListName;
  readonly hintKey: string;
  watchers: number;
  /** The newest revision that the watchers have got; undefined until the first look. */
  seen: number | undefined;
  /** The newest revision that is known to exist. */
  wanted: number;
  /** The read in progress. */
  reading: Promise<void> | undefined;
}

/** Dependencies of `ListFollower`. */
export interface ListFollowerOptions {
  readonly store: Pick<SessionStore, 'cluster' | 'lookLists' | 'lookGraphs' | 'listChanges'>;
  readonly watchers: ListWatchers;
  readonly bus: WakeBus;
}

/**
 * Passes the changes of lists to their watchers in the order of revisions. In a store that one process has for itself, its
 * own changes are all. Else the changes are read from the store, for all watchers of a list together: those of other
 * processes come between one's own.
 */
export class ListFollower {
  readonly #options: ListFollowerOptions;
  readonly #isShared: boolean;
  readonly #lists = new Map<string, FollowedList>();
  readonly #allGraphs: AllGraphsFollower;

  constructor(options: ListFollowerOptions) {
    this.#options = options;
    this.#isShared = options.store.cluster !== undefined;
    this.#allGraphs = new AllGraphsFollower(options);
  }

  /**
   * Adds a watcher. It gets every change that a snapshot does not have which is read once this has resolved.
   *
   * @throws Any error of the store; the watcher is removed then.
   */
  async watch({ principal, graphId }: AnyListName, watcher: ListWatcher): Promise<void> {
    this.#options.watchers.add({ principal, graphId }, watcher);
    if (!this.#isShared) return;
    try {
      await (graphId === undefined
        ? this.#allGraphs.watch(principal)
        : this.#watchOne({ principal, graphId }));
    } catch (error) {
      this.unwatch({ principal, graphId }, watcher);
      throw error;
    }
  }

  async #watchOne(name: ListName): Promise<void> {
    const key = listNameKey(name);
    const list = this.#lists.get(key) ?? {
      name,
      hintKey: listKeyOf(name.principal, name.graphId),
      watchers: 0,
      seen: undefined,
      wanted: 0,
      reading: undefined,
    };
    list.watchers += 1;
    this.#lists.set(key, list);
    const [revision = 0] = await this.#options.store.lookLists([name]);
    // Another watcher may have been faster.
    list.seen ??= revision;
    this.#want(list, revision);
  }

  unwatch(name: AnyListName, watcher: ListWatcher): void {
    this.#options.watchers.remove(name, watcher);
    if (name.graphId === undefined) {
      this.#allGraphs.unwatch(name.principal);
      return;
    }
    const key = listNameKey(name);
    const list = this.#lists.get(key);
    if (list === undefined) return;
    list.watchers -= 1;
    if (list.watchers === 0) this.#lists.delete(key);
  }

  /** Reports a change that this process has written. */
  changed(name: ListName, change: RowChange): void {
    const { watchers, bus } = this.#options;
    const { revision } = change;
    if (!this.#isShared) {
      watchers.publishToAll(name, change);
      return;
    }
    const { principal, graphId } = name;
    bus.publish({ kind: 'list', listKey: listKeyOf(principal, graphId), revision });
    bus.publish({ kind: 'list', listKey: listKeyOf(principal, undefined), revision });
    const list = this.#lists.get(listNameKey(name));
    if (list !== undefined) this.#want(list, revision);
    this.#allGraphs.changed(principal);
  }

  /** Another process has changed a list. */
  hinted(listKey: string, revision: number): void {
    for (const list of this.#lists.values()) {
      if (list.hintKey === listKey) this.#want(list, revision);
    }
    this.#allGraphs.hinted(listKey);
  }

  /** Looks at all lists that are watched. Never rejects: what fails is looked at the next time. */
  async lookAll(): Promise<void> {
    const lists = [...this.#lists.values()];
    for (let start = 0; start < lists.length; start += LISTS_PER_LOOK) {
      const part = lists.slice(start, start + LISTS_PER_LOOK);
      const revisions = await this.#options.store.lookLists(part.map(({ name }) => name)).catch(() => []);
      for (const [position, revision] of revisions.entries()) {
        const list = part[position];
        if (list !== undefined) this.#want(list, revision);
      }
    }
    await this.#allGraphs.lookAll();
  }

  /** Makes sure that the watchers of a list get all changes up to a revision. */
  #want(list: FollowedList, revision: number): void {
    list.wanted = Math.max(list.wanted, revision);
    if (list.seen === undefined || list.wanted <= list.seen) return;
    list.reading ??= this.#read(list).finally(() => {
      list.reading = undefined;
    });
  }

  async #read(list: FollowedList): Promise<void> {
    const { store, watchers } = this.#options;
    while (list.seen !== undefined && list.seen < list.wanted && list.watchers > 0) {
      const { seen, wanted } = list;
      let changes: readonly ListChange[];
      try {
        changes = await store.listChanges(list.name, seen, CHANGES_PER_READ);
      } catch {
        // The store reports an outage itself; the next look finds out again that the list has changed.
        return;
      }
      // All have left: those who have come since are served by a read of their own, which may be ahead.
      if (list.watchers === 0) return;
      for (const change of changes) watchers.publish(list.name, toRowChange(change));
      const isAll = changes.length < CHANGES_PER_READ;
      const newest = changes.at(-1)?.revision ?? seen;
      // A row that is gone, or damaged, has its revision no longer.
      list.seen = isAll ? Math.max(newest, wanted) : newest;
    }
  }
}
