import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The counts of one kind of stream. */
export interface StreamCount {
  /** Number open now. */
  open: number;
  /** Largest number open at once. */
  peak: number;
  /** Number opened so far. */
  opened: number;
}

/** A web server in front of another one that counts the event streams through it. It speaks HTTP/1.1. */
export class CountingProxy {
  /** Streams of the list. */
  readonly lists: StreamCount = { open: 0, peak: 0, opened: 0 };
  /** Streams of single sessions. */
  readonly sessions: StreamCount = { open: 0, peak: 0, opened: 0 };
  /** Both together. */
  readonly streams: StreamCount = { open: 0, peak: 0, opened: 0 };
  readonly #name: string;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: URL, name: string) {
    this.#target = target;
    this.#name = name;
    this.#server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));
  }

  /** Starts a proxy in front of the server at `url`; `name`: that of its host in the browser. */
  static async start(url: string, name = '127.0.0.1'): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(url), name);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** Address to open instead of the server's. */
  get url(): string {
    return `http://${this.#name}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Cuts all connections and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url } = incoming;
    const { port, host, origin } = this.#target;
    // The server knows only its own name.
    const own = incoming.headers.origin === undefined ? { host } : { host, origin };
    const headers = { ...incoming.headers, ...own };
    const upstream = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
    upstream.on('response', (answer) => {
      this.#count(answer, url ?? '', outgoing);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('close', () => outgoing.destroy());
    });
    // A missing server looks like one that hangs up.
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  #count(answer: IncomingMessage, url: string, outgoing: ServerResponse): void {
    if (answer.headers['content-type']?.startsWith('text/event-stream') !== true) return;
    for (const count of [this.streams, url.includes('?graphId=') ? this.lists : this.sessions]) {
      count.open += 1;
      count.opened += 1;
      count.peak = Math.max(count.peak, count.open);
      outgoing.on('close', () => (count.open -= 1));
    }
  }
}
