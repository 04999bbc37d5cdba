import type { Graph } from '../protocol/graph.js';
import type { LLMContent } from '../protocol/content.js';
import type { JsonObject } from '../protocol/json.js';
import type { Cursor, MonitorMessage, SessionBatch } from '../protocol/messages.js';
import type { SessionStatus, SessionSummary } from '../protocol/session-summary.js';

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
  /** Sessions can be given another title (`updateSession`). Default: false. */
  readonly rename?: boolean;
  /** Sessions can be kept on top of the list (`updateSession`). Default: false. */
  readonly pin?: boolean;
  /** A session can be run again from its id alone (`rerunSession`). Default: false. */
  readonly rerun?: boolean;
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

/** What a person changes of a session. Doing it twice is harmless. */
export interface SessionChange {
  /** Its title; empty: that of the graph again. */
  readonly title?: string;
  /** On top of the list. */
  readonly pinned?: boolean;
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
  /** Renames or pins a session; only where `capabilities` say so. Resolves with its row. */
  updateSession?(sessionId: string, change: SessionChange, options?: CallOptions): Promise<SessionSummary>;
  /** Starts another run of the session's plan; only where `capabilities` say so. */
  rerunSession?(sessionId: string, options?: CallOptions): Promise<CreatedSession>;
}
