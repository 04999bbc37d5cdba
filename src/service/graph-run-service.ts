import type { GraphRunEvent } from '../protocol/events.js';
import type { PendingInput } from '../protocol/frames.js';
import type { Graph } from '../protocol/graph.js';
import type { LLMContent } from '../protocol/content.js';
import type { JsonObject } from '../protocol/json.js';
import type { GraphRunError } from '../protocol/problems.js';
import type { SessionStatus, SessionSummary } from '../protocol/session.js';

/** What a service can do. The panel offers only that. */
export interface ServiceCapabilities {
  /** A session can be created from a graph sent with the request, not only from a known `graphId`. */
  readonly inlineGraph: boolean;
  /** Changes of the list are pushed; false: they are polled and may be late. */
  readonly livePush: boolean;
  /** A replay gives every event of a session; false: thoughts and streamed pieces may be missing. */
  readonly fullReplay: boolean;
  /** Other nodes go on while one waits for an answer. */
  readonly independentProgress: boolean;
}

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
  /** A new token is being fetched. */
  | 'authRefresh'
  /** The session has ended and all of it was delivered. */
  | 'terminal'
  /** The caller left. */
  | 'closed'
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

/**
 * A connection that can be read once with `for await`. It reconnects by itself. It ends after the
 * terminal event, or when its signal aborts or the loop is left (nothing more is delivered, the
 * socket is closed). It throws GraphRunError when it gives up.
 */
export interface Connection<Batch> extends AsyncIterable<Batch> {
  /** Ends a wait between two attempts; does nothing otherwise. */
  retryNow(): void;
}

/** A connection to one session. */
export type SessionConnection = Connection<SessionBatch>;

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

/** A connection to the list of a graph's sessions. */
export type MonitorConnection = Connection<readonly MonitorMessage[]>;

/** A run to start. */
export interface CreateSessionRequest {
  readonly graphId: string;
  readonly graph?: Graph;
  /** `headless`: questions take their answers from `inputs`. Default `interactive`. */
  readonly mode?: 'interactive' | 'headless';
  /** Answers by node id, for a headless run. */
  readonly inputs?: Readonly<Record<string, LLMContent>>;
}

/** A run that was started. */
export interface CreatedSession {
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** What became of an answer. */
export interface ResumeResult {
  readonly status: SessionStatus;
  /** True when the same answer had been accepted before. */
  readonly isDuplicate: boolean;
}

/** Options of every call. */
export interface CallOptions {
  /** Aborting it rejects the call with the signal's reason. What the server did stays done. */
  readonly signal?: AbortSignal;
}

/** Options of a connection to a session. */
export interface ConnectOptions extends CallOptions {
  /** Deliver what comes after this position; default: the whole log. */
  readonly cursor?: Cursor;
}

/**
 * A backend that runs graphs. Implement it to put another engine behind the panel; the conformance
 * tests say whether it was done right. Every call rejects with GraphRunError (or the abort reason).
 */
export interface GraphRunService {
  readonly capabilities: ServiceCapabilities;
  /** Starts a run. It goes on without any connection. */
  createSession(request: CreateSessionRequest, options?: CallOptions): Promise<CreatedSession>;
  /** Watches a session: replay, then live. Never touches the run. */
  connectSession(sessionId: string, options?: ConnectOptions): SessionConnection;
  /** Watches the list of a graph's sessions. Never ends by itself. */
  monitorSessions(graphId: string, options?: CallOptions): MonitorConnection;
  /**
   * Answers a question. The same answer twice is harmless. Rejects with `interaction-conflict` when
   * another answer was first, `interaction-not-found`, `session-terminal` or `session-not-found`.
   */
  resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    options?: CallOptions,
  ): Promise<ResumeResult>;
  /** Ends a run; of one that has ended it gives the real status and changes nothing. */
  cancelSession(sessionId: string, options?: CallOptions): Promise<{ readonly status: SessionStatus }>;
  /** Deletes a session, cancelling it first. Resolves also when it was gone already. */
  deleteSession(sessionId: string, options?: CallOptions): Promise<void>;
}
