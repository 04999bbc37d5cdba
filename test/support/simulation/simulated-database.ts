import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { ClaimedSession, Ownership } from '../../../src/server/store/ownership.js';
import type { IntactLook, SessionWrite, WriteOutcome } from '../../../src/server/store/session-store.js';
import { StepOrder } from '../../../src/server/store/step-order.js';
import type { SimulationLedger } from './simulation-ledger.js';
import type { VirtualTime } from './virtual-time.js';

/** What is wrong with a database that must be found out. */
export interface DatabaseFaults {
  /** Appends of an earlier owner are written. */
  readonly ignoresEpoch?: boolean;
  /** Appends are written wherever the log ends. */
  readonly ignoresLastIndex?: boolean;
  /** Commits of a process that was found dead are written. */
  readonly ignoresDeath?: boolean;
  /** A session is claimed also when another process runs it: what was ready some time before. */
  readonly claimsWithoutLooking?: boolean;
  /** A key of a creation may be used twice. */
  readonly ignoresReceipts?: boolean;
  /** Labels are replaced whatever they are. */
  readonly ignoresLabels?: boolean;
  /** A session can be deleted twice. */
  readonly deletesTwice?: boolean;
  /** Sessions of the dead keep their owners. */
  readonly keepsOwners?: boolean;
  /** A chore is given to all who ask. */
  readonly givesChoresTwice?: boolean;
  /** The answers that no owner has seen are not noted. */
  readonly forgetsUnseen?: boolean;
}

/** The columns of a session that only processes which share the store have. */
interface Row {
  owner: number | undefined;
  epoch: number;
  takeovers: number;
  unseenAfter: number | undefined;
  /** With which of its claims of ready sessions its owner got it. */
  claim: number | undefined;
}

/** Thrown by `commit` for a process that no longer belongs to the others. */
export class DisplacedError extends Error {
  override readonly name = 'DisplacedError';
}

/**
 * The database that all processes share, with the rules of the one in PostgreSQL. Every method is one transaction: nothing
 * happens between its begin and its end. Times are those of the database.
 */
export class SimulatedDatabase {
  /** Everything but what processes need of each other; to be read only. */
  readonly tables = new MemoryStore();
  /** True while no process can reach it. */
  isDown = false;
  readonly #time: VirtualTime;
  readonly #ledger: SimulationLedger;
  readonly #faults: DatabaseFaults;
  readonly #rows = new Map<string, Row>();
  /** When each process has shown that it lives. */
  readonly #beats = new Map<number, number>();
  /** The newest commit of each process. */
  readonly #commits = new Map<number, { readonly id: number; readonly outcomes: readonly WriteOutcome[] }>();
  /** How many claims of ready sessions each process has made. */
  readonly #claims = new Map<number, number>();
  readonly #chores = new Map<string, number>();
  #processes = 0;
  #receipts = 0;

  constructor(time: VirtualTime, ledger: SimulationLedger, faults: DatabaseFaults = {}) {
    this.#time = time;
    this.#ledger = ledger;
    this.#faults = faults;
  }

