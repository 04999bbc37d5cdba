/** What happens to a tab. */
export type TabEvent =
  | 'visible'
  | 'hidden'
  /** It was turned to. */
  | 'focus'
  /** The page goes, perhaps into the back/forward cache, which locks and channels would keep it out of, or is frozen. */
  | 'leave'
  /** The page came back from there, or runs again. May come twice in a row, as may `leave`. */
  | 'return';

/** A lock that is held. */
export interface HeldLock {
  /** Aborts when another tab took the lock away. */
  readonly lost: AbortSignal;
  /** Lets go of it. */
  release(): void;
}

/** How to ask for a lock: wait for it, take it only if nobody has it, or take it from whoever has it. */
export type LockRequest =
  | { readonly how: 'wait'; readonly signal: AbortSignal }
  | { readonly how: 'ifFree' }
  | { readonly how: 'steal' };

/** A channel to all other users of its name, in this and in other tabs. */
export interface TabChannel {
  post(message: unknown): void;
  /** Nothing is heard any more. */
  close(): void;
}

/** Everything that sharing between tabs needs from the browser; tests bring their own. */
export interface Tab {
  readonly isVisible: boolean;
  /** When the tab was last turned to, in milliseconds since 1970. */
  readonly focusedAtMs: number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function prevents it. */
  setTimer(callback: () => void, ms: number): () => void;
  /**
   * Asks for a lock of the browser. Resolves with undefined when it is not free or the signal aborted;
   * rejects when locks cannot be used.
   */
  requestLock(name: string, request: LockRequest): Promise<HeldLock | undefined>;
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel;
  /** Tells of events until the returned function is called. */
  subscribe(listener: (event: TabEvent) => void): () => void;
}
