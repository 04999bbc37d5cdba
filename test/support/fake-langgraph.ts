import {
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../src/protocol/values/json.js';

/** A question of a task, as the engine writes it. */
export interface FakeTask {
  readonly id: string;
  readonly name: string;
  readonly interrupts?: readonly JsonValue[];
  readonly result?: JsonValue;
}

/**
 * LangGraph’s server with one thread, without a network and without time: a test says what its answers are, and what happens
 * between two of them.
 */
export class FakeLangGraph {
  /** All requests so far: method and path. */
  readonly calls: string[] = [];
  /** Bodies of the runs that were asked for. */
  readonly started: JsonObject[] = [];
  /** What the streams of runs bring before they end, by the ids of the runs; default: nothing. */
  readonly streams = new Map<string, string>();
  /** Called before each request is answered. */
  before: (call: string) => void | Promise<void> = () => undefined;
  /** Called for each run that has begun because it was asked for. */
  onStart: (runId: string) => void = () => undefined;
  /** Called for each run that is asked for: true refuses it, as the server does while another one is in progress. */
  refuses: (body: JsonObject) => boolean = () => false;
  #ms = Date.parse('2026-01-01T00:00:00Z');
  #thread: JsonObject = { thread_id: 't', status: 'idle', metadata: {}, interrupts: {} };
  /** Threads that have only an id. */
  readonly #others = new Set<string>();
  readonly #runs: JsonObject[] = [];
  readonly #states: JsonObject[] = [];

  constructor() {
    this.#thread = { ...this.#thread, updated_at: this.#now() };
  }

  /** Adds a run, by default one with an input, that has not ended. */
  begin(runId: string, kwargs: JsonObject = { input: {} }): void {
    const at = this.#now();
    this.#runs.push({
      run_id: runId,
      status: 'running',
      created_at: at,
      updated_at: at,
      assistant_id: 'a',
      kwargs,
    });
    this.#thread = { ...this.#thread, status: 'busy', updated_at: at };
  }

  /** Writes a state of a run, which these tasks follow. */
  write(runId: string, ...tasks: readonly FakeTask[]): void {
    const id = String(this.#states.length);
    this.#states.push({
      created_at: this.#now(),
      metadata: { run_id: runId },
      checkpoint: { checkpoint_id: id },
      parent_checkpoint: { checkpoint_id: String(this.#states.length - 1) },
      tasks: tasks.map(({ interrupts = [], ...task }) => ({ interrupts, ...task })),
    });
  }

  /** Ends a run; the thread then says what its last state says. */
  end(runId: string, status = 'success'): void {
    const at = this.#now();
    const place = this.#runs.findIndex((run) => run['run_id'] === runId);
    this.#runs[place] = { ...this.#runs[place], status, updated_at: at };
    const tasks = this.#states.at(-1)?.['tasks'];
    const left = Array.isArray(tasks) ? tasks.filter(isJsonObject) : [];
    this.#thread = {
      ...this.#thread,
      status: left.length > 0 ? 'interrupted' : 'idle',
      interrupts: Object.fromEntries(left.map((task) => [String(task['id']), task['interrupts'] ?? []])),
      updated_at: at,
    };
  }

  /** The number of threads besides the one. */
  get otherThreads(): number {
    return this.#others.size;
  }

  /** A run from its beginning to its end. */
  run(runId: string, left: readonly FakeTask[], kwargs?: JsonObject): void {
    this.begin(runId, kwargs);
    this.write(runId, ...left);
    this.end(runId);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    const method = init?.method ?? 'GET';
    this.calls.push(`${method} ${pathname}`);
    const body = parseJson(String(init?.body ?? ''));
    await this.before(`${method} ${pathname}`);
    return this.#answer(method, pathname, isJsonObject(body) ? body : {});
  };

  #answer(method: string, path: string, body: JsonObject): Response {
    if (path === '/threads/search') return Response.json([this.#thread]);
    if (path === '/threads') return this.#addThread(body);
    if (method === 'DELETE' && this.#others.delete(path.slice('/threads/'.length))) return new Response('');
    if (path.endsWith('/stream')) return new Response(this.streams.get(path.split('/').at(-2) ?? '') ?? '');
    if (path.endsWith('/state')) return Response.json(this.#states.at(-1) ?? {});
    if (path.endsWith('/history')) return Response.json(this.#history(body));
    if (path === '/threads/t/runs') return method === 'POST' ? this.#start(body) : Response.json(this.#runs);
    const run = this.#runs.find((each) => path === `/threads/t/runs/${String(each['run_id'])}`);
    if (method === 'DELETE' && run !== undefined) this.#runs.splice(this.#runs.indexOf(run), 1);
    if (path.startsWith('/threads/t/runs/')) return run === undefined ? gone() : Response.json(run);
    return path.startsWith('/threads') ? Response.json(this.#thread) : gone();
  }

  /** Adds an empty thread under an id of its caller, unless there is one. */
  #addThread({ thread_id: id }: JsonObject): Response {
    if (!isText(id)) return Response.json(this.#thread);
    if (this.#others.has(id)) return new Response('exists', { status: 409 });
    this.#others.add(id);
    return Response.json({ thread_id: id });
  }

  #start(body: JsonObject): Response {
    if (this.refuses(body)) return new Response('busy', { status: 422 });
    this.started.push(body);
    const { input, command } = body;
    const runId = `own${this.started.length}`;
    this.begin(runId, {
      ...(input === undefined ? {} : { input }),
      ...(command === undefined ? {} : { command }),
    });
    const answer = Response.json(this.#runs.at(-1));
    this.onStart(runId);
    return answer;
  }

  #history({ metadata, limit }: JsonObject): readonly JsonObject[] {
    const runId = isJsonObject(metadata) ? metadata['run_id'] : undefined;
    const states = this.#states.filter((state) => {
      const own = isJsonObject(state['metadata']) ? state['metadata']['run_id'] : undefined;
      return !isText(runId) || own === runId;
    });
    return [...states].reverse().slice(0, typeof limit === 'number' ? limit : undefined);
  }

  /** A moment later than all before. */
  #now(): string {
    this.#ms += 10;
    return new Date(this.#ms).toISOString();
  }
}

function gone(): Response {
  return new Response('{"detail":"not found"}', { status: 404 });
}
