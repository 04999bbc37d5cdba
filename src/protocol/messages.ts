import type { GraphRunEvent } from './events.js';
import type { PendingInput } from './frames.js';
import type { GraphRunError } from './problems.js';
import type { SessionStatus, SessionSummary } from './session-summary.js';

/** Where a connection stands. */
export type ConnectionPhase =
  | 'idle'
  | 'connecting'
  | 'replaying'
  | 'live'
  /** Waits before the next attempt, until `retryAtMs`. */
  | 'backoff'
  /** The browser says that it has no network; goes on when it has. */
  | 'offline'
  /** Lets streams of other tabs go first; goes on when its tab is turned to, or when there is room. */
  | 'paused'
  /** A new token is being fetched. */
  | 'authRefresh'
  /** The session has ended and all of it was delivered. */
  | 'terminal'
  /** Given up; `error` says why. */
  | 'failed';

/** The state of a connection, for people to see. */
export interface ConnectionState {
  readonly phase: ConnectionPhase;
  /** Failed attempts since there was last progress. */
  readonly attempt: number;
  /** When the next attempt is due, in milliseconds since 1970; only in `backoff`. */
  readonly retryAtMs?: number;
  /** Why it failed, or why the last attempt did. */
  readonly error?: GraphRunError;
}

/** The state before anything was connected. */
export const IDLE_CONNECTION: ConnectionState = { phase: 'idle', attempt: 0 };

/**
 * A position in a session that only its service can read. It is JSON-safe text: keep it together with
 * the state that you folded, and connect with it to go on from there.
 */
export type Cursor = string;

/** The one cursor that every service knows: the beginning. */
export const BEGINNING: Cursor = '';

/** What a connection to a session delivers, in order. */
export type SessionMessage =
  | { readonly kind: 'connection'; readonly connection: ConnectionState }
  /** Once per handle, before the first event: how many events the replay will bring. */
  | { readonly kind: 'start'; readonly replayTotal: number; readonly status?: SessionStatus }
  /** Each logged event exactly once per handle, in the order of the log. */
  | { readonly kind: 'event'; readonly event: GraphRunEvent }
  /** A question from before the cursor that is still open; apply it by its `interactionId`. */
  | { readonly kind: 'redelivered'; readonly event: GraphRunEvent }
  /** All that was there has been delivered. `pending` is what is open now, where the server says so. */
  | { readonly kind: 'replayComplete'; readonly pending?: readonly PendingInput[] }
  /** The log was replaced: drop what was folded so far, a full replay follows. */
  | { readonly kind: 'reset' };

/** What one step of the network brought. Batches are never empty. */
export interface SessionBatch {
  readonly messages: readonly SessionMessage[];
  /** The position after the last message of this batch. */
  readonly cursor: Cursor;
}

/** What a connection to the list of a graph's sessions delivers, in order. */
export type MonitorMessage =
  | { readonly kind: 'connection'; readonly connection: ConnectionState }
  /** The rows up to the next `snapshotComplete` are the whole list. */
  | { readonly kind: 'snapshotStart' }
  | { readonly kind: 'row'; readonly row: SessionSummary }
  | { readonly kind: 'deleted'; readonly sessionId: string }
  /**
   * Rows that were not in the snapshot no longer exist. When the list was cut, that is said only of
   * rows created at or after `oldestCreatedAt` (seconds since 1970).
   */
  | {
      readonly kind: 'snapshotComplete';
      readonly isTruncated: boolean;
      readonly oldestCreatedAt?: number;
    };
