import type { NodeState } from '../../protocol/session-state.js';

/** Levels that are drawn: deeper steps stand at the last one. */
const MAX_DEPTH = 3;

type Nodes = ReadonlyMap<string, Pick<NodeState, 'parent'>>;

/** How many nodes a node is inside, at most three. */
export function nestingDepth(nodeId: string, nodes: Nodes): number {
  let depth = 0;
  for (let outer = parentOf(nodeId, nodes); outer !== undefined && depth < MAX_DEPTH;) {
    depth += 1;
    outer = parentOf(outer, nodes);
  }
  return depth;
}

/**
 * The same ids, each step after the node that it is inside; steps of one node keep their order. Nodes inside each other, as
 * only a foreign log has them, come last.
 */
export function nested(nodeIds: readonly string[], nodes: Nodes): readonly string[] {
  // Most runs have none, and lists of thousands are drawn again and again.
  if (!nodeIds.some((nodeId) => nodes.get(nodeId)?.parent !== undefined)) return nodeIds;
  const steps = new Map<string | undefined, string[]>();
  const given = new Set(nodeIds);
  for (const nodeId of nodeIds) {
    const parent = parentOf(nodeId, nodes);
    const place = parent !== undefined && given.has(parent) ? parent : undefined;
    const known = steps.get(place);
    if (known === undefined) steps.set(place, [nodeId]);
    else known.push(nodeId);
  }
  const ordered = new Set<string>();
  // The next one is last; without recursion, because a foreign log may be nested deeper than the stack.
  const open = [...(steps.get(undefined) ?? [])].reverse();
  for (let nodeId = open.pop(); nodeId !== undefined; nodeId = open.pop()) {
    ordered.add(nodeId);
    const inside = steps.get(nodeId) ?? [];
    for (const step of [...inside].reverse()) open.push(step);
  }
  return [...ordered, ...nodeIds.filter((nodeId) => !ordered.has(nodeId))];
}

/** The node around a node; undefined for one that the log does not have. */
function parentOf(nodeId: string, nodes: Nodes): string | undefined {
  const parent = nodes.get(nodeId)?.parent;
  return parent !== undefined && nodes.has(parent) ? parent : undefined;
}
