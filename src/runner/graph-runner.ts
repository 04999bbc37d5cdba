import type { LLMContent } from '../protocol/content.js';
import type { GraphRunEvent, GraphRunEventBody } from '../protocol/events.js';
import type { Graph } from '../protocol/graph.js';
import type { SessionState } from '../protocol/session-state.js';

/** Default limit of one event, serialised: 8 MiB. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * A session as seen by its runner: the plan, the log so far, and the one way to write to it. Every call of the
 * runner gets the same object until its signal aborts.
 */
export interface RunnerSession {
  readonly sessionId: string;
  readonly graph: Graph;
  readonly mode: 'interactive' | 'headless';
  /**
   * Answers by node id. A headless run takes all answers of a node from here; in an interactive one the answer is for its
   * first question only, and a person is asked where it does not fit.
   */
  readonly inputs: Readonly<Record<string, LLMContent>>;
  /** The fold of the current log; a new value after every append. */
  readonly state: SessionState;
  /**
   * Nodes whose questions were answered while no process ran the session: `start` does not treat them as interrupted, and
   * a `resume` follows for each answer. Default: none.
   */
  readonly answered?: ReadonlySet<string>;
  /**
   * True while this process ends and leaves the session to another one: nodes that run may finish, no other must be started.
   * Absent: never.
   */
  readonly isLeaving?: () => boolean;
  /** Aborted when the session ends for any reason, and when this process releases it. */
  readonly signal: AbortSignal;
  /** Limit of one serialised event, in bytes; `append` refuses a larger one. */
  readonly maxEventBytes: number;
  /** Reads the whole log so far in pages, oldest first. Only needed to continue after a restart. */
  readEvents(): AsyncIterable<readonly GraphRunEvent[]>;
  /**
   * Appends events as one step: all or none. `build` is called when it is this append's turn, with the state
   * at that moment, so that no other write can come between a decision and its record; an empty list appends
   * nothing. It is called again when the events could not be written at first. Resolves with the state after the append, once the events are durable. Rejects with
   * SessionEndedError when the session has ended or now belongs to another process.
   */
  append(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<SessionState>;
  /** The caller's credential, if there is one; never logged. */
  accessToken(): string | undefined;
}

/** Thrown by `append` when nothing more can be written. A runner that gets it stops quietly. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/**
 * The engine that runs a session's nodes. A host with its own engine implements this; `createGraphRunner`
 * creates the package's.
 */
export interface GraphRunner {
  /**
   * True when `start` leaves out the nodes that have completed in the log already, and uses their outputs: then a session
   * can be run again from one of its nodes. Default: false.
   */
  readonly canReuseNodes?: boolean;
  /**
   * Checks, before a session is created, whether this engine can run the graph.
   *
   * @throws GraphRunError `invalid-graph` naming the offending node.
   */
  validate(graph: Graph): void;
  /**
   * Runs the session until it ends or waits; called once after its creation, and at most once after each restart
   * of the process: in the background when nodes were running, else before the session is written again. Resolves when there is nothing to do for now. An error in a node becomes an event; `start`
   * rejects only when the log cannot be read or written although the session has not ended, and its work has
   * stopped by then.
   */
  start(session: RunnerSession): Promise<void>;
  /**
   * Resumes the node whose question was resolved: its `inputResolved` was logged. Resolves and rejects as
   * `start` does.
   */
  resume(session: RunnerSession, interactionId: string): Promise<void>;
}
