import { listKeyOf } from '../../cluster/list-key.js';
import type { SessionStore } from '../../store/session-store.js';
import { toRowChange, type ListWatchers } from '../list-watchers.js';

/** Changes of a list that are read at once. */
const CHANGES_PER_READ = 500;
/** Principals whose lists are looked at together. */
const PRINCIPALS_PER_LOOK = 200;

/** The list of all graphs of a principal that is watched here. */
interface FollowedGraphs {
  readonly principal: string;
  readonly hintKey: string;
  watchers: number;
  /** The newest revision of each graph's list that the watchers have got; undefined until the first look. */
  seen: Map<string, number> | undefined;
  /** True when something may have changed since the last look began. */
  isDue: boolean;
  /** The read in progress. */
  reading: Promise<void> | undefined;
}

/** Dependencies of `AllGraphsFollower`. */
export interface AllGraphsFollowerOptions {
  readonly store: Pick<SessionStore, 'lookGraphs' | 'listChanges'>;
  readonly watchers: ListWatchers;
}

/**
 * Passes the changes of all graphs of a principal to the watchers of that list, in a store that several processes share.
 * Each graph's list has a revision of its own, so a reader is behind by one number per graph: no write has to wait for a
 * counter that all graphs share.
 */
export class AllGraphsFollower {
  readonly #options: AllGraphsFollowerOptions;
  readonly #lists = new Map<string, FollowedGraphs>();

  constructor(options: AllGraphsFollowerOptions) {
    this.#options = options;
  }

  /** Adds a watcher of the list, which is among the `watchers` already. @throws Any error of the store. */
  async watch(principal: string): Promise<void> {
    const list = this.#lists.get(principal) ?? {
      principal,
      hintKey: listKeyOf(principal, undefined),
      watchers: 0,
      seen: undefined,
      isDue: false,
      reading: undefined,
    };
    list.watchers += 1;
    this.#lists.set(principal, list);
    const [revisions] = await this.#options.store.lookGraphs([principal]);
    // Another watcher may have been faster.
    list.seen ??= new Map(revisions);
    this.#want(list);
  }

  /** Removes a watcher of the list. */
  unwatch(principal: string): void {
    const list = this.#lists.get(principal);
    if (list === undefined) return;
    list.watchers -= 1;
    if (list.watchers === 0) this.#lists.delete(principal);
  }

  /** This process has changed the list of one of the principal's graphs. */
  changed(principal: string): void {
    const list = this.#lists.get(principal);
    if (list !== undefined) this.#want(list);
  }

  /** Another process has changed a list; `hintKey` as from `listKeyOf`. */
  hinted(hintKey: string): void {
    for (const list of this.#lists.values()) {
      if (list.hintKey === hintKey) this.#want(list);
    }
  }

  /** Looks at all lists that are watched. Never rejects: what fails is looked at the next time. */
  async lookAll(): Promise<void> {
    const lists = [...this.#lists.values()];
    for (let start = 0; start < lists.length; start += PRINCIPALS_PER_LOOK) {
      const part = lists.slice(start, start + PRINCIPALS_PER_LOOK);
      const looks = await this.#options.store
        .lookGraphs(part.map(({ principal }) => principal))
        .catch(() => []);
      for (const [position, revisions] of looks.entries()) {
        const list = part[position];
        if (list !== undefined && hasNewer(list, revisions)) this.#want(list);
      }
    }
  }

  /** Makes sure that the watchers of a list get all changes that the store has by now. */
  #want(list: FollowedGraphs): void {
    list.isDue = true;
    if (list.seen === undefined) return;
    list.reading ??= this.#read(list).finally(() => {
      list.reading = undefined;
      // It may have become due again after the last look.
      if (list.isDue && list.watchers > 0) this.#want(list);
    });
  }

  async #read(list: FollowedGraphs): Promise<void> {
    while (list.isDue && list.watchers > 0) {
      list.isDue = false;
      try {
        const [revisions = new Map<string, number>()] = await this.#options.store.lookGraphs([
          list.principal,
        ]);
        for (const [graphId, revision] of revisions) await this.#readGraph(list, graphId, revision);
      } catch {
        // The store reports an outage itself; the next look finds out again that the list has changed.
        list.isDue = false;
        return;
      }
    }
  }

  async #readGraph(list: FollowedGraphs, graphId: string, revision: number): Promise<void> {
    const { store, watchers } = this.#options;
    const { principal, seen = new Map<string, number>() } = list;
    let after = seen.get(graphId) ?? 0;
    while (after < revision && list.watchers > 0) {
      const changes = await store.listChanges({ principal, graphId }, after, CHANGES_PER_READ);
      // All have left: those who have come since are served by a read of their own, which may be ahead.
      if (list.watchers === 0) return;
      const name = { principal, graphId: undefined };
      for (const change of changes) watchers.publish(name, toRowChange(change).inAllGraphs(graphId));
      const newest = changes.at(-1)?.revision ?? after;
      // A row that is gone, or damaged, has its revision no longer.
      after = changes.length < CHANGES_PER_READ ? Math.max(newest, revision) : newest;
      seen.set(graphId, after);
    }
  }
}

function hasNewer({ seen }: FollowedGraphs, revisions: ReadonlyMap<string, number>): boolean {
  return [...revisions].some(([graphId, revision]) => revision > (seen?.get(graphId) ?? 0));
}
