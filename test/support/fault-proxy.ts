import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a cut looks like to the client: an end, a reset, or nothing at all any more. */
export type CutKind = 'clean' | 'reset' | 'halfOpen';

/** What is done to one connection. Nothing of it: the bytes pass as they come. */
export interface ConnectionScript {
  /** After this many bytes of the server's answer the client gets no more. 0: as soon as it answers. */
  readonly cutAfter?: number;
  /** How the client is cut off. Default `clean`. */
  readonly cut?: CutKind;
  /** The answer is passed on in writes of so many bytes. */
  readonly sliceBytes?: number;
  /** The answer is not read from the server after so many bytes, until `release` is called. */
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
  /** Bytes of the answer that came from the server, and that were passed on. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly isCut: boolean;
  /** The client does not take what is there for it. */
  readonly isBlocked: boolean;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/**
 * A TCP proxy in front of a server that does to each connection what its script says. Let the server
 * answer one request on each connection (`maxRequestsPerSocket = 1`), so that a connection is a request.
 */
export class FaultProxy {
  /** Every connection so far, in order. */
  readonly connections: ProxiedConnection[] = [];
  /** Bytes of all answers that were passed on. */
  bytesSent = 0;
  /** Says what to do with a connection; replace it at any time for those to come. */
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
   * How many connections are open on which something was asked. (Node's fetch opens a spare one when it
   * had to destroy one, and closes it after 4 s.)
   */
  get openCount(): number {
    return this.#open.size;
  }

  /** Goes on reading the answers that a script stalled. */
  release(): void {
    for (const socket of this.#stalled) socket.resume();
    this.#stalled.clear();
  }

  /** Cuts all open connections and accepts no more. */
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
    // A reset is what this proxy is for; `close` follows and is all that matters.
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
  // The server sees its client go, except when the line between them is dead for both.
  if (cut === 'halfOpen') return;
  upstream.destroy();
  if (cut === 'reset') client.resetAndDestroy();
  else client.end();
}
