/** An element that shows a running time. */
export interface ClockReader {
  requestUpdate(): void;
}

/**
 * The one timer of a panel. It runs only while it has readers and the page is visible, and only as often as the most
 * frequent reader needs.
 */
export class Clock {
  readonly #readers = new Map<ClockReader, number>();
  readonly #due = new Map<ClockReader, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #everyMs = 0;

  readonly #aheadMs: () => number;

  /**
   * @param aheadMs Returns how far this machine's clock is ahead of the server's, in milliseconds; elements that read
   *   the time depend on the signals that it reads. Default 0.
   */
  constructor(aheadMs: () => number = () => 0) {
    this.#aheadMs = aheadMs;
  }

  /** The time of the server, as far as it is known, in milliseconds since 1970: for the times of a run. */
  now(): number {
    return this.localNow() - this.#aheadMs();
  }

  /** The time of this machine, in milliseconds since 1970: for what is planned here. */
  localNow(): number {
    return Date.now();
  }

  /** Updates the reader every `everyMs` milliseconds; undefined removes the reader. */
  read(reader: ClockReader, everyMs: number | undefined): void {
    if (this.#readers.get(reader) === everyMs) return;
    if (everyMs === undefined) {
      this.#readers.delete(reader);
      this.#due.delete(reader);
    } else {
      this.#readers.set(reader, everyMs);
      this.#due.set(reader, this.localNow() + everyMs);
    }
    this.#adjust();
  }

  #adjust(): void {
    if (this.#readers.size === 0) document.removeEventListener('visibilitychange', this.#onVisibility);
    else document.addEventListener('visibilitychange', this.#onVisibility);
    const isIdle = this.#readers.size === 0 || document.visibilityState === 'hidden';
    const everyMs = isIdle ? 0 : Math.min(...this.#readers.values());
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    clearInterval(this.#timer);
    this.#timer = everyMs === 0 ? undefined : setInterval(this.#tick, everyMs);
  }

  readonly #tick = (): void => {
    const now = this.localNow();
    for (const [reader, everyMs] of this.#readers) {
      // Half a second of grace, because a timer may be early or late.
      if ((this.#due.get(reader) ?? 0) > now + 500) continue;
      this.#due.set(reader, now + everyMs);
      reader.requestUpdate();
    }
  };

  readonly #onVisibility = (): void => {
    this.#adjust();
    if (document.visibilityState === 'visible')
      for (const reader of this.#readers.keys()) reader.requestUpdate();
  };
}
