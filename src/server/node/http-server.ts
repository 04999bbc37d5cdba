import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { timerMs } from '../scheduling/wakeup.js';
import { ClientErrors } from './client-errors.js';
import type { NodeListener } from './node-message.js';

/** How many times within the time for headers Node looks for connections that exceed it. */
const CHECKS_PER_DEADLINE = 4;

/** Shortest interval between two of these checks. */
const MIN_CHECK_MS = 10;

/** Deadlines of `createHttpServer`. */
export interface RequestDeadlines {
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

/** Creates a server of `node:http` that answers everything, also `CONNECT` and what is not valid HTTP. */
export function createHttpServer(
  listener: NodeListener,
  { headersMs = 20_000, requestMs = 300_000 }: RequestDeadlines,
): Server {
  const settings = {
    // The listener says itself what is wrong with a request that names no host.
    requireHostHeader: false,
    headersTimeout: timerMs(headersMs),
    requestTimeout: timerMs(Math.max(headersMs, requestMs)),
    connectionsCheckingInterval: timerMs(Math.max(MIN_CHECK_MS, headersMs / CHECKS_PER_DEADLINE)),
  };
  const clientErrors = new ClientErrors();
  const server = createServer(settings, clientErrors.watch(listener));
  clientErrors.listen(server);
  server.on('connect', (request, socket) => answerConnect(listener, request, socket));
  return server;
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
