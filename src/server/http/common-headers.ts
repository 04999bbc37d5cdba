import { PROTOCOL_VERSION } from '../../protocol/stream/features.js';

/**
 * Adds the headers of every response, error or not: the version of the protocol, and that a browser must neither
 * guess another type of content nor let other sites embed it.
 */
export function withCommonHeaders(response: Response): Response {
  const { headers } = response;
  headers.set('Graph-Session-Protocol', String(PROTOCOL_VERSION));
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return response;
}
