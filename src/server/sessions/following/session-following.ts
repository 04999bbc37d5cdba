import type { GraphRunEvent } from '../../../protocol/events.js';
import { LocalWakeBus } from '../../cluster/local-wake-bus.js';
import type { WakeBus, WakeHint } from '../../cluster/wake-bus.js';
import type { ServerLimits } from '../../limits.js';
import { Wakeup } from '../../scheduling/wakeup.js';
import type { SessionStore } from '../../store/session-store.js';
import type { ListWatchers } from '../list-watchers.js';
import type { SessionCache } from '../session-cache.js';
import type { Session } from '../session.js';
import { ListFollower } from './list-follower.js';
import { LogFollower } from './log-follower.js';

/** How often a process looks at what is watched, to make up for lost hints. */
const LOOK_MS = 2000;
/** The same while hints are known to be lost. */
const DEAF_LOOK_MS = 200;

/** Dependencies of `SessionFollowing`. */
export interface SessionFollowingOptions {
  readonly store: SessionStore;
  readonly cache: SessionCache;
  readonly watchers: ListWatchers;
  readonly limits: Pick<ServerLimits, 'pageBytes'>;
  /** See `LogFollowerOptions`. */
  readonly settled: (session: Session) => Promise<void>;
  readonly onGrown: (session: Session, events: readonly GraphRunEvent[]) => void;
  readonly onDeleted: (session: Session) => void;
  /** Called when a person at another process wants to write a session. */
  readonly onTurn: (sessionId: string) => void;
  /** Called when a session may wait for an owner. */
  readonly onReady: () => void;
  readonly onError: (error: unknown) => void;
  readonly onNotice: (text: string) => void;
}

/**
 * Follows what the other processes on a store write: on hints, and by looking from time to time at everything that is
 * watched or run here. With a store that one process has for itself, it does nothing.
 */
export class SessionFollowing {
  readonly bus: WakeBus;
  readonly lists: ListFollower;
  readonly #options: SessionFollowingOptions;
  readonly #logs: LogFollower;
  readonly #isShared: boolean;
  readonly #wakeup = new Wakeup();
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: SessionFollowingOptions) {
    const { store, watchers, limits, onNotice } = options;
    this.#options = options;
    this.#isShared = store.cluster !== undefined;
    this.bus = store.cluster?.createBus(onNotice) ?? new LocalWakeBus();
    this.lists = new ListFollower({ store, watchers, bus: this.bus });
    this.#logs = new LogFollower({ ...options, pageBytes: limits.pageBytes });
  }

  /** Begins to follow. @throws Error when hints cannot be received. */
  async open(): Promise<void> {
    if (!this.#isShared) return;
    await this.bus.open(
      (hint) => this.#hinted(hint),
      () => this.#wakeup.wake(),
    );
    this.#looking = this.#look();
  }

  /** Stops following; the hints about what was written are sent first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wakeup.wake();
    await this.#looking;
    await this.bus.close();
  }

  /**
   * Brings a session up to what the store has.
   *
   * @throws Any error of the store.
   */
  async refresh(session: Session): Promise<void> {
    if (this.#isShared) await this.#logs.refresh(session);
  }

  /** See `LogFollower.readOn`. */
  readOn(session: Session): Promise<void> {
    return this.#logs.readOn(session);
  }

  #hinted(hint: WakeHint): void {
    switch (hint.kind) {
      case 'log': {
        const session = this.#options.cache.get(hint.sessionId);
        if (session !== undefined) void this.#logs.refreshAll([session]);
        break;
      }
      case 'list':
        this.lists.hinted(hint.listKey, hint.revision);
        break;
      case 'turn':
        this.#options.onTurn(hint.sessionId);
        break;
      case 'ready':
        this.#options.onReady();
    }
  }

  async #look(): Promise<void> {
    while (!this.#isClosed) {
      await this.#wakeup.sleep(this.bus.isDeaf ? DEAF_LOOK_MS : LOOK_MS);
      if (this.#isClosed) return;
      await Promise.all([this.#logs.refreshAll(this.#followed()), this.lists.lookAll()]);
    }
  }

  /** The sessions that are read here, of which also those that have ended can be deleted, and those that run here. */
  #followed(): readonly Session[] {
    return [...this.#options.cache.all()].filter(
      (session) => session.hasReaders || (!session.hasEnded && session.runner !== undefined),
    );
  }
}
