import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LocalWakeBus } from '../../../src/server/cluster/local-wake-bus.js';
import type { StoreCluster } from '../../../src/server/cluster/store-cluster.js';
import { Wakeup } from '../../../src/server/scheduling/wakeup.js';
import {
  ListFollower,
  type ListFollowerOptions,
} from '../../../src/server/sessions/following/list-follower.js';
import { ListWatcher, ListWatchers } from '../../../src/server/sessions/list-watchers.js';
import type { AnyListName, ListChange } from '../../../src/server/store/session-store.js';
import { Gate } from '../../support/gate.js';
import { eventually } from '../../support/watch.js';

const NO_CLUSTER = new Error('Only one process is there.');

/** A shared list of one session, whose changes are read only when a test lets them. */
class SlowLists {
  /** The newest revision of the list, which is also that of the session. */
  revision = 1;
  /** A gate for each read of changes. */
  readonly reads: Gate[] = [];
  readonly cluster: StoreCluster = {
    now: () => 0,
    createBus: () => new LocalWakeBus(),
    createClaims: () => {
      throw NO_CLUSTER;
    },
  };

  async lookLists(names: readonly unknown[]): Promise<readonly number[]> {
    return names.map(() => this.revision);
  }

  async lookGraphs(principals: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]> {
    return principals.map(() => new Map([['g', this.revision]]));
  }

  async listChanges(): Promise<readonly ListChange[]> {
    const { revision } = this;
    const read = new Gate();
    this.reads.push(read);
    await read.opened;
    const times = { createdAt: 0, updatedAt: revision };
    return [
      { kind: 'row', revision, summary: { sessionId: 's', status: 'running', pendingInputs: 0, ...times } },
    ];
  }
}

describe('a follower of a shared list', () => {
  for (const graphId of ['g', undefined]) {
    const name: AnyListName = { principal: 'ada', graphId };

    it(`passes nothing on that was read for watchers who have left (${graphId ?? 'all graphs'})`, async () => {
      const store = new SlowLists();
      const watchers = new ListWatchers();
      const options: ListFollowerOptions = { store, watchers, bus: new LocalWakeBus() };
      const lists = new ListFollower(options);
      const first = new ListWatcher(new Wakeup());
      await lists.watch(name, first);
      store.revision = 2;
      await lists.lookAll();
      await eventually(() => store.reads.length === 1, 'the changes are read');
      lists.unwatch(name, first);
      const second = new ListWatcher(new Wakeup());
      await lists.watch(name, second);
      store.revision = 3;
      await lists.lookAll();
      await eventually(() => store.reads.length === 2, 'the changes are read for the second watcher');
      const [late, own] = store.reads;
      own?.open();
      await eventually(() => second.hasChanges, 'it gets them');
      late?.open();
      await lists.lookAll();
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(
        second.take().map(({ revision }) => revision),
        [3],
      );
    });
  }
});