  /** Its clock, in milliseconds since 1970. */
  get timeMs(): number {
    return Math.floor(1_700_000_000_000 + this.#time.nowMs);
  }

  /** See `SessionStore.beginEpoch`. */
  async beginEpoch(): Promise<number> {
    if (this.#processes === 0) await this.tables.beginEpoch();
    this.#processes += 1;
    this.#commits.set(this.#processes, { id: 0, outcomes: [] });
    return this.#processes;
  }

  /** @throws DisplacedError. */
  async checkEpoch(processId: number): Promise<void> {
    if (!this.#commits.has(processId) && this.#faults.ignoresDeath !== true) throw new DisplacedError();
  }

  /** See `SessionStore.commit`; `id` names the commit, so that its outcomes can be found. */
  async commit(
    processId: number,
    id: number,
    writes: readonly SessionWrite[],
  ): Promise<readonly WriteOutcome[]> {
    await this.checkEpoch(processId);
    const order = new StepOrder();
    const outcomes: WriteOutcome[] = [];
    for (const write of writes) {
      const outcome = order.skipped(write) ?? (await this.#apply(processId, write));
      order.note(write, outcome);
      outcomes.push(outcome);
      if (outcome.kind === 'written') this.#ledger.written(processId, write, outcome);
    }
    this.#commits.set(processId, { id, outcomes });
    return outcomes;
  }

  /** The outcomes of a commit; undefined when it was not carried out. @throws DisplacedError. */
  async findCommit(processId: number, id: number): Promise<readonly WriteOutcome[] | undefined> {
    await this.checkEpoch(processId);
    const newest = this.#commits.get(processId);
    return newest?.id === id ? newest.outcomes : undefined;
  }

  /** Adds a process to those that live. */
  async join(processId: number): Promise<void> {
    this.#beats.set(processId, this.#time.nowMs);
    this.#ledger.joined(processId);
  }

  /** Notes that a process lives; false when it was found dead. */
  async beat(processId: number): Promise<boolean> {
    if (!this.#beats.has(processId)) return false;
    this.#beats.set(processId, this.#time.nowMs);
    this.#ledger.beaten(processId);
    return true;
  }

  /** The other processes that have not shown for so long that they live. */
  async late(processId: number, leaseMs: number): Promise<readonly number[]> {
    return [...this.#beats.keys()].filter((other) => other !== processId && this.#isLate(other, leaseMs));
  }

  /** Removes a process that is still late; frees its sessions. */
  async bury(processId: number, leaseMs: number): Promise<boolean> {
    if (!this.#beats.has(processId) || !this.#isLate(processId, leaseMs)) return false;
    this.#ledger.foundDead(processId);
    for (const [sessionId, row] of this.#rows) {
      if (row.owner !== processId) continue;
      const look = await this.#look(sessionId);
      if (look?.status === 'running') row.takeovers += 1;
    }
    this.#remove(processId);
    return true;
  }

  /** Removes a process that leaves. */
  async leave(processId: number): Promise<void> {
    if (this.#beats.has(processId)) this.#remove(processId);
  }

  /** Makes the claim of a number of ready sessions, unless that was made before, or the process was found dead. */
  async claimReady(processId: number, claim: number, limit: number): Promise<readonly ClaimedSession[]> {
    if (!this.#beginClaim(processId, claim)) return [];
    const claimed: ClaimedSession[] = [];
    for (const sessionId of await this.#findReady(limit)) {
      claimed.push(await this.#claim(processId, sessionId, claim));
    }
    return claimed;
  }

  /** Finds what a claim without a response has claimed. When it was not made yet, it never is. */
  async findClaimed(processId: number, claim: number): Promise<readonly ClaimedSession[]> {
    if (this.#beginClaim(processId, claim)) return [];
    const claimed: ClaimedSession[] = [];
    for (const [sessionId, row] of this.#rows) {
      if (row.owner !== processId || row.claim !== claim) continue;
      if ((await this.#look(sessionId))?.status === 'running') claimed.push(await this.#claimed(sessionId));
    }
    return claimed;
  }

  #beginClaim(processId: number, claim: number): boolean {
    const isNext = this.#beats.has(processId) && (this.#claims.get(processId) ?? 0) === claim - 1;
    if (isNext) this.#claims.set(processId, claim);
    return isNext;
  }

  /** The oldest sessions that run and have no owner. */
  async #findReady(limit: number): Promise<readonly string[]> {
    const running = [...(await this.tables.findUnfinished('running', Number.MAX_SAFE_INTEGER))].reverse();
    const ready = running.filter(({ sessionId }) => this.#row(sessionId).owner === undefined);
    return ready.slice(0, limit).map(({ sessionId }) => sessionId);
  }

  /** See `StoreClaims.release`. */
  async release(sessions: readonly Ownership[]): Promise<void> {
    for (const { sessionId, epoch } of sessions) {
      const row = this.#rows.get(sessionId);
      if (row?.epoch !== epoch) continue;
      row.owner = undefined;
      this.#ledger.released(sessionId);
    }
  }

  /** See `StoreClaims.takeChore`. */
  async takeChore(name: string, periodMs: number): Promise<boolean> {
    const dueMs = this.#chores.get(name) ?? 0;
    if (dueMs > this.#time.nowMs && this.#faults.givesChoresTwice !== true) return false;
    this.#chores.set(name, this.#time.nowMs + periodMs);
    this.#ledger.choreTaken(name, periodMs);
    return true;
  }

  /** True for a process that was not removed. */
  isMember(processId: number | undefined): boolean {
    return processId !== undefined && this.#beats.has(processId);
  }

  /** Which process runs a session. */
  ownerOf(sessionId: string): number | undefined {
    return this.#rows.get(sessionId)?.owner;
  }

  #isLate(processId: number, leaseMs: number): boolean {
    return (this.#beats.get(processId) ?? 0) < this.#time.nowMs - leaseMs;
  }

  #remove(processId: number): void {
    this.#beats.delete(processId);
    this.#commits.delete(processId);
    this.#ledger.removed(processId);
    if (this.#faults.keepsOwners === true) return;
    for (const row of this.#rows.values()) if (row.owner === processId) row.owner = undefined;
  }

  async #apply(processId: number, write: SessionWrite): Promise<WriteOutcome> {
    switch (write.kind) {
      case 'create':
        return this.#create(processId, write);
      case 'append':
        return this.#append(write);
      case 'claim':
        return this.#applyClaim(processId, write.sessionId);
      case 'label': {
        const { record, expected } = write;
        const labels = (await this.#look(record.sessionId))?.labels;
        const isExpected = expected === undefined || JSON.stringify(labels) === JSON.stringify(expected);
        if (isExpected || labels === undefined || this.#faults.ignoresLabels === true)
          return this.#store(write);
        return { kind: 'moved' };
      }
      case 'seen': {
        const outcome = await this.#store(write);
        if (outcome.kind === 'written') this.#row(write.ownership.sessionId).unseenAfter = undefined;
        return outcome;
      }
      case 'delete': {
        const isAgain = (await this.#look(write.record.sessionId)) === undefined;
        return isAgain && this.#faults.deletesTwice === true ? { kind: 'written' } : this.#store(write);
      }
      case 'erase':
        return this.#store(write);
    }
  }

  async #create(processId: number, write: Extract<SessionWrite, { kind: 'create' }>): Promise<WriteOutcome> {
    const { record, receipt, maxOpen = Infinity, isReady = false } = write;
    const open = (await this.tables.countUnfinished()).get(record.principal) ?? 0;
    if (open >= maxOpen) {
      const known = receipt && (await this.tables.findReceipt(record.principal, receipt.key));
      return known === undefined ? { kind: 'full' } : { kind: 'repeated', receipt: known };
    }
    this.#receipts += 1;
    const isFaulty = receipt !== undefined && this.#faults.ignoresReceipts === true;
    const stored = isFaulty ? { ...write, receipt: { ...receipt, key: `${this.#receipts}` } } : write;
    const outcome = await this.#store(stored);
    if (outcome.kind === 'written') {
      this.#rows.set(record.sessionId, {
        owner: isReady ? undefined : processId,
        epoch: 1,
        takeovers: 0,
        unseenAfter: undefined,
        claim: undefined,
      });
    }
    return outcome;
  }

  async #append(write: Extract<SessionWrite, { kind: 'append' }>): Promise<WriteOutcome> {
    const { record, expectedLastIndex, resumes, events } = write;
    const { ownership: _, ...forPerson } = write;
    const owned = this.#faults.ignoresEpoch === true ? forPerson : write;
    const look = await this.#look(record.sessionId);
    const anywhere = { expectedLastIndex: look?.lastIndex ?? expectedLastIndex };
    const outcome = await this.#store(
      this.#faults.ignoresLastIndex === true ? { ...owned, ...anywhere } : owned,
    );
    if (outcome.kind !== 'written') return outcome;
    const row = this.#row(record.sessionId);
    if (events.some(({ type }) => type === 'nodeEnd')) row.takeovers = 0;
    if (resumes !== undefined && resumes.epoch !== row.epoch && this.#faults.forgetsUnseen !== true) {
      row.unseenAfter ??= expectedLastIndex;
    }
    return outcome;
  }

  async #applyClaim(processId: number, sessionId: string): Promise<WriteOutcome> {
    const look = await this.#look(sessionId);
    if (look === undefined) return { kind: 'deleted' };
    if (look.status !== 'running' && look.status !== 'suspended') return { kind: 'moved' };
    const { owner } = this.#row(sessionId);
    const isFree = owner === undefined || owner === processId;
    if (!isFree && this.#faults.claimsWithoutLooking !== true) return { kind: 'stale' };
    return { kind: 'written', claimed: await this.#claim(processId, sessionId) };
  }

  /** What the owner of a session gets. */
  async #claimed(sessionId: string): Promise<ClaimedSession> {
    const { lastIndex = -1 } = (await this.#look(sessionId)) ?? {};
    const { epoch, takeovers, unseenAfter } = this.#row(sessionId);
    const claimed = { sessionId, epoch, lastIndex, takeovers };
    return unseenAfter === undefined ? claimed : { ...claimed, unseenAfter };
  }

  async #claim(processId: number, sessionId: string, claim?: number): Promise<ClaimedSession> {
    const row = this.#row(sessionId);
    await this.#store({ kind: 'claim', sessionId });
    row.epoch += 1;
    this.#ledger.claimed(processId, sessionId, row.epoch);
    row.owner = processId;
    row.claim = claim;
    return this.#claimed(sessionId);
  }

  #row(sessionId: string): Row {
    const row = this.#rows.get(sessionId);
    if (row === undefined) throw new Error(`There is no session ${sessionId}.`);
    return row;
  }

  /** A session that was not deleted. */
  async #look(sessionId: string): Promise<IntactLook | undefined> {
    const [look] = await this.tables.look([sessionId]);
    return look?.kind === 'intact' && !look.isDeleted ? look : undefined;
  }

  async #store(write: SessionWrite): Promise<WriteOutcome> {
    const [outcome] = await this.tables.commit(1, [write]);
    if (outcome === undefined) throw new Error('The step has no outcome.');
    return outcome;
  }
}
