import type { ClaimedSession, Ownership } from '../store/ownership.js';

/** Decides, with the other processes on a store, which of them runs which session. All times are those of the store. */
export interface StoreClaims {
  /** Begins to show that this process lives, under its number. `onLost`: it was taken for dead, or cannot know. */
  open(processId: number, onLost: () => void): Promise<void>;
  /**
   * Frees the sessions of processes that are dead, if this one may judge that: only who has shown in time that it lives
   * itself. Resolves with how many processes were found dead.
   */
  judge(): Promise<number>;
  /**
   * Claims the oldest sessions that are running and have no owner, at most `limit`. Waits for no other process. When it
   * rejects, it may have claimed some all the same: the next call finds out, and resolves with them.
   */
  claimReady(limit: number): Promise<readonly ClaimedSession[]>;
  /** Gives sessions back whose epochs are still these; those that are running become ready. */
  release(sessions: readonly Ownership[]): Promise<void>;
  /** True for exactly one process per period. */
  takeChore(name: string, periodMs: number): Promise<boolean>;
  /** Gives all sessions back, and leaves the others. */
  close(): Promise<void>;
}
