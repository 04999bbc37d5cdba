/** A smaller change of the difference, in milliseconds, is the way of a frame. */
const STEP_MS = 1000;

/** Compares the clock of this machine with the times that the server writes into the frames of one stream. */
export class ServerClock {
  readonly #wallNow: () => number;
  #aheadMs: number | undefined;

  /** @param wallNow Returns the time of this machine, in milliseconds since 1970. */
  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** The difference as a member of the state of the connection; no member when the server wrote no time. */
  get state(): { readonly clockAheadMs?: number } {
    return this.#aheadMs === undefined ? {} : { clockAheadMs: this.#aheadMs };
  }

  /** Takes the time of the server, in milliseconds since 1970. */
  learn(serverMs: number | undefined): void {
    if (serverMs !== undefined) this.#aheadMs = this.#wallNow() - serverMs;
  }

  /** Takes a comment, which may be a heartbeat with the time of the server. Returns true when the difference has changed. */
  learnFromComment(text: string): boolean {
    const serverMs = /^ ?hb (\d{1,15})$/.exec(text)?.[1];
    const before = this.#aheadMs;
    if (serverMs === undefined || before === undefined) return false;
    if (Math.abs(this.#wallNow() - Number(serverMs) - before) < STEP_MS) return false;
    this.learn(Number(serverMs));
    return true;
  }
}
