import { BeatRecord, type LeaseTimes } from '../../../src/server/cluster/beat-record.js';
import type { StoreClaims } from '../../../src/server/cluster/store-claims.js';
import type { ClaimedSession } from '../../../src/server/store/ownership.js';
import type { SimulatedDatabase } from './simulated-database.js';
import type { SimulatedLink } from './simulated-link.js';
import type { callingAs } from './simulated-store.js';
import type { Actor, VirtualTime } from './virtual-time.js';

/** What is wrong with claims that must be found out. */
export interface ClaimsFaults {
  /** Judges also after an outage, when the beats of all are old. */
  readonly judgesAlways?: boolean;
  /** A claim of ready sessions without a response is taken for one that was not made. */
  readonly forgetsClaims?: boolean;
  /** Does not notice that it was found dead. */
  readonly hearsNoLoss?: boolean;
}

/** Times of `SimulatedClaims`, in milliseconds. */
export interface ClaimsTimes extends LeaseTimes {
  /** How long beats may fail before a process gives its runs up. */
  readonly doubtMs: number;
}

/** Dependencies of `SimulatedClaims`. */
export interface SimulatedClaimsOptions extends ClaimsTimes {
  readonly time: VirtualTime;
  readonly actor: Actor;
  /** What shows that the process lives, although its main thread may be blocked. */
  readonly beating: Actor;
  readonly database: SimulatedDatabase;
  readonly call: ReturnType<typeof callingAs>;
  /** For beats, which have a connection of their own. */
  readonly link: SimulatedLink;
  readonly faults: ClaimsFaults;
  /** Called with each number under which the process is about to join. */
  readonly onNumbered: (processId: number) => void;
  /** Called when it knows that it has joined under that number. */
  readonly onJoined: (processId: number) => void;
  /** Called when it shows no longer that it lives under its number; its main thread may hear of that later. */
  readonly onGivenUp: () => void;
}

/** The claims of one process on the shared database. */
export class SimulatedClaims implements StoreClaims {
  readonly #options: SimulatedClaimsOptions;
  #beats: BeatRecord;
  #processId = 0;
  /** The newest of its claims of ready sessions, and whether it has no response. */
  #numbering = { newest: 0, isLost: false };

  constructor(options: SimulatedClaimsOptions) {
    this.#options = options;
    this.#beats = new BeatRecord(options);
  }

  async open(processId: number, onLost: () => void): Promise<void> {
    const { call, database, time, onNumbered, onJoined } = this.#options;
    onNumbered(processId);
    this.#processId = processId;
    this.#numbering = { newest: 0, isLost: false };
    this.#beats = new BeatRecord(this.#options);
    await call('join', () => database.join(processId));
    onJoined(processId);
    this.#beats.made(time.nowMs);
    void this.#beat(processId, onLost);
  }

  async judge(): Promise<number> {
    const { call, database, time, leaseMs, faults } = this.#options;
    if (!this.#beats.mayJudge(time.nowMs) && faults.judgesAlways !== true) return 0;
    const late = await call('late', () => database.late(this.#processId, leaseMs));
    let dead = 0;
    for (const processId of late) {
      if (await call('bury', () => database.bury(processId, leaseMs))) dead += 1;
    }
    return dead;
  }

  async claimReady(limit: number): Promise<readonly ClaimedSession[]> {
    const { call, database, faults } = this.#options;
    const processId = this.#processId;
    const numbering = this.#numbering;
    if (numbering.isLost && faults.forgetsClaims !== true) {
      const found = await call('findClaimed', () => database.findClaimed(processId, numbering.newest));
      numbering.isLost = false;
      if (found.length > 0) return found;
    }
    numbering.newest += 1;
    numbering.isLost = true;
    const claim = numbering.newest;
    const claimed = await call('claimReady', () => database.claimReady(processId, claim, limit));
    numbering.isLost = false;
    return claimed;
  }

  release(...[sessions]: Parameters<StoreClaims['release']>): Promise<void> {
    const { call, database } = this.#options;
    return sessions.length === 0 ? Promise.resolve() : call('release', () => database.release(sessions));
  }

  takeChore(name: string, periodMs: number): Promise<boolean> {
    const { call, database } = this.#options;
    return call('takeChore', () => database.takeChore(name, periodMs));
  }

  async close(): Promise<void> {
    const { call, database } = this.#options;
    const processId = this.#processId;
    this.#processId = 0;
    if (processId !== 0) await call('leave', () => database.leave(processId));
  }

  /** Shows that the process lives, until it has another number. */
  async #beat(processId: number, onLost: () => void): Promise<void> {
    const { time, actor, beating, link, database, beatMs, doubtMs, faults } = this.#options;
    let madeMs = time.nowMs;
    let isLost = false;
    while (this.#processId === processId && !isLost) {
      await time.sleep(beating, beatMs);
      const beganMs = time.nowMs;
      try {
        if (await link.call('beat', () => database.beat(processId), beating)) {
          this.#beats.made(beganMs);
          madeMs = beganMs;
        } else isLost = true;
      } catch {
        isLost = time.nowMs - madeMs > doubtMs;
      }
    }
    if (!isLost || faults.hearsNoLoss === true) return;
    this.#options.onGivenUp();
    time.plan(actor, 0, 'hears that it was found dead', () => {
      if (this.#processId === processId) onLost();
    });
  }
}
