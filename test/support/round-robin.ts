import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running proxy. */
export interface RoundRobin {
  readonly url: string;
  /** Adds a server, by its URL. */
  add(url: string): void;
  /** Passes nothing more to a server. */
  remove(url: string): void;
  close(): Promise<void>;
}

/**
 * A proxy that passes each request to the next of several servers, as one without stickiness does. When a server refuses
 * the connection, the next one gets the request.
 */
export async function startRoundRobin(urls: readonly string[]): Promise<RoundRobin> {
  let targets = urls.map((url) => new URL(url));
  let next = 0;
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse, triesLeft: number): void => {
    const target = targets[next++ % targets.length];
    if (target === undefined || triesLeft === 0) {
      outgoing.writeHead(502).end();
      return;
    }
    const { method, url } = incoming;
    const { port, host } = target;
    let isConnected = false;
    const passed: ClientRequest = request(
      { host: '127.0.0.1', port, method, path: url, headers: { ...incoming.headers, host } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        outgoing.flushHeaders();
        response.pipe(outgoing);
        response.on('error', () => outgoing.destroy());
      },
    );
    const connected = (): void => {
      isConnected = true;
      incoming.pipe(passed);
    };
    passed.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    passed.on('error', () => {
      // What a server may have read, no other gets.
      if (isConnected) outgoing.destroy();
      else forward(incoming, outgoing, triesLeft - 1);
    });
    outgoing.on('close', () => passed.destroy());
  };
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, targets.length));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add(url) {
      targets = [...targets, new URL(url)];
    },
    remove(url) {
      targets = targets.filter(({ origin }) => origin !== new URL(url).origin);
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
