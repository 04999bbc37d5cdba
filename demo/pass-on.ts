import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Passes a request for a path below `prefix` on to another server, and its answer back as it comes. */
export function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  prefix: string,
  target: URL,
): void {
  const path = (incoming.url ?? '').slice(prefix.length);
  const url = new URL(`${target.pathname.replace(/\/$/, '')}${path}`, target);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { host: _host, ...headers } = incoming.headers;
  const request = send(url, { method: incoming.method ?? 'GET', headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  request.on('error', () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
  outgoing.on('close', () => request.destroy());
  incoming.pipe(request);
}
