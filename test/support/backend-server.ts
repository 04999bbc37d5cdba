import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { backendPackages } from './backend-packages.js';

/** Where a server of another engine runs. */
export interface BackendPlace {
  readonly port: number;
  /** Folder with its packages, and with what it runs. */
  readonly packages: string;
  /** Folder of its state. */
  readonly state: string;
}

/**
 * Finds a place for a server of another engine; undefined where its packages cannot be installed.
 *
 * @param name of its folder below `test/backends`
 * @param files of that folder that import the packages
 */
export async function findPlace(name: string, files: readonly string[]): Promise<BackendPlace | undefined> {
  const packages = await backendPackages(name, files);
  if (packages === undefined) return undefined;
  return { port: await freePort(), packages, state: await mkdtemp(join(tmpdir(), `${name}-`)) };
}

/** A server of another engine, `test/backends/<name>/server.mjs`, in a process of its own. */
export class BackendServer {
  readonly port: number;
  readonly #script: string;
  readonly #place: BackendPlace;
  #child: ChildProcess | undefined;

  constructor(name: string, place: BackendPlace) {
    this.port = place.port;
    this.#script = fileURLToPath(new URL(`../backends/${name}/server.mjs`, import.meta.url));
    this.#place = place;
  }

  /** Address of the server. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process, with the state that an earlier one had written. */
  async resume(): Promise<void> {
    const { port, state, packages } = this.#place;
    const args = [this.#script, String(port), state, packages];
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
    await this.#end('SIGTERM');
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  /** Stops it and removes its state. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#place.state, { recursive: true, force: true });
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
