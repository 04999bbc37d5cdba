import type { AttemptReport } from './reconnect.js';

/** Attempts in a row whose stream stays silent, after which pages are tried instead. */
const SILENT_ATTEMPTS = 2;
/** A stream that was heard for this long before it fell silent was not held back. */
const HEARD_MS = 120_000;

/** Knowledge of the way between a client and its server, shared by the client's connections. */
export class StreamLine {
  readonly #callbacks = new Set<() => void>();
  #isHeld = false;

  /** True while something on the way holds streams back, and pages get through. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Notes that a page came through where streams did not. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Notes that streams get through again. */
  release(): void {
    this.#isHeld = false;
    for (const callback of this.#callbacks) callback();
  }

  /** Calls back at each release, until the returned function is called. */
  onRelease(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }
}

/** Counts the attempts of one connection whose stream stayed silent. */
export class SilentAttempts {
  readonly #line: StreamLine;
  #count = 0;
  #hasPages = true;

  constructor(line: StreamLine) {
    this.#line = line;
  }

  /** True when pages are to be tried. */
  get arePagesDue(): boolean {
    return this.#hasPages && (this.#line.isHeld || this.#count >= SILENT_ATTEMPTS);
  }

  /** Notes the end of an attempt that read the stream for `durationMs`. */
  note({ outcome }: AttemptReport, durationMs: number): void {
    const isSilent = outcome.kind === 'lost' && outcome.error.code === 'timeout';
    if (!isSilent) this.#count = 0;
    else this.#count = durationMs > HEARD_MS ? 1 : this.#count + 1;
  }

  /** Notes that streams get through again. */
  noteReleased(): void {
    this.#count = 0;
  }

  /** Notes how reading pages ended. */
  notePages({ outcome }: AttemptReport): void {
    // An older server has no such page.
    const code = 'error' in outcome ? outcome.error.code : '';
    this.#hasPages = code !== 'not-found' && code !== 'method-not-allowed';
    // Where pages do not get through either, the streams are not held back: the server is out of reach.
    if (!this.#line.isHeld) this.#count = 0;
  }
}
