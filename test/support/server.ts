import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Graph } from '../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import type { ServerLimits } from '../../src/server/limits.js';
import {
  startServer,
  type RunningServer,
  type StartServerOptions,
} from '../../src/server/node/start-server.js';
import { HAS_POSTGRES, storeDatabase, type Ending } from './postgres.js';
import { ONE_NODE } from './puppet-runner.js';
import { SseReader } from './sse-reader.js';

/** A response that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** Creates a directory that is removed after the test. */
export async function temporaryDirectory(t: Ending): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'graph-sessions-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A kind of store. */
export type StoreKind = 'memory' | 'sqlite' | 'postgres';

/** The kinds of stores that this machine has; no behaviour may depend on one. */
export const STORES: readonly StoreKind[] = [
  'memory',
  'sqlite',
  ...(HAS_POSTGRES ? ['postgres' as const] : []),
];

/** The location of a store of a kind, for `startServer`. */
export async function storeLocation(t: Ending, kind: StoreKind): Promise<string> {
  if (kind === 'memory') return 'memory';
  return kind === 'sqlite' ? temporaryDirectory(t) : storeDatabase(t);
}

/** Limits for tests that must not reach any. */
const QUIET: Partial<ServerLimits> = {
  monitorIntervalMs: 0,
  eraseDelayMs: 1000,
  drainMs: 1000,
  handoverMs: 0,
  drainDelayMs: 0,
};

/** A running server, with helpers for tests. */
export class TestServer {
  readonly base: string;
  readonly errors: unknown[];
  readonly #server: RunningServer;
  readonly #readers: SseReader[] = [];

  private constructor(server: RunningServer, errors: unknown[]) {
    this.#server = server;
    this.base = `${server.url}/v1beta1/graphSessions`;
    this.errors = errors;
  }

  /** Starts a server on a free port; it is closed after the test. Errors that it reports fail the test. */
  static async start(t: TestContext, options: StartServerOptions): Promise<TestServer> {
    const errors: unknown[] = [];
    const server = await startServer({
      port: 0,
      onError: (error) => errors.push(error),
      ...options,
      limits: { ...QUIET, ...options.limits },
    });
    const test = new TestServer(server, errors);
    t.after(async () => {
      await test.close();
      assert.deepEqual(test.errors, [], 'errors that the server reported');
    });
    return test;
  }

  get server(): RunningServer {
    return this.#server;
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close();
    await this.#server.close();
  }

  async request(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.base + path, { method, ...init });
    const body: unknown = response.status === 204 ? {} : await response.json();
    assert.ok(isJsonObject(body));
    return { status: response.status, headers: response.headers, body };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('POST', path, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  delete(sessionId: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('DELETE', `/${sessionId}`, { headers });
  }

  cancel(sessionId: string): Promise<Answer> {
    return this.request('POST', `/${sessionId}:cancel`);
  }

  resume(sessionId: string, interactionId: string, response: unknown = { answer: 1 }): Promise<Answer> {
    return this.post(`/${sessionId}:resume`, { interactionId, response });
  }

  /** Creates a session and returns its id. */
  async create(
    graph: Graph = ONE_NODE,
    graphId = 'g',
    headers: Record<string, string> = {},
  ): Promise<string> {
    const { status, body } = await this.post('/new', { graphId, graph }, headers);
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(typeof body['sessionId'] === 'string');
    return body['sessionId'];
  }

  /** Creates a session by a key, as often as the store does not answer in time, and returns its id. */
  async createOnce(key: string): Promise<string> {
    const request = () =>
      this.post('/new', { graphId: 'g', graph: ONE_NODE }, { 'Idempotency-Key': `"${key}"` });
    let answer = await request();
    while (answer.status === 503) answer = await request();
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return String(answer.body['sessionId']);
  }

  /** Connects to a session, by default as a client of version 1. */
  async stream(
    sessionId: string,
    query = 'protocol=1',
    headers: Record<string, string> = {},
  ): Promise<SseReader> {
    const reader = await SseReader.open(`${this.base}/${sessionId}?${query}`, headers);
    this.#readers.push(reader);
    return reader;
  }

  async monitor(
    graphId = 'g',
    query = 'protocol=1',
    headers: Record<string, string> = {},
  ): Promise<SseReader> {
    const reader = await SseReader.open(`${this.base}?graphId=${graphId}&${query}`, headers);
    this.#readers.push(reader);
    return reader;
  }

  /** Connects to the list of all graphs. */
  async monitorAll(headers: Record<string, string> = {}): Promise<SseReader> {
    const reader = await SseReader.open(`${this.base}?graphs=all&protocol=1`, headers);
    this.#readers.push(reader);
    return reader;
  }

  /** Reads the whole log of a session through the JSON route. */
  async log(sessionId: string, headers: Record<string, string> = {}): Promise<readonly JsonObject[]> {
    const { status, body } = await this.get(`/${sessionId}/events?limit=1000`, headers);
    assert.equal(status, 200);
    const events = body['events'];
    assert.ok(Array.isArray(events) && events.every(isJsonObject));
    return events;
  }
}
