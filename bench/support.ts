import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerLimits } from '../src/server/limits.js';

/** Memory in bytes, processor time in milliseconds, of the server's process. */
export interface ServerStats {
  readonly rss: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly cpuMs: number;
}

/** A server in its own process, with a database in a directory that is removed in the end. */
export class BenchServer {
  readonly base: string;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(base: string, child: ChildProcess, directory: string) {
    this.base = base;
    this.#child = child;
    this.#directory = directory;
  }

  static async start(limits: Partial<ServerLimits> = {}): Promise<BenchServer> {
    return BenchServer.#open(await mkdtemp(join(tmpdir(), 'graph-sessions-bench-')), limits);
  }

  /** Starts a server on a directory that has a database already. */
  static on(directory: string, limits: Partial<ServerLimits> = {}): Promise<BenchServer> {
    return BenchServer.#open(directory, limits);
  }

  /** Ends the process and starts another one on its database. */
  async restart(limits: Partial<ServerLimits> = {}): Promise<BenchServer> {
    await this.drain();
    return BenchServer.#open(this.#directory, limits);
  }

  static async #open(directory: string, limits: Partial<ServerLimits>): Promise<BenchServer> {
    const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [
      directory,
      JSON.stringify(limits),
    ]);
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new BenchServer(url, child, directory);
  }

  /** Current usage of the process; with `gc`, after a garbage collection. */
  async stats(what: 'now' | 'gc' = 'now'): Promise<ServerStats> {
    this.#child.send(what);
    const [stats] = (await once(this.#child, 'message')) as [ServerStats];
    return stats;
  }

  /** Starts a session of one node. */
  async create(type: string, configuration: object = {}): Promise<string> {
    const graph = { nodes: [{ id: 'n', type, configuration }] };
    const response = await fetch(`${this.base}/new`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ graphId: 'bench', graph }),
    });
    if (response.status !== 200) throw new Error(await response.text());
    const { sessionId } = (await response.json()) as { sessionId: string };
    return sessionId;
  }

  /** Opens a connection to a stream, without the client's code and without reading it yet. */
  async connect(path: string): Promise<Socket> {
    const { hostname, port, pathname } = new URL(this.base);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`GET ${pathname}${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return socket;
  }

  /** Starts the shutdown of the server, which it announces on its streams. */
  drain(): Promise<unknown> {
    const ended = once(this.#child, 'close');
    this.#child.send('close');
    return ended;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'close');
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Resolves when the data of a socket contains a text; `onText` gets every piece. */
export function untilText(
  socket: Socket,
  text: string,
  onText: (text: string) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const onData = (data: Buffer): void => {
      const piece = data.toString('latin1');
      onText(piece);
      const isFound = (tail + piece).includes(text);
      tail = piece.slice(-text.length);
      if (!isFound) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error(`The stream ended before “${text}”.`)));
  });
}

/** Runs `work` for 0 … count - 1, a limited number at a time. */
export async function times<T>(count: number, work: (turn: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let turn = next++; turn < count; turn = next++) results[turn] = await work(turn);
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return results;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Prints one figure. */
export function figure(name: string, value: number, unit = ''): void {
  console.log(`${name.padEnd(52)} ${Number(value.toFixed(2)).toLocaleString('en')} ${unit}`);
}

export const MIB = 1024 * 1024;
