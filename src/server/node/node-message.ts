import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of `node:http`, `node:https` or `node:http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** The response to a `NodeRequest`. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** A listener for the requests of `node:http`, `node:https` and `node:http2`. */
export type NodeListener = (incoming: NodeRequest, outgoing: NodeResponse) => void;

/** True for a response over HTTP/2. */
export function isHttp2(response: NodeResponse): response is Http2ServerResponse {
  return response.req.httpVersionMajor >= 2;
}
