import type { ServerLimits } from '../limits.js';
import { draining, unavailable } from '../sessions/session-errors.js';
import { Wakeup } from '../sessions/wakeup.js';

/** Reasons for the server to end a stream although more may follow. */
export type ByeReason = 'drain' | 'max-age' | 'auth-expired' | 'evicted' | 'prompt';

/** Controls one stream from outside: on request, the stream ends itself at the next opportunity. */
export class StreamControl {
  readonly wakeup = new Wakeup();
  #bye: ByeReason | undefined;
  #isGone = false;

  /** Set when the stream is to send `bye` and end. */
  get bye(): ByeReason | undefined {
    return this.#bye;
  }

  /** True when the reader has gone. */
  get isGone(): boolean {
    return this.#isGone;
  }

  end(reason: ByeReason): void {
    this.#bye ??= reason;
    this.wakeup.wake();
  }

  abandon(): void {
    this.#isGone = true;
    this.wakeup.wake();
  }
}

/** All streams of a process. */
export class OpenStreams {
  readonly #limits: Pick<ServerLimits, 'streams' | 'streamsPerSession' | 'drainMs'>;
  /** Streams with the same value compete with each other. */
  readonly #streams = new Map<StreamControl, string | undefined>();
  /** The competing streams by that key, oldest first, without those that are ending. */
  readonly #rivals = new Map<string, Set<StreamControl>>();
  readonly #emptied = new Wakeup();
  #isDraining = false;

  constructor(limits: Pick<ServerLimits, 'streams' | 'streamsPerSession' | 'drainMs'>) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#streams.size;
  }

  /**
   * Registers a stream. When too many streams have the same key, the oldest one is ended: it is the most
   * likely to belong to a connection that died unnoticed.
   *
   * @throws GraphRunError `unavailable` when the process drains or has too many streams.
   */
  open(key?: string): StreamControl {
    if (this.#isDraining) throw draining();
    if (this.#streams.size >= this.#limits.streams) {
      throw unavailable('The server has too many open streams.', 5000);
    }
    const control = new StreamControl();
    this.#streams.set(control, key);
    if (key !== undefined) this.#compete(control, key);
    return control;
  }

  release(control: StreamControl): void {
    const key = this.#streams.get(control);
    this.#streams.delete(control);
    if (key !== undefined) this.#removeRival(control, key);
    if (this.#streams.size === 0) this.#emptied.wake();
  }

  #compete(control: StreamControl, key: string): void {
    const rivals = this.#rivals.get(key) ?? new Set();
    this.#rivals.set(key, rivals.add(control));
    const [oldest] = rivals;
    if (rivals.size <= this.#limits.streamsPerSession || oldest === undefined) return;
    this.#removeRival(oldest, key);
    oldest.end('evicted');
  }

  #removeRival(control: StreamControl, key: string): void {
    const rivals = this.#rivals.get(key);
    rivals?.delete(control);
    if (rivals?.size === 0) this.#rivals.delete(key);
  }

  /** Ends all streams. Resolves when the last one has ended, or after `drainMs`. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#streams.size === 0) return;
    for (const control of this.#streams.keys()) control.end('drain');
    await this.#emptied.sleep(this.#limits.drainMs);
    for (const control of this.#streams.keys()) control.abandon();
  }
}
