import type { Ownership } from '../store/session-store.js';

/** Decides which process runs which session. With a store that one process has for itself, it runs all. */
export interface SessionClaims {
  /** Begins to claim. Called before the first creation of this process, whose sessions are its own. */
  open(): Promise<void>;
  /**
   * Claims the next sessions whose nodes were running when no process ran them, at most `limit`; empty when there are no
   * more. Waits as long as the store cannot be written.
   */
  claimReady(limit: number): Promise<readonly Ownership[]>;
  /**
   * Claims one session. Resolves with undefined when it has ended or was deleted.
   *
   * @throws Any error of `SessionLog.write`.
   */
  claim(sessionId: string): Promise<Ownership | undefined>;
}
