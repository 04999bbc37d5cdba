import { incomingBody } from './incoming-body.js';
import type { NodeRequest } from './node-message.js';
import { requestUrl } from './request-target.js';

/** Headers that describe the bytes of a body on the wire. */
const BODY_HEADERS = ['content-length', 'content-encoding', 'transfer-encoding'];

/** What `toRequest` needs besides the request. */
export interface ToRequestOptions {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** See `incomingBody`. */
  readonly bodyMs: number;
  /** Takes the place of the request's own method, which `Request` may refuse. */
  readonly method?: string;
}

/**
 * Converts a request to a web request.
 *
 * @throws GraphRunError when it has no valid address, or its body is gone.
 */
export function toRequest(incoming: NodeRequest, { signal, bodyMs, method }: ToRequestOptions): Request {
  const url = addressOf(incoming);
  const headers = toHeaders(incoming, url.host);
  if (method !== undefined) return new Request(url, { method, headers, signal });
  const { content, isParsed } = incomingBody(incoming, bodyMs);
  if (isParsed) for (const name of BODY_HEADERS) headers.delete(name);
  return new Request(url, {
    method: incoming.method ?? 'GET',
    headers,
    signal,
    ...(content === undefined ? {} : { body: content, duplex: 'half' }),
  });
}

/**
 * Makes the address of a request, or that of another target at its host.
 *
 * @throws GraphRunError `invalid-request`.
 */
export function addressOf(incoming: NodeRequest, target: string = incoming.url ?? ''): URL {
  return requestUrl({
    target,
    hosts: valuesOf(incoming, 'host'),
    authority: valuesOf(incoming, ':authority')[0],
    isHostRequired: incoming.httpVersion !== '1.0',
    isEncrypted: 'encrypted' in incoming.socket,
  });
}

function valuesOf({ rawHeaders }: NodeRequest, name: string): readonly string[] {
  return rawHeaders.filter(
    (_, position) => rawHeaders[position - 1]?.toLowerCase() === name && position % 2 === 1,
  );
}

/** All headers, without the pseudo headers of HTTP/2, which has its host in one of them. */
function toHeaders({ rawHeaders }: NodeRequest, host: string): Headers {
  const headers = new Headers();
  for (let position = 0; position + 1 < rawHeaders.length; position += 2) {
    const [name = '', value = ''] = rawHeaders.slice(position, position + 2);
    if (name.startsWith(':')) continue;
    const cookies = name.toLowerCase() === 'cookie' ? headers.get('cookie') : null;
    // HTTP/2 may split cookies, and `append` would join them with a comma (RFC 9113, section 8.2.3).
    if (cookies === null) headers.append(name, value);
    else headers.set(name, `${cookies}; ${value}`);
  }
  headers.set('host', host);
  return headers;
}
