/**
 * Proof that a process was the last to claim a session, and so may write what its nodes do. Worth nothing after the next
 * claim.
 */
export interface Ownership {
  readonly sessionId: string;
  /** Counts the claims of the session; its creation is the first. */
  readonly epoch: number;
}

/** A session that this process has claimed, and what it must know to continue it. */
export interface ClaimedSession extends Ownership {
  /** The index of its newest event when it was claimed: what follows it was written by others, until this process has started it. */
  readonly lastIndex: number;
  /**
   * Set when questions were answered while no process ran the session: the answers after this index were seen by none,
   * so that their nodes wait to be resumed and were not interrupted. It stays so until the owner notes that it has seen
   * them (the step `seen`), so that a claim may be repeated.
   */
  readonly unseenAfter?: number;
  /** How many processes in a row died while they ran it, without a node that ended in between. */
  readonly takeovers: number;
}
