import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How long a client that asks only for the health of a server had to wait. */
export interface Pauses {
  readonly longestMs: number;
  readonly medianMs: number;
  /** Connections that were reset. */
  readonly failures: number;
}

/** Watches from a process of its own how long a server keeps others waiting. */
export class PauseWatcher {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** `base` is any address of the server. Resolves once it watches. */
  static async start(base: string): Promise<PauseWatcher> {
    const file = fileURLToPath(new URL('pause-watcher.ts', import.meta.url));
    const watcher = new PauseWatcher(fork(file, [new URL('/healthz', base).href]));
    await watcher.read();
    return watcher;
  }

  /** What it has seen since it was read last. */
  async read(): Promise<Pauses> {
    this.#child.send('read');
    const [pauses] = (await once(this.#child, 'message')) as [Pauses];
    return pauses;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
