import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { ignoreMissing, isMissing } from '../polled/json-client.js';
import type { ListPublisher } from '../publish/list-publisher.js';
import type { LangGraphQuestions } from './langgraph-questions.js';
import type { TaskRecord, ThreadRecord } from './langgraph-records.js';
import { LostRuns } from './lost-runs.js';
import { NOT_WAITING, type TurnReader, type Waiting } from './turns/turn-reader.js';
import { turnRow } from './turns/turn-row.js';
import { turnEnd, type Turn } from './turns/turns.js';

/** Calls for the runs of threads that are made at once. */
const CALLS_AT_ONCE = 4;

/** What a list needs of its service. */
export interface ListPollContext {
  readonly reader: TurnReader;
  readonly questions: LangGraphQuestions;
  /** Metadata of the threads of the list. */
  readonly metadata: JsonObject;
  /** Title of the rows that no person has named. */
  readonly title: string;
}

/** A thread as its reader knows it. */
interface SeenThread {
  /** Everything of the search that can change a row. */
  readonly mark: string;
  readonly isBusy: boolean;
  readonly turns: readonly Turn[];
  /** What its newest turn waits for. */
  readonly waiting: Waiting;
  readonly rows: readonly SessionSummary[];
}

/** The list of a graph's turns, for one reading. */
export class ListPoll {
  readonly #context: ListPollContext;
  #seen = new Map<string, SeenThread>();
  /** Whether past turns were still waiting when the next one began, by their last runs: it never changes. */
  readonly #stopped = new Map<string, boolean>();

  /** When runs gave their last sign that the server has lost, by their ids. */
  readonly #silences = new Map<string, number>();
  readonly #lost: LostRuns;

  constructor(context: ListPollContext) {
    this.#context = context;
    this.#lost = new LostRuns(context.reader.client);
  }

