import { adjacencyOf, type GraphOutline } from '../../../protocol/graph.js';
import type { NodeState } from '../../../protocol/session-state.js';

/** The nodes of an open run that have not started. */
export interface ComingNodes {
  /** Titles of those that come next: every node before them has begun. In the order of the graph. */
  readonly next: readonly string[];
  /** Number of those that come after them. */
  readonly later: number;
}

/** Finds what is still to come of a run; nothing where the edges do not say. */
export function comingNodes(
  nodes: ReadonlyMap<string, NodeState>,
  outline: Pick<GraphOutline, 'edges' | 'order'> | undefined,
): ComingNodes {
  if (outline?.order === 'none') return { next: [], later: 0 };
  const { entering } = adjacencyOf(outline?.edges);
  const hasBegun = (nodeId: string) => nodes.get(nodeId)?.status !== 'waiting';
  const coming = [...nodes.values()].filter(({ nodeId }) => !hasBegun(nodeId));
  const next = coming.filter(({ nodeId }) =>
    (entering.get(nodeId) ?? []).every(({ from }) => hasBegun(from)),
  );
  return { next: next.map(({ title }) => title), later: coming.length - next.length };
}
