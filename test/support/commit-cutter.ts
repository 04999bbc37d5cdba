import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Where a connection is cut: before the database gets the commit, or before the client gets its response. */
export type CommitCut = 'request' | 'response';

/** The simple query `commit` of PostgreSQL's protocol: a letter, the length, the text, and NUL. */
const COMMIT = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('commit\0')]);

/** A proxy in front of PostgreSQL that cuts connections at commits. */
export class CommitCutter {
  /** Decides for each commit whether its connection is cut. */
  cut: () => CommitCut | undefined = () => undefined;
  /** How many connections were cut. */
  cuts = 0;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  /** Starts a proxy in front of a database; it is closed after the test. */
  static async start(t: TestContext, url: string): Promise<CommitCutter> {
    const proxy = new CommitCutter(new URL(url));
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => proxy.#close());
    return proxy;
  }

  /** The database through this proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = `${(this.#server.address() as AddressInfo).port}`;
    return url.href;
  }

  #accept(client: Socket): void {
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    let isHeld = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      const cut = bytes.includes(COMMIT) ? this.cut() : undefined;
      if (cut !== undefined) this.cuts += 1;
      if (cut === 'request') return end();
      isHeld = cut === 'response';
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isHeld) end();
      else client.write(bytes);
    });
  }

  #close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
