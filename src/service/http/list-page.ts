import { ALL_GRAPHS, ALL_GRAPHS_UNSUPPORTED } from '../../protocol/all-graphs.js';
import { isFiniteNumber, isJsonObject, isText, pickMembers } from '../../protocol/values/json.js';
import type { MonitorMessage } from '../../protocol/stream/messages.js';
import { foreignAnswer, GraphRunError } from '../../protocol/problems.js';
import { parseSessionSummary } from '../../protocol/session-summary.js';
import type { OlderSessions } from '../graph-run-service.js';

/** A page of a list. */
export interface ListPage {
  /** What the next page names, so that it waits for a change. */
  readonly known: { readonly revision: string; readonly tag?: string };
  /** The snapshot; empty when the list has not changed. */
  readonly messages: readonly MonitorMessage[];
}

/** The members of a query that name a list: of a graph, or of all graphs, which a graph called “*” cannot be taken for. */
export function listQuery(graphId: string): Readonly<Record<string, string>> {
  return graphId === ALL_GRAPHS ? { graphs: 'all' } : { graphId };
}

/** True for an answer that has the list of this graph, or of all; older servers name no graph. */
export function isListOf(
  answer: { readonly graphId?: unknown; readonly graphs?: unknown },
  graphId: string,
): boolean {
  if (graphId === ALL_GRAPHS) return answer.graphs === 'all';
  return (answer.graphId ?? graphId) === graphId && answer.graphs === undefined;
}

/** The error of a server that lists one graph at a time. */
export function allGraphsUnsupported(): GraphRunError {
  return new GraphRunError(
    ALL_GRAPHS_UNSUPPORTED,
    'This server lists the sessions of one graph at a time, not of all graphs.',
  );
}

/** The error of a list as a person should read it: a server that does not know all graphs misses the name of one. */
export function listError(error: GraphRunError, graphId: string): GraphRunError {
  const isUnknown = error.code === 'missing-graph-id' || error.code === 'invalid-request';
  return graphId === ALL_GRAPHS && isUnknown ? allGraphsUnsupported() : error;
}

/**
 * Reads the body of `GET /:list?graphId=…&before=…`.
 *
 * @throws GraphRunError `foreign-answer` for anything else and for another list, `protocol-error` for a row that is none.
 */
export function parseOlderPage(body: unknown, graphId: string): OlderSessions {
  if (!isJsonObject(body) || !Array.isArray(body['rows'])) throw foreignAnswer('a page without rows');
  const isNamed = body['graphId'] !== undefined || graphId === ALL_GRAPHS;
  if (!isNamed || !isListOf(body, graphId)) throw foreignAnswer('the list of another graph');
  const rows: readonly unknown[] = body['rows'];
  return { rows: rows.map((row) => parseSessionSummary(row)), ...pickMembers(body, ['next'], isText) };
}

/**
 * Reads the body of `GET /:list?graphId=`.
 *
 * @throws GraphRunError `foreign-answer` for anything else and for another list, `protocol-error` for a row that is none.
 */
export function parseListPage(body: unknown, graphId: string): ListPage {
  if (!isJsonObject(body) || !isFiniteNumber(body['revision'])) throw foreignAnswer('a page without rows');
  if (!isListOf(body, graphId)) throw foreignAnswer('the list of another graph');
  const known = { revision: String(body['revision']), ...pickMembers(body, ['tag'], isText) };
  const { rows, truncated, oldestCreatedAt } = body;
  if (!Array.isArray(rows)) return { known, messages: [] };
  return {
    known,
    messages: [
      { kind: 'snapshotStart' },
      ...rows.map((row) => ({ kind: 'row' as const, row: parseSessionSummary(row) })),
      {
        kind: 'snapshotComplete',
        isTruncated: truncated === true,
        ...(isFiniteNumber(oldestCreatedAt) ? { oldestCreatedAt } : {}),
      },
    ],
  };
}
