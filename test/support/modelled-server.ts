import assert from 'node:assert/strict';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import { createGraphSessionsHandler, type GraphSessionsHandler } from '../../src/server/http/handler.js';
import { StaleEpochError, type SessionStore } from '../../src/server/store/session-store.js';
import { graphOf, modelled, SessionModel, type NodeScript, type Verdict } from './session-model.js';
import { idsOf, kindsOf, SseReader } from './sse-reader.js';
import { eventually } from './watch.js';

const BASE = 'http://localhost/v1beta1/graphSessions';

/** Number of waits of 3 seconds without progress before a log is considered wrong. */
const PATIENCE = 5;

/** A session of the server, with its model. */
export interface ModelledSession {
  readonly id: string;
  readonly model: SessionModel;
  /** The ids in the log, by question of the model. */
  readonly questionIds: Map<string, string>;
  /** The last known log: no event of it may ever change. */
  log: readonly JsonObject[];
  isDeleted: boolean;
}

interface Viewer {
  readonly session: ModelledSession;
  readonly reader: SseReader;
  readonly after: number;
  readonly isVersion1: boolean;
  /** Settles when the stream has ended or was cut. */
  readonly ended: Promise<unknown>;
  isCut: boolean;
}

/** One process of the server. */
interface ServerProcess {
  readonly store: SessionStore;
  readonly handler: GraphSessionsHandler;
  /** True once another process has taken over the store: only then may it be refused as a stale writer. */
  isStale: boolean;
}

/** Where the sessions of a modelled server are. */
export interface ModelledStore {
  /** Opens it for a process. */
  open(): Promise<SessionStore>;
  /**
   * How many processes share it. One that has the store for itself takes it over from the one before it, which is still there;
   * of several, the requests go to each in turn, and one that ends leaves its sessions to the others.
   */
  readonly processes: number;
}

/** Processes of which every session and every viewer is compared with the model. */
export class ModelledServer {
  readonly sessions: ModelledSession[] = [];
  readonly viewers: Viewer[] = [];
  readonly #options: ModelledStore;
  readonly #errors: unknown[] = [];
  readonly #processes: ServerProcess[] = [];
  readonly #zombies: ServerProcess[] = [];
  #requests = 0;

  private constructor(options: ModelledStore) {
    this.#options = options;
  }

