import { eventETag } from '../../protocol/stream/event-etag.js';
import { tagOf } from '../sessions/event-tag.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { Session } from '../sessions/session.js';

/**
 * Responds with the event after `after` as JSON, or with the rest of it from the first byte of the `Range` on
 * (`bytes=N-`), so that a reader on a bad line gets a large event in several attempts. Any other range counts as none,
 * and so does one whose `If-Range` is not the tag of this event: the log was restored between two attempts.
 */
export async function eventResponse(
  sessions: SessionManager,
  session: Session,
  after: number,
  requested: Headers,
): Promise<Response> {
  const [event] = await sessions.readPage(session, after, after + 1, 1);
  const etag = event === undefined ? undefined : eventETag(session.record.logId, tagOf(event));
  const bytes = new TextEncoder().encode(event?.json ?? '');
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store, no-transform',
    'Accept-Ranges': 'bytes',
    ...(etag === undefined ? {} : { ETag: etag }),
  };
  const condition = requested.get('If-Range');
  const range = condition === null || condition === etag ? (requested.get('Range') ?? '') : '';
  const start = Number(/^bytes=(\d{1,15})-$/.exec(range)?.[1] ?? 0);
  if (start === 0) return new Response(bytes, { headers });
  if (start >= bytes.length) {
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${bytes.length}` } });
  }
  return new Response(bytes.subarray(start), {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
  });
}
