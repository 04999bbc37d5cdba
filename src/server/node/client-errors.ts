import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphRunError } from '../../protocol/problems.js';
import { withCommonHeaders } from '../http/common-headers.js';
import { ALL_METHODS, methodNotAllowed } from '../http/methods.js';
import { problemResponse } from '../http/problem-response.js';
import { lingeringClose } from './lingering-close.js';
import type { NodeListener, NodeResponse } from './node-message.js';

/** The start of a request whose method Node does not know: a method, a target, a version. */
const REQUEST_LINE = /^[!#$%&'*+.^`|~\w-]+ \S+ HTTP\/1\.[01]\r\n/;

/** How long a client may take to read what is wrong with its request. */
const LINGER_MS = 2000;

/** Answers, as problems of the protocol, what Node refuses before it is a request, and closes the connection. */
export class ClientErrors {
  /** The responses of a connection that are not complete, or whose request is not. */
  readonly #open = new WeakMap<Duplex, Set<NodeResponse>>();
  readonly #refused = new WeakSet<Duplex>();

  /** Adds to a listener that it notes which connections are in the middle of a response. */
  watch(listener: NodeListener): NodeListener {
    return (incoming, outgoing) => {
      const { socket } = incoming;
      const responses = this.#open.get(socket) ?? new Set();
      this.#open.set(socket, responses.add(outgoing));
      const settle = (): void => void responses.delete(outgoing);
      // An error in the rest of a request that was answered early is none of the next one.
      outgoing.once('close', () => (incoming.complete ? settle() : incoming.once('end', settle)));
      listener(incoming, outgoing);
    };
  }

  /** Answers the errors of a server's connections. */
  listen(server: Server): void {
    server.on('clientError', (error, socket) => {
      if (this.#refused.has(socket)) return;
      this.#refused.add(socket);
      if (socket.writable && this.#isBetweenResponses(socket)) void refuse(error, socket);
      else socket.destroy();
    });
  }

  #isBetweenResponses(socket: Duplex): boolean {
    const [first, ...more] = this.#open.get(socket) ?? [];
    return more.length === 0 && first?.headersSent !== true;
  }
}

async function refuse(error: Error, socket: Duplex): Promise<void> {
  // A failed socket is closed too, and only that matters here.
  socket.on('error', () => undefined);
  const response = withCommonHeaders(problemResponse(problemOf(error), () => undefined));
  const body = await response.text();
  response.headers.set('Content-Length', String(Buffer.byteLength(body)));
  response.headers.set('Connection', 'close');
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  const { status } = response;
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  lingeringClose(socket, socket, LINGER_MS);
}

function problemOf(error: Error): GraphRunError {
  switch ('code' in error ? error.code : undefined) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GraphRunError('request-timeout', 'The request came too slowly.', { status: 408 });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new GraphRunError('payload-too-large', 'The chunk extensions are too long.', { status: 413 });
    case 'HPE_HEADER_OVERFLOW':
      return new GraphRunError('invalid-request', 'The headers are too long.', { status: 431 });
    case 'HPE_INVALID_METHOD':
      if (REQUEST_LINE.test(firstBytesOf(error))) return methodNotAllowed(ALL_METHODS);
  }
  return new GraphRunError('invalid-request', 'The request is not valid HTTP.', { status: 400 });
}

/** The bytes that Node was reading when it failed: the beginning, one character per byte. */
function firstBytesOf(error: Error): string {
  const packet = 'rawPacket' in error ? error.rawPacket : undefined;
  return packet instanceof Uint8Array ? Buffer.from(packet.subarray(0, 16 * 1024)).toString('latin1') : '';
}
