import type { ClaimedSession } from '../../store/ownership.js';

/** The result of the claim of one session; `elsewhere`: another process runs it. */
export type ClaimResult = ClaimedSession | 'elsewhere' | undefined;

/** Decides which process runs which session. With a store that one process has for itself, it runs all. */
export interface SessionClaims {
  /** Begins to claim. Called before the first creation of this process, whose sessions are its own. */
  open(): Promise<void>;
  /**
   * Claims the next sessions that are to be continued here, at most `limit`; empty when there are no more for now. Waits
   * as long as the store cannot be written.
   */
  claimReady(limit: number): Promise<readonly ClaimedSession[]>;
  /**
   * Claims one session. Resolves with undefined when it has ended or was deleted.
   *
   * @throws Any error of `SessionLog.write`.
   */
  claim(sessionId: string): Promise<ClaimResult>;
}
