import type { JsonObject } from '../../../src/protocol/values/json.js';
import type { ServerLimits } from '../../../src/server/limits.js';
import type { SessionManager } from '../../../src/server/sessions/session-manager.js';
import type { SeededRandom } from '../fuzz/seeded-random.js';
import type { LoadedServer, ServerCode } from './server-code.js';
import { SimulatedClaims, type ClaimsFaults, type ClaimsTimes } from './simulated-claims.js';
import type { SimulatedDatabase } from './simulated-database.js';
import { SimulatedGlobals } from './simulated-globals.js';
import { LostCallError, SimulatedLink } from './simulated-link.js';
import { callingAs, simulatedStore, type StoreFaults } from './simulated-store.js';
import { SimulatedWakeBus, type SimulatedExchange } from './simulated-wake-bus.js';
import type { Leaving } from './simulation-ledger.js';
import { Actor, type VirtualTime } from './virtual-time.js';

/** What all processes of a run share. */
export interface SimulatedCluster {
  readonly time: VirtualTime;
  readonly database: SimulatedDatabase;
  /** What the effects of calls happen to. */
  readonly server: Actor;
  /** What people and the network happen to. */
  readonly world: Actor;
  readonly exchange: SimulatedExchange;
  readonly times: ClaimsTimes;
  readonly limits: Partial<ServerLimits>;
  readonly onRestart: 'fail' | 'rerun';
  readonly faults: ClaimsFaults & StoreFaults;
  readonly nextId: () => number;
  /** Called with errors that a server reports, other than that the store is out of reach. */
  readonly onError: (text: string) => void;
}

/** The process ended before it answered, or does not run. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/** One process with the real code of the server. */
export class SimulatedProcess {
  readonly name: string;
  readonly code: ServerCode;
  readonly actor: Actor;
  readonly link: SimulatedLink;
  /** The number under which it has joined the others last; undefined when it shows no longer that it lives. */
  processId: number | undefined;
  /** Until when it was paused. */
  pausedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #cluster: SimulatedCluster;
  readonly #beating: Actor;
  readonly #onEnd = new Set<() => void>();
  #sessions: SessionManager | undefined;
  #bus: SimulatedWakeBus | undefined;
  #isLeaving = false;
  /** When it has begun to leave. */
  #leavesAtMs = Number.POSITIVE_INFINITY;
  #hasLeft = false;

