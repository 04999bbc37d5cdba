import { PROTOCOL_VERSION } from '../../protocol/frames.js';
import { isOriginAllowed, type HostPolicy } from './access.js';

const EXPOSED = 'Graph-Session-Protocol, Location, Retry-After, Idempotent-Replay, WWW-Authenticate';
const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID';
const MAX_AGE_S = 7200;

/**
 * Adds the headers of every response, error or not: the version of the protocol, and permission for the
 * requesting page to read it. (Without that permission a browser hides even the status of an error.)
 */
export function withCommonHeaders(response: Response, request: Request, policy: HostPolicy): Response {
  const { headers } = response;
  headers.set('Graph-Session-Protocol', String(PROTOCOL_VERSION));
  headers.set('Vary', 'Origin');
  const origin = request.headers.get('Origin');
  if (origin !== null && isOriginAllowed(origin, policy)) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Expose-Headers', EXPOSED);
  }
  return response;
}

/** Responds to the preflight request of a browser. */
export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE, OPTIONS',
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': String(MAX_AGE_S),
    },
  });
}
