import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { TERMINAL_EVENT_TYPES } from './terminal-events.js';
import {
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../src/protocol/values/json.js';
import { GraphRunError, PROBLEM_CODES } from '../../../src/protocol/problems.js';
import { ALL_GRAPHS_FEATURE } from '../../../src/protocol/stream/features.js';
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
  readonly name: string;
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
      this.#lists[Math.floor(choice * this.#lists.length)] ?? {
        name: 'graphId=g',
        revision: '0',
        tag: 'none',
      }
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
    const list = sent.kind === 'monitor' || sent.kind === 'listPage' ? listOf(request.url) : undefined;
    if (list === 'none') assert.ok(status >= 400, `a list without a name: ${sent.target}`);
    if (sent.method === 'HEAD') {
      assert.equal(await response.text(), '', 'the body of an answer to HEAD');
      assert.ok(status < 500, `HEAD ${status}: ${inspect(this.#errors)}`);
    } else if (headers.get('Content-Type')?.startsWith('text/event-stream') === true) {
      await readSome(response, sent.frames, list);
    } else if (headers.get('Content-Type')?.startsWith('application/jsonl') === true) {
      await readExport(response);
    } else {
      const text = await response.text();
      assert.ok(status !== 500, `500: ${inspect(this.#errors)}`);
      if (status === 416) assert.equal(text, '');
      else if (status >= 400) judgeProblem(sent, response, text);
      else if (status !== 204 && status !== 206) this.#learn(sent, text, list);
    }
    assert.deepEqual(this.#errors, [], 'errors that the server reported');
  }

  /** Remembers what later requests can be about. */
  #learn({ kind }: HostileRequest, text: string, list: NamedList | undefined): void {
    const body = parseJson(text);
    assert.ok(isJsonObject(body), `an answer that is no JSON object: ${text.slice(0, 200)}`);
    const { sessionId, pending } = body;
    if (kind === 'create' || kind === 'rerun') {
      assert.ok(typeof sessionId === 'string');
      this.#created.add(sessionId);
      keepNewest(this.#sessions, sessionId);
    }
    if (kind === 'listPage') this.#learnList(body, list);
    if (kind !== 'status') return;
    assert.ok(typeof sessionId === 'string' && Array.isArray(pending));
    for (const question of pending) {
      assert.ok(isJsonObject(question) && typeof question['interactionId'] === 'string');
      keepNewest(this.#questions, { sessionId, interactionId: question['interactionId'] });
    }
  }

  #learnList(page: JsonObject, list: NamedList | undefined): void {
    const { graphId, revision, tag, rows, truncated } = page;
    checkLabel(page, list);
    assert.ok(typeof revision === 'number' && typeof tag === 'string');
    const name = list === 'all' ? 'graphs=all' : `graphId=${encodeURIComponent(String(graphId))}`;
    keepNewest(this.#lists, { name, revision: String(revision), tag });
    if (rows === undefined) return;
    assert.ok(Array.isArray(rows) && typeof truncated === 'boolean');
    for (const row of rows) checkRow(row, list);
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

  /**
   * Fails unless the list of all graphs has exactly the sessions of the lists of the graphs, as a page and as a stream. To be
   * called when no request is under way; resolves with the number of its rows.
   */
  async checkLists(): Promise<number> {
    for (;;) {
      const all = await this.#list('graphs=all');
      const graphs = new Set(all.rows.map(({ graphId }) => String(graphId)));
      const rows: JsonObject[] = [];
      for (const graphId of graphs) {
        const one = await this.#list(`graphId=${encodeURIComponent(graphId)}`);
        rows.push(...one.rows.map((row) => ({ ...row, graphId })));
      }
      const streamed = await this.#streamedRows();
      // What exceeds the limit of a graph is deleted in the background.
      if ((await this.#list('graphs=all')).revision !== all.revision) continue;
      assert.deepEqual(byId(all.rows), byId(rows), 'the list of all graphs and the lists of the graphs');
      assert.deepEqual(byId(streamed), byId(rows), 'its stream and the lists of the graphs');
      return rows.length;
    }
  }

  async #list(name: string): Promise<{ readonly revision: number; readonly rows: readonly JsonObject[] }> {
    const { status, body } = await this.#call('GET', `/:list?${name}`);
    assert.equal(status, 200, `the list ${name}`);
    const { revision, rows, truncated } = body;
    assert.ok(typeof revision === 'number' && Array.isArray(rows) && rows.every(isJsonObject));
    assert.equal(truncated, false);
    return { revision, rows };
  }

  async #streamedRows(): Promise<readonly JsonObject[]> {
    const response = await this.#handler.handle(new Request(`${BASE}?graphs=all&protocol=1`));
    const reader = SseReader.of(response);
    const complete = reader.until(({ event }) => event === 'snapshotComplete');
    await within(DEADLINE_MS, complete, () => 'the list of all graphs');
    reader.close();
    const [start] = reader.frames;
    checkLabel(start?.data ?? {}, 'all');
    const features = start?.data['features'];
    assert.ok(Array.isArray(features) && features.includes(ALL_GRAPHS_FEATURE));
    return reader.frames.flatMap(({ event, data, id }) => {
      if (event !== 'sessionStatus') return [];
      assert.equal(id, undefined, 'revisions of different graphs have no order');
      return [data];
    });
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

/** Reads some frames of a stream, by the letter of the protocol, and leaves. */
async function readSome(response: Response, frames: number, list: NamedList | undefined): Promise<void> {
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
  for (const { event, data } of reader.frames) {
    if (event === 'monitorStart') checkLabel(data, list);
    if (event === 'sessionStatus') checkRow(data, list);
  }
}

/** Which list a request names; `none`: it must be refused. */
type NamedList = 'one' | 'all' | 'none';

function listOf(url: string): NamedList {
  const query = new URL(url).searchParams;
  const graphs = query.get('graphs');
  if (graphs === null) return query.has('graphId') ? 'one' : 'none';
  return graphs === 'all' && !query.has('graphId') ? 'all' : 'none';
}

/** Checks that an answer names the list that was asked for. */
function checkLabel({ graphId, graphs }: JsonObject, list: NamedList | undefined): void {
  assert.ok(list === 'one' || list === 'all', 'a list is answered that was not asked for');
  assert.equal(graphs, list === 'all' ? 'all' : undefined);
  assert.equal(typeof graphId, list === 'all' ? 'undefined' : 'string');
}

/** Checks that a row names its graph in the list of all graphs, and only there. */
function checkRow(row: JsonValue, list: NamedList | undefined): void {
  assert.ok(isJsonObject(row));
  assert.equal(typeof row['graphId'], list === 'all' ? 'string' : 'undefined');
}

function byId(rows: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(rows.map((row) => [String(row['sessionId']), row]));
}

function judgeProblem({ kind, method, target }: HostileRequest, response: Response, text: string): void {
  const { status, headers } = response;
  const what = `${method} ${target.slice(0, 200)} → ${status} ${text.slice(0, 300)}`;
  const body = parseJson(text);
  assert.ok(isJsonObject(body), what);
  assert.match(headers.get('Content-Type') ?? '', /^application\/problem\+json/, what);
  assert.equal(body['status'], status, what);
  assert.ok(PROBLEM_CODES.includes(String(body['code'])), what);
  // A name that is wrong is another refusal.
  if (target.includes('graphs=')) assert.notEqual(body['code'], 'missing-graph-id', what);
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
