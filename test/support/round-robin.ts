import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that passes each request to the next of several servers, as one without stickiness does. */
export async function startRoundRobin(
  urls: readonly string[],
): Promise<{ url: string; close(): Promise<void> }> {
  const targets = urls.map((url) => new URL(url));
  let next = 0;
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const target = targets[next++ % targets.length];
    if (target === undefined) return;
    const { method, url } = incoming;
    const { port, host } = target;
    const passed = request(
      { host: '127.0.0.1', port, method, path: url, headers: { ...incoming.headers, host } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        outgoing.flushHeaders();
        response.pipe(outgoing);
        response.on('error', () => outgoing.destroy());
      },
    );
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  };
  const server = createServer(forward);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
