import type { NodeRun, RunController } from '../../../controller/run/run-controller.js';
import { adjacencyOf } from '../../../protocol/graph.js';
import { shownOutputs } from './node-outputs.js';

/**
 * The nodes whose outputs are the result of a completed run: those without a successor, in the order of the graph.
 * Where the server sends no graph, the nodes that the log names as the outputs of the graph. None for a run that did
 * not complete, for one without output, and for several nodes without a connection, none of which is the last.
 */
export function resultNodes({
  status,
  outline,
  outputs,
  nodes,
}: Pick<RunController, 'status' | 'outline' | 'outputs' | 'nodes'>): readonly NodeRun[] {
  if (status !== 'completed') return [];
  if (outline !== undefined && outline.edges.length === 0 && nodes.size > 1) return [];
  const { leaving } = adjacencyOf(outline?.edges);
  const isLast = ({ nodeId }: NodeRun) =>
    outline === undefined ? outputs !== undefined && Object.hasOwn(outputs, nodeId) : !leaving.has(nodeId);
  return [...nodes.values()].filter((node) => isLast(node) && shownOutputs(node).length > 0);
}
