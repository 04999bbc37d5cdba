import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import { decideResume } from '../../protocol/questions/decide-resume.js';
import { parseGraph, type Graph } from '../../protocol/graph.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { MonitorMessage, SessionBatch } from '../../protocol/stream/messages.js';
import { personName } from '../../protocol/person-name.js';
import { GraphRunError } from '../../protocol/problems.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { rerunInputs } from '../../protocol/rerun-inputs.js';
import { reusedNodes } from '../../protocol/reused-nodes.js';
import { sessionGone } from '../../protocol/questions/refusals.js';
import { changeLabels, withLabels } from '../../protocol/session-labels.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { GraphRunner } from '../../runner/graph-runner.js';
import { createConnection } from '../connection.js';
import type {
  CallOptions,
  ConnectOptions,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  RerunOptions,
  ResumeResult,
  ServiceCapabilities,
  SessionChange,
  SessionConnection,
} from '../graph-run-service.js';
import { SessionList } from '../publish/session-list.js';
import { MemorySession, type MemoryRerun } from './memory-session.js';

/** Options of `MemoryGraphRunService`. */
export interface MemoryGraphRunServiceOptions {
  readonly runner: GraphRunner;
  /**
   * Returns the name of the person who uses the page: sessions that they start and questions that they answer have it
   * (`startedBy`, `answeredBy`). Default: no names.
   */
  readonly personName?: () => string | undefined;
}

/**
 * A service that keeps everything in the memory of the page: for demos without a server, for tests, and as the example
 * to copy for another backend. It runs graphs with the runner of its options (`createGraphRunner` of
 * `graph-sessions/runner`, or your own).
 */
export class MemoryGraphRunService implements GraphRunService {
  readonly capabilities: ServiceCapabilities;
  readonly #runner: GraphRunner;
  readonly #personName: (() => string | undefined) | undefined;
  readonly #sessions = new Map<string, MemorySession>();
  /** By the id of the graph. */
  readonly #lists = new Map<string, SessionList>();
  readonly #allGraphs = new SessionList();

  constructor({ runner, personName }: MemoryGraphRunServiceOptions) {
    this.#runner = runner;
    this.#personName = personName;
    this.capabilities = {
      inlineGraph: true,
      rename: true,
      pin: true,
      rerun: true,
      rerunFrom: runner.canReuseNodes === true,
      deleteMany: true,
      allGraphs: true,
    };
  }

  async createSession(request: CreateSessionRequest, { signal }: CallOptions = {}): Promise<CreatedSession> {
    signal?.throwIfAborted();
    if (request.graph === undefined) {
      throw new GraphRunError(
        'missing-graph',
        'This service runs only graphs that are sent with the request.',
        {
          status: 400,
        },
      );
    }
    if (request.graphId === ALL_GRAPHS) {
      throw new GraphRunError('invalid-request', '“*” stands for all graphs: a run needs one of them.', {
        status: 400,
      });
    }
    return this.#run({ ...request, graph: request.graph });
  }

  async rerunSession(
    sessionId: string,
    { from, inputs, signal }: RerunOptions = {},
  ): Promise<CreatedSession> {
    signal?.throwIfAborted();
    if (from !== undefined && this.#runner.canReuseNodes !== true) {
      throw new GraphRunError(
        'rerun-from-unsupported',
        'This service can run a session again only as a whole.',
        {
          status: 400,
        },
      );
    }
    const { graphId, graph, mode, inputs: planned, state } = this.#find(sessionId);
    const reused = from === undefined ? [] : reusedNodes(state, from);
    const rerun = { of: { sessionId, ...(from === undefined ? {} : { from }) }, reused };
    return this.#run({ graphId, graph, mode, inputs: rerunInputs(planned, inputs) }, rerun);
  }

