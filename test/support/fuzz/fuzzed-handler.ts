import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { TERMINAL_EVENT_TYPES } from './terminal-events.js';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError, PROBLEM_CODES } from '../../../src/protocol/problems.js';
import { readSessionFile } from '../../../src/protocol/session-file/read-session-file.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import { exampleHandlers } from '../../../src/runner/examples/example-handlers.js';
import { createGraphSessionsHandler, type GraphSessionsHandler } from '../../../src/server/http/handler.js';
import type { ServerLimits } from '../../../src/server/limits.js';
import { openStore } from '../../../src/server/store/open-store.js';
import { storeLocation, type STORES } from '../server.js';
import { SseReader } from '../sse-reader.js';
import type { HostileRequest, RequestSubjects } from './hostile-requests.js';
import { within } from './within.js';

const BASE = 'http://localhost/v1beta1/graphSessions';
/** No request may take longer. Far more than any needs, also on a slow machine: this is about requests that hang. */
const DEADLINE_MS = 20_000;
/** How long a reader waits for the next frame before it leaves. */
const FRAME_MS = 2;
/** When a request that waits for events is given up. */
const GIVE_UP_MS = 2;
/** The sessions and questions that requests are about: the newest. */
const SUBJECTS = 100;

/** Low, so that each is reached, and so that what was deleted is forgotten while the test runs. */
const LIMITS: Partial<ServerLimits> = {
  openSessionsPerPrincipal: 100,
  sessionsPerGraph: 100,
  streams: 2,
  tombstoneMs: 1,
  receiptMs: 1,
  sweepMs: 100,
  eraseDelayMs: 50,
  drainMs: 1000,
  responseDepth: 64,
};

/** After which a deleted session is erased and forgotten. */
const FORGOTTEN_MS = 400;

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

interface List {
  readonly graphId: string;
  readonly revision: string;
  readonly tag: string;
}

interface Question {
  readonly sessionId: string;
  readonly interactionId: string;
}

/** A server without a network, and the judge of all that it answers. */
export class FuzzedHandler implements RequestSubjects {
  readonly #handler: GraphSessionsHandler;
  readonly #errors: unknown[];
  /** All sessions that were created since the last `clear`. */
  readonly #created = new Set<string>();
  readonly #sessions: string[] = [];
  readonly #questions: Question[] = [];
  readonly #lists: List[] = [];
  /** How many answers had each status. */
  readonly statuses = new Map<string, number>();

  private constructor(handler: GraphSessionsHandler, errors: unknown[]) {
    this.#handler = handler;
    this.#errors = errors;
  }

  /** Opens a server over a store of this kind; it is closed after the test. */
  static async open(t: TestContext, kind: (typeof STORES)[number]): Promise<FuzzedHandler> {
    const errors: unknown[] = [];
    const store = await openStore(await storeLocation(t, kind));
    const handler = createGraphSessionsHandler({
      store,
      runner: createGraphRunner({ handlers: exampleHandlers }),
      limits: LIMITS,
      onError: (error) => errors.push(error),
    });
    t.after(async () => {
      await handler.drain();
      await store.close();
    });
    await handler.ready;
    return new FuzzedHandler(handler, errors);
  }

  session(choice: number): string {
    return this.#sessions[Math.floor(choice * this.#sessions.length)] ?? 'x';
  }

  list(choice: number): List {
    return (
      this.#lists[Math.floor(choice * this.#lists.length)] ?? { graphId: 'g', revision: '0', tag: 'none' }
    );
  }

  question(choice: number): Question {
    const question = this.#questions[Math.floor(choice * this.#questions.length)];
    return question ?? { sessionId: 'x', interactionId: 'x' };
  }

  /** Sends a request, and fails when its answer is none that the protocol allows. */
  async send(sent: HostileRequest): Promise<void> {
    const request = toRequest(sent);
    // A fetch API refuses to send it, so it comes over no network either.
    if (request === undefined) return;
    const answering = this.#answer(sent, request);
    await within(DEADLINE_MS, answering, () => `${sent.method} ${sent.target}`);
  }

  async #answer(sent: HostileRequest, request: Request): Promise<void> {
    const response = await this.#handler.handle(request);
    const { status, headers } = response;
    const key = `${sent.kind} ${status}`;
    this.statuses.set(key, (this.statuses.get(key) ?? 0) + 1);
    assert.equal(headers.get('Graph-Session-Protocol'), '1', 'the header of the protocol');
    assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
    if (sent.method === 'HEAD') {
      assert.equal(await response.text(), '', 'the body of an answer to HEAD');
      assert.ok(status < 500, `HEAD ${status}: ${inspect(this.#errors)}`);
    } else if (headers.get('Content-Type')?.startsWith('text/event-stream') === true) {
      await readSome(response, sent.frames);
    } else if (headers.get('Content-Type')?.startsWith('application/jsonl') === true) {
      await readExport(response);
    } else {
      const text = await response.text();
      assert.ok(status !== 500, `500: ${inspect(this.#errors)}`);
      if (status === 416) assert.equal(text, '');
      else if (status >= 400) judgeProblem(sent, response, text);
      else if (status !== 204 && status !== 206) this.#learn(sent, text);
    }
    assert.deepEqual(this.#errors, [], 'errors that the server reported');
  }