  /** Looks at the list; yields the rows that have changed, newest first, and then the deletions, in batches. */
  async *look(
    list: ListPublisher,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const threads = await this.#context.reader.client.searchThreads(this.#context.metadata, signal);
    const changed = threads.filter((thread) => {
      const known = this.#seen.get(thread.threadId);
      return known === undefined || known.isBusy || known.mark !== markOf(thread);
    });
    for (let start = 0; start < changed.length; start += CALLS_AT_ONCE) {
      const pieces = changed.slice(start, start + CALLS_AT_ONCE);
      const looks = await Promise.all(pieces.map((thread) => this.#lookAt(thread, signal)));
      const gone: string[] = [];
      pieces.forEach(({ threadId }, position) => {
        const now = looks[position];
        // Deleted since the search: the next look says so.
        if (now === undefined) return;
        const ids = new Set(now.rows.map(({ sessionId }) => sessionId));
        gone.push(...this.#idsOf(threadId).filter((id) => !ids.has(id)));
        // Only now: after a look that fails in between, the rows would be missing.
        this.#seen.set(threadId, now);
      });
      yield list.update(
        looks.flatMap((now) => now?.rows ?? []),
        gone,
      );
    }
    yield* this.#settle(changed, list, signal);
    yield* this.#listen(threads, list, signal);
    yield list.update([], await this.#findGone(threads, signal));
  }

  async #lookAt(thread: ThreadRecord, signal: AbortSignal): Promise<SeenThread | undefined> {
    const { reader } = this.#context;
    let turns;
    try {
      turns = await reader.listTurns(thread, signal);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const newest = turns.at(-1);
    const waiting = newest === undefined ? NOT_WAITING : await reader.waitingOf(newest, thread, signal);
    // The first look shows all threads, and asks afterwards.
    if (this.#seen.has(thread.threadId)) await this.#learn(turns, signal);
    return this.#describe(thread, turns, waiting);
  }

  #describe(thread: ThreadRecord, turns: readonly Turn[], waiting: Waiting): SeenThread {
    const { questions, title } = this.#context;
    const waitingOf = (turn: Turn) =>
      turn.isPast ? { questions: [], isPaused: this.#hasStopped(turn) } : waiting;
    const rows = turns.map((turn) => ({
      ...turnRow(turn, thread, title, questions, waitingOf(turn)),
      ...silenceOf(this.#silences.get(lastRunId(turn))),
    }));
    const isBusy = thread.status === 'busy' || rows.some(({ status }) => status === 'running');
    return { mark: markOf(thread), isBusy, turns, waiting, rows };
  }

  /** Finds out which of the running runs the server has lost, and says since when there is no sign of them. */
  async *#listen(
    threads: readonly ThreadRecord[],
    list: ListPublisher,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const listened = threads.map(async (thread) => {
      const seen = this.#seen.get(thread.threadId);
      const run = seen?.isBusy === true ? seen.turns.at(-1)?.runs.at(-1) : undefined;
      if (seen === undefined || run === undefined) return [];
      const silentSinceMs = await this.#lost.silentSinceMs(thread.threadId, run, signal);
      if (silentSinceMs === this.#silences.get(run.runId)) return [];
      if (silentSinceMs === undefined) this.#silences.delete(run.runId);
      else this.#silences.set(run.runId, silentSinceMs);
      const now = this.#describe(thread, seen.turns, seen.waiting);
      this.#seen.set(thread.threadId, now);
      return now.rows;
    });
    yield list.update((await Promise.all(listened)).flat(), []);
  }

  #hasStopped(turn: Turn): boolean {
    return this.#stopped.get(lastRunId(turn)) === true;
  }

  /** Finds out how the past turns of threads ended that were seen for the first time. */
  async *#settle(
    threads: readonly ThreadRecord[],
    list: ListPublisher,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    for (const thread of threads) {
      const seen = this.#seen.get(thread.threadId);
      if (seen === undefined) continue;
      await this.#learn(seen.turns, signal);
      if (!seen.turns.some((turn) => this.#hasStopped(turn))) continue;
      const now = this.#describe(thread, seen.turns, seen.waiting);
      this.#seen.set(thread.threadId, now);
      yield list.update(now.rows, []);
    }
  }

  /**
   * Finds out which past turns of a thread were still waiting when the next one began: a call for each that has not failed,
   * once.
   */
  async #learn(turns: readonly Turn[], signal: AbortSignal): Promise<void> {
    const { client } = this.#context.reader;
    for (const turn of turns) {
      const runId = lastRunId(turn);
      if (!turn.isPast || this.#stopped.has(runId) || turnEnd(turn, false) !== 'completed') continue;
      const state = await client.findLastState(turn.threadId, runId, signal).catch((error: unknown) => {
        ignoreMissing(error);
        return undefined;
      });
      this.#stopped.set(runId, state?.tasks.some(isUnfinished) === true);
    }
  }

  /**
   * Finds the sessions of threads that are no longer listed; a page may have moved while it was read, so each is looked for by
   * its id.
   */
  async #findGone(threads: readonly ThreadRecord[], signal: AbortSignal): Promise<readonly string[]> {
    const listed = new Set(threads.map(({ threadId }) => threadId));
    const missing = [...this.#seen.keys()].filter((threadId) => !listed.has(threadId));
    const found = await this.#context.reader.client.findThreads(missing, signal);
    const there = new Set(found.map(({ threadId }) => threadId));
    return missing
      .filter((threadId) => !there.has(threadId))
      .flatMap((threadId) => {
        const ids = this.#idsOf(threadId);
        this.#seen.delete(threadId);
        return ids;
      });
  }

  #idsOf(threadId: string): readonly string[] {
    return (this.#seen.get(threadId)?.rows ?? []).map(({ sessionId }) => sessionId);
  }
}

function markOf({ status, updatedAt, metadata, interrupts }: ThreadRecord): string {
  return JSON.stringify([status, updatedAt, metadata, interrupts.map(({ id }) => id)]);
}

function silenceOf(ms: number | undefined): Pick<SessionSummary, 'silentSince'> {
  return ms === undefined ? {} : { silentSince: ms / 1000 };
}

function lastRunId({ runs }: Turn): string {
  return runs.at(-1)?.runId ?? '';
}

/** True for a task that has neither a result nor an error: it waited for an answer, or had not begun. */
function isUnfinished({ result, error }: TaskRecord): boolean {
  return result === undefined && error === undefined;
}
