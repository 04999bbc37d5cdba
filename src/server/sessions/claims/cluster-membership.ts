import type { StoreClaims } from '../../cluster/store-claims.js';
import type { WakeBus } from '../../cluster/wake-bus.js';
import type { ServerLimits } from '../../limits.js';
import { retryDelayMs } from '../../scheduling/retry-delay.js';
import { Wakeup } from '../../scheduling/wakeup.js';
import type { SessionStore } from '../../store/session-store.js';
import type { LogWriter } from '../../writing/log-writer.js';
import type { Background } from '../background.js';
import type { SessionRecovery } from '../recover-sessions.js';
import type { RunnerHost } from '../runner-host.js';
import type { RunningCapacity } from '../running-capacity.js';
import type { SessionCache } from '../session-cache.js';
import { SessionClaimer } from './session-claimer.js';
import { handOver } from './session-handover.js';

/** Delays before another attempt to join. */
const JOIN_DELAYS = { minMs: 100, maxMs: 5000 } as const;

/** Dependencies of `ClusterMembership`. */
export interface ClusterMembershipOptions {
  readonly store: SessionStore;
  readonly claims: StoreClaims;
  readonly recovery: SessionRecovery;
  readonly writer: LogWriter;
  readonly cache: SessionCache;
  readonly host: RunnerHost;
  readonly capacity: RunningCapacity;
  readonly bus: WakeBus;
  readonly background: Background;
  readonly limits: Pick<ServerLimits, 'scanMs' | 'lingerMs'>;
  readonly onError: (error: unknown) => void;
}

/**
 * The place of a process among those that share its store: joined with a number; lost when the others took it for dead,
 * or when it cannot know; then joined again under another number, without the sessions that it ran.
 */
export class ClusterMembership {
  readonly #options: ClusterMembershipOptions;
  readonly #claimer: SessionClaimer;
  readonly #wakeup = new Wakeup();
  #joining: Promise<number> | undefined;
  #isClosed = false;

  constructor(options: ClusterMembershipOptions) {
    this.#options = options;
    this.#claimer = new SessionClaimer({ ...options, ...options.limits });
  }

  /** Joins with a number from `SessionStore.beginEpoch`. */
  join(processId: number): Promise<void> {
    return this.#options.claims.open(processId, () => this.#lost());
  }

  /** Begins to take over what no process runs. */
  open(): void {
    this.#claimer.open();
  }

  /** Looks now for sessions that no process runs. */
  wake(): void {
    this.#claimer.wake();
  }

  /** Joins again, as a new process. Resolves with its number; what this process ran is released first. */
  rejoin(): Promise<number> {
    this.#joining ??= this.#rejoin().finally(() => {
      this.#joining = undefined;
    });
    return this.#joining;
  }

  /** Leaves what this process runs to the others, see `handOver`. Takes nothing over from now on. */
  async handOver(limitMs: number, requests: Promise<unknown>): Promise<void> {
    this.#options.capacity.leave();
    await this.close();
    await handOver(limitMs, requests, this.#options);
  }

  /** Takes nothing over from now on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wakeup.wake();
    await this.#claimer.close();
  }

  /** Gives everything back, so that the others need not wait until this process counts as dead. */
  async leave(): Promise<void> {
    const { claims, bus } = this.#options;
    try {
      await claims.close();
      bus.publish({ kind: 'ready' });
    } catch {
      // The database is out of reach, or was closed: the others find out by themselves, after a lease.
    }
  }

  async #rejoin(): Promise<number> {
    const { store, cache, writer } = this.#options;
    for (const session of cache.all()) if (session.runner !== undefined) session.letGo();
    const processId = await store.beginEpoch();
    await this.join(processId);
    writer.renew(processId);
    this.#claimer.wake();
    return processId;
  }

  #lost(): void {
    const rejoin = async (): Promise<void> => {
      for (let failures = 1; !this.#isClosed; failures += 1) {
        try {
          await this.rejoin();
          return;
        } catch {
          // The writer reports an outage.
          await this.#wakeup.sleep(retryDelayMs(failures, JOIN_DELAYS));
        }
      }
    };
    void this.#options.background.run(rejoin());
  }
}
