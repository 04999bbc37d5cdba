import type { JsonObject } from '../../protocol/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import { isMissing, type LangGraphClient } from './langgraph-client.js';
import type { RunRecord, ThreadRecord } from './langgraph-records.js';
import { parseSessionId, turnsOf, type Turn } from './turns.js';

/** How runs are started: with a log that any number of readers can join, and without depending on any of them. */
export const RUN_OPTIONS: JsonObject = {
  stream_mode: ['tasks', 'custom', 'messages-tuple'],
  stream_subgraphs: true,
  stream_resumable: true,
  on_disconnect: 'continue',
};

/** A turn, and what else is known of its thread. */
export interface FoundTurn {
  readonly turn: Turn;
  readonly thread: ThreadRecord;
  /** True when the thread has no other turn. */
  readonly isOnly: boolean;
}

/** Finds the turn that a session is. @throws GraphRunError `session-not-found`. */
export async function findTurn(
  client: LangGraphClient,
  sessionId: string,
  signal?: AbortSignal,
): Promise<FoundTurn> {
  const ids = parseSessionId(sessionId);
  const [thread] = ids === undefined ? [] : await client.findThreads([ids.threadId], signal);
  const turns = thread === undefined ? [] : turnsOf(thread, await listRuns(client, thread.threadId, signal));
  const turn = turns.find(({ turnId }) => turnId === ids?.turnId);
  if (thread === undefined || turn === undefined) {
    throw sessionNotFound();
  }
  return { turn, thread, isOnly: turns.length === 1 };
}

async function listRuns(
  client: LangGraphClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<readonly RunRecord[]> {
  try {
    return await client.listRuns(threadId, signal);
  } catch (error) {
    // The thread was deleted since it was found.
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The error of a call for a session that does not exist. */
export function sessionNotFound(): GraphRunError {
  return new GraphRunError('session-not-found', 'The session does not exist.', { status: 404 });
}