  /** Starts it. `numbers`: all numbers under which processes have joined, with their processes. */
  constructor(
    name: string,
    cluster: SimulatedCluster,
    loaded: LoadedServer,
    random: SeededRandom,
    numbers: Map<number, SimulatedProcess>,
  ) {
    const { time, database, server } = cluster;
    this.name = name;
    this.code = loaded.code;
    this.#cluster = cluster;
    this.actor = new Actor(name);
    this.#beating = new Actor(`${name} beat`);
    this.link = new SimulatedLink(time, this.actor, random, database, server);
    const skewMs = random.chance(0.3) ? random.below(7_200_000) - 3_600_000 : 0;
    loaded.globals = new SimulatedGlobals(time, this.actor, random, skewMs);
    time.plan(this.actor, 0, 'starts', () => {
      this.#open(loaded.globals, numbers).catch((error: unknown) => {
        if (!isOutage(error)) cluster.onError(`${name} does not start: ${String(error)}`);
        this.crash();
      });
    });
  }

  /** True until it crashes or has left. */
  get isAlive(): boolean {
    return !this.actor.isDead;
  }

  /** True while it leaves: it opens no stream, but takes what people do. */
  get isLeaving(): boolean {
    return this.isAlive && this.#isLeaving;
  }

  /** True when it answers all requests. */
  get isOpen(): boolean {
    return this.isAlive && this.#sessions !== undefined && !this.#isLeaving;
  }

  /** True if something of its own may have kept it from showing, since a time, that it lives. */
  isAtFaultSince(processId: number, sinceMs: number): boolean {
    if (!this.isAlive || this.processId !== processId || this.#isLeaving) return true;
    return Math.max(this.pausedUntilMs, this.link.cutUntilMs, this.link.troubledAtMs) >= sinceMs;
  }

  /** How it leaves, under a number; undefined when it does not, or a fault could keep it from doing that well. */
  leavingAs(processId: number): Leaving | undefined {
    if (!Number.isFinite(this.#leavesAtMs)) return undefined;
    const { cutUntilMs, troubledAtMs, lostAtMs } = this.link;
    const faultMs = Math.max(this.actor.pausedUntilMs, cutUntilMs, troubledAtMs, lostAtMs);
    const isWell = faultMs < this.#leavesAtMs && (this.isAlive || this.#hasLeft);
    const sinceMs = this.#leavesAtMs;
    return isWell && this.processId === processId ? { sinceMs, faultMs } : undefined;
  }

  /**
   * Sends a request to it.
   *
   * @throws ConnectionLostError when it does not run, or ends first. Any error of the work.
   */
  request<Result>(
    label: string,
    work: (sessions: SessionManager, code: ServerCode) => Promise<Result>,
  ): Promise<Result> {
    const { time, world } = this.#cluster;
    return new Promise((resolve, reject) => {
      const lose = (): void => {
        time.plan(world, 1, `${label} at ${this.name} is lost`, () => reject(new ConnectionLostError()));
      };
      this.#onEnd.add(lose);
      time.plan(this.actor, this.link.delayMs(), label, () => {
        const answered =
          this.#sessions === undefined
            ? Promise.reject<Result>(new ConnectionLostError())
            : work(this.#sessions, this.code);
        answered.then(resolve, reject).finally(() => this.#onEnd.delete(lose));
      });
      if (!this.isAlive) lose();
    });
  }

  /** Ends it in the middle of whatever it does. */
  crash(): void {
    if (this.actor.isDead) return;
    this.actor.isDead = true;
    this.#beating.isDead = true;
    if (this.#bus !== undefined) this.#cluster.exchange.remove(this.#bus);
    for (const lose of this.#onEnd) lose();
  }

  /** Nothing of it happens for some time. `isBlocked`: only its main thread stands still, so that it shows that it lives. */
  pause(ms: number, isBlocked: boolean): void {
    const untilMs = this.#cluster.time.nowMs + ms;
    this.actor.pausedUntilMs = untilMs;
    if (isBlocked) return;
    this.#beating.pausedUntilMs = untilMs;
    this.pausedUntilMs = untilMs;
  }

  /** Ends its pause. */
  resume(): void {
    const { time } = this.#cluster;
    time.resume(this.actor);
    time.resume(this.#beating);
    this.pausedUntilMs = time.nowMs;
  }

  /** Makes it deaf for hints, which it knows. */
  deafen(ms: number): void {
    this.#bus?.deafen(ms);
  }

  /** Ends it in order, as SIGTERM does. */
  async leave(): Promise<void> {
    const sessions = this.#sessions;
    if (sessions === undefined) return this.crash();
    this.#isLeaving = true;
    const { time, onError } = this.#cluster;
    time.plan(this.actor, 0, 'leaves', () => {
      this.#leavesAtMs = time.nowMs;
      const leave = async (): Promise<void> => {
        await sessions.handOver();
        await sessions.close();
        this.#hasLeft = true;
        this.crash();
      };
      leave().catch((error: unknown) => onError(`${this.name} does not leave: ${String(error)}`));
    });
    return undefined;
  }

  async #open(globals: SimulatedGlobals | undefined, numbers: Map<number, SimulatedProcess>): Promise<void> {
    const { time, database, exchange, times, limits, onRestart, faults, nextId } = this.#cluster;
    const { code, actor, link } = this;
    const onError = (error: unknown): void => {
      if (!isOutage(error)) this.#cluster.onError(`${this.name}: ${describe(error)}`);
    };
    const cluster = {
      now: () => database.timeMs,
      createBus: () => {
        this.#bus = new SimulatedWakeBus({ time, actor, link, exchange });
        return this.#bus;
      },
      createClaims: () => {
        const beating = this.#beating;
        const onJoined = (processId: number): void => {
          this.processId = processId;
        };
        const onNumbered = (processId: number): void => void numbers.set(processId, this);
        const onGivenUp = (): void => {
          this.processId = undefined;
        };
        const call = callingAs(link, code);
        const shared = { time, actor, beating, database, link, call };
        return new SimulatedClaims({ ...times, ...shared, faults, onNumbered, onJoined, onGivenUp });
      },
    };
    this.#sessions = await code.SessionManager.open({
      store: simulatedStore({ database, link, code, cluster, faults, nextId }),
      runner: code.createGraphRunner({
        handlers: { worker: code.worker, repeatable: code.repeatable },
        onRestart,
      }),
      limits: { ...code.DEFAULT_LIMITS, ...limits },
      now: () => globals?.timeMs() ?? 0,
      onError,
      onLost: onError,
    });
  }
}

/** True when the store was out of reach. */
function isOutage(error: unknown): boolean {
  if (error instanceof LostCallError) return true;
  return error instanceof Error && error.cause !== undefined && isOutage(error.cause);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? String(error.stack) : `${String(error)}: ${describe(error.cause)}`;
}

/** The code of a problem that a server has answered with, or what else went wrong. */
export function problemOf(error: unknown): string {
  if (error instanceof ConnectionLostError) return 'lost';
  if (!(error instanceof Error)) return String(error);
  const { code } = error as Error & JsonObject;
  if (typeof code === 'string') return code;
  // The handler answers with 503.
  return isOutage(error) ? 'unavailable' : describe(error);
}
