import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The form of a cut for the client: an end, a reset, or silence. */
export type CutKind = 'clean' | 'reset' | 'halfOpen';

/** The faults of one connection. Without any, the bytes pass unchanged. */
export interface ConnectionScript {
  /** Cuts after this many bytes of the server's answer. 0: as soon as it answers. */
  readonly cutAfter?: number;
  /** The form of the cut. Default: `clean`. */
  readonly cut?: CutKind;
  /** Forwards the answer in writes of this many bytes. */
  readonly sliceBytes?: number;
  /** Stops reading the answer after this many bytes, until `release` is called. */
  readonly stallAfter?: number;
}

/** The first line of a connection's first request, e.g. `POST` and `/v1beta1/graphSessions/new`. */
export interface ProxiedRequest {
  readonly method: string;
  readonly target: string;
  /** Counts connections from 0. */
  readonly number: number;
}

/** One connection through the proxy. */
export interface ProxiedConnection extends ProxiedRequest {
  /** Bytes of the answer that came from the server, and that were forwarded. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly isCut: boolean;
  /** The client does not take the bytes that wait for it. */
  readonly isBlocked: boolean;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/**
 * A TCP proxy in front of a server that applies a script to each connection. Let the server
 * answer one request on each connection (`maxRequestsPerSocket = 1`), so that a connection is a request.
 */
export class FaultProxy {
  /** Every connection so far, in order. */
  readonly connections: ProxiedConnection[] = [];
  /** Bytes of all answers that were forwarded. */
  bytesSent = 0;
  /** Returns the script of a new connection; can be replaced at any time. */
  script: (request: ProxiedRequest) => ConnectionScript = () => ({});
  /** Called after a client was cut off. */
  onCut: (connection: ProxiedConnection) => void = () => undefined;
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<ProxiedConnection>();
  readonly #stalled = new Set<Socket>();

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  /** Starts a proxy in front of a port of this machine. */
  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** Address to call instead of the server's. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Number of open connections that had a request. (Node's fetch opens a spare one when it
   * destroyed one, and closes it after 4 s.)
   */
  get openCount(): number {
    return this.#open.size;
  }

  /** Continues to read the answers that a script stalled. */
  release(): void {
    for (const socket of this.#stalled) socket.resume();
    this.#stalled.clear();
  }

  /** Cuts all open connections and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    this.#sockets.add(client);
    const upstream = connect({ port: this.#targetPort, host: '127.0.0.1', noDelay: true });
    client.once('close', () => {
      this.#sockets.delete(client);
      upstream.destroy();
    });
    // Resets are expected here; `close` follows and is handled.
    client.on('error', () => undefined);
    upstream.on('error', () => undefined);
    client.once('data', (head: Buffer) => {
      const [method = '', target = ''] = head.toString('latin1').split(' ', 2);
      const connection = {
        method,
        target,
        number: this.connections.length,
        bytesReceived: 0,
        bytesSent: 0,
        isCut: false,
        isBlocked: false,
      };
      this.connections.push(connection);
      this.#open.add(connection);
      client.once('close', () => this.#open.delete(connection));
      upstream.write(head);
      client.pipe(upstream);
      this.#answer(client, upstream, connection, this.script(connection));
    });
  }

  #answer(
    client: Socket,
    upstream: Socket,
    connection: Mutable<ProxiedConnection>,
    { cutAfter = Number.POSITIVE_INFINITY, cut = 'clean', sliceBytes, stallAfter }: ConnectionScript,
  ): void {
    const send = (bytes: Buffer) => {
      const step = sliceBytes ?? bytes.length;
      for (let at = 0; at < bytes.length; at += step) {
        if (!client.write(bytes.subarray(at, at + step))) {
          if (connection.isBlocked) continue;
          connection.isBlocked = true;
          upstream.pause();
          client.once('drain', () => {
            connection.isBlocked = false;
            upstream.resume();
          });
        }
      }
      connection.bytesSent += bytes.length;
      this.bytesSent += bytes.length;
    };
    upstream.on('data', (bytes: Buffer) => {
      connection.bytesReceived += bytes.length;
      if (connection.isCut) return;
      const left = cutAfter - connection.bytesSent;
      if (left <= bytes.length) {
        connection.isCut = true;
        send(bytes.subarray(0, left));
        cutOff(client, upstream, cut);
        this.onCut(connection);
        return;
      }
      send(bytes);
      if (stallAfter !== undefined && connection.bytesReceived >= stallAfter) {
        upstream.pause();
        this.#stalled.add(upstream);
      }
    });
    upstream.once('close', () => {
      if (!connection.isCut) client.end();
    });
  }
}

function cutOff(client: Socket, upstream: Socket, cut: CutKind): void {
  // The server notices that its client left, except when the line is dead in both directions.
  if (cut === 'halfOpen') return;
  upstream.destroy();
  if (cut === 'reset') client.resetAndDestroy();
  else client.end();
}
