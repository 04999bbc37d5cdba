import type { ServerLimits } from '../limits.js';
import type { ByeReason, StreamControl } from './open-streams.js';

/** The times at which a stream must act even if nothing happens. All are of a monotonic clock. */
export class StreamDeadlines {
  readonly #control: StreamControl;
  readonly #heartbeatMs: number;
  readonly #maxAgeAt: number;
  readonly #authExpiresAt: number;
  #promptCloseAt = Number.POSITIVE_INFINITY;
  #heartbeatAt = 0;

  /** `authExpiresMs` is milliseconds since 1970. */
  constructor(
    control: StreamControl,
    limits: Pick<ServerLimits, 'heartbeatMs' | 'streamAgeMs'>,
    authExpiresMs = Number.POSITIVE_INFINITY,
  ) {
    this.#control = control;
    this.#heartbeatMs = limits.heartbeatMs;
    const now = performance.now();
    // Streams that started together must not end together.
    this.#maxAgeAt = now + limits.streamAgeMs * (0.8 + Math.random() * 0.4);
    this.#authExpiresAt = now + authExpiresMs - Date.now();
    this.wrote();
  }

  /** Postpones the heartbeat: a frame was just written. */
  wrote(): void {
    this.#heartbeatAt = performance.now() + this.#heartbeatMs;
  }

  closePromptAfter(ms: number): void {
    this.#promptCloseAt = performance.now() + ms;
  }

  get isHeartbeatDue(): boolean {
    return performance.now() >= this.#heartbeatAt;
  }

  /** Why the stream must end now; undefined when it need not. */
  get bye(): ByeReason | undefined {
    const now = performance.now();
    if (this.#control.bye !== undefined) return this.#control.bye;
    if (now >= this.#authExpiresAt) return 'auth-expired';
    if (now >= this.#promptCloseAt) return 'prompt';
    return now >= this.#maxAgeAt ? 'max-age' : undefined;
  }

  /** Sleeps until woken, until something is due, or for `maxMs`. */
  async sleep(maxMs = Number.POSITIVE_INFINITY): Promise<void> {
    const next = Math.min(this.#heartbeatAt, this.#maxAgeAt, this.#authExpiresAt, this.#promptCloseAt);
    // Rounded up: a timer that fires a fraction too early would make the loop turn for nothing.
    const ms = Math.ceil(Math.min(next - performance.now(), maxMs));
    await this.#control.wakeup.sleep(ms);
  }
}
