import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphSessionsHandler } from '../http/handler.js';
import type { GraphSessionsHandlerOptions } from '../http/handler-options.js';
import { toNodeListener } from './node-adapter.js';
import { openStore } from '../store/open-store.js';
import type { SessionStore } from '../store/session-store.js';

/** How long responses may still be written after the streams have ended. */
const CLOSE_MS = 1000;

/** Options of `startServer`, in addition to those of the handler. */
export interface StartServerOptions extends Omit<GraphSessionsHandlerOptions, 'store'> {
  /** `memory` (default), the directory of a database, or a store, which `close` does not close. */
  readonly store?: SessionStore | string;
  /** Default 8787; 0 takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: only programs of this machine can reach it. */
  readonly host?: string;
  /** Time without progress after which a reader's socket is destroyed, in milliseconds. Default 30 s. */
  readonly stallMs?: number;
}

/** A running server. */
export interface RunningServer {
  /** For example `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Ends streams with a hint, finishes responses in progress, and closes. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a server of the protocol on `node:http`. Besides the protocol it answers `GET /healthz`.
 *
 * @throws Error in one sentence when the store cannot be used or the port is taken.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { store: location = 'memory', host = '127.0.0.1', port = 8787, stallMs, onError } = options;
  const store = typeof location === 'string' ? await openStore(location) : location;
  const closeStore = async (): Promise<void> => {
    if (typeof location === 'string') await store.close();
  };
  const handler = createGraphSessionsHandler({ ...options, store });
  const listener = toNodeListener(handler, {
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(onError === undefined ? {} : { onError }),
  });
  const server = createServer((request, response) => {
    if (request.url === '/healthz')
      answerHealth(handler.ready, request, response, () => closing !== undefined);
    else listener(request, response);
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await handler.drain();
    await letFinish(server, closed);
    await closeStore();
  };
  try {
    await handler.ready;
    await listen(server, port, host);
  } catch (error) {
    await handler.drain().catch(() => undefined);
    await closeStore();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    server,
    close: () => (closing ??= close()),
  };
}

/** Gives responses in progress a moment; then closes every connection. */
async function letFinish(server: Server, closed: Promise<void>): Promise<void> {
  // A connection that becomes idle now is no longer needed, and would keep the server open.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use. Choose another one with --port.`, { cause: error })
          : new Error(`Cannot listen on ${host}:${port}: ${error.message}`, { cause: error }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}

function answerHealth(
  ready: Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
  isClosing: () => boolean,
): void {
  const answer = (status: number, text: string): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };
  if (isClosing()) {
    answer(503, 'closing');
    return;
  }
  ready.then(
    () => answer(200, 'ok'),
    () => answer(503, 'unavailable'),
  );
}
