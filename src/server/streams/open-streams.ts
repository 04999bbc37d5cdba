import type { ServerLimits } from '../limits.js';
import { draining, tooManyStreams, unavailable } from '../sessions/session-errors.js';
import { Wakeup } from '../scheduling/wakeup.js';

type StreamLimits = Pick<ServerLimits, 'streams' | 'streamsPerPrincipal' | 'streamsPerSession' | 'drainMs'>;

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

/** The session and the owner that a stream is counted for. */
interface StreamPlace {
  readonly principal: string;
  /** Streams with the same key compete with each other. */
  readonly key: string | undefined;
}

/** All streams of a process. */
export class OpenStreams {
  readonly #limits: StreamLimits;
  readonly #streams = new Map<StreamControl, StreamPlace>();
  /** Numbers of streams by principal. */
  readonly #counts = new Map<string, number>();
  /** The competing streams by their key, oldest first, without those that are ending. */
  readonly #rivals = new Map<string, Set<StreamControl>>();
  readonly #emptied = new Wakeup();
  #isDraining = false;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#streams.size;
  }

  /**
   * Registers a stream of a principal. When it has too many streams to the same session, the oldest one is ended: it is
   * the most likely to belong to a connection that died unnoticed.
   *
   * @throws GraphRunError `unavailable` when the process drains or has too many streams; `too-many-streams` when the
   *   principal has too many, so that there are places for others.
   */
  open(principal: string, sessionId?: string): StreamControl {
    const { streams, streamsPerPrincipal } = this.#limits;
    if (this.#isDraining) throw draining();
    const count = this.#counts.get(principal) ?? 0;
    if (count >= streamsPerPrincipal) throw tooManyStreams(streamsPerPrincipal);
    if (this.#streams.size >= streams) throw unavailable('The server has too many open streams.', 5000);
    const control = new StreamControl();
    const key = sessionId === undefined ? undefined : JSON.stringify([principal, sessionId]);
    this.#streams.set(control, { principal, key });
    this.#counts.set(principal, count + 1);
    if (key !== undefined) this.#compete(control, key);
    return control;
  }

  release(control: StreamControl): void {
    const place = this.#streams.get(control);
    if (place === undefined) return;
    const { principal, key } = place;
    this.#streams.delete(control);
    const count = (this.#counts.get(principal) ?? 0) - 1;
    if (count > 0) this.#counts.set(principal, count);
    else this.#counts.delete(principal);
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
