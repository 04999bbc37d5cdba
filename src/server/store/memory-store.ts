import { isEmittedType } from '../../protocol/events.js';
import { NO_LABELS } from '../../protocol/session-labels.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { append, compareAge, isDiscardable, isOf, toStored, type Entry } from './memory-entry.js';
import {
  StaleEpochError,
  type CreationReceipt,
  type ExpiryTimes,
  type LoggedEvent,
  type LogPart,
  type PageLimits,
  type SessionList,
  type SessionPlan,
  type SessionRecord,
  type SessionRow,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
  type UnfinishedSession,
} from './session-store.js';

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

  async commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly (number | undefined)[]> {
    await this.checkEpoch(epoch);
    this.#check(writes);
    return writes.map((write) => this.#apply(write));
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

  async list(principal: string, graphId: string, limit: number): Promise<SessionList> {
    const rows: SessionRow[] = this.#sessionsOf(principal, graphId)
      .slice(0, limit + 1)
      .map(({ row, revision }) => ({ summary: row, revision }));
    return {
      revision: this.#revisions.get(listKey(principal, graphId)) ?? 0,
      rows: rows.slice(0, limit),
      isTruncated: rows.length > limit,
    };
  }

  async findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined> {
    const receipt = this.#receipts.get(listKey(principal, key));
    return receipt === undefined ? undefined : { digest: receipt.digest, body: receipt.body };
  }

  async readRow(sessionId: string): Promise<SessionSummary | undefined> {
    const entry = this.#entries.get(sessionId);
    return entry?.deletedMs === undefined ? entry?.row : undefined;
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

  async findUnerased(): Promise<readonly string[]> {
    return [...this.#entries.values()]
      .filter((entry) => entry.deletedMs !== undefined && entry.plan !== undefined)
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

  /** Checks all writes before any is applied, so that a commit is all or nothing. */
  #check(writes: readonly SessionWrite[]): void {
    const lastIndexes = new Map<string, number>();
    for (const write of writes) {
      if (write.kind !== 'create' && write.kind !== 'append') continue;
      const { sessionId } = write.record;
      const expected = write.kind === 'create' ? -1 : write.expectedLastIndex;
      const lastIndex = lastIndexes.get(sessionId) ?? this.#entries.get(sessionId)?.lastIndex ?? -1;
      if (lastIndex !== expected) {
        throw new Error(`Session ${sessionId} ends at ${lastIndex}, not at ${expected}.`);
      }
      lastIndexes.set(sessionId, expected + write.events.length);
    }
  }

  #apply(write: SessionWrite): number | undefined {
    switch (write.kind) {
      case 'create':
        return this.#create(write);
      case 'append': {
        const entry = this.#entries.get(write.record.sessionId);
        if (entry === undefined) return undefined;
        append(entry, write.events);
        entry.status = write.status;
        if (write.row === undefined) return undefined;
        entry.row = write.row;
        entry.revision = this.#nextRevision(write.record);
        return entry.revision;
      }
      case 'label': {
        const entry = this.#entries.get(write.record.sessionId);
        if (entry === undefined) return undefined;
        entry.labels = write.labels;
        entry.row = write.row;
        entry.revision = this.#nextRevision(write.record);
        return entry.revision;
      }
      case 'delete': {
        const entry = this.#entries.get(write.record.sessionId);
        if (entry === undefined) return undefined;
        entry.deletedMs = write.deletedMs;
        return this.#nextRevision(write.record);
      }
      case 'erase': {
        const entry = this.#entries.get(write.sessionId);
        if (entry !== undefined) {
          entry.events.length = Math.min(entry.events.length, write.after + 1);
          if (write.after === -1) entry.plan = undefined;
        }
        return undefined;
      }
    }
  }

  #create(write: Extract<SessionWrite, { kind: 'create' }>): number {
    const { record, planJson, events, status, row, receipt } = write;
    const revision = this.#nextRevision(record);
    const entry: Entry = {
      record,
      plan: planJson,
      events: [],
      lastIndex: -1,
      logBytes: 0,
      status,
      row,
      labels: NO_LABELS,
      revision,
      deletedMs: undefined,
    };
    append(entry, events);
    this.#entries.set(record.sessionId, entry);
    if (receipt !== undefined) {
      const { key, ...rest } = receipt;
      this.#receipts.set(listKey(record.principal, key), { ...rest, createdMs: record.createdMs });
    }
    return revision;
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

  /** The sessions of a graph, newest first; of equal age, the higher revision first. */
  #sessionsOf(principal: string, graphId: string): Entry[] {
    return [...this.#entries.values()]
      .filter(({ record, deletedMs }) => deletedMs === undefined && isOf(record, principal, graphId))
      .sort((a, b) => b.record.createdMs - a.record.createdMs || b.revision - a.revision);
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
