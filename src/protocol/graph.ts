import { GraphRunError } from './problems.js';
import { isJsonObject, isText, jsonDepth, type JsonObject } from './values/json.js';

/** A step of a graph. */
export interface GraphNode {
  readonly id: string;
  /** Selects the handler that runs it. */
  readonly type: string;
  readonly metadata?: { readonly title?: string; readonly description?: string };
  readonly configuration?: JsonObject;
}

/** A connection from the output `out` of one node to the input `in` of another; both default to `context`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly out?: string;
  readonly in?: string;
}

/** A graph of steps, as it is sent with the creation of a session. */
export interface Graph {
  readonly title?: string;
  readonly nodes: readonly GraphNode[];
  readonly edges?: readonly GraphEdge[];
}

/** The part of a graph that a viewer needs to draw it, without configuration. Carried by `graphStart`. */
export interface GraphOutline {
  readonly title?: string;
  readonly nodes: readonly { readonly id: string; readonly type: string; readonly title?: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /**
   * `none`: edges are only drawn, and no node can be taken as ready to run, because the engine may never take a branch, or
   * run a node many times. Any other value, and none: a node runs once, when all nodes before it have completed.
   */
  readonly order?: 'dataflow' | 'none' | (string & {});
}

/** Limits of a graph; `maxDepth` is the nesting of its JSON. */
export interface GraphLimits {
  readonly maxNodes: number;
  readonly maxEdges: number;
  readonly maxDepth: number;
}

/** The protocol's default limits. */
export const DEFAULT_GRAPH_LIMITS: GraphLimits = { maxNodes: 1000, maxEdges: 10_000, maxDepth: 64 };

/** The port of an edge that does not name one. */
export const DEFAULT_PORT = 'context';

function invalid(message: string, nodeId?: string): GraphRunError {
  return new GraphRunError('invalid-graph', message, {
    status: 400,
    ...(nodeId === undefined ? {} : { members: { nodeId } }),
  });
}

/**
 * Reads a graph from untrusted JSON.
 *
 * @throws GraphRunError `invalid-graph`, naming the offending node, or `graph-too-large`.
 */
export function parseGraph(value: unknown, limits: GraphLimits = DEFAULT_GRAPH_LIMITS): Graph {
  if (!isJsonObject(value)) throw invalid('The graph must be a JSON object.');
  const { nodes, edges = [] } = value;
  if (!Array.isArray(nodes) || nodes.length === 0) throw invalid('The graph has no nodes.');
  if (!Array.isArray(edges)) throw invalid('The edges of the graph must be a list.');
  if (nodes.length > limits.maxNodes || edges.length > limits.maxEdges) {
    throw tooLarge(`at most ${limits.maxNodes} nodes and ${limits.maxEdges} edges`);
  }
  if (jsonDepth(value, limits.maxDepth) > limits.maxDepth) {
    throw tooLarge(`at most ${limits.maxDepth} levels of nesting`);
  }
  const graph = value as unknown as Graph;
  checkNodes(nodes);
  checkEdges(edges, new Set(graph.nodes.map((node) => node.id)));
  const cycle = findCycle(graph);
  if (cycle !== undefined) throw invalid(`The graph has a cycle through node “${cycle}”.`, cycle);
  return graph;
}

function tooLarge(rule: string): GraphRunError {
  return new GraphRunError('graph-too-large', `The graph is too large: ${rule}.`, { status: 400 });
}

function checkNodes(nodes: readonly unknown[]): void {
  const seen = new Set<string>();
  for (const [position, node] of nodes.entries()) {
    if (!isJsonObject(node) || typeof node['id'] !== 'string' || node['id'] === '') {
      throw invalid(`Node ${position + 1} has no id.`);
    }
    const id = node['id'];
    if (seen.has(id)) throw invalid(`Two nodes have the id “${id}”.`, id);
    seen.add(id);
    if (typeof node['type'] !== 'string' || node['type'] === '') {
      throw invalid(`Node “${id}” has no type.`, id);
    }
    for (const member of ['configuration', 'metadata'] as const) {
      if (node[member] !== undefined && !isJsonObject(node[member])) {
        throw invalid(`The ${member} of node “${id}” must be an object.`, id);
      }
    }
  }
}

function checkEdges(edges: readonly unknown[], ids: ReadonlySet<string>): void {
  for (const [position, edge] of edges.entries()) {
    if (!isJsonObject(edge)) throw invalid(`Edge ${position + 1} must be an object.`);
    for (const end of ['from', 'to'] as const) {
      const id = edge[end];
      if (typeof id !== 'string') throw invalid(`Edge ${position + 1} has no “${end}”.`);
      if (!ids.has(id)) throw invalid(`Edge ${position + 1} leads ${end} “${id}”, which is not a node.`, id);
    }
    for (const port of ['out', 'in'] as const) {
      if (edge[port] !== undefined && typeof edge[port] !== 'string') {
        throw invalid(`The port “${port}” of edge ${position + 1} must be a string.`);
      }
    }
  }
}

/** The edges of a graph by node, each in the order of the graph. */
export interface Adjacency {
  readonly entering: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly leaving: ReadonlyMap<string, readonly GraphEdge[]>;
}

const NO_EDGES: readonly GraphEdge[] = [];
const adjacencies = new WeakMap<readonly GraphEdge[], Adjacency>();

/** Groups edges by their nodes, once for each list: a run looks them up at every step. */
export function adjacencyOf(edges: readonly GraphEdge[] = NO_EDGES): Adjacency {
  const known = adjacencies.get(edges);
  if (known !== undefined) return known;
  const entering = new Map<string, GraphEdge[]>();
  const leaving = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    addTo(entering, edge.to, edge);
    addTo(leaving, edge.from, edge);
  }
  const adjacency: Adjacency = { entering, leaving };
  adjacencies.set(edges, adjacency);
  return adjacency;
}

