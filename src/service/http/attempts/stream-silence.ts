import type { Environment } from '../environment.js';

/** The end of a silence: bytes (or the end of the stream), or what is worth noting while there are none. */
export type SilenceEnd = 'arrived' | 'quiet' | 'offline';

/** The silences of one stream, and what the browser reports about the network during them. */
export class StreamSilence {
  readonly #environment: Environment;
  #isOffline = false;
  #isReported = false;
  #onOffline = () => {};

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** True while the browser reports that it is offline, and no bytes have disproved it. */
  get isOffline(): boolean {
    return this.#isOffline;
  }

  /** Notes that the browser reports that it is offline. */
  noteOffline(): void {
    this.#isOffline = true;
    this.#onOffline();
  }

  /** Notes that bytes arrived. Returns true when the silence before them was reported as `offline`. */
  noteBytes(): boolean {
    const wasReported = this.#isReported;
    this.#isOffline = false;
    this.#isReported = false;
    return wasReported;
  }

  /**
   * Waits for `next`. Resolves with `quiet` when it takes longer than `quietMs`, and once with `offline` when the
   * browser reports that. Never rejects; `next` itself may, for its other reader.
   */
  async until(next: Promise<unknown>, quietMs: number | undefined): Promise<SilenceEnd> {
    const cancels: (() => void)[] = [];
    const waits: Promise<SilenceEnd>[] = [];
    if (quietMs !== undefined) {
      waits.push(
        new Promise((resolve) => {
          cancels.push(this.#environment.setTimer(() => resolve('quiet'), quietMs));
        }),
      );
    }
    if (!this.#isReported) {
      waits.push(
        new Promise((resolve) => {
          this.#onOffline = () => resolve('offline');
          if (this.#isOffline) resolve('offline');
        }),
      );
    }
    const arrived = (): SilenceEnd => 'arrived';
    try {
      const end = await Promise.race([next.then(arrived, arrived), ...waits]);
      if (end === 'offline') this.#isReported = true;
      return end;
    } finally {
      this.#onOffline = () => {};
      for (const cancel of cancels) cancel();
    }
  }
}
