import { parseEvent, type GraphRunEvent } from '../../protocol/events.js';
import { isFiniteNumber, isJsonObject, isText, pickMembers } from '../../protocol/values/json.js';
import { foreignAnswer } from '../../protocol/problems.js';

/** A page of a log. */
export interface EventsPage {
  readonly events: readonly GraphRunEvent[];
  /** The newest event of the log, which later pages bring. */
  readonly lastIndex: number;
  /** The session has ended. */
  readonly isClosed: boolean;
  /** Of servers before this member was added: no `sessionId`. */
  readonly labels: { readonly sessionId?: string; readonly status?: string; readonly logId?: string };
}

/**
 * Reads the body of `GET /{sessionId}/events`.
 *
 * @throws GraphRunError `foreign-answer` for anything else, `protocol-error` for an event that is none.
 */
export function parseEventsPage(body: unknown): EventsPage {
  if (!isJsonObject(body) || !Array.isArray(body['events']) || !isFiniteNumber(body['lastIndex'])) {
    throw foreignAnswer('a page without events');
  }
  return {
    events: body['events'].filter(isJsonObject).map(parseEvent),
    lastIndex: body['lastIndex'],
    isClosed: body['closed'] === true,
    labels: pickMembers(body, ['sessionId', 'status', 'logId'], isText),
  };
}