function addTo(map: Map<string, GraphEdge[]>, nodeId: string, edge: GraphEdge): void {
  const edges = map.get(nodeId);
  if (edges === undefined) map.set(nodeId, [edge]);
  else edges.push(edge);
}

/** Finds a node on a cycle. Kahn's algorithm: what cannot be sorted lies on or behind a cycle. */
function findCycle(graph: Graph): string | undefined {
  const waitingFor = new Map(graph.nodes.map((node) => [node.id, 0]));
  const { leaving } = adjacencyOf(graph.edges);
  for (const { to } of graph.edges ?? []) waitingFor.set(to, (waitingFor.get(to) ?? 0) + 1);
  const ready = [...waitingFor].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    waitingFor.delete(id);
    for (const { to } of leaving.get(id) ?? []) {
      const left = (waitingFor.get(to) ?? 0) - 1;
      waitingFor.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return waitingFor.keys().next().value;
}

/** Reduces a graph to the part that viewers may see. */
export function outlineOf(graph: Graph): GraphOutline {
  return {
    ...(typeof graph.title === 'string' ? { title: graph.title } : {}),
    nodes: graph.nodes.map(({ id, type, metadata }) => ({
      id,
      type,
      ...(typeof metadata?.title === 'string' ? { title: metadata.title } : {}),
    })),
    edges: (graph.edges ?? []).map(({ from, to }) => ({ from, to })),
  };
}

/** True for an outline that can be drawn. */
export function isOutline(value: unknown): value is GraphOutline & JsonObject {
  if (!isJsonObject(value)) return false;
  const { title, nodes, edges, order } = value;
  return (
    isOptionalText(title) &&
    isOptionalText(order) &&
    Array.isArray(nodes) &&
    nodes.every((node) => isJsonObject(node) && isText(node['id']) && isOptionalText(node['title'])) &&
    Array.isArray(edges) &&
    edges.every((edge) => isJsonObject(edge) && isText(edge['from']) && isText(edge['to']))
  );
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}
