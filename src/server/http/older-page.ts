import { GraphRunError } from '../../protocol/problems.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { AnyListName, ListPlace } from '../store/session-store.js';
import { listLabel } from '../streams/stream-frames.js';
import { isStorable } from '../store/storable-text.js';
import { MAX_ID_LENGTH } from './parse-requests.js';

/** Rows of a page whose request names no `limit`. */
const DEFAULT_ROWS = 100;

/** `createdAt` of a row in seconds since 1970, and the id of its session. */
const BEFORE = /^(\d{1,11}(?:\.\d{1,3})?)(?:,(.+))?$/s;

/**
 * Reads the rows of a list that are older than what `before` names, as JSON.
 *
 * @throws GraphRunError `invalid-request` for a `before` or `limit` that cannot be read.
 */
export async function readOlderPage(
  sessions: SessionManager,
  name: AnyListName,
  query: URLSearchParams,
): Promise<string> {
  const { rows, isTruncated } = await sessions.listAfter(name, placeOf(query), rowsOf(query));
  const last = rows.at(-1)?.summary;
  return JSON.stringify({
    ...listLabel(name),
    rows: rows.map(({ summary, revision }) => ({ ...summary, revision })),
    ...(isTruncated && last !== undefined ? { next: `${last.createdAt},${last.sessionId}` } : {}),
  });
}

function placeOf(query: URLSearchParams): ListPlace {
  const [, seconds, sessionId] = BEFORE.exec(query.get('before') ?? '') ?? [];
  const isId = sessionId === undefined || (sessionId.length <= MAX_ID_LENGTH && isStorable(sessionId));
  if (seconds === undefined || !isId) {
    throw invalid('“before” must be the “createdAt” of a row, or that, a comma, and its “sessionId”.');
  }
  const createdMs = Math.round(Number(seconds) * 1000);
  return { createdMs, ...(sessionId === undefined ? {} : { sessionId }) };
}

function rowsOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(DEFAULT_ROWS);
  const rows = Number(text);
  if (!/^\d+$/.test(text) || rows < 1) throw invalid('“limit” must be a number from 1 on.');
  return rows;
}

function invalid(detail: string): GraphRunError {
  return new GraphRunError('invalid-request', detail, { status: 400 });
}
