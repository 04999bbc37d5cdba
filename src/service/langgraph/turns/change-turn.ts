import { isJsonObject, type JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import { changeLabels } from '../../../protocol/session-labels.js';
import type { SessionStatus } from '../../../protocol/session-summary.js';
import { sentence } from '../../../protocol/sentences.js';
import type { SessionChange } from '../../graph-run-service.js';
import { ignoreMissing, isMissing } from '../../polled/json-client.js';
import { findTurn, RUN_OPTIONS, type FoundTurn } from './find-turn.js';
import { runPath, threadPath, type LangGraphClient } from '../langgraph-client.js';
import { parseRun, type RunRecord } from '../langgraph-records.js';
import { isWaiting, type TurnReader } from './turn-reader.js';
import { labelsOf } from './turn-row.js';
import { CANCELLED_MEMBER, isActive, LABELS_MEMBER, turnEnd, type Turn } from './turns.js';

/** How often a cancel looks again at a turn that changed in the meantime. */
const CANCEL_TRIES = 5;

/** Starts a run with an input on a new thread. */
export async function startTurn(
  client: LangGraphClient,
  {
    assistantId,
    metadata,
    input,
    breakpoints = {},
  }: { assistantId: string; metadata: JsonObject; input: JsonObject; breakpoints?: JsonObject },
  signal?: AbortSignal,
): Promise<{ readonly threadId: string; readonly run: RunRecord }> {
  const thread = await client.call('POST', '/threads', { metadata }, signal);
  const threadId = isJsonObject(thread) && typeof thread['thread_id'] === 'string' ? thread['thread_id'] : '';
  const body = {
    ...RUN_OPTIONS,
    ...breakpoints,
    assistant_id: assistantId,
    input,
    multitask_strategy: 'reject',
  };
  try {
    const run = parseRun(await client.call('POST', `${threadPath(threadId)}/runs`, body, signal));
    return { threadId, run };
  } catch (error) {
    // No one else knows the thread, and without a run it is in no list.
    const isRefused = error instanceof GraphRunError && error.status !== undefined;
    if (isRefused) await client.call('DELETE', threadPath(threadId)).catch(ignoreMissing);
    throw error;
  }
}

/** Stops the runs of a turn, or ends its wait for an answer; resolves with its real status. */
export async function cancelTurn(
  reader: TurnReader,
  sessionId: string,
  signal?: AbortSignal,
): Promise<SessionStatus> {
  const { client } = reader;
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    const { turn, thread } = await findTurn(reader, sessionId, signal);
    const { threadId, turnId } = turn;
    const active = turn.runs.filter(isActive);
    if (active.length > 0) {
      // Queued answers first: else they would begin when the current run stops.
      for (const { runId } of [...active].reverse()) {
        const path = `${runPath(threadId, runId)}/cancel?action=interrupt`;
        await client.call('POST', path, undefined, signal).catch(ignoreMissing);
      }
      continue;
    }
    const end = turnEnd(turn, isWaiting(await reader.waitingOf(turn, thread, signal)));
    if (end !== undefined) return end;
    // It waits. The end of the graph takes its questions away; the list does not see that, so the thread says it, too.
    await client.call('POST', `${threadPath(threadId)}/state`, { values: null, as_node: '__end__' }, signal);
    const known = thread.metadata[CANCELLED_MEMBER];
    const cancelled = { ...(isJsonObject(known) ? known : {}), [turnId]: Date.now() };
    await patch(client, threadId, { [CANCELLED_MEMBER]: cancelled }, signal);
    return 'cancelled';
  }
  throw new GraphRunError('unavailable', sentence('run-not-stopped'), { status: 503 });
}

/** Cancels and deletes a turn, with its thread if it is the only one. Resolves also when it is gone. */
export async function deleteTurn(reader: TurnReader, sessionId: string, signal?: AbortSignal): Promise<void> {
  const { client } = reader;
  try {
    // A deletion does not stop a run.
    await stop(client, await findTurn(reader, sessionId, signal), signal);
    const { turn, thread } = await findTurn(reader, sessionId, signal);
    const { threadId, runs } = turn;
    if (turn.count === 1) {
      await client.call('DELETE', threadPath(threadId), undefined, signal);
      return;
    }
    if (!turn.isPast) await cancelTurn(reader, sessionId, signal);
    for (const { runId } of runs) {
      await client.call('DELETE', runPath(threadId, runId), undefined, signal).catch(ignoreMissing);
    }
    await forget(client, turn, thread.metadata, signal);
  } catch (error) {
    const isGone = error instanceof GraphRunError && error.code === 'session-not-found';
    if (!isGone && !isMissing(error)) throw error;
  }
}

/**
 * Removes what the metadata of a thread say of a deleted turn. Without a change of the thread, which the deletion of a run
 * is not, lists would keep the rows of its other turns as they are.
 */
async function forget(
  client: LangGraphClient,
  { threadId, turnId }: Turn,
  metadata: JsonObject,
  signal: AbortSignal | undefined,
): Promise<void> {
  const without = (name: string): JsonObject => {
    const known = metadata[name];
    return Object.fromEntries(
      Object.entries(isJsonObject(known) ? known : {}).filter(([id]) => id !== turnId),
    );
  };
  const members = [LABELS_MEMBER, CANCELLED_MEMBER].filter((name) => metadata[name] !== undefined);
  await patch(client, threadId, Object.fromEntries(members.map((name) => [name, without(name)])), signal);
}

async function stop(
  client: LangGraphClient,
  { turn }: FoundTurn,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { runId } of turn.runs.filter(isActive).reverse()) {
    const path = `${runPath(turn.threadId, runId)}/cancel?action=interrupt`;
    await client.call('POST', path, undefined, signal).catch(ignoreMissing);
  }
}

/** Renames or pins a turn. */
export async function relabelTurn(
  reader: TurnReader,
  sessionId: string,
  change: SessionChange,
  signal?: AbortSignal,
): Promise<void> {
  const { turn, thread } = await findTurn(reader, sessionId, signal);
  const before = labelsOf(turn, thread.metadata);
  const labels = changeLabels(before, change);
  if (labels === before) return;
  const known = thread.metadata[LABELS_MEMBER];
  // Metadata is merged at its first level only: the whole member is sent.
  const all = { ...(isJsonObject(known) ? known : {}), [turn.turnId]: { ...labels } };
  await patch(reader.client, turn.threadId, { [LABELS_MEMBER]: all }, signal);
}

async function patch(
  client: LangGraphClient,
  threadId: string,
  metadata: JsonObject,
  signal: AbortSignal | undefined,
): Promise<void> {
  await client.call('PATCH', threadPath(threadId), { metadata }, signal);
}
