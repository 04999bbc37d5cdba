import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphRunError } from '../../protocol/problems.js';
import { createGraphSessionsHandler } from '../http/handler.js';
import type { GraphSessionsHandlerOptions } from '../http/handler-options.js';
import { withHealth } from './health.js';
import { createHttpServer, type RequestDeadlines } from './http-server.js';
import { isLoopbackAddress } from './loopback.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { toNodeListener, type NodeListenerOptions } from './node-adapter.js';
import { isHttp2, type NodeListener } from './node-message.js';
import { openStore, type OpenStoreOptions } from '../store/open-store.js';
import type { SessionStore } from '../store/session-store.js';

/** How long responses may still be written after the streams have ended. */
const CLOSE_MS = 1000;

/** Options of `startServer`, in addition to those of the handler and of the listener. */
export interface StartServerOptions
  extends Omit<GraphSessionsHandlerOptions, 'store' | 'onError'>, NodeListenerOptions, RequestDeadlines {
  /**
   * `memory` (default), the directory of a database, the URL of a PostgreSQL database (`postgres://…`), or a store, which
   * `close` does not close.
   */
  readonly store?: SessionStore | string;
  /** See `OpenStoreOptions`. */
  readonly lease?: NonNullable<OpenStoreOptions['lease']>;
  /** See `OpenStoreOptions`. */
  readonly listen?: NonNullable<OpenStoreOptions['listen']>;
  /** Default 8787; 0 takes any free port. */
  readonly port?: number;
  /**
   * Default `127.0.0.1`: only programs of this machine can reach it. With another one, and neither `authenticate` nor
   * `isInsecure`, all others get 403.
   */
  readonly host?: string;
  /**
   * True if a server without `authenticate` also answers other machines: anyone who can reach it sees and starts every
   * session. Default false.
   */
  readonly isInsecure?: boolean;
}

/** A running server. */
export interface RunningServer {
  /** For example `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Resolves with the reason when another process has taken the sessions over; see `GraphSessionsHandler.lost`. */
  readonly lost: Promise<Error>;
  /**
   * Ends streams with a hint, finishes responses in progress, and closes; on a database that several servers share, after
   * `drainDelayMs`, in which only its health check changes. May be called twice.
   */
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
  const isForAll = options.authenticate !== undefined || options.isInsecure === true;
  const open = isForAll ? listener : forLocalPeers(listener);
  const server = createHttpServer((incoming, outgoing) => {
    // A proxy that keeps connections opens the next one to a server that stays.
    if (closing !== undefined && !isHttp2(outgoing)) outgoing.shouldKeepAlive = false;
    open(incoming, outgoing);
  }, options);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const { drainDelayMs = DEFAULT_LIMITS.drainDelayMs } = options.limits ?? {};
    if (store.cluster !== undefined) await sleep(drainDelayMs);
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
    lost: handler.lost,
    close: () => (closing ??= close()),
  };
}

/** Answers programs of this machine only. Whatever name they call the server by, it is their address that counts. */
function forLocalPeers(listener: NodeListener): NodeListener {
  const refuse = toNodeListener({
    handle: () => {
      const message = 'The server answers only programs of its own machine.';
      return Promise.reject(new GraphRunError('forbidden', message, { status: 403 }));
    },
  });
  return (incoming, outgoing) => {
    const isLocal = isLoopbackAddress(incoming.socket.remoteAddress);
    (isLocal ? listener : refuse)(incoming, outgoing);
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
