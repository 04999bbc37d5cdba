import { GraphRunError } from '../../protocol/problems.js';

/** The position from which a client asks to resume. */
export interface RequestedCursor {
  /** Index of the newest event that the client has; -1: none. */
  readonly after: number;
  /** True when the browser's EventSource sent it automatically. */
  readonly isFromLastEventId: boolean;
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

/** The identity and range of a log. */
export interface LogExtent {
  readonly logId: string;
  readonly firstIndex: number;
  readonly lastIndex: number;
}

/** The extent of a session's log. */
export function extentOf({
  record,
  lastIndex,
}: {
  readonly record: { readonly logId: string };
  readonly lastIndex: number;
}): LogExtent {
  return { logId: record.logId, firstIndex: 0, lastIndex };
}

/**
 * Checks a cursor against the log.
 *
 * @throws GraphRunError `cursor-ahead`, `log-reset` or `cursor-expired`.
 */
export function checkCursor(after: number, logId: string | null, log: LogExtent): void {
  const { firstIndex, lastIndex } = log;
  if (after > lastIndex) {
    throw new GraphRunError('cursor-ahead', `The log ends at ${lastIndex}.`, {
      status: 409,
      members: { lastIndex },
    });
  }
  if (logId !== null && logId !== log.logId) {
    throw new GraphRunError('log-reset', 'The cursor belongs to another log.', {
      status: 409,
      members: { logId: log.logId, lastIndex },
    });
  }
  if (after < firstIndex - 1) {
    throw new GraphRunError('cursor-expired', `The log begins at ${firstIndex}.`, {
      status: 410,
      members: { firstIndex },
    });
  }
}
