import type { GraphRunEvent, GraphRunEventBody, RerunOf } from '../../protocol/events.js';
import { outlineOf, type Graph } from '../../protocol/graph.js';
import { NO_LABELS, type SessionLabels } from '../../protocol/session-labels.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import { applyEvents, EMPTY_SESSION, type SessionState } from '../../protocol/session-state.js';
import { MAX_EVENT_BYTES, SessionEndedError, type RunnerSession } from '../../runner/graph-runner.js';
import type { CreateSessionRequest } from '../graph-run-service.js';
import { untilWoken } from '../until-woken.js';
import { uniqueId } from '../../protocol/unique-id.js';

/** The session that another one runs again, and the events of the nodes that are taken over from it. */
export interface MemoryRerun {
  readonly of: RerunOf;
  readonly reused: readonly GraphRunEventBody[];
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
  readonly #events: GraphRunEvent[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #abort = new AbortController();
  #onChange: () => void = () => undefined;
  #state: SessionState = EMPTY_SESSION;

  /**
   * @param onChange called after each append except the first.
   * @param rerun the session that it runs again, and the events of the nodes that it takes over.
   */
  constructor(graph: Graph, request: CreateSessionRequest, onChange: () => void, rerun?: MemoryRerun) {
    this.graph = graph;
    this.graphId = request.graphId;
    this.mode = request.mode ?? 'interactive';
    this.inputs = request.inputs ?? {};
    const origin = rerun === undefined ? {} : { rerunOf: rerun.of };
    const { sessionId } = this;
    this.write([
      { type: 'graphStart', sessionId, graph: outlineOf(graph), ...origin },
      ...(rerun?.reused ?? []),
    ]);
    this.#onChange = onChange;
  }

  get state(): SessionState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async *readEvents(): AsyncGenerator<readonly GraphRunEvent[]> {
    yield this.#events;
  }

  async append(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<SessionState> {
    if (this.signal.aborted) throw new SessionEndedError('The session has ended.');
    this.write(build(this.#state));
    return this.#state;
  }

  accessToken(): undefined {
    return undefined;
  }

  /** Returns the events after a position, oldest first. */
  eventsAfter(index: number): readonly GraphRunEvent[] {
    return this.#events.slice(index + 1);
  }

  /** Appends events at once. The caller must have checked that the session has not ended. */
  write(bodies: readonly GraphRunEventBody[]): void {
    if (bodies.length === 0) return;
    const ts = Date.now();
    const events = bodies.map((body, offset) => ({ ...body, index: this.#events.length + offset, ts }));
    this.#events.push(...events);
    this.#state = applyEvents(this.#state, events);
    if (isTerminalStatus(this.#state.status)) this.#abort.abort();
    this.#wake();
    this.#onChange();
  }

  /** Resolves when the log has grown beyond `index` or `signal` aborts. */
  async grown(index: number, signal: AbortSignal): Promise<void> {
    if (this.#state.lastIndex > index) return;
    await untilWoken(this.#waiters, signal);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
