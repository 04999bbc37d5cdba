import { isJsonObject } from '../../../protocol/values/json.js';
import { isMissing } from '../../polled/json-client.js';
import type { LangGraphClient } from '../langgraph-client.js';
import type { InterruptRecord, TaskRecord, ThreadRecord } from '../langgraph-records.js';
import { byCreation, isActive, turnsOf, type Turn } from './turns.js';

/** What a turn waits for. */
export interface Waiting {
  /** Its open questions, oldest first. */
  readonly questions: readonly InterruptRecord[];
  /** True when it has stopped at a breakpoint: it asks nothing, and waits until someone continues it. */
  readonly isPaused: boolean;
}

/** What a turn waits for that has ended. */
export const NOT_WAITING: Waiting = { questions: [], isPaused: false };

/**
 * Reads turns, and what they wait for. A thread and its runs are answers of two moments, between which a run may have begun
 * or ended: only the state that an ended run has left is sure to be its last one, and never changes.
 */
export class TurnReader {
  readonly client: LangGraphClient;
  /** What ended runs have left, by their ids. */
  readonly #left = new Map<string, readonly TaskRecord[]>();

  constructor(client: LangGraphClient) {
    this.client = client;
  }

  /**
   * Divides the runs of a thread into its turns, oldest first. A run without an input continues the turn that waits at a
   * breakpoint; after any other one, it is a turn of its own.
   *
   * @throws GraphRunError `not-found` without the thread
   */
  async listTurns(
    thread: Pick<ThreadRecord, 'threadId' | 'metadata'>,
    signal?: AbortSignal,
  ): Promise<readonly Turn[]> {
    const { threadId } = thread;
    const runs = [...(await this.client.listRuns(threadId, signal))].sort(byCreation);
    const continuing = new Set<string>();
    for (const [position, run] of runs.entries()) {
      const before = runs[position - 1];
      if (!run.isContinuing || before?.status !== 'success') continue;
      const left = await this.leftTasks(threadId, before.runId, signal);
      if (left.length > 0) continuing.add(run.runId);
    }
    return turnsOf(thread, runs, continuing);
  }

  /** The tasks that followed the last state of a run that has succeeded; none: it had nothing left to do. */
  async leftTasks(threadId: string, runId: string, signal?: AbortSignal): Promise<readonly TaskRecord[]> {
    const known = this.#left.get(runId);
    if (known !== undefined) return known;
    try {
      const state = await this.client.findLastState(threadId, runId, signal);
      const left = state?.tasks ?? [];
      this.#left.set(runId, left);
      return left;
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** What a turn waits for, as `thread` says it, unless that is older than the end of its last run. */
  async waitingOf(turn: Turn, thread: ThreadRecord, signal?: AbortSignal): Promise<Waiting> {
    const { threadId, runs, isPast, cancelledMs } = turn;
    const last = runs.at(-1);
    if (last === undefined || isPast || cancelledMs !== undefined) return NOT_WAITING;
    // While it is running, the thread has the questions from before.
    if (runs.some(isActive)) return { questions: unanswered(turn, thread), isPaused: false };
    if (last.status !== 'success') return NOT_WAITING;
    if (isAsNew(thread, turn)) {
      if (thread.status !== 'interrupted') return NOT_WAITING;
      if (thread.interrupts.length > 0) return { questions: thread.interrupts, isPaused: false };
    }
    return waitingFor(await this.leftTasks(threadId, last.runId, signal));
  }
}

/** What a turn waits for whose last run has left these tasks. */
export function waitingFor(left: readonly TaskRecord[]): Waiting {
  const questions = left.flatMap(({ interrupts }) => interrupts);
  return { questions, isPaused: left.length > 0 && questions.length === 0 };
}

/** True when a person has to do something before a turn continues. */
export function isWaiting({ questions, isPaused }: Waiting): boolean {
  return isPaused || questions.length > 0;
}

/** True unless the last run of a turn has changed after the thread: then what the thread says is from before. */
export function isAsNew({ updatedMs }: ThreadRecord, { runs }: Turn): boolean {
  return updatedMs >= (runs.at(-1)?.updatedMs ?? 0);
}

/** Questions of the thread that no run answers yet. */
function unanswered({ runs }: Turn, { interrupts }: ThreadRecord): readonly InterruptRecord[] {
  const answered = new Set(runs.flatMap(({ resume }) => (isJsonObject(resume) ? Object.keys(resume) : [])));
  return interrupts.filter(({ id }) => !answered.has(id));
}
