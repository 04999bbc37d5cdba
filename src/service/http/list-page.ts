import { isFiniteNumber, isJsonObject, isText, pickMembers } from '../../protocol/json.js';
import type { MonitorMessage } from '../../protocol/messages.js';
import { foreignAnswer } from '../../protocol/problems.js';
import { parseSessionSummary } from '../../protocol/session-summary.js';

/** A page of a list. */
export interface ListPage {
  /** What the next page names, so that it waits for a change. */
  readonly known: { readonly revision: string; readonly tag?: string };
  /** The snapshot; empty when the list has not changed. */
  readonly messages: readonly MonitorMessage[];
}

/**
 * Reads the body of `GET /:list?graphId=`.
 *
 * @throws GraphRunError `foreign-answer` for anything else and for another list, `protocol-error` for a row that is none.
 */
export function parseListPage(body: unknown, graphId: string): ListPage {
  if (!isJsonObject(body) || !isFiniteNumber(body['revision'])) throw foreignAnswer('a page without rows');
  // Older servers name no graph.
  if ((body['graphId'] ?? graphId) !== graphId) throw foreignAnswer('the list of another graph');
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
