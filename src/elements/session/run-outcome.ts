import type { NodeSpan } from '../../controller/run/node-spans.js';
import type { RunMoment } from '../../controller/run/run-moment.js';
import type { NodeState } from '../../protocol/session-state.js';

/** A reason why a run failed: an error of a node, or of the run as a whole, which then has no node. */
export interface RunFailure {
  readonly nodeId?: string;
  /** Title of the node. */
  readonly title?: string;
  readonly error: string;
}

/** Lists why a run failed: its failed nodes in the order of the graph; without one, the error of the run. */
export function failuresOf({ nodes, error }: Pick<RunMoment, 'nodes' | 'error'>): readonly RunFailure[] {
  const failed = [...nodes.values()].flatMap((node) =>
    node.status === 'failed' ? { nodeId: node.nodeId, title: node.title, error: node.error ?? '' } : [],
  );
  return failed.length > 0 || error === undefined ? failed : [{ error }];
}

/** The work that a cancellation interrupted, as node titles in the order of the graph. */
export interface Interrupted {
  /** Nodes that waited for an answer. */
  readonly waiting: readonly string[];
  readonly running: readonly string[];
}

/** Finds what a run was doing when it was cancelled; nothing for a log without times. */
export function interruptedOf({ nodes, spans }: Pick<RunMoment, 'nodes' | 'spans'>): Interrupted {
  const lastKind = ({ nodeId, status }: NodeState): NodeSpan['kind'] | undefined =>
    status === 'cancelled' ? spans.get(nodeId)?.at(-1)?.kind : undefined;
  const all = [...nodes.values()];
  const titles = (kind: 'wait' | 'work') =>
    all.filter((node) => lastKind(node) === kind).map(({ title }) => title);
  return { waiting: titles('wait'), running: titles('work') };
}
