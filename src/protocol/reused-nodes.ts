import type { GraphRunEventBody } from './events.js';
import { adjacencyOf } from './graph.js';
import { GraphRunError } from './problems.js';
import type { NodeState, SessionState } from './session-state.js';

/** The word that stands for all failed nodes, in place of the id of a node. */
export const FROM_FAILED = 'failed';

/**
 * Returns the start and the end of each node that another run of a session takes over, in the order of their log: those
 * that have completed and are neither `from` nor below it. A node whose outputs the log does not have runs again, and so
 * does every node that is below one that runs. `from`: the id of a node, or `failed` for all failed ones.
 *
 * @throws GraphRunError `unknown-node`, `node-not-started`, `no-failed-node`, each with a sentence for people.
 */
export function reusedNodes(origin: SessionState, from: string): readonly GraphRunEventBody[] {
  const { entering } = adjacencyOf(origin.outline?.edges);
  const again = below(origin, startsOf(origin, from));
  const reused = new Set<string>();
  return completedNodes(origin).flatMap((node): readonly GraphRunEventBody[] => {
    const { nodeId, outputs, endIndex } = node;
    const isComplete = (entering.get(nodeId) ?? []).every((edge) => reused.has(edge.from));
    if (again.has(nodeId) || !isComplete || outputs === undefined || endIndex === undefined) return [];
    reused.add(nodeId);
    // The place where it worked, however many sessions have taken it over since.
    const place = node.reused ?? { sessionId: origin.sessionId, index: endIndex };
    return [
      { type: 'nodeStart', nodeId, reused: place },
      { type: 'nodeEnd', nodeId, outputs, reused: place },
    ];
  });
}

/** Completed nodes of the plan, in the order in which they ended: each after those before it. */
function completedNodes({ nodes, outline }: SessionState): readonly NodeState[] {
  const planned = new Set(outline?.nodes.map(({ id }) => id));
  const completed = [...nodes.values()].filter(
    ({ nodeId, status }) => status === 'completed' && planned.has(nodeId),
  );
  return completed.sort((one, other) => (one.endIndex ?? 0) - (other.endIndex ?? 0));
}

function startsOf({ nodes }: SessionState, from: string): readonly string[] {
  if (from === FROM_FAILED) {
    const failed = [...nodes.values()].filter(({ status }) => status === 'failed');
    if (failed.length > 0) return failed.map(({ nodeId }) => nodeId);
    throw new GraphRunError('no-failed-node', 'No node of this session has failed.', { status: 400 });
  }
  const members = { nodeId: from.slice(0, 512) };
  const node = nodes.get(from);
  if (node === undefined) {
    const message = `This session has no node “${members.nodeId}”.`;
    throw new GraphRunError('unknown-node', message, { status: 400, members });
  }
  if (node.status === 'waiting' || node.status === 'skipped') {
    const message = `Node “${node.title}” never started in this session.`;
    throw new GraphRunError('node-not-started', message, { status: 400, members });
  }
  return [from];
}

/** Ids of nodes and of all that can be reached from them. */
function below({ outline }: SessionState, nodeIds: readonly string[]): ReadonlySet<string> {
  const { leaving } = adjacencyOf(outline?.edges);
  const found = new Set(nodeIds);
  // The iteration reaches entries that are added during it.
  for (const nodeId of found) for (const { to } of leaving.get(nodeId) ?? []) found.add(to);
  return found;
}