  /** Remembers what later requests can be about. */
  #learn({ kind }: HostileRequest, text: string): void {
    const body = parseJson(text);
    assert.ok(isJsonObject(body), `an answer that is no JSON object: ${text.slice(0, 200)}`);
    const { sessionId, pending } = body;
    if (kind === 'create' || kind === 'rerun') {
      assert.ok(typeof sessionId === 'string');
      this.#created.add(sessionId);
      keepNewest(this.#sessions, sessionId);
    }
    if (kind === 'listPage') this.#learnList(body);
    if (kind !== 'status') return;
    assert.ok(typeof sessionId === 'string' && Array.isArray(pending));
    for (const question of pending) {
      assert.ok(isJsonObject(question) && typeof question['interactionId'] === 'string');
      keepNewest(this.#questions, { sessionId, interactionId: question['interactionId'] });
    }
  }

  #learnList({ graphId, revision, tag, rows, truncated }: JsonObject): void {
    assert.ok(typeof graphId === 'string' && typeof revision === 'number' && typeof tag === 'string');
    keepNewest(this.#lists, { graphId, revision: String(revision), tag });
    if (rows === undefined) return;
    assert.ok(Array.isArray(rows) && typeof truncated === 'boolean');
    const ids = rows.map((row) => (isJsonObject(row) ? row['sessionId'] : undefined));
    assert.ok(ids.every((id) => typeof id === 'string'));
    assert.equal(new Set(ids).size, ids.length, 'one row for each session');
  }

  /** Ends all sessions and fails unless each has one complete log, the same in pages and as a stream. */
  async checkLogs(): Promise<number> {
    let checked = 0;
    for (const sessionId of this.#created) {
      const { status } = await this.#call('POST', `/${sessionId}:cancel`);
      // Deleted by a request, or as one too many of its graph.
      if (status === 404) continue;
      assert.equal(status, 200, `cancelling ${sessionId}`);
      await this.#checkLog(sessionId);
      checked += 1;
    }
    return checked;
  }

  async #checkLog(sessionId: string): Promise<void> {
    const { body } = await this.#call('GET', `/${sessionId}/status`);
    const log: JsonObject[] = [];
    for (let isClosed = false; !isClosed || log.length <= Number(body['lastIndex']);) {
      const page = await this.#call('GET', `/${sessionId}/events?limit=7&after=${log.length - 1}`);
      const { events, closed } = page.body;
      assert.ok(Array.isArray(events) && events.every(isJsonObject));
      log.push(...events);
      isClosed = closed === true;
    }
    assert.deepEqual(
      log.map(({ index }) => index),
      log.map((_, index) => index),
      `the indexes of ${sessionId}`,
    );
    assert.equal(Number(body['lastIndex']), log.length - 1);
    const ends = log.flatMap(({ type }, index) => (TERMINAL_EVENT_TYPES.has(String(type)) ? [index] : []));
    assert.deepEqual(ends, [log.length - 1], `the ends of ${sessionId}`);
    const response = await this.#handler.handle(new Request(`${BASE}/${sessionId}?protocol=1`));
    const frames = await within(DEADLINE_MS, SseReader.of(response).toEnd(), () => `stream of ${sessionId}`);
    assert.deepEqual(
      frames.filter(({ id }) => id !== undefined).map(({ data }) => data),
      log,
      `the stream and the pages of ${sessionId}`,
    );
  }

  /** Deletes all sessions, and waits until the server has forgotten them. */
  async clear(): Promise<void> {
    for (const sessionId of this.#created) {
      const { status } = await this.#call('DELETE', `/${sessionId}`);
      assert.ok(status === 200 || status === 404, `deleting ${sessionId}: ${status}`);
    }
    this.#created.clear();
    this.#sessions.length = 0;
    this.#questions.length = 0;
    await delay(FORGOTTEN_MS);
  }

  async #call(method: string, target: string): Promise<Answer> {
    const response = await this.#handler.handle(new Request(BASE + target, { method }));
    const body: unknown = await response.json();
    assert.ok(isJsonObject(body));
    return { status: response.status, body };
  }
}

/** The request; undefined when the fetch API refuses to make it. */
function toRequest({ method, target, headers, body, isGivenUp }: HostileRequest): Request | undefined {
  if (!URL.canParse(BASE + target)) return undefined;
  const signal = isGivenUp ? { signal: AbortSignal.timeout(GIVE_UP_MS) } : {};
  return new Request(BASE + target, { method, headers, ...(body === undefined ? {} : { body }), ...signal });
}

/** Reads some frames of a stream, by the letter of the protocol, and leaves. */
/** Reads an export to its end. The session may be deleted meanwhile. */
async function readExport(response: Response): Promise<void> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    assert.ok(error instanceof GraphRunError && error.code === 'session-deleted', inspect(error));
    return;
  }
  assert.equal((await readSessionFile([text])).problem, undefined);
}

async function readSome(response: Response, frames: number): Promise<void> {
  const reader = SseReader.of(response);
  for (let left = frames; left > 0; left -= 1) {
    const next = reader.next();
    const frame = await Promise.race([next, delay(FRAME_MS)]);
    if (frame === undefined) {
      reader.close();
      // It resolves now: nothing more comes.
      await next;
      return;
    }
  }
  reader.close();
}

function judgeProblem({ kind, method, target }: HostileRequest, response: Response, text: string): void {
  const { status, headers } = response;
  const what = `${method} ${target.slice(0, 200)} → ${status} ${text.slice(0, 300)}`;
  const body = parseJson(text);
  assert.ok(isJsonObject(body), what);
  assert.match(headers.get('Content-Type') ?? '', /^application\/problem\+json/, what);
  assert.equal(body['status'], status, what);
  assert.ok(PROBLEM_CODES.includes(String(body['code'])), what);
  if (status < 500) return;
  // The one refusal of a server that is well: too many streams, or pages that wait.
  assert.ok(['stream', 'monitor', 'events', 'export', 'listPage', 'odd'].includes(kind), what);
  assert.equal(status, 503, what);
  assert.equal(body['code'], 'unavailable', what);
  assert.ok(headers.has('Retry-After'), what);
}

function keepNewest<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > SUBJECTS) items.shift();
}
