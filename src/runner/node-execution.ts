import type { GraphRunEventBody, Outputs } from '../protocol/events.js';
import type { GraphNode } from '../protocol/graph.js';
import type { SessionState } from '../protocol/session-state.js';
import { EmitQueue } from './emit-queue.js';
import { checkEventSize } from './event-size.js';
import { SessionEndedError, type RunnerSession } from './graph-runner.js';
import type { NodeContext, NodeEmission, NodeHandler } from './node-handler.js';
import { NO_HISTORY, type NodeHistory } from './node-history.js';
import { NodeQuestions } from './node-questions.js';
import { inputsOf, MAX_ERROR_CHARS, upstreamOf } from './plan.js';

/** Options of `NodeExecution`. */
export interface NodeExecutionOptions {
  readonly session: RunnerSession;
  readonly node: GraphNode;
  /** Called when the node starts to wait for an answer. */
  readonly onWaiting: () => void;
}

/** True for a node that has started and not ended. */
export function isActive(state: SessionState, nodeId: string): boolean {
  const status = state.nodes.get(nodeId)?.status;
  return status === 'running' || status === 'suspended';
}

/** One execution of one node's handler in this process. */
export class NodeExecution {
  readonly #options: NodeExecutionOptions;
  readonly #queue: EmitQueue;
  /** One per node, not one per session: many listeners on one signal make Node warn of a leak. */
  readonly #ended = new AbortController();
  readonly #questions: NodeQuestions;
  #history: NodeHistory = NO_HISTORY;
  #emitCount = 0;
  #hasReturned = false;
  /** Why an event of this node could not be logged: it fails the node, even if its handler continues. */
  #failure: unknown;

  constructor(options: NodeExecutionOptions) {
    this.#options = options;
    this.#queue = new EmitQueue((events) => this.#log(events));
    this.#questions = new NodeQuestions({
      session: options.session,
      nodeId: options.node.id,
      signal: this.#ended.signal,
      log: async (events) => {
        await this.#queue.flushed();
        await this.#log(events);
      },
      onWaiting: options.onWaiting,
    });
  }

  /** Aborts the handler's signal and rejects its questions: nothing more can be written. */
  stop(reason: SessionEndedError): void {
    this.#ended.abort(reason);
  }

  /**
   * True while its handler waits for answers and all its questions are logged. (A handler that does
   * something else meanwhile counts as waiting, too.)
   */
  get isWaiting(): boolean {
    return !this.#hasReturned && this.#questions.areWaiting;
  }

  /**
   * Runs the handler. Resolves with the event that ends the node, or with undefined when the session ended
   * first. Never rejects.
   */
  async execute(
    handler: NodeHandler | undefined,
    history: NodeHistory,
  ): Promise<GraphRunEventBody | undefined> {
    const { node, session } = this.#options;
    const { signal } = this.#ended;
    const nodeId = node.id;
    this.#history = history;
    try {
      signal.throwIfAborted();
      if (handler === undefined) throw new Error(`Nothing runs nodes of type “${node.type}” here.`);
      const outputs = await this.#runHandler(handler);
      await this.#queue.flushed();
      if (this.#failure !== undefined) throw this.#failure;
      const end: GraphRunEventBody = { type: 'nodeEnd', nodeId, outputs };
      checkEventSize(end, session.maxEventBytes);
      return signal.aborted ? undefined : end;
    } catch (error) {
      await this.#queue.flushed();
      if (signal.aborted || error instanceof SessionEndedError) return undefined;
      return { type: 'nodeError', nodeId, error: errorText(error) };
    }
  }

  async #runHandler(handler: NodeHandler): Promise<Outputs> {
    try {
      return await handler.run(this.#context());
    } finally {
      this.#hasReturned = true;
    }
  }

  /** Resumes the handler after an answer was logged. Does nothing when it does not wait for that answer. */
  resume(interactionId: string): void {
    this.#questions.resolve(interactionId);
  }

  /** The context for the handler; its functions do not need `this`. */
  #context(): NodeContext {
    const { session, node } = this.#options;
    // Most handlers never ask, and it takes as long as the graph is large.
    let upstream: ReadonlySet<string> | undefined;
    return {
      sessionId: session.sessionId,
      node,
      runKey: JSON.stringify([session.sessionId, node.id]),
      inputs: inputsOf(session.graph, session.state, node.id),
      upstreamOutputs: (nodeId) => {
        upstream ??= upstreamOf(session.graph, node.id);
        return upstream.has(nodeId) ? session.state.nodes.get(nodeId)?.outputs : undefined;
      },
      emit: (event) => this.#emit(event),
      ask: (suspendEvent) => {
        const answer = this.#questions.ask(suspendEvent, this.#history.interactionIds);
        // The end of the session also rejects questions that the handler is not awaiting at the moment.
        answer.catch(() => undefined);
        return answer;
      },
      signal: this.#ended.signal,
      accessToken: () => session.accessToken(),
    };
  }

  #emit(emission: NodeEmission): Promise<void> {
    const written = this.#writeEmission(emission);
    // An emit need not be awaited: its failure is kept here and must not become an unhandled rejection.
    written.catch((error: unknown) => {
      if (!(error instanceof SessionEndedError)) this.#failure ??= error;
    });
    return written;
  }

  async #writeEmission(emission: NodeEmission): Promise<void> {
    this.#emitCount += 1;
    if (this.#emitCount <= this.#history.emitCount) return;
    const { node, session } = this.#options;
    const event: GraphRunEventBody = { ...emission, nodeId: node.id };
    await this.#queue.add(event, checkEventSize(event, session.maxEventBytes));
  }

  /** Appends events of this node; rejects when it has ended meanwhile (or was ended from outside). */
  async #log(events: readonly GraphRunEventBody[]): Promise<void> {
    const { session, node } = this.#options;
    let isRefused = false;
    await session.append((state) => {
      isRefused = !isActive(state, node.id);
      return isRefused ? [] : events;
    });
    if (isRefused) throw new SessionEndedError(`Node “${node.id}” has ended.`);
  }
}

function errorText(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return text.slice(0, MAX_ERROR_CHARS);
}
