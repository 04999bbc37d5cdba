import { GraphRunError } from '../../protocol/problems.js';
import { withCommonHeaders } from '../http/common-headers.js';
import { ALL_METHODS, methodNotAllowed } from '../http/methods.js';
import { problemResponse } from '../http/problem-response.js';
import { isClosing } from './lingering-close.js';
import type { NodeListener, NodeRequest } from './node-message.js';
import { addressOf, toRequest, type ToRequestOptions } from './to-request.js';
import { breakOff, writeResponse } from './write-response.js';

/** A handler of web requests. */
export interface FetchHandler {
  readonly handle: (request: Request) => Promise<Response>;
}

/** Options of `toNodeListener`. */
export interface NodeListenerOptions {
  /** Time without progress after which a reader is disconnected, in milliseconds. Default 30 s. */
  readonly stallMs?: number;
  /**
   * Time that the body of a request may take, plus a second per 8 KiB, in milliseconds; beyond: 408
   * `request-timeout`. Default 20 s.
   */
  readonly bodyMs?: number;
  /**
   * Called with errors that no caller can receive. Not called for a stream that fails while it is written:
   * the creator of its body has the error already.
   */
  readonly onError?: (error: unknown) => void;
}

/** Methods that `Request` refuses, so no handler can answer them. */
const FORBIDDEN_METHODS = new Set(['TRACE', 'TRACK']);

/**
 * Converts a handler of web requests to a listener of `node:http`, `node:https` and `node:http2`. A body parser may
 * have read the body of the request, if it has set `body` on it.
 */
export function toNodeListener(
  handler: FetchHandler,
  { stallMs = 30_000, bodyMs = 20_000, onError = () => undefined }: NodeListenerOptions = {},
): NodeListener {
  return (incoming, outgoing) => {
    // Sent after a request that closes the connection, so it has no response.
    if (isClosing(incoming.socket)) return;
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    if (outgoing.destroyed) gone.abort();
    // A failed socket is closed too, and only that matters here.
    for (const side of [incoming, outgoing]) side.on('error', () => undefined);
    answer(handler, incoming, { signal: gone.signal, bodyMs })
      .catch((error: unknown) => {
        // Also a problem that the client sees is the host's, who has to mend it.
        if (error instanceof GraphRunError && error.code === 'internal') onError(error);
        return withCommonHeaders(problemResponse(error, onError));
      })
      .then((response) => writeResponse(response, outgoing, gone.signal, stallMs))
      .catch((error: unknown) => {
        breakOff(outgoing);
        onError(error);
      });
  };
}

async function answer(
  handler: FetchHandler,
  incoming: NodeRequest,
  options: ToRequestOptions,
): Promise<Response> {
  const { method = 'GET', url = '' } = incoming;
  if (method === 'CONNECT') throw methodNotAllowed(ALL_METHODS);
  if (method === 'OPTIONS' && url === '*') {
    addressOf(incoming, '/');
    return withCommonHeaders(new Response(null, { status: 204, headers: { Allow: ALL_METHODS } }));
  }
  if (!FORBIDDEN_METHODS.has(method)) return handler.handle(toRequest(incoming, options));
  const allowed = await handler.handle(toRequest(incoming, { ...options, method: 'OPTIONS' }));
  if (!allowed.ok) return allowed;
  throw methodNotAllowed(allowed.headers.get('Allow') ?? '');
}