  async updateSession(
    sessionId: string,
    change: SessionChange,
    { signal }: CallOptions = {},
  ): Promise<SessionSummary> {
    signal?.throwIfAborted();
    const session = this.#find(sessionId);
    const labels = changeLabels(session.labels, change);
    if (labels !== session.labels) {
      session.labels = labels;
      this.#announceRow(session);
    }
    return rowOf(session);
  }

  #run(request: CreateSessionRequest & { readonly graph: Graph }, rerun?: MemoryRerun): CreatedSession {
    const graph = parseGraph(request.graph);
    this.#runner.validate(graph);
    const session: MemorySession = new MemorySession(graph, request, {
      onChange: () => this.#announceRow(session),
      startedBy: this.#person,
      rerun,
    });
    this.#sessions.set(session.sessionId, session);
    this.#announceRow(session);
    void supervise(session, () => this.#runner.start(session));
    const { sessionId, status, createdAt } = toSummary(session.state);
    return { sessionId, status, createdAt };
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    const find = () => this.#find(sessionId);
    return createConnection<SessionBatch>(async function* (context) {
      yield* find().log.read(context.signal, cursor);
    }, signal);
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    const list = this.#listOf(graphId);
    return createConnection<readonly MonitorMessage[]>((context) => list.read(context.signal), signal);
  }

  async resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    { signal }: CallOptions = {},
  ): Promise<ResumeResult> {
    signal?.throwIfAborted();
    const session = this.#find(sessionId);
    const decision = decideResume(session.state, interactionId, response);
    if (decision.kind === 'accept') {
      const { nodeId } = decision;
      const answeredBy = this.#person;
      session.write([
        {
          type: 'inputResolved',
          nodeId,
          interactionId,
          by: 'response',
          response,
          ...(answeredBy === undefined ? {} : { answeredBy }),
        },
      ]);
      void supervise(session, () => this.#runner.resume(session, interactionId));
    }
    return { status: session.state.status, isDuplicate: decision.kind === 'duplicate' };
  }

  async cancelSession(
    sessionId: string,
    { signal }: CallOptions = {},
  ): Promise<{ readonly status: SessionStatus }> {
    signal?.throwIfAborted();
    const session = this.#find(sessionId);
    cancel(session);
    return { status: session.state.status };
  }

  async deleteSession(sessionId: string, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    cancel(session);
    this.#sessions.delete(sessionId);
    this.#listOf(session.graphId).delete(sessionId);
    this.#allGraphs.delete(sessionId);
  }

  async deleteSessions(
    sessionIds: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<string, GraphRunError>> {
    signal?.throwIfAborted();
    await Promise.all(sessionIds.map((sessionId) => this.deleteSession(sessionId)));
    return new Map();
  }

  get #person(): string | undefined {
    return personName(this.#personName?.());
  }

  #find(sessionId: string): MemorySession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw sessionGone();
    return session;
  }

  #listOf(graphId: string): SessionList {
    if (graphId === ALL_GRAPHS) return this.#allGraphs;
    const known = this.#lists.get(graphId);
    if (known !== undefined) return known;
    const list = new SessionList();
    this.#lists.set(graphId, list);
    return list;
  }

  /** Sends the row of a session to everyone watching its list, or that of all graphs. */
  #announceRow(session: MemorySession): void {
    const row = rowOf(session);
    const { graphId } = session;
    this.#listOf(graphId).set(row);
    this.#allGraphs.set({ ...row, graphId });
  }
}

function rowOf({ state, labels }: MemorySession): SessionSummary {
  return withLabels(toSummary(state), labels);
}

function cancel(session: MemorySession): void {
  if (isTerminalStatus(session.state.status)) return;
  session.write([{ type: 'graphCancelled', sessionId: session.sessionId }]);
}

/** Lets the runner work. If it gives up, the run has failed and must not look as if it were still running. */
async function supervise(session: MemorySession, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isTerminalStatus(session.state.status)) return;
    const reason = error instanceof Error ? error.message : String(error);
    session.write([{ type: 'graphError', sessionId: session.sessionId, error: reason }]);
  }
}
