import type { GraphRunEventBody } from '../protocol/events.js';

/** Limits of one append; a larger event is appended alone. */
const MAX_BATCH_EVENTS = 256;
const MAX_BATCH_BYTES = 1024 * 1024;

interface QueuedEvent {
  readonly event: GraphRunEventBody;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes the events of one node in order, several per append: while one append is being written, new events
 * are collected for the next. A chatty node thereby costs one flush per batch.
 */
export class EmitQueue {
  readonly #write: (events: readonly GraphRunEventBody[]) => Promise<void>;
  readonly #queue: QueuedEvent[] = [];
  #flushing: Promise<void> | undefined;

  /** `write` appends events in one step and rejects when none of them was logged. */
  constructor(write: (events: readonly GraphRunEventBody[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves once the event is written; rejects with what `write` rejected with. */
  add(event: GraphRunEventBody, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, bytes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Resolves when everything that was added so far is written or refused. Never rejects. */
  async flushed(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async #flush(): Promise<void> {
    // One turn of the microtask queue, so that events emitted together are written together.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#write(batch.map(({ event }) => event));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#flushing = undefined;
  }

  #takeBatch(): readonly QueuedEvent[] {
    let count = 0;
    let bytes = 0;
    for (const queued of this.#queue) {
      if (count === MAX_BATCH_EVENTS || (count > 0 && bytes + queued.bytes > MAX_BATCH_BYTES)) break;
      count += 1;
      bytes += queued.bytes;
    }
    return this.#queue.splice(0, count);
  }
}
