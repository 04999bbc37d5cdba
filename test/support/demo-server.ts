import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 120_000;

/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * The demo's real server in a process of its own, on a free port, with a data directory of its own.
 * It can be killed and started again on the same port with the same data.
 */
export class DemoServer {
  readonly dataDir: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #args: readonly string[];
  #port = 0;
  #child: ChildProcess | undefined;
  #exited: Promise<ServerExit> | undefined;

  private constructor(dataDir: string, env: Readonly<Record<string, string>>, args: readonly string[]) {
    this.dataDir = dataDir;
    this.#env = env;
    this.#args = args;
  }

  /**
   * Starts a server and waits until it answers. `env` is added to its environment, `args` to its command.
   *
   * @throws Error with what it wrote when it does not come up.
   */
  static async start(
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
  ): Promise<DemoServer> {
    const server = new DemoServer(await mkdtemp(join(tmpdir(), 'graph-sessions-')), env, args);
    await server.restart();
    return server;
  }

  /** Address of the page. */
  get url(): string {
    return `http://localhost:${this.#port}/`;
  }

  /** Kills the process without any warning. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it again after `kill`, where it was. Resolves when it answers. */
  async restart(): Promise<void> {
    if (this.#child !== undefined) throw new Error('The server is running.');
    const child = spawn(process.execPath, ['--import', 'tsx', 'demo/serve.ts', ...this.#args], {
      cwd: ROOT,
      env: { ...process.env, ...this.#env, PORT: String(this.#port), DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#port = await portOf(child);
  }

  /** Asks it to end as an operator would, and removes its data. Resolves with how it ended. */
  async stop(): Promise<ServerExit | undefined> {
    const exit = await this.#end('SIGTERM');
    await rm(this.dataDir, { recursive: true, force: true });
    return exit;
  }

  async #end(signal: NodeJS.Signals): Promise<ServerExit | undefined> {
    this.#child?.kill(signal);
    const exit = await this.#exited;
    this.#child = undefined;
    this.#exited = undefined;
    return exit;
  }
}

/** Waits for the line in which the server says where it answers. */
function portOf(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The server has no output.');
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += String(text);
    });
  }
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`The demo server ${reason}.\n${output}`));
    const timer = setTimeout(() => fail('printed no address'), START_LIMIT_MS);
    createInterface(stdout).on('line', (line) => {
      const port = /^graph-sessions demo: http:\/\/localhost:(\d+)$/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}
