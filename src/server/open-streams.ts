import type { ServerLimits } from './limits.js';
import { draining, unavailable } from './session-errors.js';
import { Wakeup } from './wakeup.js';

/** Why the server ends a stream although there may be more to come. */
export type ByeReason = 'drain' | 'max-age' | 'auth-expired' | 'evicted' | 'prompt';

/** The outside's hold on one stream: it asks, the stream ends itself at the next opportunity. */
export class StreamControl {
  readonly wakeup = new Wakeup();
  #bye: ByeReason | undefined;
  #isGone = false;

  /** Set when the stream is to say goodbye and end. */
  get bye(): ByeReason | undefined {
    return this.#bye;
  }

  /** True when nobody reads any more. */
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
  /** Oldest first; the value says which of them compete with each other. */
  readonly #streams = new Map<StreamControl, string | undefined>();
  readonly #emptied = new Wakeup();
  #isDraining = false;

  constructor(limits: Pick<ServerLimits, 'streams' | 'streamsPerSession' | 'drainMs'>) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#streams.size;
  }

  /**
   * Registers a stream. Of the streams with one key the oldest is ended when there are too many: it is
   * the most likely to belong to a connection that is dead without anybody knowing.
   *
   * @throws GraphRunError `unavailable` when the process drains or has too many streams.
   */
  open(key?: string): StreamControl {
    if (this.#isDraining) throw draining();
    if (this.#streams.size >= this.#limits.streams) {
      throw unavailable('The server has too many open streams.', 5000);
    }
    if (key !== undefined) {
      const rivals = [...this.#streams].filter(
        ([control, other]) => other === key && control.bye === undefined,
      );
      if (rivals.length >= this.#limits.streamsPerSession) rivals[0]?.[0].end('evicted');
    }
    const control = new StreamControl();
    this.#streams.set(control, key);
    return control;
  }

  release(control: StreamControl): void {
    this.#streams.delete(control);
    if (this.#streams.size === 0) this.#emptied.wake();
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
