import { GraphRunError } from '../../protocol/problems.js';
import { tagOf } from '../sessions/event-tag.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';

/** The position from which a client asks to resume. */
export interface RequestedCursor {
  /** Index of the newest event that the client has; -1: none. */
  readonly after: number;
  /** True when the browser's EventSource sent it automatically. */
  readonly isFromLastEventId: boolean;
  /** Index of the event that `tag` and `log` are of: the parameter `after`. */
  readonly taggedIndex: number;
}

const CANONICAL = /^(?:-1|0|[1-9]\d{0,15})$/;

/**
 * Reads the cursor of a request: the larger one of the parameter `after` and the header `Last-Event-ID`. A
 * header that is not an index counts as absent, because browsers send it automatically.
 *
 * @throws GraphRunError `invalid-cursor`.
 */
export function parseCursor(query: URLSearchParams, lastEventId: string | null): RequestedCursor {
  const given = query.getAll('after');
  const after = given.length === 0 ? -1 : parseIndex(given[0] ?? '');
  if (given.length > 1 || after === undefined) {
    throw invalidCursor();
  }
  const fromHeader = lastEventId === null ? undefined : parseIndex(lastEventId);
  return {
    after: Math.max(after, fromHeader ?? -1),
    isFromLastEventId: fromHeader !== undefined,
    taggedIndex: after,
  };
}

/** The error for a position that is not one. */
export function invalidCursor(): GraphRunError {
  return new GraphRunError('invalid-cursor', 'A position must be the index of an event; “after” may be -1.', {
    status: 400,
  });
}

/** Reads the index of an event, or -1; undefined for anything else. */
export function parseIndex(text: string): number | undefined {
  const index = Number(text);
  return CANONICAL.test(text) && Number.isSafeInteger(index) ? index : undefined;
}

/** A position in a log, and what the reader knows of the log. */
export interface ClaimedPosition {
  readonly after: number;
  /** Index of the event whose tag the query may have. Default: `after`. */
  readonly taggedIndex?: number;
}

/**
 * Checks a cursor against the log: its range, and the log and the tag that the query names. Reads at most one event, unless
 * the client has seen more at another process than is known here: then the log is read on first.
 *
 * @throws GraphRunError `cursor-ahead` or `log-reset`. StoreUnavailableError.
 */
export async function checkCursor(
  sessions: SessionManager,
  session: Session,
  query: URLSearchParams,
  { after, taggedIndex = after }: ClaimedPosition,
): Promise<void> {
  if (after > session.lastIndex) await sessions.refresh(session);
  const { lastIndex, record } = session;
  if (after > lastIndex) {
    throw new GraphRunError('cursor-ahead', `The log ends at ${lastIndex}.`, {
      status: 409,
      members: { lastIndex },
    });
  }
  const log = query.get('log');
  const reset = (detail: string): GraphRunError =>
    new GraphRunError('log-reset', detail, { status: 409, members: { logId: record.logId, lastIndex } });
  if (log !== null && log !== record.logId) throw reset('The cursor belongs to another log.');
  const tag = query.get('tag');
  if (tag === null || taggedIndex < 0) return;
  const [event] = await sessions.readPage(session, taggedIndex - 1, taggedIndex, 1);
  if (event !== undefined && tagOf(event) !== tag) throw reset('The log was restored: it had other events.');
}
