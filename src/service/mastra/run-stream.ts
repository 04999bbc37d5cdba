import type { RunIds, MastraClient } from './mastra-client.js';
import { decodeChunks, PieceStore } from './mastra-pieces.js';
import type { RunRecord, StepRecord } from './mastra-records.js';
import { WakeUp } from '../polled/wake-up.js';

/** How long a record waits for what its steps have streamed, which comes on another line. */
const CATCH_UP_MS = 3000;
/** Statuses of a step that has streamed all that it will, until it is answered. */
const OVER: ReadonlySet<string> = new Set(['success', 'failed', 'suspended']);

/**
 * Follows the stream of a run, in parallel to its record. Of the stream, only what the steps have streamed is used: it repeats
 * itself, ends whenever the run waits, and does not outlive its server.
 */
export class RunStream {
  readonly store = new PieceStore();
  readonly news = new WakeUp();
  readonly #client: MastraClient;
  readonly #ids: RunIds;
  /** Steps that the stream has shown nothing of. */
  readonly #missing = new Set<string>();
  #isOpen = false;
  #opened: string | undefined;
  #hasSteps = false;

  constructor(client: MastraClient, ids: RunIds) {
    this.#client = client;
    this.#ids = ids;
  }

  /** Opens the stream if the run has changed since it was opened last. It closes with the run, or with `signal`. */
  follow({ status, updatedMs }: RunRecord, signal: AbortSignal): void {
    const state = `${status} ${updatedMs}`;
    if (this.#isOpen || this.#opened === state) return;
    this.#opened = state;
    this.#isOpen = true;
    void this.#read(signal);
  }

  /** Returns once whether a step has begun or ended since the last call: then the record has changed, too. */
  hasSteps(): boolean {
    const had = this.#hasSteps;
    this.#hasSteps = false;
    return had;
  }

  /** Resolves when the stream has shown what the record shows, or will not. */
  async catchUp({ steps }: RunRecord, signal: AbortSignal): Promise<void> {
    const isShown = ({ name, status }: StepRecord) =>
      OVER.has(status) ? this.store.isOver(name) : this.store.has(name);
    const isBehind = () =>
      this.#isOpen &&
      (!this.store.hasStream || steps.some((step) => !this.#missing.has(step.name) && !isShown(step)));
    const endMs = Date.now() + CATCH_UP_MS;
    while (!signal.aborted && isBehind()) {
      const leftMs = endMs - Date.now();
      if (leftMs <= 0) {
        for (const step of steps) if (!isShown(step)) this.#missing.add(step.name);
        return;
      }
      await this.news.pause(leftMs, signal);
    }
  }

  /** True when the stream has all steps of the record, or may still show them. */
  hasAll({ steps }: RunRecord): boolean {
    return steps.every(({ name }) => this.store.has(name) || (this.#isOpen && !this.#missing.has(name)));
  }

  async #read(signal: AbortSignal): Promise<void> {
    try {
      const body = await this.#client.openStream(this.#ids, 'observe', undefined, signal);
      for await (const chunks of decodeChunks(body)) {
        this.#hasSteps = this.store.take(chunks) || this.#hasSteps;
        this.news.wake();
      }
    } catch (error) {
      // What breaks the line breaks the record, too, whose reader reports it; without a stream, the steps remain.
      if (!(error instanceof Error)) throw error;
      this.#opened = undefined;
    } finally {
      this.#isOpen = false;
      this.news.wake();
    }
  }
}
