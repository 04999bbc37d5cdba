/** Says that something may have grown. It carries nothing that is not in the store, so it may be lost or come twice. */
export type WakeHint =
  /** The log of a session has grown or ended, or the session was deleted or labelled. */
  | { readonly kind: 'log'; readonly sessionId: string; readonly lastIndex: number }
  /** A list has a new revision; `listKey` as from `listKeyOf`. */
  | { readonly kind: 'list'; readonly listKey: string; readonly revision: number }
  /** A person wants to write the log of a session, and its owner leaves no gap: it is asked to pause. */
  | { readonly kind: 'turn'; readonly sessionId: string }
  /** A session is running, and no process runs it. */
  | { readonly kind: 'ready' };

/** Hints between the processes on one store. */
export interface WakeBus {
  /** Sends a hint to all other processes, gathered with others. Never throws. */
  publish(hint: WakeHint): void;
  /**
   * Begins to receive the hints of other processes. `onGap` is called when hints may have been lost: look at everything.
   * Rejects when it cannot begin; later it reconnects by itself.
   */
  open(onHint: (hint: WakeHint) => void, onGap: () => void): Promise<void>;
  /** True while hints are known to be lost: look more often. */
  readonly isDeaf: boolean;
  /** Ends it; what was published before is sent first. */
  close(): Promise<void>;
}
