/** A node, as far as its work depends on others. */
export interface PlacedNode {
  readonly nodeId: string;
  readonly status: string;
  /** The node that this one is a step of. */
  readonly parent?: string;
}

/**
 * True when a node has work: one that is running, in which nothing waits for an answer and around which no node does. A
 * running node around one that waits has none itself; what else runs inside it may have. Takes linear time, and any
 * parents, also such as lie inside each other.
 */
export function hasWork(nodes: ReadonlyMap<string, PlacedNode>): boolean {
  const waitsInside = new Set<string>();
  for (const { status, parent } of nodes.values()) {
    if (status !== 'suspended') continue;
    for (let outer = parent; outer !== undefined && !waitsInside.has(outer);) {
      waitsInside.add(outer);
      outer = nodes.get(outer)?.parent;
    }
  }
  const isPaused = new Set<string>();
  for (const { nodeId, status } of nodes.values()) {
    if (status !== 'running' || waitsInside.has(nodeId)) continue;
    if (!pauses(nodeId, nodes, isPaused)) return true;
  }
  return false;
}

/** True when a node around this one waits; adds all nodes on the way to it. */
function pauses(nodeId: string, nodes: ReadonlyMap<string, PlacedNode>, isPaused: Set<string>): boolean {
  const way = new Set([nodeId]);
  for (let outer = nodes.get(nodeId)?.parent; outer !== undefined && !way.has(outer);) {
    const node = nodes.get(outer);
    if (node?.status === 'suspended' || isPaused.has(outer)) {
      for (const id of way) isPaused.add(id);
      return true;
    }
    way.add(outer);
    outer = node?.parent;
  }
  return false;
}
