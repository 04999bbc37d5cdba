import type { LLMContent } from '../protocol/content.js';
import type { GraphRunEvent, GraphRunEventBody } from '../protocol/events.js';
import type { Graph } from '../protocol/graph.js';
import type { SessionState } from '../protocol/session-state.js';

/** Default limit of one event, serialised: 8 MiB. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * A session as its runner sees it: the plan, the log so far, and the one way to write to it. It is the
 * same object in every call of the runner until its signal aborts.
 */
export interface RunnerSession {
  readonly sessionId: string;
  readonly graph: Graph;
  readonly mode: 'interactive' | 'headless';
  /** Answers by node id, for a headless run. */
  readonly inputs: Readonly<Record<string, LLMContent>>;
  /** The fold of the log as it stands now; a new value after every append. */
  readonly state: SessionState;
  /** Aborted when the session ends for whatever reason, and when this process lets go of it. */
  readonly signal: AbortSignal;
  /** Limit of one serialised event, in bytes; `append` refuses a larger one. */
  readonly maxEventBytes: number;
  /** The whole log so far, oldest first. Only needed to go on after a restart. */
  readEvents(): Promise<readonly GraphRunEvent[]>;
  /**
   * Appends events as one step: all or none. `build` is called at the moment when it is this append's
   * turn, with the state at that moment, so that a decision and its record cannot be torn apart; an
   * empty list appends nothing. Resolves with the state after it, once the events are durable.
   * Rejects with SessionEndedError when the session has ended or belongs to another process by now.
   */
  append(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<SessionState>;
  /** The caller's credential, where one was given; never logged. */
  accessToken(): string | undefined;
}

/** Thrown by `append` when nothing can be written any more. A runner stops quietly when it meets it. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/**
 * The engine that runs a session's nodes. A host with an engine of its own implements this; the
 * package's is made by `createGraphRunner`.
 */
export interface GraphRunner {
  /**
   * Says before a session is created whether this engine can run the graph.
   *
   * @throws GraphRunError `invalid-graph` naming the offending node.
   */
  validate(graph: Graph): void;
  /**
   * Runs the session until it ends or waits; called once after its creation and once after each
   * restart of the process. Resolves when it has nothing more to do for now. What goes wrong in a node
   * is an event; it rejects only when the log can neither be read nor written although the session has
   * not ended, and then its work has stopped.
   */
  start(session: RunnerSession): Promise<void>;
  /**
   * An answer was logged (`inputResolved`): go on with the node that waited for it. Resolves and rejects
   * as `start` does.
   */
  resume(session: RunnerSession, interactionId: string): Promise<void>;
}
