import type { GraphRunEvent, GraphRunEventBody, RerunOf } from '../../protocol/events.js';
import { outlineOf, type Graph } from '../../protocol/graph.js';
import { NO_LABELS, type SessionLabels } from '../../protocol/session-labels.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { SessionState } from '../../protocol/session-state.js';
import { MAX_EVENT_BYTES, SessionEndedError, type RunnerSession } from '../../runner/graph-runner.js';
import type { CreateSessionRequest } from '../graph-run-service.js';
import { SessionLog } from '../publish/session-log.js';
import { uniqueId } from '../../protocol/values/unique-id.js';

/** The session that another one runs again, and the events of the nodes that are taken over from it. */
export interface MemoryRerun {
  readonly of: RerunOf;
  readonly reused: readonly GraphRunEventBody[];
}

/** What a session of the memory service is made with. */
export interface MemorySessionOptions {
  /** Called after each append except the first. */
  readonly onChange: () => void;
  /** The name of who starts it. */
  readonly startedBy: string | undefined;
  /** The session that it runs again, and the events of the nodes that it takes over. */
  readonly rerun: MemoryRerun | undefined;
}

/** A session of the memory service: its log, and the interface to the runner. */
export class MemorySession implements RunnerSession {
  readonly sessionId = uniqueId();
  readonly graph: Graph;
  readonly graphId: string;
  readonly mode: 'interactive' | 'headless';
  readonly inputs: RunnerSession['inputs'];
  /** The title and pin that a person has set. */
  labels: SessionLabels = NO_LABELS;
  readonly maxEventBytes = MAX_EVENT_BYTES;
  readonly log: SessionLog;
  readonly #abort = new AbortController();
  #onChange: () => void = () => undefined;

  constructor(graph: Graph, request: CreateSessionRequest, options: MemorySessionOptions) {
    const { onChange, startedBy, rerun } = options;
    this.graph = graph;
    this.graphId = request.graphId;
    this.log = new SessionLog({ graphId: request.graphId });
    this.mode = request.mode ?? 'interactive';
    this.inputs = request.inputs ?? {};
    const origin = rerun === undefined ? {} : { rerunOf: rerun.of };
    const { sessionId } = this;
    this.write([
      {
        type: 'graphStart',
        sessionId,
        graph: outlineOf(graph),
        ...origin,
        ...(startedBy === undefined ? {} : { startedBy }),
      },
      ...(rerun?.reused ?? []),
    ]);
    this.#onChange = onChange;
  }

  get state(): SessionState {
    return this.log.state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async *readEvents(): AsyncGenerator<readonly GraphRunEvent[]> {
    yield this.log.events;
  }

  async append(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<SessionState> {
    if (this.signal.aborted) throw new SessionEndedError('The session has ended.');
    this.write(build(this.state));
    return this.state;
  }

  accessToken(): undefined {
    return undefined;
  }

  /** Appends events at once. @throws GraphRunError `session-terminal` when the session has ended. */
  write(bodies: readonly GraphRunEventBody[]): void {
    if (bodies.length === 0) return;
    this.log.append(bodies);
    if (isTerminalStatus(this.state.status)) this.#abort.abort();
    this.#onChange();
  }
}
