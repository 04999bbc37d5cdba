import type { GraphNode } from '../protocol/graph.js';
import { GraphRunError } from '../protocol/problems.js';
import type { GraphRunner, RunnerSession } from './graph-runner.js';
import type { NodeHandler } from './node-handler.js';
import { SessionRun, type RunSettings } from './session-run.js';
import { InProcessScheduler, type TaskScheduler } from './task-scheduler.js';

/** Options of `createGraphRunner`. */
export interface GraphRunnerOptions {
  /** Handlers by node type. */
  readonly handlers: Readonly<Record<string, NodeHandler>>;
  /** Decides where and when nodes run. Default: at once, in this process. */
  readonly scheduler?: TaskScheduler;
  /**
   * Treatment of a node that was running when its process died: `fail` (default) fails it with
   * “interrupted”; `rerun` runs it again when its handler is declared idempotent.
   */
  readonly onRestart?: 'fail' | 'rerun';
  /** Called once for each session whose `start` or `resume` rejects, with the error and the session's id. */
  readonly onError?: (error: unknown, sessionId: string) => void;
}

/**
 * Creates the package's own engine. It runs the nodes of a graph as soon as their upstream nodes have
 * completed, several at once. Each decision is made from the log in the append that records it, so that
 * another process can continue a session from its log alone.
 */
export function createGraphRunner(options: GraphRunnerOptions): GraphRunner {
  const settings: RunSettings = {
    handlers: new Map(Object.entries(options.handlers)),
    scheduler: options.scheduler ?? new InProcessScheduler(),
    onRestart: options.onRestart ?? 'fail',
    onError: options.onError ?? (() => undefined),
  };
  const runs = new WeakMap<RunnerSession, SessionRun>();
  const open = (session: RunnerSession): SessionRun => {
    const run = new SessionRun(session, settings);
    runs.set(session, run);
    return run;
  };
  return {
    canReuseNodes: true,
    validate(graph) {
      for (const node of graph.nodes) checkNode(node, settings.handlers);
    },
    start: (session) => (runs.get(session) ?? open(session)).start(),
    async resume(session, interactionId) {
      const run = runs.get(session);
      if (run !== undefined) return run.resume(interactionId);
      // Not started in this process: the answer woke the session up.
      const answered = session.state.resolved.get(interactionId)?.nodeId;
      const opened = open(session);
      await Promise.all([opened.start(answered), opened.resume(interactionId)]);
    },
  };
}

function checkNode(node: GraphNode, handlers: ReadonlyMap<string, NodeHandler>): void {
  const handler = handlers.get(node.type);
  const problem = handler === undefined ? `there is no node type “${node.type}”` : handler.check?.(node);
  if (problem === undefined) return;
  throw new GraphRunError('invalid-graph', `Node “${node.id}”: ${problem}.`, {
    status: 400,
    members: { nodeId: node.id },
  });
}
