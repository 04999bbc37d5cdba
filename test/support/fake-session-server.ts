import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { SessionBatch } from '../../src/protocol/stream/messages.js';
import { createConnection } from '../../src/service/connection.js';
import type { ConnectOptions, SessionConnection } from '../../src/service/graph-run-service.js';
import { untilWoken } from '../../src/service/until-woken.js';

/** A log that many can watch, and that records who is connected. */
export class FakeSessionServer {
  readonly events: GraphRunEvent[] = [];
  readonly #owners: unknown[] = [];
  readonly #waiters = new Set<() => void>();
  /** Increases when the log is replaced. */
  #logId = 0;

  /** The owners of the open streams. */
  get owners(): readonly unknown[] {
    return this.#owners;
  }

  /** Appends an event. */
  add(): void {
    const index = this.events.length;
    this.events.push({ type: 'thoughtEvent', nodeId: 'node', text: `${this.#logId}-${index}`, index, ts: 0 });
    this.#wake();
  }

  /** Replaces the log by another one. */
  replace(): void {
    this.#logId += 1;
    this.events.length = 0;
    this.add();
  }

  connect(owner: unknown, { cursor, signal }: ConnectOptions): SessionConnection {
    return createConnection<SessionBatch>((context) => this.#run(owner, cursor, context.signal), signal);
  }

  async *#run(
    owner: unknown,
    cursor: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SessionBatch, void, undefined> {
    const [logId = this.#logId, index = -1] = cursor?.split('@').map(Number) ?? [];
    let after = index;
    let log = logId;
    const at = () => `${log}@${after}`;
    this.#owners.push(owner);
    try {
      if (log !== this.#logId) {
        log = this.#logId;
        after = -1;
        yield { messages: [{ kind: 'reset' }], cursor: at() };
      }
      const { length } = this.events;
      yield { messages: [{ kind: 'start', replayTotal: length - after - 1 }], cursor: at() };
      while (!signal.aborted) {
        const news = this.events.slice(after + 1);
        after += news.length;
        if (news.length > 0) {
          yield { messages: news.map((event) => ({ kind: 'event', event })), cursor: at() };
        }
        yield { messages: [{ kind: 'connection', connection: { phase: 'live', attempt: 0 } }], cursor: at() };
        await untilWoken(this.#waiters, signal);
        if (log !== this.#logId) return;
      }
    } finally {
      this.#owners.splice(this.#owners.indexOf(owner), 1);
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
