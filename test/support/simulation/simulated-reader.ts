import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';
import type { SessionManager } from '../../../src/server/sessions/session-manager.js';
import type { AnyListName } from '../../../src/server/store/session-store.js';
import type { SeededRandom } from '../fuzz/seeded-random.js';
import type { LoggedSession } from './logged-session.js';
import { framesOf } from './sse-frames.js';
import { problemOf, type SimulatedProcess } from './simulated-process.js';
import type { SimulationLedger } from './simulation-ledger.js';
import type { Actor, VirtualTime } from './virtual-time.js';

/** What people need of a run. */
export interface SimulatedWorld {
  readonly time: VirtualTime;
  readonly world: Actor;
  readonly ledger: SimulationLedger;
  readonly random: SeededRandom;
  /** One of the processes that answer requests; undefined when there is none. */
  readonly anyProcess: (options?: { readonly mayLeave?: boolean }) => SimulatedProcess | undefined;
  /** False once faults have stopped: nothing is cut off. */
  readonly hasFaults: () => boolean;
}

/** Answers after which a request is made again somewhere else. */
const TEMPORARY: ReadonlySet<string> = new Set(['lost', 'unavailable']);

/** Follows a session at any process, and reconnects with its cursor until it has reached the end. */
export class SimulatedReader {
  readonly session: LoggedSession;
  /** Index of the newest event that it has seen. */
  cursor = -1;
  isDone = false;
  readonly #world: SimulatedWorld;

  constructor(world: SimulatedWorld, session: LoggedSession) {
    this.#world = world;
    this.session = session;
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const { time, world, random, anyProcess } = this.#world;
    while (!this.isDone) {
      const process = anyProcess();
      const read = (sessions: SessionManager): Promise<void> => this.#read(process, sessions);
      try {
        await process?.request('reads', read);
      } catch (error) {
        this.#refused(problemOf(error));
      }
      await time.sleep(world, 10 + random.number() * 300);
    }
  }

  async #read(process: SimulatedProcess | undefined, sessions: SessionManager): Promise<void> {
    if (process === undefined) return;
    const { code, actor } = process;
    const { time, random, hasFaults } = this.#world;
    const { record, sessionId } = this.session;
    const session = await sessions.get(record.principal, sessionId);
    await code.checkCursor(sessions, session, new URLSearchParams(), { after: this.cursor });
    const options = { sessions, session, control: new code.StreamControl(), after: this.cursor };
    const stream = code.sessionStream({ ...options, isInputAnsweredOn: false, isPromptCloseOn: false });
    for await (const chunk of stream) {
      for (const { event, data, id } of framesOf(chunk)) this.#take(event, data, id);
      if (this.isDone || (hasFaults() && random.chance(0.02))) return;
      if (random.chance(0.05)) await time.sleep(actor, random.number() * 300);
    }
  }

  #refused(problem: string): void {
    const isGone = problem === 'session-deleted' || problem === 'session-not-found';
    if (isGone && this.session.isDeleted) this.isDone = true;
    else if (!TEMPORARY.has(problem)) {
      this.isDone = true;
      this.#world.ledger.violate(`a reader of ${this.session.sessionId} gets: ${problem}`);
    }
  }

  #take(event: string, data: string, id: string | undefined): void {
    const { ledger } = this.#world;
    const { events, sessionId, isDeleted } = this.session;
    if (id !== undefined) {
      const index = Number(id);
      if (index !== this.cursor + 1) {
        ledger.violate(`a reader of ${sessionId} gets ${index} after ${this.cursor}`);
      }
      if (JSON.stringify(parseJson(data)) !== JSON.stringify(events[index])) {
        ledger.violate(`a reader of ${sessionId} gets another event ${index} than was logged`);
      }
      this.cursor = index;
    } else if (event === 'done') {
      this.isDone = true;
      if (this.cursor !== events.length - 1 && !isDeleted) {
        ledger.violate(`a reader of ${sessionId} is done at ${this.cursor} of ${events.length - 1}`);
      }
    }
  }
}

