import { decideResume } from '../../protocol/decide-resume.js';
import { parseGraph, type Graph } from '../../protocol/graph.js';
import type { JsonObject } from '../../protocol/json.js';
import type { MonitorMessage, SessionBatch, SessionMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { rerunInputs } from '../../protocol/rerun-inputs.js';
import { reusedNodes } from '../../protocol/reused-nodes.js';
import { changeLabels, withLabels } from '../../protocol/session-labels.js';
import { pendingInputs } from '../../protocol/session-state.js';
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
import { MemorySession, type MemoryRerun } from './memory-session.js';
import { untilWoken } from '../until-woken.js';

/**
 * A service that keeps everything in the memory of the page: for demos without a server, for tests, and as the example
 * to copy for another backend. It runs graphs with the runner of its options (`createGraphRunner` of
 * `graph-sessions/runner`, or your own).
 */
export class MemoryGraphRunService implements GraphRunService {
  readonly capabilities: ServiceCapabilities;
  readonly #runner: GraphRunner;
  readonly #sessions = new Map<string, MemorySession>();
  readonly #watchers = new Set<Watcher>();

  constructor({ runner }: { readonly runner: GraphRunner }) {
    this.#runner = runner;
    this.capabilities = {
      inlineGraph: true,
      rename: true,
      pin: true,
      rerun: true,
      rerunFrom: runner.canReuseNodes === true,
      deleteMany: true,
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
    const session: MemorySession = new MemorySession(graph, request, () => this.#announceRow(session), rerun);
    this.#sessions.set(session.sessionId, session);
    this.#announceRow(session);
    void supervise(session, () => this.#runner.start(session));
    const { sessionId, status, createdAt } = toSummary(session.state);
    return { sessionId, status, createdAt };
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    const find = () => this.#find(sessionId);
    return createConnection<SessionBatch>(async function* (context) {
      // A cursor of another service means “from the beginning”, as `BEGINNING` does.
      yield* readSession(find(), /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : -1, context.signal);
    }, signal);
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    const watchers = this.#watchers;
    const rows = () => this.#rows(graphId);
    return createConnection<readonly MonitorMessage[]>(async function* (context) {
      const watcher = new Watcher(graphId);
      watchers.add(watcher);
      try {
        yield [
          { kind: 'snapshotStart' },
          ...rows(),
          { kind: 'snapshotComplete', isTruncated: false },
          { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
        ];
        while (!context.signal.aborted) {
          const messages = await watcher.next(context.signal);
          if (messages.length > 0 && !context.signal.aborted) yield messages;
        }
      } finally {
        watchers.delete(watcher);
      }
    }, signal);
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
      session.write([{ type: 'inputResolved', nodeId, interactionId, by: 'response', response }]);
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
    for (const watcher of this.#watchers) {
      if (watcher.graphId === session.graphId) watcher.push({ kind: 'deleted', sessionId });
    }
  }

  async deleteSessions(
    sessionIds: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<string, GraphRunError>> {
    signal?.throwIfAborted();
    await Promise.all(sessionIds.map((sessionId) => this.deleteSession(sessionId)));
    return new Map();
  }

  #find(sessionId: string): MemorySession {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) return session;
    throw new GraphRunError('session-gone', 'The session no longer exists.', { status: 404 });
  }

  #rows(graphId: string): MonitorMessage[] {
    return [...this.#sessions.values()]
      .filter((session) => session.graphId === graphId)
      .map((session) => ({ kind: 'row' as const, row: rowOf(session) }))
      .reverse();
  }

  /** Sends the row of a session to everyone watching its list. */
  #announceRow(session: MemorySession): void {
    const row = rowOf(session);
    for (const watcher of this.#watchers) {
      if (watcher.graphId === session.graphId) watcher.push({ kind: 'row', row });
    }
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

/** Reads the log from a cursor: first the events that exist, then each new one. */
async function* readSession(
  session: MemorySession,
  cursor: number,
  signal: AbortSignal,
): AsyncGenerator<SessionBatch, void, undefined> {
  let after = cursor;
  const batch = (...messages: SessionMessage[]): SessionBatch => ({ messages, cursor: String(after) });
  const take = (): SessionMessage[] => {
    const events = session.eventsAfter(after);
    after += events.length;
    return events.map((event) => ({ kind: 'event', event }));
  };
  const phase = (name: 'replaying' | 'live' | 'terminal'): SessionMessage => ({
    kind: 'connection',
    connection: { phase: name, attempt: 0 },
  });
  const { lastIndex, status } = session.state;
  const { graphId } = session;
  const replayTotal = Math.max(0, lastIndex - after);
  yield batch(phase('replaying'), { kind: 'start', replayTotal, status, graphId });
  const replay = take();
  const pending = pendingInputs(session.state);
  yield batch(...replay, { kind: 'replayComplete', pending }, phase('live'));
  while (!signal.aborted) {
    const news = take();
    if (news.length > 0) yield batch(...news);
    if (isTerminalStatus(session.state.status) && after >= session.state.lastIndex) {
      yield batch(phase('terminal'));
      return;
    }
    await session.grown(after, signal);
  }
}

/** One reader of a list. Of the rows that it has not read yet, it keeps the newest of each session. */
class Watcher {
  readonly graphId: string;
  readonly #waiting = new Map<string, MonitorMessage>();
  readonly #waiters = new Set<() => void>();

  constructor(graphId: string) {
    this.graphId = graphId;
  }

  push(message: Extract<MonitorMessage, { kind: 'row' | 'deleted' }>): void {
    this.#waiting.set(message.kind === 'row' ? message.row.sessionId : message.sessionId, message);
    for (const waiter of this.#waiters) waiter();
  }

  async next(signal: AbortSignal): Promise<readonly MonitorMessage[]> {
    if (this.#waiting.size === 0) await untilWoken(this.#waiters, signal);
    const messages = [...this.#waiting.values()];
    this.#waiting.clear();
    return messages;
  }
}
