import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createGraphSessionsHandler } from '../http/handler.js';
import type { GraphSessionsHandlerOptions } from '../http/handler-options.js';
import { withHealth } from './health.js';
import { toNodeListener, type NodeListener, type NodeListenerOptions } from './node-adapter.js';
import { openStore } from '../store/open-store.js';
import { timerMs } from '../sessions/wakeup.js';
import type { SessionStore } from '../store/session-store.js';

/** How long responses may still be written after the streams have ended. */
const CLOSE_MS = 1000;

/** How many times within the time for headers the server looks for connections that exceed it. */
const CHECKS_PER_DEADLINE = 4;

/** Options of `startServer`, in addition to those of the handler and of the listener. */
export interface StartServerOptions
  extends Omit<GraphSessionsHandlerOptions, 'store' | 'onError'>, NodeListenerOptions {
  /** `memory` (default), the directory of a database, or a store, which `close` does not close. */
  readonly store?: SessionStore | string;
  /** Default 8787; 0 takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: only programs of this machine can reach it. */
  readonly host?: string;
  /**
   * Time from the start of a connection, or of a further request on it, until all headers have arrived, in
   * milliseconds; beyond: 408, and the connection is closed. Default 20 s.
   */
  readonly headersMs?: number;
  /**
   * Time until a whole request has arrived, in milliseconds, however fast its body comes; beyond: the connection is
   * closed. Default 300 s. It does not limit the response.
   */
  readonly requestMs?: number;
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
  const { store: location = 'memory', host = '127.0.0.1', port = 8787 } = options;
  const store = typeof location === 'string' ? await openStore(location, options) : location;
  const closeStore = async (): Promise<void> => {
    if (typeof location === 'string') await store.close();
  };
  const handler = createGraphSessionsHandler({ ...options, store });
  const listener = toNodeListener(
    withHealth(handler, () => closing !== undefined),
    options,
  );
  const server = createHttpServer(listener, options);
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

function createHttpServer(
  listener: NodeListener,
  { headersMs = 20_000, requestMs = 300_000 }: StartServerOptions,
): Server {
  const settings = {
    // The listener says itself what is wrong with a request that names no host.
    requireHostHeader: false,
    headersTimeout: timerMs(headersMs),
    requestTimeout: timerMs(Math.max(headersMs, requestMs)),
    connectionsCheckingInterval: timerMs(headersMs / CHECKS_PER_DEADLINE),
  };
  const server = createServer(settings, listener);
  server.on('connect', (request, socket) => answerConnect(listener, request, socket));
  return server;
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

/** Answers `CONNECT`, for which Node offers only the socket. */
function answerConnect(listener: NodeListener, request: IncomingMessage, socket: Duplex): void {
  // A failed socket is closed too, and only that matters here.
  socket.on('error', () => undefined);
  if (!(socket instanceof Socket)) return;
  const response = new ServerResponse(request);
  try {
    response.assignSocket(socket);
  } catch {
    // The response to an earlier request still has the socket, and Node reads no further request from it.
    socket.destroy();
    return;
  }
  response.once('finish', () => socket.destroySoon());
  listener(request, response);
}
