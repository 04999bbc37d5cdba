/** An event of a tab. */
export type TabEvent =
  | 'visible'
  | 'hidden'
  | 'focus'
  /** The page is left, perhaps for the back/forward cache, which locks and channels would prevent, or is frozen. */
  | 'leave'
  /** The page came back from that cache, or runs again. May come twice in a row, as may `leave`. */
  | 'return';

/** A lock that this tab holds. */
export interface HeldLock {
  /** Aborts when another tab took the lock away. */
  readonly lost: AbortSignal;
  /** Releases the lock. */
  release(): void;
}

/** How to request a lock: wait for it, take it only if it is free, or take it from its holder. */
export type LockRequest =
  | { readonly how: 'wait'; readonly signal: AbortSignal }
  | { readonly how: 'ifFree' }
  | { readonly how: 'steal' };

/** A channel to all other users of the same name, in this tab and in others. */
export interface TabChannel {
  post(message: unknown): void;
  /** Stops receiving messages. */
  close(): void;
}

/** The functions of the browser on which sharing between tabs depends; tests bring their own. */
export interface Tab {
  readonly isVisible: boolean;
  /** When the tab was last focused, in milliseconds since 1970. */
  readonly focusedAtMs: number;
  /** False when two tabs may hold the same lock for a moment, until one of them loses it. */
  readonly areLocksExclusive: boolean;
  /** Returns the time in milliseconds since 1970. */
  wallNow(): number;
  /** Returns a random number from 0 up to 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function prevents it. */
  setTimer(callback: () => void, ms: number): () => void;
  /**
   * Requests a lock of the browser. Resolves with undefined when it is not free or the signal aborted;
   * rejects when locks cannot be used.
   */
  requestLock(name: string, request: LockRequest): Promise<HeldLock | undefined>;
  /** Joins a channel; `onMessage` is called with the messages of the other users. */
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel;
  /** Calls back on each event until the returned function is called. */
  subscribe(listener: (event: TabEvent) => void): () => void;
}
