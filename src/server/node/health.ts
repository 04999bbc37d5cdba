import { withCommonHeaders } from '../http/common-headers.js';
import type { GraphSessionsHandler } from '../http/handler.js';
import { methodNotAllowed } from '../http/methods.js';
import type { FetchHandler } from './node-adapter.js';

/** Address of the health check. */
const HEALTH_PATH = '/healthz';
const METHODS = 'GET, HEAD, OPTIONS';

/**
 * Adds the health check of a server: 200 `ok`, or 503 while it closes or when it cannot write its store. It needs no
 * token, and answers under every name, because probes call a server by its address; nothing but its state can be
 * read from it.
 */
export function withHealth(handler: GraphSessionsHandler, isClosing: () => boolean): FetchHandler {
  return {
    async handle(request) {
      if (new URL(request.url).pathname !== HEALTH_PATH) return handler.handle(request);
      return withCommonHeaders(await answerHealth(request, handler, isClosing));
    },
  };
}

/** @throws GraphRunError `method-not-allowed`. */
async function answerHealth(
  { method }: Request,
  { ready, isHealthy }: GraphSessionsHandler,
  isClosing: () => boolean,
): Promise<Response> {
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: METHODS } });
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(METHODS);
  if (isClosing()) return textResponse(503, 'closing');
  return ready.then(
    () => (isHealthy() ? textResponse(200, 'ok') : textResponse(503, 'unavailable')),
    () => textResponse(503, 'unavailable'),
  );
}

function textResponse(status: number, text: string): Response {
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' };
  return new Response(`${text}\n`, { status, headers });
}
