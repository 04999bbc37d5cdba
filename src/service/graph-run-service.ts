import type { Graph } from '../protocol/graph.js';
import type { LLMContent } from '../protocol/content.js';
import type { JsonObject } from '../protocol/values/json.js';
import type { Cursor, MonitorMessage, SessionBatch } from '../protocol/stream/messages.js';
import type { RerunInputs } from '../protocol/rerun-inputs.js';
import type { GraphRunError } from '../protocol/problems.js';
import type { SessionStatus, SessionSummary } from '../protocol/session-summary.js';

/** The capabilities of a service. The panel offers only what the service can do. */
export interface ServiceCapabilities {
  /** A session can be created from a graph sent with the request, not only from a known `graphId`. */
  readonly inlineGraph: boolean;
  /** A node that fails leaves the branches that do not depend on it running. Default: true. */
  readonly independentBranches?: boolean;
  /** Runs can be cancelled. Default: true. */
  readonly cancel?: boolean;
  /** Sessions can be deleted. Default: true. */
  readonly delete?: boolean;
  /** Sessions can be renamed (`updateSession`). Default: false. */
  readonly rename?: boolean;
  /** Sessions can be pinned to the top of the list (`updateSession`). Default: false. */
  readonly pin?: boolean;
  /** A session can be run again with its id alone (`rerunSession`). Default: false. */
  readonly rerun?: boolean;
  /** A session can be run again from a node, and with other inputs (`RerunOptions`). Default: false. */
  readonly rerunFrom?: boolean;
  /** Many sessions can be deleted with one call (`deleteSessions`). Default: false. */
  readonly deleteMany?: boolean;
  /** Sessions that are older than those of the list can be read (`listOlder`). Default: false. */
  readonly olderSessions?: boolean;
  /** The sessions of all graphs can be listed together (`ALL_GRAPHS`). Default: false. */
  readonly allGraphs?: boolean;
  /** Nothing can be created, answered, cancelled or deleted: the sessions are a record. Default: false. */
  readonly readOnly?: boolean;
}

/**
 * A connection, to be read once with `for await`. It reconnects by itself. It ends after the terminal event, or when
 * its signal aborts or the loop is left (then it delivers nothing more and closes the socket). It throws GraphRunError
 * when it gives up.
 */
export interface Connection<Batch> extends AsyncIterable<Batch> {
  /** Ends a wait between two attempts, or claims a place for a paused connection; otherwise does nothing. */
  retryNow(): void;
}

/** A connection to one session. */
export type SessionConnection = Connection<SessionBatch>;

/** A connection to the list of a graph's sessions, or of all graphs. */
export type MonitorConnection = Connection<readonly MonitorMessage[]>;

/** A run to start. */
export interface CreateSessionRequest {
  readonly graphId: string;
  readonly graph?: Graph;
  /** `headless`: questions take their answers from `inputs`, and people are never asked. Default `interactive`. */
  readonly mode?: 'interactive' | 'headless';
  /** The one input of a run, for engines that take no graph; others ignore it. */
  readonly input?: JsonObject;
  /** Answers by node id. In an interactive run, each is for the first question of its node. */
  readonly inputs?: Readonly<Record<string, LLMContent>>;
}

/** A run that has been started. */
export interface CreatedSession {
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** A person's change to a session. Making it twice is harmless. */
export interface SessionChange {
  /** The new title; empty: the title of the graph. */
  readonly title?: string;
  /** Whether the session stays at the top of the list. */
  readonly pinned?: boolean;
}

/** The outcome of an answer. */
export interface ResumeResult {
  readonly status: SessionStatus;
  /** True when the same answer had been accepted before. */
  readonly isDuplicate: boolean;
}

/** Sessions that are older than those of the list, newest first. */
export interface OlderSessions {
  readonly rows: readonly SessionSummary[];
  /** The place of the next ones, for `listOlder`; absent when there are none. */
  readonly next?: string;
}

/** Options of every call. */
export interface CallOptions {
  /** Aborting it rejects the call with the signal's reason. It does not undo what the server did. */
  readonly signal?: AbortSignal;
}

/** Options of a rerun; `from` and `inputs` need the capability `rerunFrom`. */
export interface RerunOptions extends CallOptions {
  /**
   * The id of the node from which it runs again, or `failed`: from all failed nodes. Nodes that have completed and are
   * neither that nor below it do not run, and their outputs are reused. Default: all nodes run.
   */
  readonly from?: string;
  /** Answers by node id, which replace those of the plan (see `CreateSessionRequest`); null removes one. */
  readonly inputs?: RerunInputs;
}

/** Options of a connection to a session. */
export interface ConnectOptions extends CallOptions {
  /** Delivers the events after this position; default: the whole log. */
  readonly cursor?: Cursor;
}

/**
 * A backend that runs graphs. Implement it to put another engine behind the panel; the conformance tests check an
 * implementation. Every call rejects with GraphRunError (or the abort reason).
 */
export interface GraphRunService {
  readonly capabilities: ServiceCapabilities;
  /** Starts a run. It continues without any connection. */
  createSession(request: CreateSessionRequest, options?: CallOptions): Promise<CreatedSession>;
  /** Watches a session: first its replay, then live. Never affects the run. */
  connectSession(sessionId: string, options?: ConnectOptions): SessionConnection;
  /**
   * Watches the list of a graph's sessions. Never ends by itself. `ALL_GRAPHS`: of all graphs of the person, if
   * `capabilities` allow it; each row then has its `graphId`.
   */
  monitorSessions(graphId: string, options?: CallOptions): MonitorConnection;
  /**
   * Answers a question. Sending the same answer twice is harmless. Rejects with `interaction-conflict` when another
   * answer came first, `interaction-not-found`, `session-terminal` or `session-not-found`.
   */
  resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    options?: CallOptions,
  ): Promise<ResumeResult>;
  /** Stops a run. If the run has ended, resolves with its real status and changes nothing. */
  cancelSession(sessionId: string, options?: CallOptions): Promise<{ readonly status: SessionStatus }>;
  /** Cancels a session and deletes it. Resolves also when the session is already gone. */
  deleteSession(sessionId: string, options?: CallOptions): Promise<void>;
  /**
   * Cancels and deletes many sessions, if `capabilities` allow it. Resolves with those that could not be deleted and the
   * reason of each; rejects when none was. Completes even when the page is closed after the call.
   */
  deleteSessions?(
    sessionIds: readonly string[],
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, GraphRunError>>;
  /**
   * Reads sessions of a graph that the list leaves out because they are too old, if `capabilities` allow it. `before`: the
   * `createdAt` of the oldest one in the list (one with the same may come again), then each `next`.
   */
  listOlder?(graphId: string, before: string, options?: CallOptions): Promise<OlderSessions>;
  /** Renames or pins a session, if `capabilities` allow it. Resolves with its row. */
  updateSession?(sessionId: string, change: SessionChange, options?: CallOptions): Promise<SessionSummary>;
  /**
   * Starts another run of the session's plan, if `capabilities` allow it. Rejects with `unknown-node`, `node-not-started`
   * or `no-failed-node` when it cannot run from there.
   */
  rerunSession?(sessionId: string, options?: RerunOptions): Promise<CreatedSession>;
}
