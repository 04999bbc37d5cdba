import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/protocol/json.js';
import { LangGraphRunService } from '../../src/service/langgraph/index.js';
import { backendPackages } from './backend-packages.js';

const SERVER = fileURLToPath(new URL('../backends/langgraph/server.mjs', import.meta.url));

/** LangGraph’s own server with the graphs of `test/backends/langgraph`, in a process of its own. */
export class LangGraphServer {
  readonly port: number;
  readonly #packages: string;
  readonly #state: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, packages: string, state: string) {
    this.port = port;
    this.#packages = packages;
    this.#state = state;
  }

  /** Installs and starts it; undefined where its packages cannot be installed. */
  static async start(): Promise<LangGraphServer | undefined> {
    const packages = await backendPackages('langgraph', ['graphs.mjs']);
    if (packages === undefined) return undefined;
    const server = new LangGraphServer(
      await freePort(),
      packages,
      await mkdtemp(join(tmpdir(), 'langgraph-')),
    );
    await server.resume();
    return server;
  }

  /** Address of the server. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process again, with the state that it had written. */
  async resume(): Promise<void> {
    const args = [SERVER, String(this.port), this.#state, this.#packages];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-4000);
      });
    }
    const exited = once(child, 'exit').then(() => assert.fail(`The server ended: ${output}`));
    await Promise.race([once(child, 'message'), exited]);
    exited.catch(() => undefined);
  }

  /** Stops the process as an operator does. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  /** Stops it and removes its state. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#state, { recursive: true, force: true });
  }

  /** A service on this server; `plain 7` is the graph `plain` in the list `7`. */
  service(options: { readonly url?: string; readonly fetch?: typeof fetch } = {}): LangGraphRunService {
    return new LangGraphRunService({
      url: this.url,
      pollMs: 200,
      ...options,
      assistantOf: (graphId) => graphId.split(' ')[0] ?? '',
      metadataOf: (graphId) => ({ list: graphId.split(' ').at(-1) ?? '' }),
    });
  }

  /** Makes a call of the server’s API. */
  async call(method: string, path: string, body?: JsonObject): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
