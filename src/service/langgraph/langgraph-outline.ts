import type { GraphOutline } from '../../protocol/graph.js';
import { isJsonObject, isText, type JsonObject } from '../../protocol/values/json.js';

/** Nodes that the engine adds to every graph. */
const HIDDEN: ReadonlySet<string> = new Set(['__start__', '__end__']);

/**
 * Reads the drawing of a graph. Its edges are only drawn: the engine takes one branch of several, repeats nodes, and runs
 * a node many times at once. Nothing but the title where the server cannot draw the graph.
 */
export function parseOutline(title: string, value: unknown): GraphOutline {
  const { nodes, edges } = isJsonObject(value) ? value : {};
  const shown = objectsOf(nodes).flatMap(({ id }) => (isText(id) && !HIDDEN.has(id) ? [id] : []));
  const ids = new Set(shown);
  return {
    title,
    nodes: shown.map((id) => ({ id, type: 'langgraph' })),
    edges: objectsOf(edges).flatMap(({ source: from, target: to }) =>
      isText(from) && isText(to) && ids.has(from) && ids.has(to) ? [{ from, to }] : [],
    ),
    order: 'none',
  };
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
