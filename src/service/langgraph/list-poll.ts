import type { MonitorMessage } from '../../protocol/messages.js';
import type { JsonObject } from '../../protocol/json.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { isMissing, type LangGraphClient } from './langgraph-client.js';
import type { LangGraphQuestions } from './langgraph-questions.js';
import type { ThreadRecord } from './langgraph-records.js';
import { turnRow } from './turn-row.js';
import { turnsOf } from './turns.js';

/** Calls for the runs of threads that are made at once. */
const CALLS_AT_ONCE = 4;

/** What a list needs of its service. */
export interface ListPollContext {
  readonly client: LangGraphClient;
  readonly questions: LangGraphQuestions;
  /** Metadata of the threads of the list. */
  readonly metadata: JsonObject;
  /** Title of the rows that no person has named. */
  readonly title: string;
}

/** A thread as it was last seen, and its rows. */
interface SeenThread {
  /** Everything of the search that can change a row. */
  readonly mark: string;
  readonly isBusy: boolean;
  readonly rows: ReadonlyMap<string, string>;
}

/** The list of a graph's turns: each look gives what has changed since the one before. */
export class ListPoll {
  readonly #context: ListPollContext;
  #seen = new Map<string, SeenThread>();

  constructor(context: ListPollContext) {
    this.#context = context;
  }

  /** True when a row may change by itself: a run is in progress. */
  get isBusy(): boolean {
    return [...this.#seen.values()].some(({ isBusy }) => isBusy);
  }

  /** Looks at the list; yields the rows that have changed, newest first, and then the deletions, in batches. */
  async *look(signal: AbortSignal): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const threads = await this.#context.client.searchThreads(this.#context.metadata, signal);
    const changed = threads.filter((thread) => {
      const known = this.#seen.get(thread.threadId);
      return known === undefined || known.isBusy || known.mark !== markOf(thread);
    });
    for (let start = 0; start < changed.length; start += CALLS_AT_ONCE) {
      const pieces = changed.slice(start, start + CALLS_AT_ONCE);
      const messages = await Promise.all(pieces.map((thread) => this.#lookAt(thread, signal)));
      if (messages.some((batch) => batch.length > 0)) yield messages.flat();
    }
    const gone = await this.#findGone(threads, signal);
    if (gone.length > 0) yield gone;
  }

  async #lookAt(thread: ThreadRecord, signal: AbortSignal): Promise<readonly MonitorMessage[]> {
    const { client, questions, title } = this.#context;
    const before = this.#seen.get(thread.threadId)?.rows ?? new Map<string, string>();
    let runs;
    try {
      runs = await client.listRuns(thread.threadId, signal);
    } catch (error) {
      // Deleted since the search: the next look says so.
      if (isMissing(error)) return [];
      throw error;
    }
    const rows = turnsOf(thread, runs).map((turn) => turnRow(turn, thread, title, questions));
    const texts = new Map(rows.map((row) => [row.sessionId, JSON.stringify(row)]));
    const isBusy = thread.status === 'busy' || rows.some(({ status }) => status === 'running');
    this.#seen.set(thread.threadId, { mark: markOf(thread), isBusy, rows: texts });
    return [
      ...rows.filter((row) => isOther(row, before, texts)).map((row) => ({ kind: 'row' as const, row })),
      ...[...before.keys()].filter((id) => !texts.has(id)).map(deleted),
    ];
  }

  /** Threads that are no longer listed; a page may have moved while it was read, so each is looked for by its id. */
  async #findGone(threads: readonly ThreadRecord[], signal: AbortSignal): Promise<readonly MonitorMessage[]> {
    const listed = new Set(threads.map(({ threadId }) => threadId));
    const missing = [...this.#seen.keys()].filter((threadId) => !listed.has(threadId));
    const found = await this.#context.client.findThreads(missing, signal);
    const there = new Set(found.map(({ threadId }) => threadId));
    return missing
      .filter((threadId) => !there.has(threadId))
      .flatMap((threadId) => {
        const rows = [...(this.#seen.get(threadId)?.rows.keys() ?? [])];
        this.#seen.delete(threadId);
        return rows.map(deleted);
      });
  }
}

function isOther(
  { sessionId }: SessionSummary,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): boolean {
  return before.get(sessionId) !== now.get(sessionId);
}

function deleted(sessionId: string): MonitorMessage {
  return { kind: 'deleted', sessionId };
}

function markOf({ status, updatedAt, metadata, interrupts }: ThreadRecord): string {
  return JSON.stringify([status, updatedAt, metadata, interrupts.map(({ id }) => id)]);
}