  /** Starts its processes. */
  static async start(options: ModelledStore): Promise<ModelledServer> {
    const server = new ModelledServer(options);
    while (server.#processes.length < options.processes) await server.#open();
    return server;
  }

  async create(scripts: readonly NodeScript[]): Promise<void> {
    const { status, body } = await this.#post('/new', { graphId: 'g', graph: graphOf(scripts) });
    assert.equal(status, 200, JSON.stringify(body));
    this.sessions.push({
      id: String(body['sessionId']),
      model: new SessionModel(scripts),
      questionIds: new Map(),
      log: [],
      isDeleted: false,
    });
  }

  /** Answers a question and checks the outcome. */
  async answer(session: ModelledSession, question: string, value: number): Promise<void> {
    const { status, body } = await this.#answer(session, question, value);
    if (session.isDeleted) {
      assert.deepEqual([status, body['code']], [404, 'session-deleted']);
      return;
    }
    assert.equal(verdictOf(status, body), session.model.answer(question, value));
  }

  /** Several answers to one open question and perhaps a cancellation, all at once. */
  async race(session: ModelledSession, values: readonly number[], hasCancel: boolean): Promise<void> {
    const { model } = session;
    const [question] = model.open;
    if (session.isDeleted || question === undefined) return;
    const answering = values.map((value) => this.#answer(session, question, value));
    const cancelling = hasCancel ? [this.#post(`/${session.id}:cancel`)] : [];
    const outcomes = (await Promise.all(answering)).map(({ status, body }) => verdictOf(status, body));
    await Promise.all(cancelling);
    const winner = values[outcomes.indexOf('accepted')];
    if (winner === undefined) {
      assert.ok(hasCancel, `no answer was accepted: ${outcomes.join()}`);
      assert.ok(outcomes.every((outcome) => outcome === 'terminal'));
      model.cancel();
      return;
    }
    assert.equal(outcomes.filter((outcome) => outcome === 'accepted').length, 1);
    outcomes.forEach((outcome, turn) => {
      const expected = values[turn] === winner ? ['accepted', 'duplicate'] : ['conflict'];
      assert.ok(expected.includes(outcome), `${outcome} for ${values[turn]} after ${winner}`);
    });
    const before = model.length;
    model.answer(question, winner);
    if (!hasCancel || model.hasEnded) {
      // A cancellation after the end changes nothing; one before it interrupts the step.
      if (!model.hasEnded || (await this.#status(session)) !== 'cancelled') return;
    }
    const step = (await this.#log(session)).slice(before).map(shapeOf);
    assert.equal(step.at(-1), 'graphCancelled');
    const possible = [...(model.groups.at(-1) ?? [])];
    for (const event of step.slice(0, -1)) {
      assert.ok(possible.includes(event), `${event} follows from nothing`);
      possible.splice(possible.indexOf(event), 1);
    }
    model.interruptNewestStep(step);
  }

  async cancel(session: ModelledSession): Promise<void> {
    const { status, body } = await this.#post(`/${session.id}:cancel`);
    if (session.isDeleted) {
      assert.equal(status, 404);
      return;
    }
    session.model.cancel();
    assert.deepEqual([status, body['status']], [200, session.model.status]);
  }

  async delete(session: ModelledSession): Promise<void> {
    const { status } = await this.#request('DELETE', `/${session.id}`);
    assert.equal(status, session.isDeleted ? 404 : 200);
    session.isDeleted = true;
    session.model.cancel();
  }

  /**
   * A process ends in the middle of what it runs, and another takes its place: takes the store over from one that is still
   * there. Of several, all leave, one after the other.
   */
  async crash(): Promise<void> {
    for (const viewer of this.viewers) this.cut(viewer);
    const ending = this.#processes.splice(0);
    this.#zombies.push(...ending);
    for (const zombie of ending) {
      zombie.isStale = true;
      if (ending.length > 1) await zombie.handler.drain();
      await this.#open();
    }
    const [zombie, another] = ending;
    const open = this.sessions.find(({ isDeleted, model }) => !isDeleted && !model.hasEnded);
    for (const { model } of this.sessions) model.crash();
    if (open === undefined || zombie === undefined || another !== undefined) return;
    const request = new Request(`${BASE}/${open.id}:cancel`, { method: 'POST' });
    assert.equal((await zombie.handler.handle(request)).status, 503, 'the old process can write nothing');
  }

  async join(session: ModelledSession, cursor: number, isVersion1: boolean): Promise<void> {
    const after = (cursor % (session.log.length + 1)) - 1;
    const query = `after=${after}${isVersion1 ? '&protocol=1' : ''}`;
    const response = await this.#next().handle(new Request(`${BASE}/${session.id}?${query}`));
    if (session.isDeleted) {
      assert.equal(response.status, 404);
      return;
    }
    const reader = SseReader.of(response);
    const ended = reader.toEnd();
    ended.catch(() => undefined);
    this.viewers.push({ session, reader, after, isVersion1, ended, isCut: false });
  }

  cut(viewer: Viewer): void {
    viewer.isCut = true;
    viewer.reader.close();
  }

  /** Waits until server and viewers have reached the state of the model, and checks everything visible. */
  async check(): Promise<void> {
    for (const session of this.sessions) {
      if (!session.isDeleted) await this.#checkSession(session);
    }
    for (const viewer of this.viewers) await this.#checkViewer(viewer);
    assert.deepEqual(this.#errors, []);
  }

  /** Checks that the list of sessions is that of the model. */
  async checkList(): Promise<void> {
    const request = new Request(`${BASE}?graphId=g&protocol=1`);
    const reader = SseReader.of(await this.#next().handle(request));
    await reader.until(({ event }) => event === 'snapshotComplete');
    reader.close();
    const rows = reader.frames.filter(({ event }) => event === 'sessionStatus').map(({ data }) => data);
    assert.deepEqual(
      new Map(rows.map(({ sessionId, status, pendingInputs }) => [sessionId, [status, pendingInputs]])),
      new Map(
        this.sessions
          .filter(({ isDeleted }) => !isDeleted)
          .map(({ id, model }) => [id, [model.status, model.open.size]]),
      ),
    );
  }

  async close(): Promise<void> {
    for (const viewer of this.viewers) this.cut(viewer);
    const all = [...this.#processes, ...this.#zombies];
    for (const { handler } of all) await handler.drain();
    for (const store of new Set(all.map(({ store }) => store))) await store.close();
  }

  /** The process that gets the next request. */
  #next(): GraphSessionsHandler {
    const process = this.#processes[this.#requests % this.#processes.length];
    this.#requests += 1;
    assert.ok(process !== undefined, 'it runs');
    return process.handler;
  }

  async #open(): Promise<void> {
    const reported = { isStale: false };
    const store = await this.#options.open();
    const handler = createGraphSessionsHandler({
      store,
      runner: createGraphRunner({ handlers: { modelled } }),
      onError: (error) => {
        if (!reported.isStale || !(error instanceof StaleEpochError)) this.#errors.push(error);
      },
      limits: {
        openSessionsPerPrincipal: 1000,
        eraseDelayMs: 60_000,
        drainMs: 0,
        handoverMs: 0,
        promptCloseMs: 1e9,
      },
    });
    this.#processes.push(Object.assign(reported, { store, handler }));
    // Over several connections, one that still begins could take over from the next.
    await handler.ready;
  }

  async #checkSession(session: ModelledSession): Promise<void> {
    const { model, questionIds } = session;
    const log = await this.#log(session);
    assert.deepEqual(log.slice(0, session.log.length), session.log, 'what was logged stays as it was');
    assert.deepEqual(inGroups(log.map(shapeOf), model.groups), inGroups(model.groups.flat(), model.groups));
    checkInvariants(log);
    session.log = log;
    const asked = new Map<string, number>();
    for (const { type, nodeId, interactionId } of log) {
      if (type !== 'inputRequired') continue;
      const count = asked.get(String(nodeId)) ?? 0;
      questionIds.set(`${String(nodeId)}#${count}`, String(interactionId));
      asked.set(String(nodeId), count + 1);
    }
    const { body } = await this.#request('GET', `/${session.id}/status`);
    assert.equal(body['status'], model.status);
    assert.ok(Array.isArray(body['pending']));
    assert.deepEqual(
      body['pending'].map((question) => (isJsonObject(question) ? question['interactionId'] : '')).sort(),
      [...model.open].map((question) => questionIds.get(question)).sort(),
    );
  }

  async #checkViewer({ session, reader, after, isVersion1, ended, isCut }: Viewer): Promise<void> {
    const { log, model, isDeleted } = session;
    if (isCut || model.hasEnded) await ended.catch(() => undefined);
    else await caughtUp(reader, after, log.length - 1);
    const logged = reader.frames.filter(({ id }) => id !== undefined);
    assert.deepEqual(
      logged.map(({ id }) => Number(id)),
      logged.map((_, position) => after + 1 + position),
    );
    for (const { id, data } of logged) {
      // The last event of a deleted session is only in its streams.
      if (isDeleted && Number(id) === log.length) assert.equal(data['type'], 'graphCancelled');
      else if (isVersion1 || data['type'] !== 'inputAnswered') assert.deepEqual(data, log[Number(id)]);
      else assert.deepEqual({ ...data, type: 'inputRequired' }, log[Number(id)]);
    }
    const kinds = kindsOf(reader.frames);
    const markers = kinds.filter((kind) => kind === 'replayComplete').length;
    assert.ok(isCut ? markers <= 1 : markers === 1);
    if (!isCut && model.hasEnded) assert.equal(kinds.at(-1), 'done');
    if (!model.hasEnded) assert.ok(!kinds.includes('done'));
  }

  /** Reads the whole log, once it is as long as that of the model. */
  async #log(session: ModelledSession): Promise<readonly JsonObject[]> {
    const log: JsonObject[] = [...session.log];
    for (let patience = PATIENCE; ; patience -= 1) {
      const isComplete = log.length >= session.model.length;
      const query = `after=${log.length - 1}&limit=1000&wait=${isComplete ? 0 : 3}`;
      const { status, body } = await this.#request('GET', `/${session.id}/events?${query}`);
      assert.equal(status, 200);
      const { events, closed } = body;
      assert.ok(Array.isArray(events) && events.every(isJsonObject));
      log.push(...events);
      if (events.length > 0) patience = PATIENCE;
      else if (isComplete || closed === true || patience === 0) return log;
    }
  }

  async #status(session: ModelledSession): Promise<unknown> {
    return (await this.#request('GET', `/${session.id}/status`)).body['status'];
  }

  #answer({ id, questionIds }: ModelledSession, question: string, value: number) {
    const interactionId = questionIds.get(question);
    return this.#post(`/${id}:resume`, { interactionId, response: { value } });
  }

  #post(path: string, body: object = {}) {
    return this.#request('POST', path, JSON.stringify(body));
  }

  async #request(method: string, path: string, body?: string): Promise<{ status: number; body: JsonObject }> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await this.#next().handle(new Request(BASE + path, init));
    const parsed: unknown = await response.json();
    assert.ok(isJsonObject(parsed));
    return { status: response.status, body: parsed };
  }
}

function verdictOf(status: number, { duplicate, code }: JsonObject): Verdict {
  if (status === 200) return duplicate === true ? 'duplicate' : 'accepted';
  assert.equal(status, 409, String(code));
  assert.ok(code === 'interaction-conflict' || code === 'session-terminal');
  return code === 'interaction-conflict' ? 'conflict' : 'terminal';
}

function shapeOf({ type, nodeId }: JsonObject): string {
  return nodeId === undefined ? String(type) : `${String(type)} ${String(nodeId)}`;
}

/** Splits a log into the steps of the model, each sorted; surplus events form a last one. */
function inGroups(shapes: readonly string[], groups: readonly (readonly string[])[]): string[][] {
  const rest = [...shapes];
  const grouped = groups.map(({ length }) => rest.splice(0, length).sort());
  return rest.length > 0 ? [...grouped, rest] : grouped;
}

const TERMINAL: ReadonlySet<unknown> = new Set(['graphComplete', 'graphError', 'graphCancelled']);

/** Checks the invariants of every log. */
function checkInvariants(log: readonly JsonObject[]): void {
  const started = new Set<unknown>();
  const ended = new Set<unknown>();
  const asked = new Set<unknown>();
  const resolved = new Set<unknown>();
  log.forEach(({ type, index, nodeId, interactionId }, position) => {
    assert.equal(index, position);
    assert.equal(type === 'graphStart', position === 0);
    if (TERMINAL.has(type)) assert.equal(position, log.length - 1, 'nothing after the end');
    if (type === 'nodeStart') {
      assert.ok(!started.has(nodeId), 'a node starts once');
      started.add(nodeId);
    } else if (nodeId !== undefined && type !== 'nodeSkipped') {
      assert.ok(started.has(nodeId) && !ended.has(nodeId), `${String(type)} of a node that is not running`);
    }
    if (type === 'nodeEnd' || type === 'nodeError') ended.add(nodeId);
    if (type === 'inputRequired') asked.add(interactionId);
    if (type === 'inputResolved') {
      assert.ok(asked.has(interactionId) && !resolved.has(interactionId), 'asked before, answered once');
      resolved.add(interactionId);
    }
  });
}

/** Resolves when a reader has the marker and everything up to an index. */
async function caughtUp({ frames }: SseReader, after: number, lastIndex: number): Promise<void> {
  const isBehind = (): boolean =>
    (idsOf(frames).at(-1) ?? after) < lastIndex || !kindsOf(frames).includes('replayComplete');
  await eventually(() => !isBehind(), `a viewer gets from ${after} to ${lastIndex}`);
}
