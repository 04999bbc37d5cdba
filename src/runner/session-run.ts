import type { GraphRunEventBody } from '../protocol/events.js';
import type { GraphNode } from '../protocol/graph.js';
import type { SessionState } from '../protocol/session-state.js';
import { fitsEventSize } from './event-size.js';
import { SessionEndedError, type RunnerSession } from './graph-runner.js';
import type { NodeHandler } from './node-handler.js';
import { NO_HISTORY, readNodeHistory } from './node-history.js';
import { isActive, NodeExecution } from './node-execution.js';
import { withConsequences } from './plan.js';
import type { TaskScheduler } from './task-scheduler.js';

/** Settings that all sessions of a runner share. */
export interface RunSettings {
  readonly handlers: ReadonlyMap<string, NodeHandler>;
  readonly scheduler: TaskScheduler;
  /** Treatment of a node that was running when its process died. */
  readonly onRestart: 'fail' | 'rerun';
  /** Called when a log cannot be read or written, in addition to the rejection of `start` or `resume`. */
  readonly onError: (error: unknown, sessionId: string) => void;
}

/** Runs one session in this process. It makes every decision from the log. */
export class SessionRun {
  readonly #session: RunnerSession;
  readonly #settings: RunSettings;
  readonly #live = new Map<string, NodeExecution>();
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  #idleCallbacks: (() => void)[] = [];
  #isStarted = false;
  #isStopped = false;
  /** Why the log could not be read or written; everyone who waits for this run gets it. */
  #failure: unknown;

  constructor(session: RunnerSession, settings: RunSettings) {
    this.#session = session;
    this.#settings = settings;
    this.#nodes = new Map(session.graph.nodes.map((node) => [node.id, node]));
    const { signal } = session;
    if (signal.aborted) this.#stop();
    else signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /**
   * Starts the session, or continues it after a restart. Nodes that were running are interrupted, except
   * `answeredNodeId`, whose answer has only just been logged. Resolves when every node waits or has ended;
   * rejects when the log failed.
   */
  async start(answeredNodeId?: string): Promise<void> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      // Looked up at once: nodes that start later run in this process and were not interrupted.
      const interrupted = [...this.#session.state.nodes.values()].filter(
        ({ status, nodeId }) =>
          status === 'running' && nodeId !== answeredNodeId && this.#session.answered?.has(nodeId) !== true,
      );
      await this.#guard(() =>
        this.#step((state) =>
          interrupted
            .filter(({ nodeId }) => state.nodes.get(nodeId)?.status === 'running')
            .map(({ nodeId }) => this.#restartEvent(state, nodeId)),
        ),
      );
    }
    await this.#whenIdle();
  }

  /**
   * Resumes the node whose answer was logged: its handler still waits in this process, or is run again.
   * Resolves and rejects as `start` does.
   */
  async resume(interactionId: string): Promise<void> {
    const { state } = this.#session;
    const nodeId = state.resolved.get(interactionId)?.nodeId;
    if (nodeId === undefined) return;
    const live = this.#live.get(nodeId);
    if (!isActive(state, nodeId)) {
      // The question was closed together with its node, e.g. by its expiry.
      live?.stop(new SessionEndedError(`Node “${nodeId}” has ended.`));
      await this.#guard(() => this.#step(() => []));
    } else if (live !== undefined) live.resume(interactionId);
    else this.#launch(nodeId, true);
    await this.#whenIdle();
  }

  #restartEvent(state: SessionState, nodeId: string): GraphRunEventBody {
    const handler = this.#settings.handlers.get(this.#node(nodeId).type);
    if (this.#settings.onRestart === 'rerun' && handler?.isIdempotent === true) {
      return { type: 'nodeRetry', nodeId, attempt: (state.nodes.get(nodeId)?.attempt ?? 1) + 1 };
    }
    return { type: 'nodeError', nodeId, error: 'interrupted' };
  }

  /** Appends events and all their consequences in one step, then runs the nodes that it started. */
  async #step(build: (state: SessionState) => readonly GraphRunEventBody[]): Promise<void> {
    let bodies: readonly GraphRunEventBody[] = [];
    await this.#session.append((state) => {
      const starts = this.#session.isLeaving?.() !== true;
      bodies = withConsequences(state, build(state), { starts }).map((body) => this.#fitting(body));
      return bodies;
    });
    for (const body of bodies) {
      if (body.type === 'nodeStart') this.#launch(body.nodeId, false);
      if (body.type === 'nodeRetry') this.#launch(body.nodeId, true);
    }
  }

  /** Leaves out the outputs of the graph when they are too large for one event; each `nodeEnd` has them too. */
  #fitting(body: GraphRunEventBody): GraphRunEventBody {
    if (body.type !== 'graphComplete' || fitsEventSize(body, this.#session.maxEventBytes)) return body;
    return { type: body.type, sessionId: body.sessionId };
  }

  #launch(nodeId: string, hasHistory: boolean): void {
    const { sessionId } = this.#session;
    const node = this.#node(nodeId);
    const run = new NodeExecution({
      session: this.#session,
      node,
      onWaiting: () => this.#checkIdle(),
    });
    this.#live.set(nodeId, run);
    this.#settings.scheduler.schedule({
      sessionId,
      nodeId,
      nodeType: node.type,
      run: async () => {
        await this.#guard(() => this.#work(nodeId, run, hasHistory));
        this.#live.delete(nodeId);
        this.#checkIdle();
      },
    });
  }

  async #work(nodeId: string, run: NodeExecution, hasHistory: boolean): Promise<void> {
    if (this.#isStopped) return;
    const history = hasHistory ? await readNodeHistory(this.#session.readEvents(), nodeId) : NO_HISTORY;
    const end = await run.execute(this.#settings.handlers.get(this.#node(nodeId).type), history);
    if (end !== undefined) await this.#step((state) => (isActive(state, nodeId) ? [end] : []));
  }

  #node(nodeId: string): GraphNode {
    return this.#nodes.get(nodeId) ?? { id: nodeId, type: '' };
  }

  /** Runs work that writes to the log. When the log cannot be written, all work of the session stops. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // After the end nothing can be written, which is not worth reporting.
      const isExpected = error instanceof SessionEndedError || this.#isStopped;
      if (!isExpected) this.#failure = error;
      this.#stop();
      if (!isExpected) this.#settings.onError(error, this.#session.sessionId);
    }
  }

  #stop(): void {
    this.#isStopped = true;
    const reason = new SessionEndedError('The session has ended.');
    for (const run of this.#live.values()) run.stop(reason);
    this.#checkIdle();
  }

  /** Resolves when every node waits or has ended. Rejects when the log failed. */
  async #whenIdle(): Promise<void> {
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#idleCallbacks.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #checkIdle(): void {
    if (!this.#isIdle()) return;
    const callbacks = this.#idleCallbacks;
    this.#idleCallbacks = [];
    for (const callback of callbacks) callback();
  }

  #isIdle(): boolean {
    if (this.#isStopped) return true;
    for (const run of this.#live.values()) if (!run.isWaiting) return false;
    return true;
  }
}
