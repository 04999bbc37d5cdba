import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import type { ServerLimits } from '../../src/server/limits.js';
import { SseReader } from './sse-reader.js';

/** Settings of a server in a process of its own. */
export interface MemberSettings {
  readonly name: string;
  readonly store: string;
  readonly lease: {
    readonly beatMs?: number;
    readonly leaseMs?: number;
    readonly stallMs?: number;
    readonly doubtMs?: number;
  };
  readonly limits: Partial<ServerLimits>;
  /** How far its clock is ahead of that of the machine, in milliseconds; default 0. */
  readonly clockAheadMs?: number;
}

/** Times that are short enough for tests. */
export const SHORT = {
  lease: { beatMs: 200, leaseMs: 1500, stallMs: 10_000, doubtMs: 3000 },
  limits: { scanMs: 300, lingerMs: 60_000, handoverMs: 0, drainDelayMs: 0 },
} as const;

/** A server in a process of its own, with node types `count`, `ask`, `block` and `poison`. */
export class ClusterProcess {
  readonly base: string;
  readonly url: string;
  readonly name: string;
  readonly #child: ChildProcess;
  #isPaused = false;

  private constructor(child: ChildProcess, name: string, url: string) {
    this.#child = child;
    this.name = name;
    this.url = url;
    this.base = `${url}/v1beta1/graphSessions`;
  }

  /** Starts it; `script`: the server of another version. */
  static async start(
    store: string,
    name: string,
    settings: Partial<MemberSettings> = SHORT,
    script = fileURLToPath(new URL('./cluster-member.ts', import.meta.url)),
  ): Promise<ClusterProcess> {
    const all: MemberSettings = { lease: {}, limits: {}, ...settings, name, store };
    const child = fork(script, [JSON.stringify(all)], { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
    const [message]: unknown[] = await once(child, 'message');
    assert.ok(isJsonObject(message) && typeof message['url'] === 'string');
    return new ClusterProcess(child, name, message['url']);
  }

  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: JsonObject }> {
    const response = await fetch(this.base + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const json: unknown = await response.json();
    assert.ok(isJsonObject(json));
    return { status: response.status, body: json };
  }

  /** Creates a session of one node and returns its id. */
  async create(type: string, configuration: JsonObject = {}): Promise<string> {
    return this.createGraph({ nodes: [{ id: 'n', type, configuration }] });
  }

  /** Creates a session and returns its id. */
  async createGraph(graph: JsonObject): Promise<string> {
    const { status, body } = await this.request('POST', '/new', { graphId: 'g', graph });
    assert.equal(status, 200, JSON.stringify(body));
    return String(body['sessionId']);
  }

  async status(id: string): Promise<string> {
    return String((await this.request('GET', `/${id}/status`)).body['status']);
  }

  /** The whole log of a session. */
  async log(id: string): Promise<readonly JsonObject[]> {
    const { body } = await this.request('GET', `/${id}/events?limit=1000`);
    const { events } = body;
    assert.ok(Array.isArray(events) && events.every(isJsonObject));
    return events;
  }

  stream(id: string, after = -1): Promise<SseReader> {
    return SseReader.open(`${this.base}/${id}?protocol=1&after=${after}`);
  }

  monitor(): Promise<SseReader> {
    return SseReader.open(`${this.base}?graphId=g&protocol=1`);
  }

  /** The errors that it has reported. */
  errors(): Promise<readonly string[]> {
    return this.#errorsAfter('errors');
  }

  async #errorsAfter(command: 'errors' | 'close'): Promise<readonly string[]> {
    const answered = once(this.#child, 'message');
    this.#child.send(command);
    const [message]: unknown[] = await answered;
    assert.ok(isJsonObject(message) && Array.isArray(message['errors']));
    return message['errors'].map(String);
  }

  pause(): void {
    this.#isPaused = true;
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#isPaused = false;
    this.#child.kill('SIGCONT');
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Kills it (kill -9). */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** Ends it in order, as SIGTERM does. Resolves with the errors that it has reported. */
  async close(): Promise<readonly string[]> {
    const exited = once(this.#child, 'exit');
    const errors = await this.#errorsAfter('close');
    const [code]: unknown[] = await exited;
    assert.equal(code, 0);
    return errors;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

/** Which processes wrote the events of the nodes of a log, in their order. */
export function writersOf(log: readonly JsonObject[]): readonly string[] {
  const names = log.flatMap(({ text }) => (typeof text === 'string' ? [text.split(' ')[0] ?? ''] : []));
  return names.filter((name, index) => name !== names[index - 1]);
}

/** Resolves when a session has completed, as a process sees it. */
export async function completed(process: ClusterProcess, id: string): Promise<void> {
  const frames = await (await process.stream(id)).toEnd();
  assert.equal(frames.at(-1)?.data['status'], 'completed');
}
