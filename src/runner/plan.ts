import { toContents, type LLMContent } from '../protocol/content.js';
import type { GraphRunEventBody, Outputs } from '../protocol/events.js';
import { adjacencyOf, DEFAULT_PORT, type Graph } from '../protocol/graph.js';
import { hasEnded } from '../protocol/has-ended.js';
import { applyEvents, readyNodes, type SessionState } from '../protocol/session-state.js';
import { isTerminalStatus } from '../protocol/session-summary.js';

/** Maximal length of a logged error text, in characters. */
export const MAX_ERROR_CHARS = 10_000;

/** Computes the state after events that are about to be logged. */
function afterEvents(state: SessionState, bodies: readonly GraphRunEventBody[]): SessionState {
  const first = state.lastIndex + 1;
  return applyEvents(
    state,
    bodies.map((body, offset) => ({ ...body, index: first + offset })),
  );
}

/**
 * Returns the given events and everything that follows from them: one step of a session. Without `starts`, nodes that are
 * ready wait for a later step.
 */
export function withConsequences(
  state: SessionState,
  bodies: readonly GraphRunEventBody[],
  { starts = true } = {},
): readonly GraphRunEventBody[] {
  const all = consequences(afterEvents(state, bodies));
  return [...bodies, ...all.filter(({ type }) => starts || type !== 'nodeStart')];
}

/**
 * Derives what follows from a state: nodes behind a failed one are skipped, nodes that are ready start, and
 * when every node has ended, the graph does. Empty when there is nothing to do for now.
 */
function consequences(state: SessionState): readonly GraphRunEventBody[] {
  if (isTerminalStatus(state.status)) return [];
  const skips = skippedNodes(state);
  const after = afterEvents(state, skips);
  const starts = readyNodes(after).map((nodeId) => ({ type: 'nodeStart', nodeId }) as const);
  return [...skips, ...starts, ...terminalEvent(after)];
}

/** Waiting nodes downstream of a failed one, at any distance, each with the failed node as its cause. */
function skippedNodes(state: SessionState): readonly GraphRunEventBody[] {
  const causes = new Map<string, string>();
  for (const node of state.nodes.values()) {
    if (node.status === 'failed') causes.set(node.nodeId, node.nodeId);
    if (node.status === 'skipped') causes.set(node.nodeId, node.causedBy ?? node.nodeId);
  }
  if (causes.size === 0) return [];
  const { leaving } = adjacencyOf(state.outline?.edges);
  const skips: GraphRunEventBody[] = [];
  // A Map's iteration reaches entries that are added during it: causes spread downstream, nearest first.
  for (const [from, causedBy] of causes) {
    for (const { to: nodeId } of leaving.get(from) ?? []) {
      if (causes.has(nodeId) || state.nodes.get(nodeId)?.status !== 'waiting') continue;
      causes.set(nodeId, causedBy);
      skips.push({ type: 'nodeSkipped', nodeId, causedBy });
    }
  }
  return skips;
}

function terminalEvent(state: SessionState): readonly GraphRunEventBody[] {
  const nodes = [...state.nodes.values()];
  if (!nodes.every((node) => hasEnded(node.status))) return [];
  const { sessionId } = state;
  const failed = nodes.filter((node) => node.status === 'failed');
  if (failed.length > 0) {
    const error = failed.map((node) => node.error ?? 'failed').join('; ');
    return [{ type: 'graphError', sessionId, error: error.slice(0, MAX_ERROR_CHARS) }];
  }
  const outputs = Object.fromEntries(
    nodes
      .filter((node) => node.status === 'completed')
      .map((node): [string, Outputs] => [node.nodeId, node.outputs ?? {}]),
  );
  return [{ type: 'graphComplete', sessionId, outputs }];
}

/** Collects the inputs of a node from its upstream nodes, by port, in the order of the graph's edges. */
export function inputsOf(
  graph: Graph,
  state: SessionState,
  nodeId: string,
): Readonly<Record<string, readonly LLMContent[]>> {
  const ports = new Map<string, LLMContent[]>();
  for (const edge of adjacencyOf(graph.edges).entering.get(nodeId) ?? []) {
    const outputs = state.nodes.get(edge.from)?.outputs ?? {};
    const out = edge.out ?? DEFAULT_PORT;
    const port = edge.in ?? DEFAULT_PORT;
    const contents = Object.hasOwn(outputs, out) ? toContents(outputs[out]) : [];
    const known = ports.get(port);
    if (known === undefined) ports.set(port, [...contents]);
    else for (const content of contents) known.push(content);
  }
  return Object.fromEntries(ports);
}

/** Ids of the nodes from which a node can be reached. */
export function upstreamOf(graph: Graph, nodeId: string): ReadonlySet<string> {
  const { entering } = adjacencyOf(graph.edges);
  const upstream = new Set<string>();
  const open = [nodeId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of entering.get(id) ?? []) {
      if (upstream.has(edge.from)) continue;
      upstream.add(edge.from);
      open.push(edge.from);
    }
  }
  return upstream;
}
