import {
  StoreUnavailableError,
  type SessionStore,
  type UnfinishedSession,
} from '../../store/session-store.js';
import type { ClaimedSession } from '../../store/ownership.js';
import type { Background } from '../background.js';
import type { ClaimResult, SessionClaims } from './session-claims.js';
import type { SessionLog } from '../session-log.js';
import { SingleClaims } from './single-claims.js';

/** Sessions that are listed at once. */
const PAGE_SESSIONS = 1000;

/** Dependencies of `LocalClaims`. */
export interface LocalClaimsOptions {
  readonly store: SessionStore;
  readonly log: SessionLog;
  readonly background: Background;
}

/** The claims of a process that has its store for itself: everything that an earlier process left is ready. */
export class LocalClaims implements SessionClaims {
  readonly #options: LocalClaimsOptions;
  /** Sessions with running nodes that this process has not claimed yet, newest first. */
  readonly #ready = new Set<string>();
  readonly #single: SingleClaims;

  constructor(options: LocalClaimsOptions) {
    this.#options = options;
    this.#single = new SingleClaims(options.log);
  }

  async open(): Promise<void> {
    for (let before: UnfinishedSession | undefined; ;) {
      const page = await this.#options.store.findUnfinished('running', PAGE_SESSIONS, before);
      for (const { sessionId } of page) this.#ready.add(sessionId);
      before = page.at(-1);
      // A page may be shorter than its limit although more follow: damaged rows are left out.
      if (before === undefined) return;
    }
  }

  async claimReady(limit: number): Promise<readonly ClaimedSession[]> {
    while (this.#ready.size > 0) {
      const next = this.#newest(limit);
      const claimed: ClaimedSession[] = [];
      // Submitted together, so that they share a transaction.
      await Promise.all(next.map((sessionId) => this.#claimPatiently(sessionId, claimed)));
      if (claimed.length > 0) return claimed;
    }
    return [];
  }

  /** The first sessions that are ready, without a copy of all. */
  #newest(limit: number): readonly string[] {
    const found: string[] = [];
    for (const sessionId of this.#ready) {
      if (found.length === limit) break;
      found.push(sessionId);
    }
    return found;
  }

  claim(sessionId: string): Promise<ClaimResult> {
    this.#ready.delete(sessionId);
    return this.#single.claim(sessionId);
  }

  async #claimPatiently(sessionId: string, claimed: ClaimedSession[]): Promise<void> {
    const claim = async (): Promise<void> => {
      for (;;) {
        try {
          const claim = await this.claim(sessionId);
          if (typeof claim === 'object') claimed.push(claim);
          return;
        } catch (error) {
          // The writer has waited before it gave up.
          if (!(error instanceof StoreUnavailableError)) throw error;
        }
      }
    };
    await this.#options.background.run(claim());
  }
}
