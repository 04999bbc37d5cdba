import type { MonitorMessage } from '../../src/protocol/stream/messages.js';
import type { SessionSummary } from '../../src/protocol/session-summary.js';
import { createConnection } from '../../src/service/connection.js';
import type { MonitorConnection } from '../../src/service/graph-run-service.js';
import { untilWoken } from '../../src/service/until-woken.js';

interface Watcher {
  readonly owner: unknown;
  readonly waiters: Set<() => void>;
  readonly news: MonitorMessage[];
  isCut: boolean;
}

/** A list of sessions that can be watched, changed and cut off, and that records who is connected. */
export class FakeListServer {
  readonly rows = new Map<string, SessionSummary>();
  /** Number of connections opened so far. */
  openedCount = 0;
  /** Number of `retryNow` calls. */
  retryCount = 0;
  /** Thrown to everyone who connects, while it is set. */
  refusal: Error | undefined;
  readonly #watchers = new Set<Watcher>();

  /** The owners of the open connections. */
  get owners(): readonly unknown[] {
    return [...this.#watchers].map(({ owner }) => owner);
  }

  put(sessionId: string, status = 'running'): void {
    const known = this.rows.get(sessionId);
    const createdAt = known?.createdAt ?? this.rows.size + 1;
    const row = { sessionId, status, createdAt, updatedAt: createdAt, pendingInputs: 0 };
    this.rows.set(sessionId, row);
    this.#publish({ kind: 'row', row });
  }

  delete(sessionId: string): void {
    if (this.rows.delete(sessionId)) this.#publish({ kind: 'deleted', sessionId });
  }

  /** Cuts all connections; they come back by themselves with a complete list. */
  cut(): void {
    for (const watcher of this.#watchers) {
      watcher.isCut = true;
      wake(watcher);
    }
  }

  /** Forgets the connections of an owner that is gone. */
  forget(owner: unknown): void {
    for (const watcher of this.#watchers) if (watcher.owner === owner) this.#watchers.delete(watcher);
  }

  watch(owner: unknown, signal: AbortSignal): MonitorConnection {
    const connection = createConnection<readonly MonitorMessage[]>(
      ({ signal: ended }) => this.#run(owner, ended),
      signal,
    );
    return {
      [Symbol.asyncIterator]: () => connection[Symbol.asyncIterator](),
      retryNow: () => {
        this.retryCount += 1;
      },
    };
  }

  async *#run(
    owner: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    if (this.refusal !== undefined) throw this.refusal;
    const watcher: Watcher = { owner, waiters: new Set(), news: [], isCut: false };
    this.#watchers.add(watcher);
    this.openedCount += 1;
    const inPhase = (phase: 'connecting' | 'live'): MonitorMessage => ({
      kind: 'connection',
      connection: { phase, attempt: 0 },
    });
    try {
      while (!signal.aborted) {
        watcher.isCut = false;
        watcher.news.length = 0;
        const rows = [...this.rows.values()].map((row) => ({ kind: 'row' as const, row }));
        const half = Math.floor(rows.length / 2);
        yield [inPhase('connecting')];
        yield [{ kind: 'snapshotStart' }, ...rows.slice(0, half)];
        yield [...rows.slice(half), { kind: 'snapshotComplete', isTruncated: false }, inPhase('live')];
        while (!watcher.isCut && !signal.aborted) {
          const news = watcher.news.splice(0);
          if (news.length > 0) yield news;
          else await untilWoken(watcher.waiters, signal);
        }
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #publish(message: MonitorMessage): void {
    for (const watcher of this.#watchers) {
      watcher.news.push(message);
      wake(watcher);
    }
  }
}

function wake({ waiters }: Watcher): void {
  for (const waiter of waiters) waiter();
}
