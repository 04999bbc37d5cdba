import type { JsonObject } from '../../../protocol/values/json.js';
import { isMissing } from '../../polled/json-client.js';
import { sessionNotFound } from '../../../protocol/questions/refusals.js';
import type { ThreadRecord } from '../langgraph-records.js';
import type { TurnReader } from './turn-reader.js';
import { parseSessionId, type Turn } from './turns.js';

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
}

/** Finds the turn that a session is. @throws GraphRunError `session-not-found`. */
export async function findTurn(
  reader: TurnReader,
  sessionId: string,
  signal?: AbortSignal,
): Promise<FoundTurn> {
  const ids = parseSessionId(sessionId);
  const [thread] = ids === undefined ? [] : await reader.client.findThreads([ids.threadId], signal);
  const turns = thread === undefined ? [] : await listTurns(reader, thread, signal);
  const turn = turns.find(({ turnId }) => turnId === ids?.turnId);
  if (thread === undefined || turn === undefined) {
    throw sessionNotFound();
  }
  return { turn, thread };
}

async function listTurns(
  reader: TurnReader,
  thread: ThreadRecord,
  signal: AbortSignal | undefined,
): Promise<readonly Turn[]> {
  try {
    return await reader.listTurns(thread, signal);
  } catch (error) {
    // The thread was deleted since it was found.
    if (isMissing(error)) return [];
    throw error;
  }
}
