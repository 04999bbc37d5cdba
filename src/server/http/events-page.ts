import { GraphRunError } from '../../protocol/problems.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { OpenStreams } from '../streams/open-streams.js';

const DEFAULT_EVENTS = 500;
const MAX_EVENTS = 1000;
const MAX_WAIT_S = 30;
/** Beyond this size the page ends early; the reader requests the rest. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** The connection of a page that may wait. */
export interface PageConnection {
  /** Counts the page while it waits: it holds a connection, as a stream does. */
  readonly streams: OpenStreams;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Reads a page of a log as JSON: the events that the stream would send after `after`. When there are none yet,
 * waits for the next one, up to the `wait` of the query.
 *
 * @throws GraphRunError `invalid-request` for a `limit` or `wait` that is not a number; the errors of
 *   `OpenStreams.open` when it would have to wait.
 */
export async function readEventsPage(
  sessions: SessionManager,
  session: Session,
  after: number,
  query: URLSearchParams,
  connection: PageConnection,
): Promise<string> {
  const limit = numberOf(query, 'limit', DEFAULT_EVENTS, 1, MAX_EVENTS);
  const waitS = waitSeconds(query);
  if (after >= session.lastIndex && !session.hasEnded && waitS > 0) {
    await grown(session, waitS * 1000, connection);
  }
  const { lastIndex, status, hasEnded } = session;
  const events: string[] = [];
  let bytes = 0;
  for (let cursor = after; events.length < limit && cursor < lastIndex && bytes < MAX_PAGE_BYTES;) {
    const page = await sessions.readPage(session, cursor, lastIndex, limit - events.length);
    const last = page.at(-1);
    if (last === undefined) break;
    for (const event of page) {
      events.push(event.json);
      bytes += event.bytes;
    }
    cursor = last.index;
  }
  const { sessionId, logId } = session.record;
  const rest = JSON.stringify({ sessionId, lastIndex, status, closed: hasEnded, logId }).slice(1);
  return `{"events":[${events.join(',')}],${rest}`;
}

/**
 * Reads how long a page may wait for something new, in seconds: 0 to 30, by default 0.
 *
 * @throws GraphRunError `invalid-request` when it is not a number.
 */
export function waitSeconds(query: URLSearchParams): number {
  return numberOf(query, 'wait', 0, 0, MAX_WAIT_S);
}

/** Resolves when the log has grown, after `ms`, when the request is aborted, or when the server drains. */
async function grown(session: Session, ms: number, { streams, signal }: PageConnection): Promise<void> {
  const control = streams.open(session.record.principal);
  const wake = (): void => control.wakeup.wake();
  session.watch(control.wakeup);
  signal.addEventListener('abort', wake);
  try {
    await control.wakeup.sleep(signal.aborted ? 0 : ms);
  } finally {
    session.unwatch(control.wakeup);
    signal.removeEventListener('abort', wake);
    streams.release(control);
  }
}

function numberOf(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) {
    throw new GraphRunError('invalid-request', `“${name}” must be a number.`, { status: 400 });
  }
  return Math.min(max, Math.max(min, name === 'limit' ? Math.floor(Number(text)) : Number(text)));
}
