import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * Where a connection is cut: before the database gets a request, or before the client gets its response; `late`: the
 * database gets the request after the cut, when `deliver` is called.
 */
export type RequestCut = 'request' | 'response' | 'late';

/** A direction in which nothing arrives, without a sign of it at either end. */
export type LostDirection = 'requests' | 'responses' | 'both';

/** The simple query `commit` of PostgreSQL's protocol: a letter, the length, the text, and NUL. */
const COMMIT = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('commit\0')]);

/** True for a request that commits a transaction, or a statement of appends, which is one. */
export function isCommit(request: Buffer): boolean {
  return request.includes(COMMIT) || request.includes('with fence as');
}

/** A proxy in front of PostgreSQL that cuts its connections, and loses what they carry. */
export class DatabaseProxy {
  /** Decides for what a client sends whether its connection is cut. */
  cut: (request: Buffer) => RequestCut | undefined = () => undefined;
  /** How many connections `cut` has cut. */
  cuts = 0;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Requests that the database has not got yet, with what sends them. */
  readonly #late: (() => Promise<void>)[] = [];
  /** Requests that are held, see `hold`. */
  #isHeld: (request: Buffer) => boolean = () => false;
  #held: (() => void)[] = [];
  #lost: LostDirection | undefined;
  #isAway = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  /** Starts a proxy in front of a database; it is closed after the test. */
  static async start(t: TestContext, url: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(new URL(url));
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

  /** Cuts all connections, and each new one at once. */
  leave(): void {
    this.#isAway = true;
    this.#cutAll();
  }

  /** Loses everything in a direction, of all connections and of new ones. */
  lose(direction: LostDirection): void {
    this.#lost = direction;
  }

  /** Sends the database what it gets late; resolves when it has carried that out. */
  async deliver(): Promise<void> {
    await Promise.all(this.#late.splice(0).map((send) => send()));
  }

  /** Keeps requests back for which `isHeld` is true, and what follows them, until the function that it returns is called. */
  hold(isHeld: (request: Buffer) => boolean): () => void {
    this.#isHeld = isHeld;
    return () => {
      this.#isHeld = () => false;
      for (const send of this.#held.splice(0)) send();
    };
  }

  /** How many connections wait for the end of `hold`. */
  get held(): number {
    return this.#held.length;
  }

  /** Ends the fault. Connections that have lost something stay silent, as after a cut of the line. */
  heal(): void {
    this.#isAway = false;
    this.#lost = undefined;
  }

  #accept(client: Socket): void {
    if (this.#isAway) {
      client.on('error', () => undefined);
      client.destroy();
      return;
    }
    const upstream = connect({
      port: Number(this.#target.port),
      host: this.#target.hostname,
      noDelay: true,
    });
    let isHeld = false;
    let isSilent = false;
    let waiting: Buffer[] | undefined;
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
      const cut = this.cut(bytes);
      if (cut !== undefined) this.cuts += 1;
      if (cut === 'request') return end();
      if (cut === 'late') return this.#cutLate(client, upstream, bytes);
      isHeld = cut === 'response';
      isSilent ||= this.#lost === 'requests' || this.#lost === 'both';
      if (isSilent) return;
      if (waiting === undefined && !this.#isHeld(bytes)) {
        upstream.write(bytes);
        return;
      }
      if (waiting === undefined) {
        this.#held.push(() => {
          for (const part of waiting ?? []) upstream.write(part);
          waiting = undefined;
        });
      }
      waiting = [...(waiting ?? []), bytes];
    });
    upstream.on('data', (bytes) => {
      isSilent ||= this.#lost === 'responses' || this.#lost === 'both';
      if (isHeld) end();
      else if (!isSilent) client.write(bytes);
    });
  }

  /** Cuts a client off whose request the database gets later. */
  #cutLate(client: Socket, upstream: Socket, request: Buffer): void {
    client.removeAllListeners('close');
    client.destroy();
    this.#sockets.delete(client);
    this.#late.push(async () => {
      const answered = once(upstream, 'data');
      upstream.write(request);
      await answered;
      upstream.destroy();
    });
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #close(): Promise<void> {
    this.#cutAll();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
