import { decodeSse } from '../../../protocol/stream/sse.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';

/** Time to the first look whether streams get through again; doubles up to the longest. */
const FIRST_PROBE_MS = 30_000;
const LAST_PROBE_MS = 600_000;
/**
 * How long the first frame of a stream may take; without it, streams are held back. Meanwhile no page is requested: a
 * connection of the browser for each of them would leave none for calls.
 */
const PROBE_DEADLINE_MS = 5000;

/** Looks from time to time whether a stream gets through a line that holds streams back. */
export class LineProbe {
  readonly #http: HttpClient;
  readonly #environment: Environment;
  readonly #path: () => string;
  #intervalMs = FIRST_PROBE_MS;
  #due = new AbortController();
  #cancel: () => void;

  /** @param path returns the path of the stream to look at. */
  constructor(http: HttpClient, environment: Environment, path: () => string) {
    this.#http = http;
    this.#environment = environment;
    this.#path = path;
    this.#cancel = this.#schedule();
  }

  /** Stops looking. */
  stop(): void {
    this.#cancel();
  }

  /**
   * Resolves with the value of `work`; with undefined when it is time to look before `work` is done, which is aborted.
   * Rejects as `work` does.
   */
  async unlessDue<Value>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<{ readonly value: Value } | undefined> {
    const due = this.#due.signal;
    if (due.aborted) return undefined;
    try {
      return { value: await work(AbortSignal.any([signal, due])) };
    } catch (error) {
      if (due.aborted && !signal.aborted) return undefined;
      throw error;
    }
  }

  /** Looks once, and releases the line when a frame gets through. Never rejects. */
  async look(signal: AbortSignal): Promise<void> {
    const deadline = new AbortController();
    const cancel = this.#environment.setTimer(() => deadline.abort(), PROBE_DEADLINE_MS);
    const hasFrame = await this.#hasFrame(AbortSignal.any([deadline.signal, signal]));
    cancel();
    deadline.abort();
    if (signal.aborted) return;
    if (hasFrame) {
      this.#http.line.release();
      return;
    }
    this.#intervalMs = Math.min(LAST_PROBE_MS, this.#intervalMs * 2);
    this.#due = new AbortController();
    this.#cancel = this.#schedule();
  }

  #schedule(): () => void {
    const due = this.#due;
    return this.#environment.setTimer(() => due.abort(), this.#intervalMs);
  }

  /** Never rejects. */
  async #hasFrame(signal: AbortSignal): Promise<boolean> {
    try {
      const response = await this.#http.open(this.#path(), signal);
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || response.body === null || !type.startsWith('text/event-stream')) return false;
      for await (const items of decodeSse(response.body)) {
        if (items.some(({ kind }) => kind === 'message')) return true;
      }
      return false;
    } catch {
      // Nothing came in time: streams are still held back. The next look follows.
      return false;
    }
  }
}
