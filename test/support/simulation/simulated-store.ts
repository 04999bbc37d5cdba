import type { StoreCluster } from '../../../src/server/cluster/store-cluster.js';
import type { SessionStore, SessionWrite, WriteOutcome } from '../../../src/server/store/session-store.js';
import type { ServerCode } from './server-code.js';
import { DisplacedError, type SimulatedDatabase } from './simulated-database.js';
import { LostCallError, type SimulatedLink } from './simulated-link.js';

/** What is wrong with a store that must be found out. */
export interface StoreFaults {
  /** A commit without a response is taken for one that was not carried out. */
  readonly forgetsLost?: boolean;
}

/** A commit without a response. */
interface LostCommit {
  readonly id: number;
  readonly writes: readonly SessionWrite[];
}

/** Dependencies of `simulatedStore`. */
export interface SimulatedStoreOptions {
  readonly database: SimulatedDatabase;
  readonly link: SimulatedLink;
  readonly code: ServerCode;
  readonly cluster: StoreCluster;
  readonly faults: StoreFaults;
  /** Returns another number at each call. */
  readonly nextId: () => number;
}

/** The store of one process on the shared database: as the one on PostgreSQL, it finds out the outcome of lost commits. */
export function simulatedStore({
  database,
  link,
  code,
  cluster,
  faults,
  nextId,
}: SimulatedStoreOptions): SessionStore {
  const { tables } = database;
  const call = callingAs(link, code);
  let lost: LostCommit | undefined;
  /** Finds the outcomes of a commit; undefined when it was not carried out. */
  const outcomesOf = async (
    epoch: number,
    commit: LostCommit,
  ): Promise<readonly WriteOutcome[] | undefined> => {
    lost = commit;
    try {
      const outcomes = await link.call('findCommit', () => database.findCommit(epoch, commit.id));
      lost = undefined;
      return outcomes;
    } catch (error) {
      if (error instanceof LostCallError) throw new code.UnknownOutcomeError(error.message, { cause: error });
      lost = undefined;
      throw toStoreError(error, code);
    }
  };
  return {
    cluster,
    beginEpoch: () => call('beginEpoch', () => database.beginEpoch()),
    checkEpoch: (epoch) => call('checkEpoch', () => database.checkEpoch(epoch)),
    async commit(epoch, writes) {
      if (lost?.writes === writes) {
        const outcomes = await outcomesOf(epoch, lost);
        if (outcomes !== undefined) return outcomes;
      }
      const commit = { id: nextId(), writes };
      try {
        return await link.call(labelOf(writes), () => database.commit(epoch, commit.id, writes));
      } catch (error) {
        if (!(error instanceof LostCallError) || faults.forgetsLost === true) throw toStoreError(error, code);
        const outcomes = await outcomesOf(epoch, commit);
        if (outcomes !== undefined) return outcomes;
        throw toStoreError(error, code);
      }
    },
    find: (id) => call('find', () => tables.find(id)),
    findDamaged: (id) => call('findDamaged', () => tables.findDamaged(id)),
    readPlan: (id) => call('readPlan', () => tables.readPlan(id)),
    readEvents: (id, after, limits) => call('readEvents', () => tables.readEvents(id, after, limits)),
    readSteps: (id, after, limits) => call('readSteps', () => tables.readSteps(id, after, limits)),
    readGrown: (cursors, limits) => call('readGrown', () => tables.readGrown(cursors, limits)),
    look: (ids) => call('look', () => tables.look(ids)),
    list: (principal, graphId, limit) => call('list', () => tables.list(principal, graphId, limit)),
    listAfter: (name, place, limit) => call('listAfter', () => tables.listAfter(name, place, limit)),
    lookLists: (names) => call('lookLists', () => tables.lookLists(names)),
    lookGraphs: (principals) => call('lookGraphs', () => tables.lookGraphs(principals)),
    listChanges: (name, after, limit) => call('listChanges', () => tables.listChanges(name, after, limit)),
    findReceipt: (principal, key) => call('findReceipt', () => tables.findReceipt(principal, key)),
    readRow: (id) => call('readRow', () => tables.readRow(id)),
    findUnfinished: (status, limit, before) =>
      call('findUnfinished', () => tables.findUnfinished(status, limit, before)),
    countUnfinished: () => call('countUnfinished', () => tables.countUnfinished()),
    findSurplus: (principal, graphId, keep) =>
      call('findSurplus', () => tables.findSurplus(principal, graphId, keep)),
    newestMs: () => call('newestMs', () => tables.newestMs()),
    findEndedBefore: (ms) => call('findEndedBefore', () => tables.findEndedBefore(ms)),
    findErasable: (id, maxBytes) => call('findErasable', () => tables.findErasable(id, maxBytes)),
    findUnerased: (beforeMs) => call('findUnerased', () => tables.findUnerased(beforeMs)),
    expire: (times) => call('expire', () => tables.expire(times)),
    close: () => Promise.resolve(),
  };
}

/** Calls the database over a link. @throws Errors as the code of a process knows them. */
export function callingAs(
  link: SimulatedLink,
  code: ServerCode,
): <Result>(label: string, effect: () => Promise<Result>) => Promise<Result> {
  return async (label, effect) => {
    try {
      return await link.call(label, effect);
    } catch (error) {
      throw toStoreError(error, code);
    }
  };
}

function toStoreError(error: unknown, code: ServerCode): unknown {
  if (error instanceof LostCallError) return new code.StoreUnavailableError(error.message, { cause: error });
  return error instanceof DisplacedError ? new code.StaleEpochError('It was found dead.') : error;
}

function labelOf(writes: readonly SessionWrite[]): string {
  return `commit(${writes.map(({ kind }) => kind).join()})`;
}
