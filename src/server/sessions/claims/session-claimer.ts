import type { Ownership } from '../../store/ownership.js';
import type { StoreClaims } from '../../cluster/store-claims.js';
import { Wakeup } from '../../scheduling/wakeup.js';
import { StoreUnavailableError } from '../../store/session-store.js';
import type { SessionRecovery } from '../recover-sessions.js';
import type { SessionCache } from '../session-cache.js';
import type { Session } from '../session.js';

/** Times and numbers of `SessionClaimer`. */
export interface ClaimerLimits {
  /** How often a process looks for sessions that no process runs, in milliseconds, give or take a fifth. */
  readonly scanMs: number;
  /** How long a session that waits for an answer stays with its process, in milliseconds. */
  readonly lingerMs: number;
}

/** Dependencies of `SessionClaimer`. */
export interface SessionClaimerOptions extends ClaimerLimits {
  readonly claims: StoreClaims;
  readonly recovery: SessionRecovery;
  readonly cache: SessionCache;
  readonly onError: (error: unknown) => void;
  /** A number from 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Takes over the sessions that no process runs: on a hint, and from time to time, because the dead give none. Gives those
 * back that have waited for an answer for long.
 */
export class SessionClaimer {
  readonly #options: SessionClaimerOptions;
  readonly #wakeup = new Wakeup();
  /** Since when sessions wait, and at which index, by a monotonic clock. */
  #waiting = new Map<Session, { readonly lastIndex: number; readonly sinceMs: number }>();
  /** What is no longer run here, and still to be given back. */
  #given: readonly Ownership[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: SessionClaimerOptions) {
    this.#options = options;
  }

  open(): void {
    this.#running = this.#run();
  }

  /** Looks now: a session may be ready. */
  wake(): void {
    this.#wakeup.wake();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wakeup.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { scanMs, random = Math.random } = this.#options;
    while (!this.#isClosed) {
      try {
        await this.#options.recovery.continueAll();
        await this.#giveBack(performance.now());
      } catch (error) {
        // The writer reports an outage.
        if (!(error instanceof StoreUnavailableError)) this.#options.onError(error);
      }
      if (!this.#isClosed) await this.#wakeup.sleep(scanMs * (0.8 + 0.4 * random()));
    }
  }

  /** Gives sessions back that have waited since long before a time. */
  async #giveBack(nowMs: number): Promise<void> {
    const { cache, claims, lingerMs } = this.#options;
    const waiting = new Map<Session, { readonly lastIndex: number; readonly sinceMs: number }>();
    const given: Session[] = [];
    for (const session of cache.all()) {
      if (session.runner === undefined || session.status !== 'suspended') continue;
      const { lastIndex } = session;
      const known = this.#waiting.get(session);
      const sinceMs = known?.lastIndex === lastIndex ? known.sinceMs : nowMs;
      if (nowMs - sinceMs < lingerMs || session.draft !== session.durable) {
        waiting.set(session, { lastIndex, sinceMs });
      } else given.push(session);
    }
    this.#waiting = waiting;
    const released = given.flatMap(({ ownership }) => (ownership === undefined ? [] : [ownership]));
    // When that fails, it is tried again: no process would run them.
    this.#given = [...this.#given, ...released];
    for (const session of given) {
      session.letGo();
      cache.markIdle(session);
    }
    await claims.release(this.#given);
    this.#given = [];
  }
}
