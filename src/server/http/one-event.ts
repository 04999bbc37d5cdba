import type { SessionManager } from '../sessions/session-manager.js';
import type { Session } from '../sessions/session.js';

/**
 * Responds with the event after `after` as JSON, or with the rest of it from the first byte of `range` on (`bytes=N-`),
 * so that a reader on a bad line gets a large event in several attempts. Any other range counts as none.
 */
export async function eventResponse(
  sessions: SessionManager,
  session: Session,
  after: number,
  range: string | null,
): Promise<Response> {
  const [event] = await sessions.readPage(session, after, after + 1, 1);
  const bytes = new TextEncoder().encode(event?.json ?? '');
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store, no-transform',
    'Accept-Ranges': 'bytes',
  };
  const start = Number(/^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1] ?? 0);
  if (start === 0) return new Response(bytes, { headers });
  if (start >= bytes.length) {
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${bytes.length}` } });
  }
  return new Response(bytes.subarray(start), {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
  });
}
