import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';
import type { SessionManager } from '../../../src/server/sessions/session-manager.js';
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

/** Watches the list of sessions at any process, and reconnects. */
export class SimulatedWatcher {
  readonly principal: string;
  readonly graphId: string;
  /** The rows that it shows, by session. */
  rows = new Map<string, JsonObject>();
  readonly #world: SimulatedWorld;
  #revision = 0;

  constructor(world: SimulatedWorld, principal: string, graphId: string) {
    this.#world = world;
    this.principal = principal;
    this.graphId = graphId;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    const { time, world, random, ledger, anyProcess } = this.#world;
    for (;;) {
      const process = anyProcess();
      try {
        await process?.request('watches', (sessions) => this.#read(process, sessions));
      } catch (error) {
        const problem = problemOf(error);
        if (!TEMPORARY.has(problem)) ledger.violate(`a watcher gets: ${problem}`);
      }
      await time.sleep(world, 10 + random.number() * 300);
    }
  }

  async #read(process: SimulatedProcess, sessions: SessionManager): Promise<void> {
    const { code, actor } = process;
    const { time, random, hasFaults } = this.#world;
    const { principal, graphId } = this;
    const control = new code.StreamControl();
    const options = { sessions, name: { principal, graphId }, control, isVersion1: true };
    const { frames, close } = await code.openMonitorStream(options);
    try {
      for await (const chunk of frames) {
        for (const { event, data } of framesOf(chunk)) this.#take(event, data);
        if (hasFaults() && random.chance(0.02)) return;
        if (random.chance(0.1)) await time.sleep(actor, random.number() * 200);
      }
    } finally {
      close();
    }
  }

  #take(event: string, data: string): void {
    const row = parseJson(data);
    if (!isJsonObject(row)) return;
    if (event === 'monitorStart') {
      this.rows = new Map();
      this.#revision = 0;
    }
    // The rows of a snapshot come newest first, each change after it in the order of revisions.
    if (event === 'snapshotComplete') this.#revision = Number(row['revision']);
    if (event !== 'sessionStatus') return;
    const { sessionId, status, revision } = row;
    if (this.#revision > 0) {
      if (Number(revision) <= this.#revision) {
        this.#world.ledger.violate(`a watcher gets revision ${Number(revision)} after ${this.#revision}`);
      }
      this.#revision = Number(revision);
    }
    if (status === 'deleted') this.rows.delete(String(sessionId));
    else this.rows.set(String(sessionId), row);
  }
}
