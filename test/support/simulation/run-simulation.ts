import { SeededRandom } from '../fuzz/seeded-random.js';
import { checkEnd, checkSettled, loggedState } from './check-simulation.js';
import type { LoadedServer, LoadServer } from './server-code.js';
import type { ClaimsFaults, ClaimsTimes } from './simulated-claims.js';
import { SimulatedDatabase, type DatabaseFaults } from './simulated-database.js';
import { CALM, type NetworkSettings } from './simulated-link.js';
import { GRAPHS, PRINCIPAL, SimulatedPerson } from './simulated-person.js';
import { SimulatedProcess, type SimulatedCluster } from './simulated-process.js';
import { SimulatedReader, SimulatedWatcher, type SimulatedWorld } from './simulated-reader.js';
import type { StoreFaults } from './simulated-store.js';
import { SimulatedExchange } from './simulated-wake-bus.js';
import { SimulationLedger } from './simulation-ledger.js';
import { Actor, VirtualTime } from './virtual-time.js';

/** Times of a process; none of them is a multiple of the period of the look, 2 s. */
export const TIMES: ClaimsTimes = { beatMs: 300, leaseMs: 1500, doubtMs: 2900 };
/** How often a process looks for sessions that no process runs. */
export const SCAN_MS = 700;

/** How long a process that leaves waits for its nodes: longer than any of them runs without a question. */
const LONG_HANDOVER_MS = 1000;

/** After which time everybody has seen what was logged: longer than between two looks, and some round trips. */
const SEEN_MS = 2700;

/** After which time a session that runs waits or has ended. */
const RUN_MS = 4000;

/** Options of `Simulator.run`. */
export interface SimulationOptions {
  readonly seed: number;
  readonly database?: DatabaseFaults;
  readonly claims?: ClaimsFaults;
  readonly store?: StoreFaults;
  /** True: no call is lost or late unless something breaks, and processes that leave wait for their nodes. */
  readonly isCalm?: boolean;
  /** True: everything that happens is in the result. */
  readonly isTraced?: boolean;
}

/** What came of a run. */
export interface SimulationResult {
  readonly seed: number;
  /** What may not happen, and has; empty for a server that is right. */
  readonly violations: readonly string[];
  /** How many things have happened. */
  readonly steps: number;
  readonly events: number;
  readonly sessions: number;
  readonly digest: number;
  readonly trace: readonly string[];
}

/** Runs simulations of one server, one after the other. */
export class Simulator {
  readonly #load: LoadServer;
  /** What processes have run, and others can. */
  readonly #loaded: LoadedServer[] = [];

  constructor(load: LoadServer) {
    this.#load = load;
  }

  /** Runs everything that follows from a seed. */
  async run(options: SimulationOptions): Promise<SimulationResult> {
    const free = [...this.#loaded];
    const take = (): LoadedServer => {
      const loaded = free.pop() ?? this.#load();
      if (!this.#loaded.includes(loaded)) this.#loaded.push(loaded);
      return loaded;
    };
    return new Simulation(options, take, (loaded) => free.push(loaded)).run();
  }
}

/** One run. */
class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: SeededRandom;
  readonly #time = new VirtualTime();
  readonly #world = new Actor('world');
  readonly #ledger: SimulationLedger;
  readonly #database: SimulatedDatabase;
  readonly #cluster: SimulatedCluster;
  readonly #people: SimulatedPerson[] = [];
  readonly #readers: SimulatedReader[] = [];
  readonly #watchers: SimulatedWatcher[] = [];
  readonly #processes: { process: SimulatedProcess; readonly loaded: LoadedServer }[] = [];
  readonly #numbers = new Map<number, SimulatedProcess>();
  readonly #take: () => LoadedServer;
  readonly #giveBack: (loaded: LoadedServer) => void;
  readonly #network: NetworkSettings;
  #hasFaults = true;
  #starts = 0;

  constructor(
    options: SimulationOptions,
    take: () => LoadedServer,
    giveBack: (loaded: LoadedServer) => void,
  ) {
    this.#options = options;
    this.#take = take;
    this.#giveBack = giveBack;
    const random = new SeededRandom(options.seed);
    this.#random = random;
    const time = this.#time;
    if (options.isTraced === true) time.trace = [];
    const ledger = new SimulationLedger(time);
    this.#ledger = ledger;
    ledger.isAtFaultSince = (processId, sinceMs) =>
      this.#numbers.get(processId)?.isAtFaultSince(processId, sinceMs) ?? true;
    ledger.leaving = (processId) => this.#numbers.get(processId)?.leavingAs(processId);
    ledger.isSameProcess = (one, other) => this.#numbers.get(one) === this.#numbers.get(other);
    time.isOver = () => ledger.violations.length > 0;
    this.#database = new SimulatedDatabase(time, ledger, options.database);
    const server = new Actor('database');
    let ids = 0;
    const drawnMs = random.pick([0, 300, LONG_HANDOVER_MS]);
    const handoverMs = options.isCalm === true ? LONG_HANDOVER_MS : drawnMs;
    ledger.mayNodesEnd = handoverMs === LONG_HANDOVER_MS;
    this.#cluster = {
      time,
      database: this.#database,
      server,
      world: this.#world,
      exchange: new SimulatedExchange(time, random, server),
      times: TIMES,
      limits: {
        scanMs: SCAN_MS,
        lingerMs: random.pick([500, 1500, 60_000]),
        handoverMs,
        eraseDelayMs: random.pick([100, 1500]),
        sweepMs: 1300,
        questionMs: random.pick([Infinity, Infinity, 6100]),
        monitorIntervalMs: 20,
        openSessionsPerPrincipal: random.pick([4, 50]),
      },
      onRestart: random.pick(['fail', 'rerun']),
      faults: { ...options.claims, ...options.store },
      nextId: () => (ids += 1),
      onError: (text) => {
        // Whether it was right to end it, the log shows.
        if (!text.includes(' was ended: ')) ledger.violate(text);
      },
    };
    const network = {
      slow: random.pick([0, 0.02, 0.1]),
      lostRequest: random.pick([0, 0.01, 0.05, 0.15]),
      lostResponse: random.pick([0, 0.01, 0.05, 0.15]),
      lostHint: random.pick([0, 0.2, 1]),
      doubledHint: random.pick([0, 0.2]),
    };
    this.#network = options.isCalm === true ? CALM : network;
  }

