import { GraphRunError } from '../../../protocol/problems.js';
import type { Background } from '../background.js';
import type { ServerLimits } from '../../limits.js';
import type { QuestionExpiry } from './question-expiry.js';
import type { SessionRecord, SessionStore, StoredSession } from '../../store/session-store.js';
import { SweepClock } from './sweep-clock.js';
import { timerMs } from '../../scheduling/wakeup.js';

/** Sessions that one sweep deletes at the end of their retention, at most: a clock can be wrong. */
const MAX_DISCARDED = 500;

/** The share of the time between two sweeps in which one process alone sweeps what all share. */
const CHORE_SHARE = 0.9;

/** Dependencies of `Sweeper`. */
export interface SweeperOptions {
  readonly store: SessionStore;
  readonly expiry: QuestionExpiry;
  readonly background: Background;
  readonly limits: ServerLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Deletes an ended session; rejects with GraphRunError `session-deleted` when another deletion was first. */
  readonly discard: (sessionId: string) => Promise<void>;
  /** Erases what was deleted by a process that has ended since. */
  readonly eraseDeleted: () => Promise<void>;
  /**
   * True if this process sweeps what all share: once per period, which is in milliseconds, whichever of them comes first.
   */
  readonly takeChore: (periodMs: number) => Promise<boolean>;
  /** Called with how many sessions were deleted at the end of their retention. */
  readonly onNotice: (text: string) => void;
}

/** Deletes sessions, tombstones and receipts at the end of their retention, and closes overdue questions. */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #clock: SweepClock;
  readonly #intervalMs: number;
  #isSweeping = false;

  /** Starts to sweep periodically, until it is closed. */
  constructor(options: SweeperOptions) {
    this.#options = options;
    const { sweepMs, questionMs } = options.limits;
    this.#intervalMs = timerMs(Math.min(sweepMs, questionMs));
    this.#clock = new SweepClock(this.#intervalMs);
    this.#timer = setInterval(() => this.sweep(), this.#intervalMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Sweeps once, unless it is sweeping already. An error in one session does not affect the others. */
  sweep(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#options.background
      .runPatiently(() => this.#sweep())
      .then(() => {
        this.#isSweeping = false;
      });
  }

  /** Deletes the oldest ended sessions of a graph that has too many. */
  async discardSurplus({ principal, graphId }: SessionRecord): Promise<void> {
    const { store, limits } = this.#options;
    await this.#discardAll(await store.findSurplus(principal, graphId, limits.sessionsPerGraph));
  }

  async #sweep(): Promise<void> {
    const { store, expiry, background, limits, takeChore, eraseDeleted } = this.#options;
    const now = this.#options.now();
    await background.runPatiently(() => expiry.closeOverdueHere(now));
    // A little earlier than the next sweep, which would else leave it to the one after.
    if (!(await takeChore(CHORE_SHARE * this.#intervalMs))) return;
    await background.runPatiently(() => expiry.closeOverdue(now));
    await background.runPatiently(eraseDeleted);
    if (!this.#clock.isTrusted(now, await store.newestMs())) return;
    await background.runPatiently(() => this.#discardEndedBefore(now - limits.retentionMs));
    await store.expire({
      tombstonesBeforeMs: now - limits.tombstoneMs,
      receiptsBeforeMs: now - limits.receiptMs,
    });
  }

  async #discardEndedBefore(ms: number): Promise<void> {
    const { store, onNotice } = this.#options;
    let total = 0;
    try {
      // The store returns a few at a time. Stops when none was deleted here: the store would return those that
      // other requests are deleting again and again.
      for (let discarded = 1; discarded > 0 && total < MAX_DISCARDED; total += discarded) {
        discarded = await this.#discardAll(await store.findEndedBefore(ms));
      }
    } finally {
      if (total > 0)
        onNotice(`${total} sessions were deleted because they ended before ${new Date(ms).toISOString()}.`);
    }
  }

  /** Deletes ended sessions. Resolves with their number, without those that another request is deleting. */
  async #discardAll(ended: readonly StoredSession[]): Promise<number> {
    const { discard } = this.#options;
    let discarded = 0;
    for (const stored of ended) {
      try {
        await discard(stored.sessionId);
        discarded += 1;
      } catch (error) {
        if (!(error instanceof GraphRunError && error.code === 'session-deleted')) throw error;
      }
    }
    return discarded;
  }
}
