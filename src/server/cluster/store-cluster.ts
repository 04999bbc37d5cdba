import type { StoreClaims } from './store-claims.js';
import type { WakeBus } from './wake-bus.js';

/** What the processes that share a store need of each other. */
export interface StoreCluster {
  /** The time by the clock of the store, which is the same for all processes, in milliseconds since 1970. */
  now(): number;
  /** Makes the bus of a process. `onNotice` is called with what the operator may want to know. */
  createBus(onNotice: (text: string) => void): WakeBus;
  /** Makes the claims of a process, whose number is the epoch from `SessionStore.beginEpoch`. */
  createClaims(options: ClaimsOptions): StoreClaims;
}

/** Options of `StoreCluster.createClaims`. */
export interface ClaimsOptions {
  readonly onError: (error: unknown) => void;
}
