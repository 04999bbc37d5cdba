import { isEmittedType } from '../../protocol/events.js';
import { NO_LABELS } from '../../protocol/session-labels.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import {
  append,
  claimOf,
  changeOf,
  compareAge,
  isDiscardable,
  isOf,
  labelledRow,
  lookOf,
  refusalOf,
  rowIn,
  toStored,
  type Entry,
} from './memory-entry.js';
import {
  FIRST_EPOCH,
  StaleEpochError,
  revisionOfAll,
  type AnyListName,
  type CreationReceipt,
  type ExpiryTimes,
  type ListChange,
  type ListName,
  type LoggedEvent,
  type LogPart,
  type PageLimits,
  type SessionList,
  type SessionLook,
  type SessionPlan,
  type SessionRecord,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
  type UnfinishedSession,
  type WriteOutcome,
  type Written,
  type ListPlace,
} from './session-store.js';
import { sessionIdOf, StepOrder } from './step-order.js';

/** A store in memory: for tests, for demos, and for sessions that need not outlive the process. */
export class MemoryStore implements SessionStore {
  readonly #entries = new Map<string, Entry>();
  readonly #revisions = new Map<string, number>();
  readonly #receipts = new Map<string, CreationReceipt & { readonly createdMs: number }>();
  #epoch = 0;

  async beginEpoch(): Promise<number> {
    this.#epoch += 1;
    return this.#epoch;
  }

  async checkEpoch(epoch: number): Promise<void> {
    if (epoch !== this.#epoch) throw new StaleEpochError('Another process has taken over the sessions.');
  }

  async commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]> {
    await this.checkEpoch(epoch);
    this.#checkNew(writes);
    const order = new StepOrder();
    return writes.map((write) => {
      const outcome = order.skipped(write) ?? this.#apply(write);
      order.note(write, outcome);
      return outcome;
    });
  }

  async find(sessionId: string): Promise<StoredSession | undefined> {
    const entry = this.#entries.get(sessionId);
    return entry === undefined ? undefined : toStored(entry);
  }

  async findDamaged(sessionId: string): Promise<StoredSession | undefined> {
    return this.find(sessionId);
  }

  async findErasable(sessionId: string, maxBytes: number): Promise<LogPart> {
    const events = this.#entries.get(sessionId)?.events ?? [];
    let bytes = 0;
    let count = 0;
    for (let event = events.at(-1); event !== undefined; event = events.at(-1 - count)) {
      if (count > 0 && bytes + event.bytes > maxBytes) break;
      bytes += event.bytes;
      count += 1;
    }
    return { after: events.length - count - 1, bytes };
  }

  async readPlan(sessionId: string): Promise<SessionPlan | undefined> {
    const plan = this.#entries.get(sessionId)?.plan;
    return plan === undefined ? undefined : (JSON.parse(plan) as SessionPlan);
  }

  async readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return pageOf(this.#entries.get(sessionId)?.events ?? [], after, limits, () => true);
  }

  async readSteps(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]> {
    return pageOf(
      this.#entries.get(sessionId)?.events ?? [],
      after,
      limits,
      ({ type }) => !isEmittedType(type),
    );
  }

  async readGrown(
    cursors: ReadonlyMap<string, number>,
    limits: Omit<PageLimits, 'through'>,
  ): Promise<ReadonlyMap<string, readonly LoggedEvent[]>> {
    const grown = new Map<string, readonly LoggedEvent[]>();
    for (const [sessionId, after] of cursors) {
      const page = await this.readEvents(sessionId, after, { ...limits, through: Number.MAX_SAFE_INTEGER });
      if (page.length > 0) grown.set(sessionId, page);
    }
    return grown;
  }

  async look(sessionIds: readonly string[]): Promise<readonly SessionLook[]> {
    return sessionIds.flatMap((sessionId) => {
      const entry = this.#entries.get(sessionId);
      return entry === undefined ? [] : [lookOf(entry)];
    });
  }

