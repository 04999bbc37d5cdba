import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, type PackedPackage } from '../packed-package.js';
import { commandPath } from './command-path.js';
import { installOffline } from './install-offline.js';
import { readPackage } from './read-package.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** What a user does not copy. */
const MADE = new Set(['node_modules', 'dist', '.next', '.angular', '.svelte-kit', 'package-lock.json']);

/** The ports of servers in the examples (ours, LangGraph’s and Mastra’s), and those of their pages. */
const SERVER_PORT = /\b(?:8787|2024|4111)\b/g;
const PAGE_PORT = /\b(?:5173|3000|4200)\b/g;

const START_LIMIT_MS = 120_000;

/** The names of all examples: their folders. */
export async function exampleNames(): Promise<readonly string[]> {
  const entries = await readdir(EXAMPLES, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // `compose` has no app.
  return folders.filter((name) => existsSync(join(EXAMPLES, name, 'package.json')));
}

/** An example as a user has it: copied to a folder of its own, with the packed package, on free ports. */
export class ExampleApp {
  readonly folder: string;
  /** Address of its page, while `start` or `dev` runs. */
  readonly url: string;
  /** The Node that runs its scripts. */
  node = process.execPath;
  readonly #ports: readonly number[];
  readonly #running: ChildProcess[] = [];

  private constructor(folder: string, ports: readonly [number, number]) {
    this.folder = folder;
    this.#ports = ports;
    this.url = `http://localhost:${ports[1]}/`;
  }

  /**
   * Copies an example and installs it: with npm, or, `isOffline`, from what this project has installed.
   * Remove it with `remove`.
   */
  static async install(name: string, packed: PackedPackage, isOffline = false): Promise<ExampleApp> {
    const folder = await mkdtemp(join(tmpdir(), `graph-sessions-${name}-`));
    const ports = [await freePort(), await freePort()] as const;
    await cp(join(EXAMPLES, name), folder, {
      recursive: true,
      filter: (source) => !MADE.has(basename(source)),
    });
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const text = await readFile(file, 'utf8');
      const moved = text.replaceAll(SERVER_PORT, String(ports[0])).replaceAll(PAGE_PORT, String(ports[1]));
      if (moved !== text) await writeFile(file, moved);
    }
    if (isOffline) await installOffline(folder, packed);
    else await npm(['install', packed.tarball, '--prefer-offline', '--no-audit', '--no-fund'], folder);
    return new ExampleApp(folder, ports);
  }

  /** Runs a script of its package.json, if it has it, to the end. */
  async run(script: string): Promise<void> {
    if (!(await this.#has(script))) return;
    const { child, output } = await this.#spawn(script);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`npm run ${script} failed:\n${output()}`);
  }

  /** Starts a script of its package.json, if it has it. Resolves when it has printed its address. */
  async start(script: string): Promise<void> {
    if (!(await this.#has(script))) return;
    const { child, output } = await this.#spawn(script);
    this.#running.push(child);
    const address = new RegExp(`:(?:${this.#ports.join('|')})\\b`);
    const signal = AbortSignal.timeout(START_LIMIT_MS);
    const printed = new Promise<void>((resolve, reject) => {
      const look = () => {
        if (address.test(output())) resolve();
      };
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
      child.once('exit', () => reject(new Error(`npm run ${script} ended:\n${output()}`)));
      signal.addEventListener('abort', () => reject(new Error(`npm run ${script}:\n${output()}`)));
    });
    await printed;
  }

  /** Ends what `start` has started. */
  async stop(): Promise<void> {
    const ended = this.#running.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    });
    await Promise.all(ended);
  }

  /** Ends and removes it. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #has(script: string): Promise<boolean> {
    return (await readPackage(this.folder)).scripts?.[script] !== undefined;
  }

  /** Starts a script as npm does, but without npm's process and a shell between. */
  async #spawn(script: string) {
    const { scripts, ...example } = await readPackage(this.folder);
    const [command = '', ...args] = scripts?.[script]?.split(' ') ?? [];
    const tool = command === 'node' ? [] : [await commandPath(command, example, this.folder)];
    const child = spawn(this.node, [...tool, ...args], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: '1', NG_CLI_ANALYTICS: 'false', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    return { child, output: () => output };
  }
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
