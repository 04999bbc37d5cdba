import type { WakeBus } from './wake-bus.js';

/** The bus of a process that has its store for itself: there is no other to wake. */
export class LocalWakeBus implements WakeBus {
  readonly isDeaf = false;

  publish(): void {}

  async open(): Promise<void> {}

  async close(): Promise<void> {}
}
