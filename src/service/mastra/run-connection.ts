import type { ConnectionState, Cursor, SessionBatch } from '../../protocol/stream/messages.js';
import { sessionGone } from '../../protocol/questions/refusals.js';
import type { WakeUp } from '../polled/wake-up.js';
import { LogPublisher } from '../publish/log-publisher.js';
import { sessionIdOf, type MastraClient, type RunIds } from './mastra-client.js';
import type { RunRecord } from './mastra-records.js';
import { RunLog } from './run-log.js';
import { RunStream } from './run-stream.js';
import { runEnd, type DerivedEvent } from './snapshot-converter.js';

/** What a connection needs of its service. */
export interface RunConnectionContext {
  readonly client: MastraClient;
  /** Ends a pause after a call of the same service. */
  readonly wakeUp: WakeUp;
  readonly pollMs: number;
  /** Converts a run to events. */
  derive(run: RunRecord, signal: AbortSignal): Promise<readonly DerivedEvent[]>;
}

/**
 * Reads one run: first what has happened, then what happens. One object serves all attempts of a connection: what one has
 * received, the next continues.
 */
export class RunConnection {
  readonly #ids: RunIds;
  readonly #context: RunConnectionContext;
  readonly #log = new RunLog();
  readonly #stream: RunStream;
  readonly #publisher: LogPublisher;
  #pieces: 'all' | 'none' | undefined;

  constructor(ids: RunIds, cursor: Cursor | undefined, context: RunConnectionContext) {
    this.#ids = ids;
    this.#context = context;
    this.#publisher = new LogPublisher(cursor);
    this.#stream = new RunStream(context.client, ids);
  }

  /** Makes the batch that reports the state of the connection. */
  describe(connection: ConnectionState): SessionBatch {
    return this.#publisher.describe(connection);
  }

  /**
   * Reads to the end of the run.
   *
   * @throws GraphRunError `session-gone` when it is not there; what the connection throws when it breaks.
   */
  async *read(signal: AbortSignal): AsyncGenerator<SessionBatch, void, undefined> {
    const left = new AbortController();
    try {
      yield* this.#readUntil(AbortSignal.any([signal, left.signal]));
    } finally {
      left.abort();
    }
  }

  async *#readUntil(signal: AbortSignal): AsyncGenerator<SessionBatch, void, undefined> {
    const { client, wakeUp, derive } = this.#context;
    while (!signal.aborted) {
      const { count } = wakeUp;
      const run = await client.findRun(this.#ids, signal);
      if (run === undefined) {
        if (this.#pieces === undefined) throw sessionGone();
        this.#log.endDeleted(sessionIdOf(this.#ids));
        yield* this.#publish();
        return;
      }
      const derived = await derive(run, signal);
      this.#stream.follow(run, signal);
      await this.#stream.catchUp(run, signal);
      if (signal.aborted) return;
      this.#log.take(derived, this.#stream.store);
      // What was missing once stays missing.
      if (this.#pieces !== 'none') this.#pieces = this.#stream.hasAll(run) ? 'all' : 'none';
      yield* this.#publish();
      if (runEnd(run) !== undefined) return;
      yield* this.#wait(count, signal);
    }
  }

  /** Waits until the record may have changed, and delivers what the steps stream meanwhile. */
  async *#wait(count: number, signal: AbortSignal): AsyncGenerator<SessionBatch, void, undefined> {
    const { wakeUp, pollMs } = this.#context;
    const endMs = Date.now() + pollMs;
    const left = new AbortController();
    const both = AbortSignal.any([signal, left.signal]);
    try {
      const { news, store } = this.#stream;
      const called = wakeUp.pause(pollMs, both, count).then(() => true);
      for (;;) {
        const seen = news.count;
        this.#log.takePieces(store);
        yield* this.#publish();
        if (signal.aborted || this.#stream.hasSteps()) return;
        const streamed = news.pause(Math.max(0, endMs - Date.now()), both, seen).then(() => false);
        if ((await Promise.race([called, streamed])) || Date.now() >= endMs) return;
      }
    } finally {
      left.abort();
    }
  }

  /** Gives the reader what it does not have. It starts over when the record no longer shows what it has. */
  #publish(): Generator<SessionBatch, void, undefined> {
    const publisher = this.#publisher;
    const { events } = this.#log;
    return publisher.publish({
      events,
      logId: this.#log.markOf(events.length) ?? '',
      isContinued: (mark) => this.#log.markOf(publisher.count) === mark,
      fidelity: { pieces: this.#pieces ?? 'none', times: 'steps' },
    });
  }
}