  async lookLists(names: readonly ListName[]): Promise<readonly number[]> {
    return names.map(({ principal, graphId }) => this.#revisions.get(listKey(principal, graphId)) ?? 0);
  }

  async lookGraphs(principals: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]> {
    return principals.map((principal) => this.#revisionsOf(principal));
  }

  async listChanges(
    { principal, graphId }: ListName,
    after: number,
    limit: number,
  ): Promise<readonly ListChange[]> {
    return [...this.#entries.values()]
      .filter(({ record, revision }) => isOf(record, principal, graphId) && revision > after)
      .sort((a, b) => a.revision - b.revision)
      .slice(0, limit)
      .map(changeOf);
  }

  async listAfter(
    { principal, graphId }: AnyListName,
    { createdMs, sessionId }: ListPlace,
    limit: number,
  ): Promise<Pick<SessionList, 'rows' | 'isTruncated'>> {
    const after = this.#sessionsOf(principal, graphId)
      .filter(
        ({ record }) =>
          record.createdMs < createdMs ||
          (record.createdMs === createdMs && (sessionId === undefined || record.sessionId < sessionId)),
      )
      .sort(
        (a, b) =>
          b.record.createdMs - a.record.createdMs || (a.record.sessionId < b.record.sessionId ? 1 : -1),
      );
    return {
      rows: after.slice(0, limit).map((entry) => rowIn(entry, graphId)),
      isTruncated: after.length > limit,
    };
  }

  async list(principal: string, graphId: string | undefined, limit: number): Promise<SessionList> {
    const rows = this.#sessionsOf(principal, graphId)
      .slice(0, limit + 1)
      .map((entry) => rowIn(entry, graphId));
    const page = { rows: rows.slice(0, limit), isTruncated: rows.length > limit };
    if (graphId !== undefined) {
      return { revision: this.#revisions.get(listKey(principal, graphId)) ?? 0, ...page };
    }
    const revisions = this.#revisionsOf(principal);
    return { revision: revisionOfAll(revisions), revisions, ...page };
  }

  async findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined> {
    const receipt = this.#receipts.get(listKey(principal, key));
    return receipt === undefined ? undefined : { digest: receipt.digest, body: receipt.body };
  }

  async readRow(sessionId: string): Promise<SessionSummary | undefined> {
    const entry = this.#entries.get(sessionId);
    return entry === undefined || entry.deletedMs !== undefined ? undefined : labelledRow(entry);
  }

  async findUnfinished(
    status: 'running' | 'suspended',
    limit: number,
    before?: UnfinishedSession,
  ): Promise<readonly UnfinishedSession[]> {
    return this.#unfinished()
      .filter((entry) => entry.status === status)
      .map(({ record: { sessionId, createdMs } }) => ({ sessionId, createdMs }))
      .filter((session) => before === undefined || compareAge(session, before) < 0)
      .sort((a, b) => compareAge(b, a))
      .slice(0, limit);
  }

  async countUnfinished(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { record } of this.#unfinished()) {
      counts.set(record.principal, (counts.get(record.principal) ?? 0) + 1);
    }
    return counts;
  }

  async findSurplus(principal: string, graphId: string, keep: number): Promise<readonly StoredSession[]> {
    const sessions = this.#sessionsOf(principal, graphId);
    return sessions
      .filter(isDiscardable)
      .reverse()
      .slice(0, Math.max(0, sessions.length - keep))
      .map(toStored);
  }

  async newestMs(): Promise<number | undefined> {
    const times = [...this.#entries.values()].map(({ row }) => row.updatedAt * 1000);
    return times.length === 0 ? undefined : Math.round(Math.max(...times));
  }

  async findEndedBefore(ms: number): Promise<readonly StoredSession[]> {
    return [...this.#entries.values()]
      .filter((entry) => entry.deletedMs === undefined && isDiscardable(entry))
      .filter((entry) => entry.row.updatedAt * 1000 < ms)
      .slice(0, 100)
      .map(toStored);
  }

  async findUnerased(beforeMs: number): Promise<readonly string[]> {
    return [...this.#entries.values()]
      .filter((entry) => (entry.deletedMs ?? Infinity) < beforeMs && entry.plan !== undefined)
      .map((entry) => entry.record.sessionId);
  }

  async expire({ tombstonesBeforeMs, receiptsBeforeMs }: ExpiryTimes): Promise<void> {
    for (const [sessionId, { deletedMs, plan }] of this.#entries) {
      const isErased = deletedMs !== undefined && plan === undefined;
      if (isErased && deletedMs < tombstonesBeforeMs) this.#entries.delete(sessionId);
    }
    for (const [key, { createdMs }] of this.#receipts) {
      if (createdMs < receiptsBeforeMs) this.#receipts.delete(key);
    }
  }

  async close(): Promise<void> {
    // From now on writes through this store are refused.
    this.#epoch += 1;
  }

  /** Checks that no session exists already before any step is applied, so that a commit is all or nothing. */
  #checkNew(writes: readonly SessionWrite[]): void {
    for (const write of writes) {
      if (write.kind !== 'create' || !this.#entries.has(write.record.sessionId)) continue;
      throw new Error(`Session ${write.record.sessionId} exists already.`);
    }
  }

  #apply(write: SessionWrite): WriteOutcome {
    if (write.kind === 'create') return this.#create(write);
    const entry = this.#entries.get(sessionIdOf(write));
    const refusal = refusalOf(entry, write);
    if (refusal !== undefined) return refusal;
    return entry === undefined ? { kind: 'written' } : { kind: 'written', ...this.#change(entry, write) };
  }

  #change(entry: Entry, write: Exclude<SessionWrite, { kind: 'create' }>): Omit<Written, 'kind'> {
    switch (write.kind) {
      case 'append':
        append(entry, write.events);
        entry.status = write.status;
        if (write.row === undefined) return {};
        entry.row = write.row;
        return this.#revise(entry);
      case 'claim':
        entry.epoch += 1;
        return claimOf(entry);
      case 'seen':
        return {};
      case 'label':
        entry.labels = write.labels;
        return this.#revise(entry);
      case 'delete':
        entry.deletedMs = write.deletedMs;
        return this.#revise(entry);
      case 'erase':
        entry.events.length = Math.min(entry.events.length, write.after + 1);
        if (write.after === -1) entry.plan = undefined;
        return {};
    }
  }

  #create(write: Extract<SessionWrite, { kind: 'create' }>): WriteOutcome {
    const { record, planJson, events, status, row, receipt } = write;
    if (receipt !== undefined) {
      const { key, digest, body } = receipt;
      const name = listKey(record.principal, key);
      const known = this.#receipts.get(name);
      if (known !== undefined) {
        return { kind: 'repeated', receipt: { digest: known.digest, body: known.body } };
      }
      this.#receipts.set(name, { digest, body, createdMs: record.createdMs });
    }
    const entry: Entry = {
      record,
      plan: planJson,
      events: [],
      lastIndex: -1,
      logBytes: 0,
      status,
      row,
      labels: NO_LABELS,
      revision: 0,
      deletedMs: undefined,
      epoch: FIRST_EPOCH,
    };
    append(entry, events);
    this.#entries.set(record.sessionId, entry);
    return { kind: 'written', ...this.#revise(entry) };
  }

  #revise(entry: Entry): { readonly revision: number } {
    entry.revision = this.#nextRevision(entry.record);
    return { revision: entry.revision };
  }

  #unfinished(): Entry[] {
    return [...this.#entries.values()].filter(
      ({ deletedMs, status }) => deletedMs === undefined && !isTerminalStatus(status),
    );
  }

  #nextRevision({ principal, graphId }: SessionRecord): number {
    const key = listKey(principal, graphId);
    const revision = (this.#revisions.get(key) ?? 0) + 1;
    this.#revisions.set(key, revision);
    return revision;
  }

  #revisionsOf(principal: string): ReadonlyMap<string, number> {
    const revisions = new Map<string, number>();
    for (const [key, revision] of this.#revisions) {
      const [owner, graphId] = JSON.parse(key) as readonly [string, string];
      if (owner === principal) revisions.set(graphId, revision);
    }
    return revisions;
  }

  /**
   * The sessions of a list, newest first; of equal age, the higher revision first, and of all graphs in the reverse order of
   * their ids.
   */
  #sessionsOf(principal: string, graphId: string | undefined): Entry[] {
    return [...this.#entries.values()]
      .filter(({ record, deletedMs }) => deletedMs === undefined && isOf(record, principal, graphId))
      .sort((a, b) =>
        graphId === undefined
          ? compareAge(b.record, a.record)
          : b.record.createdMs - a.record.createdMs || b.revision - a.revision,
      );
  }
}

function listKey(principal: string, name: string): string {
  return JSON.stringify([principal, name]);
}

/** The first of `events` after an index that are wanted, as many as fit into a page. */
function pageOf(
  events: readonly LoggedEvent[],
  after: number,
  limits: PageLimits,
  isWanted: (event: LoggedEvent) => boolean,
): readonly LoggedEvent[] {
  const page: LoggedEvent[] = [];
  let bytes = 0;
  for (let index = after + 1; index <= limits.through && page.length < limits.maxEvents; index += 1) {
    const event = events[index];
    if (event === undefined) break;
    if (!isWanted(event)) continue;
    bytes += event.bytes;
    if (bytes > limits.maxBytes && page.length > 0) break;
    page.push(event);
  }
  return page;
}
