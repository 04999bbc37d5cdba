import type { GraphRunEvent } from '../events.js';
import type { Fidelity } from '../fidelity.js';
import type { PendingInput } from './session-frames.js';
import type { GraphRunError } from '../problems.js';
import type { SessionStatus, SessionSummary } from '../session-summary.js';

/** The phase of a connection. */
export type ConnectionPhase =
  | 'idle'
  | 'connecting'
  | 'replaying'
  | 'live'
  /** Waits before the next attempt, until `retryAtMs`. */
  | 'backoff'
  /** The browser reports that it is offline; continues when it is back online. */
  | 'offline'
  /** Gives way to streams of other tabs; continues when its tab is focused, or when there is room. */
  | 'paused'
  /** A new token is being fetched. */
  | 'authRefresh'
  /** The session has ended and all of it was delivered. */
  | 'terminal'
  /** The connection was given up; `error` has the reason. */
  | 'failed';

/** The state of a connection, to be shown to people. */
export interface ConnectionState {
  readonly phase: ConnectionPhase;
  /** Number of failed attempts since the last progress. */
  readonly attempt: number;
  /** Time of the next attempt, in milliseconds since 1970; only in `backoff`. */
  readonly retryAtMs?: number;
  /** Something on the way holds streams back; the connection follows by repeated requests. Only in `live`. */
  readonly isByRequests?: boolean;
  /**
   * The last sign of a run that its engine calls running but has no stream of, in milliseconds since 1970; only in `live`.
   * It may have ended with the engine, or be busy.
   */
  readonly silentSinceMs?: number;
  /** The service has no push: it asks for changes at this interval, in milliseconds. Only in `live`. */
  readonly pollMs?: number;
  /**
   * How far the clock of this machine was ahead of the server's when the server wrote its time, in milliseconds; negative
   * for a clock that was behind. Undefined when nothing new is known.
   */
  readonly clockAheadMs?: number;
  /** Why the connection, or the last attempt, failed. */
  readonly error?: GraphRunError;
}

/** The state before the first connection. */
export const IDLE_CONNECTION: ConnectionState = { phase: 'idle', attempt: 0 };

/**
 * A position in a session that only its service can interpret. It is JSON-safe text: store it together with
 * the state that you folded, and pass it to the next connection to resume from there.
 */
export type Cursor = string;

/** The one cursor that every service accepts: the beginning. */
export const BEGINNING: Cursor = '';

/** One message of a connection to a session; they arrive in order. */
export type SessionMessage =
  | { readonly kind: 'connection'; readonly connection: ConnectionState }
  /**
   * Once per connection, before the first event: the number of events that the replay will bring, and the graph of the
   * session, where the server names it. `fidelity`: what this connection cannot give; default `EXACT`.
   */
  | {
      readonly kind: 'start';
      readonly replayTotal: number;
      readonly status?: SessionStatus;
      readonly graphId?: string;
      readonly fidelity?: Fidelity;
    }
  /** Each logged event exactly once per connection, in the order of the log. */
  | { readonly kind: 'event'; readonly event: GraphRunEvent }
  /** A question from before the cursor that is still open; apply it by its `interactionId`. */
  | { readonly kind: 'redelivered'; readonly event: GraphRunEvent }
  /** The replay was delivered in full. `pending` lists the open questions, where the server sends them. */
  | { readonly kind: 'replayComplete'; readonly pending?: readonly PendingInput[] }
  /** The log was replaced: drop the folded state, a full replay follows. */
  | { readonly kind: 'reset' };

/** The messages of one network chunk. Batches are never empty. */
export interface SessionBatch {
  readonly messages: readonly SessionMessage[];
  /** The position after the last message of this batch. */
  readonly cursor: Cursor;
}

/** One message of a connection to the list of a graph's sessions; they arrive in order. */
export type MonitorMessage =
  | { readonly kind: 'connection'; readonly connection: ConnectionState }
  /** The rows up to the next `snapshotComplete` are the whole list. */
  | { readonly kind: 'snapshotStart' }
  | { readonly kind: 'row'; readonly row: SessionSummary }
  | { readonly kind: 'deleted'; readonly sessionId: string }
  /**
   * Rows that were not in the snapshot no longer exist. When the list was truncated, this holds only for
   * rows created at or after `oldestCreatedAt` (seconds since 1970).
   */
  | {
      readonly kind: 'snapshotComplete';
      readonly isTruncated: boolean;
      readonly oldestCreatedAt?: number;
    };
