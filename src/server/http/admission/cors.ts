import { isOriginAllowed, type HostPolicy } from './access.js';

const EXPOSED =
  'Graph-Session-Protocol, Location, Retry-After, Idempotent-Replay, WWW-Authenticate, ETag, Content-Range';
const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range, If-Range';
const MAX_AGE_S = 7200;

/**
 * Adds permission for the requesting page to read a response, error or not: without it a browser hides even the
 * status of an error.
 */
export function withPermission(response: Response, request: Request, policy: HostPolicy): Response {
  const { headers } = response;
  headers.set('Vary', 'Origin');
  const origin = request.headers.get('Origin');
  if (origin !== null && isOriginAllowed(origin, policy)) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Expose-Headers', EXPOSED);
  }
  return response;
}

/** Responds to `OPTIONS`, for example to the preflight request of a browser. `allow` lists the route's methods. */
export function preflightResponse(allow: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      Allow: allow,
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE, OPTIONS',
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': String(MAX_AGE_S),
    },
  });
}