/** Watches the list of one graph, or of all graphs, at any process, and reconnects. */
export class SimulatedWatcher {
  readonly name: AnyListName;
  /** The rows that it shows, by session. */
  rows = new Map<string, JsonObject>();
  readonly #world: SimulatedWorld;
  /** The newest revision that it has got of each graph's list. */
  #revisions = new Map<string, number>();
  /** True after the snapshot. */
  #isLive = false;

  constructor(world: SimulatedWorld, name: AnyListName) {
    this.#world = world;
    this.name = name;
    void this.#watch();
  }

  /** What it watches, in a sentence. */
  get label(): string {
    return `a watcher of ${this.name.graphId === undefined ? 'all graphs' : `graph ${this.name.graphId}`}`;
  }

  /** True for a session that belongs to the list. */
  has({ record }: LoggedSession): boolean {
    const { principal, graphId } = this.name;
    return record.principal === principal && (graphId === undefined || record.graphId === graphId);
  }

  async #watch(): Promise<void> {
    const { time, world, random, ledger, anyProcess } = this.#world;
    for (;;) {
      const process = anyProcess();
      try {
        await process?.request('watches', (sessions) => this.#read(process, sessions));
      } catch (error) {
        const problem = problemOf(error);
        if (!TEMPORARY.has(problem)) ledger.violate(`${this.label} gets: ${problem}`);
      }
      await time.sleep(world, 10 + random.number() * 300);
    }
  }

  async #read(process: SimulatedProcess, sessions: SessionManager): Promise<void> {
    const { code, actor } = process;
    const { time, random, hasFaults } = this.#world;
    const control = new code.StreamControl();
    const options = { sessions, name: this.name, control, isVersion1: true };
    const { frames, close } = await code.openMonitorStream(options);
    try {
      for await (const chunk of frames) {
        for (const { event, data, id } of framesOf(chunk)) this.#take(event, data, id);
        if (hasFaults() && random.chance(0.02)) return;
        if (random.chance(0.1)) await time.sleep(actor, random.number() * 200);
      }
    } finally {
      close();
    }
  }

  #take(event: string, data: string, id: string | undefined): void {
    const row = parseJson(data);
    if (!isJsonObject(row)) return;
    if (event === 'monitorStart') {
      this.rows = new Map();
      this.#revisions = new Map();
      this.#isLive = false;
    } else if (event === 'snapshotComplete') this.#completed(row);
    else if (event === 'sessionStatus') {
      this.#checkRow(row, id);
      if (row['status'] === 'deleted') this.rows.delete(String(row['sessionId']));
      else this.rows.set(String(row['sessionId']), row);
    }
  }

  #completed({ count, revision }: JsonObject): void {
    const { graphId } = this.name;
    if (count !== this.rows.size) this.#violate(`gets ${this.rows.size} rows as ${String(count)}`);
    if (graphId !== undefined) this.#revisions.set(graphId, Number(revision));
    this.#isLive = true;
  }

  /** Checks a row by itself, and its place: a snapshot comes newest first, each change after it in the order of its graph. */
  #checkRow(row: JsonObject, id: string | undefined): void {
    const { graphId } = this.name;
    const revision = Number(row['revision']);
    const session = this.#world.ledger.sessions.get(String(row['sessionId']));
    if (session === undefined || !this.has(session)) {
      this.#violate(`gets session ${String(row['sessionId'])}, which is not in its list`);
      return;
    }
    const { record, sessionId } = session;
    if (row['graphId'] !== (graphId === undefined ? record.graphId : undefined))
      this.#violate(`gets session ${sessionId} of graph ${String(row['graphId'])}`);
    // Revisions of different graphs have no order.
    if (id !== (graphId === undefined ? undefined : String(revision)))
      this.#violate(`gets revision ${revision} of ${sessionId} with the id ${String(id)}`);
    if (revision > session.revision)
      this.#violate(`gets revision ${revision} of ${sessionId} before it exists`);
    const newest = this.#revisions.get(record.graphId) ?? 0;
    if (this.#isLive && revision <= newest) this.#violate(`gets revision ${revision} after ${newest}`);
    this.#revisions.set(record.graphId, Math.max(revision, newest));
  }

  #violate(text: string): void {
    this.#world.ledger.violate(`${this.label} ${text}`);
  }
}
