import {
  StoreUnavailableError,
  type Ownership,
  type SessionStore,
  type UnfinishedSession,
} from '../store/session-store.js';
import type { Background } from './background.js';
import type { SessionClaims } from './session-claims.js';
import type { SessionLog } from './session-log.js';

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
  /** Claims in progress: each session is claimed once. */
  readonly #claiming = new Map<string, Promise<Ownership | undefined>>();

  constructor(options: LocalClaimsOptions) {
    this.#options = options;
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

  async claimReady(limit: number): Promise<readonly Ownership[]> {
    while (this.#ready.size > 0) {
      const next = this.#newest(limit);
      const claimed: Ownership[] = [];
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

  claim(sessionId: string): Promise<Ownership | undefined> {
    this.#ready.delete(sessionId);
    const claiming =
      this.#claiming.get(sessionId) ?? this.#claim(sessionId).finally(() => this.#claiming.delete(sessionId));
    this.#claiming.set(sessionId, claiming);
    return claiming;
  }

  async #claimPatiently(sessionId: string, claimed: Ownership[]): Promise<void> {
    const claim = async (): Promise<void> => {
      for (;;) {
        try {
          const ownership = await this.claim(sessionId);
          if (ownership !== undefined) claimed.push(ownership);
          return;
        } catch (error) {
          // The writer has waited before it gave up.
          if (!(error instanceof StoreUnavailableError)) throw error;
        }
      }
    };
    await this.#options.background.run(claim());
  }

  async #claim(sessionId: string): Promise<Ownership | undefined> {
    let ownership: Ownership | undefined;
    await this.#options.log.write({
      lane: { principal: '', sessionId },
      prepare: () => ({ kind: 'claim', sessionId }),
      onCommitted: ({ epoch }) => {
        if (epoch !== undefined) ownership = { sessionId, epoch };
      },
      onUnwritten: () => undefined,
    });
    return ownership;
  }
}
