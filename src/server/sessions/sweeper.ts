import { GraphRunError } from '../../protocol/problems.js';
import type { Background } from './background.js';
import type { ServerLimits } from '../limits.js';
import type { QuestionExpiry } from './question-expiry.js';
import type { SessionCache } from './session-cache.js';
import type { SessionRecord, SessionStore, StoredSession } from '../store/session-store.js';
import type { Session } from './session.js';
import { timerMs } from './wakeup.js';

/** Dependencies of `Sweeper`. */
export interface SweeperOptions {
  readonly store: SessionStore;
  readonly cache: SessionCache;
  readonly expiry: QuestionExpiry;
  readonly background: Background;
  readonly limits: ServerLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Deletes an ended session; rejects with GraphRunError `session-deleted` when another deletion was first. */
  readonly discard: (session: Session) => Promise<void>;
}

/** Deletes sessions, tombstones and receipts at the end of their retention, and closes overdue questions. */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #isSweeping = false;

  /** Starts to sweep periodically, until it is closed. */
  constructor(options: SweeperOptions) {
    this.#options = options;
    const { sweepMs, questionMs } = options.limits;
    this.#timer = setInterval(() => this.sweep(), timerMs(Math.min(sweepMs, questionMs)));
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Sweeps once, unless it is sweeping already. An error in one session does not affect the others. */
  sweep(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#options.background.run(this.#sweep()).then(() => {
      this.#isSweeping = false;
    });
  }

  /** Deletes the oldest ended sessions of a graph that has too many. */
  async discardSurplus({ principal, graphId }: SessionRecord): Promise<void> {
    const { store, limits } = this.#options;
    await this.#discardAll(await store.findSurplus(principal, graphId, limits.sessionsPerGraph));
  }

  async #sweep(): Promise<void> {
    const { store, expiry, background, limits } = this.#options;
    const now = this.#options.now();
    const { retentionMs, tombstoneMs, receiptMs } = limits;
    await background.run(expiry.closeOverdue(now));
    await background.run(this.#discardEndedBefore(now - retentionMs));
    await store.expire({
      tombstonesBeforeMs: now - tombstoneMs,
      receiptsBeforeMs: now - receiptMs,
    });
  }

  async #discardEndedBefore(ms: number): Promise<void> {
    // The store returns a few at a time. Stops when none was deleted here: the store would return those that
    // other requests are deleting again and again.
    for (let discarded = 1; discarded > 0;) {
      discarded = await this.#discardAll(await this.#options.store.findEndedBefore(ms));
    }
  }

  /** Deletes ended sessions. Resolves with their number, without those that another request is deleting. */
  async #discardAll(ended: readonly StoredSession[]): Promise<number> {
    const { cache, discard } = this.#options;
    let discarded = 0;
    for (const stored of ended) {
      try {
        await discard(cache.get(stored.sessionId) ?? cache.addStored(stored));
        discarded += 1;
      } catch (error) {
        if (!(error instanceof GraphRunError && error.code === 'session-deleted')) throw error;
      }
    }
    return discarded;
  }
}
