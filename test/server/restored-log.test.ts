import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import type { Cursor } from '../../src/protocol/stream/messages.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import { exampleHandlers } from '../../src/runner/examples/example-handlers.js';
import { createGraphSessionsHandler, type GraphSessionsHandler } from '../../src/server/http/handler.js';
import { openStore } from '../../src/server/store/open-store.js';
import type { SessionStore } from '../../src/server/store/session-store.js';
import type { SessionConnection } from '../../src/service/graph-run-service.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { Gate } from '../support/gate.js';
import { temporaryDirectory } from '../support/server.js';
import { eventually } from '../support/watch.js';

const BASE = 'http://localhost/v1beta1/graphSessions';
const RUNS = Number(process.env['RUNS'] ?? 4);

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const GRAPH = {
  nodes: NAMES.map((id) => ({ id, type: 'ask-text', configuration: { prompt: `${id}?` } })),
  edges: NAMES.slice(1).map((to, position) => ({ from: NAMES[position] ?? '', to })),
};

/** A server over a directory that can be put back to an earlier copy. */
class RestorableServer {
  readonly #root: string;
  #copies = 0;
  /** Closed while the server does not run, or is not to be reached. */
  #gate = new Gate();
  #isReachable = false;
  #store: SessionStore | undefined;
  #handler: GraphSessionsHandler | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  async start(): Promise<void> {
    this.#store = await openStore(join(this.#root, 'data'));
    this.#handler = createGraphSessionsHandler({
      store: this.#store,
      runner: createGraphRunner({ handlers: exampleHandlers }),
      limits: { drainMs: 0, retryMs: 100 },
    });
    await this.#handler.ready;
  }

  async stop(): Promise<void> {
    this.#gate = new Gate();
    this.#isReachable = false;
    await this.#handler?.drain();
    this.#handler = undefined;
    await this.#store?.close();
  }

  /** Stops, copies the directory and starts again; resolves with the number of the copy. */
  async backUp(): Promise<number> {
    await this.stop();
    this.#copies += 1;
    await cp(join(this.#root, 'data'), join(this.#root, `copy-${this.#copies}`), {
      recursive: true,
      // Closing the store has emptied the write-ahead log, and removes its two files a moment later.
      filter: (path) => !/-(?:wal|shm)$/.test(path),
    });
    await this.start();
    this.letIn();
    return this.#copies;
  }

  /** Puts a copy in the place of the directory. Nothing connects before `whileAlone` is done. */
  async restore(copy: number, whileAlone: () => Promise<void>): Promise<void> {
    await this.stop();
    await rm(join(this.#root, 'data'), { recursive: true });
    await cp(join(this.#root, `copy-${copy}`), join(this.#root, 'data'), { recursive: true });
    await this.start();
    await whileAlone();
    this.letIn();
  }

  letIn(): void {
    this.#isReachable = true;
    this.#gate.open();
  }

  /** Resolves when the server can be reached. */
  reachable(): Promise<void> {
    return this.#gate.opened;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    if (!this.#isReachable || this.#handler === undefined) throw new TypeError('fetch failed');
    return this.#handler.handle(new Request(input, init));
  };

  async call(method: string, path: string, body?: object): Promise<JsonObject> {
    const init = { method, headers: { 'Content-Type': 'application/json' } };
    const request = new Request(
      BASE + path,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    const answer: unknown = await (await this.#handler?.handle(request))?.json();
    assert.ok(isJsonObject(answer));
    return answer;
  }

  async log(id: string): Promise<readonly JsonObject[]> {
    const { events } = await this.call('GET', `/${id}/events?limit=1000`);
    assert.ok(Array.isArray(events) && events.every(isJsonObject));
    return events;
  }

  /** Answers the open question, if there is one. */
  async answer(id: string, text: string): Promise<void> {
    const { pending } = await this.call('GET', `/${id}/status`);
    assert.ok(Array.isArray(pending));
    const [question] = pending;
    if (!isJsonObject(question)) return;
    const response = { input: { parts: [{ text }] } };
    await this.call('POST', `/${id}:resume`, { interactionId: question['interactionId'], response });
    await this.asked(id, Number(question['index']) + 1);
  }

  /** Resolves when the run has asked its next question after an event, or has ended. */
  async asked(id: string, after: number): Promise<void> {
    const { events, closed } = await this.call('GET', `/${id}/events?after=${after}&wait=5`);
    assert.ok(Array.isArray(events));
    const isOver = events.some((event) => isJsonObject(event) && event['type'] === 'inputRequired');
    if (closed !== true && !isOver) await this.asked(id, after + events.length);
  }
}

/** A reader of a session that folds what it gets into a log. */
class LogReader {
  events: GraphRunEvent[] = [];
  resets = 0;
  cursor: Cursor | undefined;
  failure: unknown;
  isLive = false;
  readonly #abort = new AbortController();
  readonly #server: RestorableServer;

  constructor(
    server: RestorableServer,
    id: string,
    from: Pick<LogReader, 'events' | 'cursor'> = { events: [], cursor: undefined },
  ) {
    this.#server = server;
    this.events = [...from.events];
    const service = new HttpGraphRunService({ baseUrl: BASE, fetch: server.fetch });
    const { signal } = this.#abort;
    const { cursor } = from;
    void this.#read(service.connectSession(id, { signal, ...(cursor === undefined ? {} : { cursor }) }));
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(connection: SessionConnection): Promise<void> {
    try {
      for await (const { messages, cursor } of connection) {
        ({ cursor: this.cursor } = { cursor });
        for (const message of messages) {
          if (message.kind === 'reset') {
            this.events = [];
            this.resets += 1;
          } else if (message.kind === 'event') {
            assert.equal(message.event.index, this.events.length);
            this.events.push(message.event);
          } else if (message.kind === 'connection') {
            const { phase } = message.connection;
            this.isLive = phase === 'live' || phase === 'terminal';
            if (phase === 'backoff') void this.#server.reachable().then(() => connection.retryNow());
          }
        }
      }
    } catch (error) {
      this.failure = error;
    }
  }

  async hasExactly(log: readonly JsonObject[]): Promise<void> {
    const expected = JSON.stringify(log);
    const isSame = (): boolean => this.isLive && JSON.stringify(this.events) === expected;
    await eventually(() => this.failure !== undefined || isSame(), 'the reader has exactly the log');
    assert.equal(this.failure, undefined);
  }
}

async function restorable(t: TestContext): Promise<{ server: RestorableServer; id: string }> {
  const server = new RestorableServer(await temporaryDirectory(t));
  await server.start();
  server.letIn();
  const { sessionId } = await server.call('POST', '/new', { graphId: 'g', graph: GRAPH });
  const id = String(sessionId);
  await server.asked(id, 0);
  return { server, id };
}

describe('a reader of a log that was restored from a backup', () => {
  it('gets the pieces of one event only', async (t) => {
    const { server, id } = await restorable(t);
    const copy = await server.backUp();
    await server.answer(id, 'a'.repeat(1000));
    const log = await server.log(id);
    const index = log.findIndex(({ type }) => type === 'inputResolved');
    const path = `${BASE}/${id}/events/${index}`;
    const first = await server.fetch(path);
    const tag = first.headers.get('ETag') ?? '';
    await server.restore(copy, () => server.answer(id, 'b'.repeat(1000)));
    const rest = await server.fetch(path, { headers: { Range: 'bytes=500-', 'If-Range': tag } });
    assert.equal(rest.status, 200);
    assert.equal(await rest.text(), JSON.stringify((await server.log(id))[index]));
    assert.notEqual(rest.headers.get('ETag'), tag);
  });

  it('starts over when the log has grown beyond its cursor with other events', async (t) => {
    const { server, id } = await restorable(t);
    const reader = new LogReader(server, id);
    await reader.hasExactly(await server.log(id));
    const copy = await server.backUp();
    await server.answer(id, 'yes');
    await reader.hasExactly(await server.log(id));
    const stored = { events: reader.events, cursor: reader.cursor };
    await server.restore(copy, async () => {
      for (const text of ['NO', 'NO', 'NO']) await server.answer(id, text);
    });
    await reader.hasExactly(await server.log(id));
    assert.equal(reader.resets, 1);
    // So does one that kept its cursor while its page was closed.
    const later = new LogReader(server, id, stored);
    await later.hasExactly(await server.log(id));
    assert.equal(later.resets, 1);
    reader.close();
    later.close();
    await server.stop();
  });

  it('continues without a reset when its cursor is before the first other event', async (t) => {
    const { server, id } = await restorable(t);
    const reader = new LogReader(server, id);
    await server.answer(id, 'yes');
    await reader.hasExactly(await server.log(id));
    const stored = { events: reader.events, cursor: reader.cursor };
    reader.close();
    const copy = await server.backUp();
    await server.answer(id, 'yes');
    await server.restore(copy, () => server.answer(id, 'NO'));
    const later = new LogReader(server, id, stored);
    await later.hasExactly(await server.log(id));
    assert.equal(later.resets, 0);
    later.close();
    await server.stop();
  });

  it('has exactly the log after any sequence of answers, backups and restorations', async (t) => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant({ kind: 'answer' } as const) },
      { weight: 1, arbitrary: fc.constant({ kind: 'backUp' } as const) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('restore' as const), copy: fc.nat(5), answers: fc.nat(3) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const { server, id } = await restorable(t);
        const reader = new LogReader(server, id);
        let answers = 0;
        const answer = (): Promise<void> => server.answer(id, `answer ${(answers += 1)}`);
        let copies = await server.backUp();
        for (const next of steps) {
          if (next.kind === 'answer') await answer();
          else if (next.kind === 'backUp') copies = await server.backUp();
          else {
            await server.restore(1 + (next.copy % copies), async () => {
              for (let count = 0; count < next.answers; count += 1) await answer();
            });
          }
          await reader.hasExactly(await server.log(id));
        }
        reader.close();
        await server.stop();
      }),
      { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
    );
  });
});
