import type { LLMContent } from '../../src/protocol/content.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../src/protocol/events.js';
import { isTerminalEvent } from '../../src/protocol/events.js';
import { outlineOf, type Graph } from '../../src/protocol/graph.js';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvent, applyEvents, type SessionState } from '../../src/protocol/session-state.js';
import { MAX_EVENT_BYTES, SessionEndedError, type RunnerSession } from '../../src/runner/graph-runner.js';

/** Options of a session in memory. */
export interface MemoryRunnerSessionOptions {
  readonly sessionId?: string;
  readonly mode?: 'interactive' | 'headless';
  readonly inputs?: Readonly<Record<string, LLMContent>>;
  readonly token?: string;
  readonly maxEventBytes?: number;
  /** The log of an earlier process; default: a `graphStart`. */
  readonly log?: readonly GraphRunEvent[];
  readonly answered?: ReadonlySet<string>;
}

/**
 * A session whose log is an array. Each append waits for its turn and is "durable" a few microtasks later,
 * like a real one, so that decisions made outside of an append fail a test.
 */
export class MemoryRunnerSession implements RunnerSession {
  readonly sessionId: string;
  readonly graph: Graph;
  readonly mode: 'interactive' | 'headless';
  readonly inputs: Readonly<Record<string, LLMContent>>;
  readonly maxEventBytes: number;
  readonly answered: ReadonlySet<string>;
  readonly log: GraphRunEvent[] = [];
  /** Number of appends that wrote something. */
  appendCount = 0;
  /** When set, every append rejects with it: a broken disk. */
  diskError: Error | undefined;
  readonly #ended = new AbortController();
  readonly #token: string | undefined;
  readonly #watchers = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #state: SessionState = EMPTY_SESSION;

  constructor(graph: Graph, options: MemoryRunnerSessionOptions = {}) {
    this.sessionId = options.sessionId ?? 'session-1';
    this.graph = graph;
    this.mode = options.mode ?? 'interactive';
    this.inputs = options.inputs ?? {};
    this.maxEventBytes = options.maxEventBytes ?? MAX_EVENT_BYTES;
    this.answered = options.answered ?? new Set();
    this.#token = options.token;
    const start: GraphRunEvent = {
      type: 'graphStart',
      sessionId: this.sessionId,
      graph: outlineOf(graph),
      index: 0,
    };
    this.log.push(...(options.log ?? [start]));
    this.#state = applyEvents(EMPTY_SESSION, this.log);
  }

  get state(): SessionState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** The types of the log, with node ids: `nodeStart a`. */
  get story(): readonly string[] {
    return this.log.map((event) => ('nodeId' in event ? `${event.type} ${event.nodeId}` : event.type));
  }

  accessToken(): string | undefined {
    return this.#token;
  }

  async *readEvents(): AsyncGenerator<readonly GraphRunEvent[]> {
    yield [...this.log];
  }

  append(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<SessionState> {
    const appended = this.#turn.then(async () => {
      await Promise.resolve();
      if (this.diskError !== undefined) throw this.diskError;
      if (this.#ended.signal.aborted) throw new SessionEndedError('The session has ended.');
      this.#write(build(this.#state));
      await Promise.resolve();
      return this.#state;
    });
    this.#turn = appended.catch(() => undefined);
    return appended;
  }

  /** Logs the answer to a question, as the server does before it calls `resume`. */
  answer(interactionId: string, response: JsonObject): Promise<SessionState> {
    return this.append((state) => {
      const question = state.pending.get(interactionId);
      if (question === undefined) return [];
      const { nodeId } = question;
      return [{ type: 'inputResolved', nodeId, interactionId, by: 'response', response }];
    });
  }

  /** Ends the session like a cancel. */
  cancel(): Promise<SessionState> {
    return this.append(() => [{ type: 'graphCancelled', sessionId: this.sessionId }]);
  }

  /** The process dies: nothing more can be written, and pending appends are lost. */
  kill(): void {
    this.#ended.abort(new SessionEndedError('This process is gone.'));
  }

  /** Resolves with the state as soon as it satisfies the condition. */
  async until(condition: (state: SessionState, session: this) => boolean): Promise<SessionState> {
    while (!condition(this.#state, this)) {
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
    return this.#state;
  }

  /** Resolves with the state when the session has ended. */
  end(): Promise<SessionState> {
    return this.until(({ status }) => status !== 'running' && status !== 'suspended');
  }

  #write(bodies: readonly GraphRunEventBody[]): void {
    if (bodies.length === 0) return;
    this.appendCount += 1;
    for (const body of bodies) {
      // Logged events are copied through JSON, as in a real store.
      const event: GraphRunEvent = JSON.parse(JSON.stringify({ ...body, index: this.log.length }));
      this.log.push(event);
      this.#state = applyEvent(this.#state, event);
      if (isTerminalEvent(event)) this.#ended.abort(new SessionEndedError('The session has ended.'));
    }
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const notify of watchers) notify();
  }
}
