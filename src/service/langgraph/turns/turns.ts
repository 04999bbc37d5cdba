import { isJsonObject } from '../../../protocol/values/json.js';
import type { RunRecord, ThreadRecord } from '../langgraph-records.js';

/** One turn of a thread: a run that was started with an input, and the runs that answer its questions or continue it. */
export interface Turn {
  readonly threadId: string;
  /** Id of its first run. */
  readonly turnId: string;
  /** In the order of their creation; never empty. */
  readonly runs: readonly RunRecord[];
  /** Its place among the turns of the thread, from 1, and their number. */
  readonly position: number;
  readonly count: number;
  /** True when another turn of the thread came after it: its questions can no longer be answered. */
  readonly isPast: boolean;
  /** When a person cancelled it while it waited, in milliseconds since 1970. */
  readonly cancelledMs: number | undefined;
}

/** Names of the members that this adapter keeps in the metadata of a thread. */
export const CANCELLED_MEMBER = 'sessions_cancelled';
export const LABELS_MEMBER = 'sessions_labels';

/** The id of the session that a turn is. */
export function sessionIdOf({ threadId, turnId }: Pick<Turn, 'threadId' | 'turnId'>): string {
  return `${threadId}~${turnId}`;
}

/** The turn that the id of a session names; undefined for an id of another kind. */
export function parseSessionId(
  sessionId: string,
): { readonly threadId: string; readonly turnId: string } | undefined {
  const [threadId = '', turnId = '', ...rest] = sessionId.split('~');
  return threadId === '' || turnId === '' || rest.length > 0 ? undefined : { threadId, turnId };
}

/**
 * Divides the runs of a thread, in any order, into its turns, oldest first.
 *
 * @param continuing ids of the runs without an answer that continue the run before them, which has stopped at a breakpoint
 */
export function turnsOf(
  { threadId, metadata }: Pick<ThreadRecord, 'threadId' | 'metadata'>,
  runs: readonly RunRecord[],
  continuing: ReadonlySet<string> = new Set(),
): readonly Turn[] {
  const cancelled = metadata[CANCELLED_MEMBER];
  const groups: RunRecord[][] = [];
  const isCancelled = (group: readonly RunRecord[] | undefined) =>
    isJsonObject(cancelled) && cancelled[group?.[0]?.runId ?? ''] !== undefined;
  for (const run of [...runs].sort(byCreation)) {
    const last = groups.at(-1);
    const isNext = run.resume !== undefined || (continuing.has(run.runId) && !isCancelled(last));
    // Answers to a turn whose runs were deleted are a turn of their own.
    if (!isNext || last === undefined) groups.push([run]);
    else last.push(run);
  }
  return groups.map((group, position) => {
    const turnId = group[0]?.runId ?? '';
    const ms = isJsonObject(cancelled) ? cancelled[turnId] : undefined;
    return {
      threadId,
      turnId,
      runs: group,
      position: position + 1,
      count: groups.length,
      isPast: position < groups.length - 1,
      cancelledMs: typeof ms === 'number' ? ms : undefined,
    };
  });
}

/** Orders runs by time; their ids grow with it, which orders those of the same millisecond. */
export function byCreation(a: RunRecord, b: RunRecord): number {
  return a.createdMs - b.createdMs || (a.runId < b.runId ? -1 : 1);
}

/** True for a run that has not ended. */
export function isActive({ status }: Pick<RunRecord, 'status'>): boolean {
  return !['success', 'error', 'timeout', 'interrupted'].includes(status);
}

/** How a turn has ended, as far as its runs say; undefined while one of them is active, or if it may wait for an answer. */
export type TurnEnd = 'completed' | 'failed' | 'cancelled';

/** Decides how a turn has ended. `hasQuestions`: at least one of its questions is open. */
export function turnEnd(turn: Turn, hasQuestions: boolean): TurnEnd | undefined {
  const last = turn.runs.at(-1);
  if (last === undefined || turn.runs.some(isActive)) return undefined;
  if (last.status === 'error' || last.status === 'timeout') return 'failed';
  if (last.status === 'interrupted' || turn.cancelledMs !== undefined) return 'cancelled';
  if (!hasQuestions) return 'completed';
  return turn.isPast ? 'cancelled' : undefined;
}

/** When a turn ended, or changed last, in milliseconds since 1970. */
export function turnUpdatedMs({ runs, cancelledMs }: Turn): number {
  return Math.max(cancelledMs ?? 0, ...runs.map(({ updatedMs }) => updatedMs));
}