  async run(): Promise<SimulationResult> {
    const time = this.#time;
    const random = this.#random;
    const count = random.pick([2, 3, 4]);
    for (let position = 0; position < count; position += 1) this.#start();
    const world: SimulatedWorld = {
      time,
      world: this.#world,
      ledger: this.#ledger,
      random,
      anyProcess: ({ mayLeave = false } = {}) => {
        const open = this.#processes
          .map(({ process }) => process)
          .filter(({ isOpen, isLeaving }) => isOpen || (mayLeave && isLeaving));
        return open.length === 0 ? undefined : random.pick(open);
      },
      hasFaults: () => this.#hasFaults,
    };
    for (const name of ['Ann', 'Bob']) {
      const person = new SimulatedPerson(world, name);
      this.#people.push(person);
      void person.run();
    }
    for (const graphId of [...GRAPHS, undefined, undefined])
      this.#watchers.push(new SimulatedWatcher(world, { principal: PRINCIPAL, graphId }));
    void this.#bringReaders(world);
    void this.#breakThings();
    const faultyMs = 5000 + random.number() * 6000;
    await time.runUntil(faultyMs);
    this.#mend();
    // After a lease and a scan every session runs again; then it takes some time until all wait.
    await time.runUntil(faultyMs + TIMES.leaseMs + TIMES.beatMs + 1.2 * SCAN_MS + 500);
    if (!time.isOver()) this.#checkOwners();
    await this.#waitUntilIdle();
    let before = loggedState(this.#ledger);
    await time.runUntil(time.nowMs + SEEN_MS);
    const state = {
      ledger: this.#ledger,
      database: this.#database,
      readers: this.#readers,
      watchers: this.#watchers,
    };
    if (!time.isOver()) await checkSettled(state, before);
    for (let round = 0; round < 6 && !time.isOver() && this.#answerAll(); round += 1) {
      await time.runUntil(time.nowMs + 500);
      await this.#waitUntilIdle();
    }
    before = loggedState(this.#ledger);
    if (!time.isOver()) await time.runUntil(time.nowMs + SEEN_MS);
    if (!time.isOver()) await checkEnd(state, before);
    return this.#end();
  }

  #end(): SimulationResult {
    for (const { process, loaded } of this.#processes) {
      process.crash();
      loaded.globals = undefined;
    }
    const sessions = [...this.#ledger.sessions.values()];
    return {
      seed: this.#options.seed,
      violations: this.#ledger.violations,
      steps: this.#time.steps,
      events: sessions.reduce((sum, { events }) => sum + events.length, 0),
      sessions: sessions.length,
      digest: this.#time.digest,
      trace: this.#time.trace ?? [],
    };
  }

  #start(): void {
    this.#starts += 1;
    const loaded = this.#take();
    const random = new SeededRandom(this.#options.seed, this.#starts);
    const name = `P${this.#starts}`;
    const process = new SimulatedProcess(name, this.#cluster, loaded, random, this.#numbers);
    process.link.network = this.#hasFaults ? this.#network : CALM;
    this.#processes.push({ process, loaded });
  }

  /** Starts others for those that have ended. */
  #restart(): void {
    for (const [position, { process, loaded }] of [...this.#processes.entries()].reverse()) {
      if (process.isAlive) continue;
      this.#processes.splice(position, 1);
      this.#giveBack(loaded);
      this.#start();
    }
  }

  async #bringReaders(world: SimulatedWorld): Promise<void> {
    const followed = new Set<string>();
    for (;;) {
      await this.#time.sleep(this.#world, 50 + this.#random.number() * 200);
      for (const session of this.#ledger.sessions.values()) {
        if (followed.has(session.sessionId) || session.isDeleted) continue;
        followed.add(session.sessionId);
        this.#readers.push(new SimulatedReader(world, session), new SimulatedReader(world, session));
      }
    }
  }

  async #breakThings(): Promise<void> {
    const random = this.#random;
    const time = this.#time;
    while (this.#hasFaults) {
      await time.sleep(this.#world, 100 + random.number() * 1500);
      if (!this.#hasFaults) return;
      const ms = random.number() * random.pick([300, 2000, 5000]);
      const { process } = random.pick(this.#processes);
      const kind = random.pick([
        'crash',
        'pause',
        'block',
        'cut',
        'outage',
        'deaf',
        'leave',
        'restart',
        'nothing',
      ]);
      time.note(`${kind} ${process.name} ${ms.toFixed(0)}`);
      switch (kind) {
        case 'crash':
          process.crash();
          break;
        case 'pause':
          process.pause(ms, false);
          break;
        case 'block':
          process.pause(ms, true);
          break;
        case 'cut':
          process.link.cutUntilMs = time.nowMs + ms;
          break;
        case 'outage':
          this.#database.isDown = true;
          time.plan(this.#world, random.number() * 4000, 'the database is back', () => {
            this.#database.isDown = false;
          });
          break;
        case 'deaf':
          process.deafen(ms);
          break;
        case 'leave':
          if (process.isOpen) await process.leave();
          break;
        case 'restart':
          this.#restart();
          break;
        default:
          break;
      }
    }
  }

  /** Ends all faults. */
  #mend(): void {
    this.#time.note('all faults end');
    this.#hasFaults = false;
    this.#database.isDown = false;
    for (const person of this.#people) person.isActive = false;
    const { nowMs } = this.#time;
    for (const { process } of this.#processes) {
      process.link.network = CALM;
      process.link.cutUntilMs = Math.min(process.link.cutUntilMs, nowMs);
      process.resume();
    }
    this.#restart();
    const restart = async (): Promise<void> => {
      // Those that were leaving, or could not start, end later.
      for (;;) {
        await this.#time.sleep(this.#world, 100);
        this.#restart();
      }
    };
    void restart();
  }

  /** Lets time pass until no session runs, or too much of it has passed. */
  async #waitUntilIdle(): Promise<void> {
    const time = this.#time;
    const untilMs = time.nowMs + RUN_MS;
    const isRunning = (): boolean =>
      [...this.#ledger.sessions.values()].some(({ isDeleted, status }) => !isDeleted && status === 'running');
    while (time.nowMs < untilMs && isRunning() && !time.isOver()) await time.runUntil(time.nowMs + 100);
  }

  #checkOwners(): void {
    const { nowMs } = this.#time;
    for (const { sessionId, status, isDeleted, changedMs } of this.#ledger.sessions.values()) {
      if (isDeleted || status !== 'running') continue;
      const owner = this.#database.ownerOf(sessionId);
      // It may have become ready since the last scan.
      const isOverdue = owner === undefined && nowMs - changedMs > 1.2 * SCAN_MS + TIMES.beatMs;
      if (!isOverdue && (owner === undefined || this.#database.isMember(owner))) continue;
      this.#ledger.violate(
        `session ${sessionId} is run by no process, a lease and a scan after the last fault`,
      );
    }
  }

  /** Answers everything that is open. False when there is nothing. */
  #answerAll(): boolean {
    const [person] = this.#people;
    let hasOpen = false;
    for (const session of this.#ledger.sessions.values()) {
      if (session.isDeleted || session.hasEnded) continue;
      hasOpen = true;
      for (const interactionId of session.open.keys()) void person?.answer(session, interactionId);
    }
    return hasOpen;
  }
}
