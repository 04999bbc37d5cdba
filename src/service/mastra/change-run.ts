import { isFilledText, isJsonObject, type JsonObject } from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sessionNotFound } from '../../protocol/questions/refusals.js';
import type { SessionStatus } from '../../protocol/session-summary.js';
import { sentence } from '../../protocol/sentences.js';
import { ignoreMissing } from '../polled/json-client.js';
import { runPath, workflowPath, type MastraClient, type RunIds } from './mastra-client.js';
import { decodeChunks } from './mastra-pieces.js';
import { malformed, type RunRecord } from './mastra-records.js';
import { runEnd } from './snapshot-converter.js';

/** How often a cancel looks whether the run has ended. */
const CANCEL_TRIES = 5;
/** Time after which a run that gives no sign has not begun. */
const START_DEADLINE_MS = 30_000;

/** What a stream says first about a run that it begins or resumes. */
export type FirstWord =
  | { readonly kind: 'begun'; readonly payload: JsonObject }
  | { readonly kind: 'refused'; readonly message: string }
  /** The stream ended without a word of a step. */
  | { readonly kind: 'silent' };

/** Reads a stream to its first word, and leaves it: the run continues without a reader. */
export async function readFirstWord(body: ReadableStream<Uint8Array>): Promise<FirstWord> {
  for await (const chunks of decodeChunks(body)) {
    for (const { type, payload } of chunks) {
      if (!isJsonObject(payload)) continue;
      if (type === 'workflow-finish') {
        const { metadata } = payload;
        const message = isJsonObject(metadata) ? metadata['errorMessage'] : undefined;
        if (isFilledText(message)) return { kind: 'refused', message: message.slice(0, 300) };
        return { kind: 'silent' };
      }
      if (typeof type === 'string' && type.startsWith('workflow-step-')) return { kind: 'begun', payload };
    }
  }
  return { kind: 'silent' };
}

/** Starts a run of a workflow. Its caller may leave; a run that begins with a stream can be observed. */
export async function startRun(
  client: MastraClient,
  workflowId: string,
  { input, resourceId }: { readonly input: JsonObject | undefined; readonly resourceId: string | undefined },
  signal?: AbortSignal,
): Promise<RunRecord> {
  const resource = resourceId === undefined ? {} : { resourceId };
  const { runId } = await client.change('POST', `${workflowPath(workflowId)}/create-run`, resource, signal);
  if (!isFilledText(runId)) throw malformed('runId');
  const ids = { workflowId, runId };
  const deadline = AbortSignal.timeout(START_DEADLINE_MS);
  const body = { inputData: input ?? {}, ...resource };
  const stream = await client.openStream(
    ids,
    'stream',
    body,
    signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  );
  const word = await readFirstWord(stream);
  if (word.kind === 'refused') {
    // No one else knows the run, and it never began.
    await client.change('DELETE', runPath(ids)).catch(ignoreMissing);
    throw new GraphRunError('invalid-request', word.message, { status: 400 });
  }
  const run = await client.findRun(ids, signal);
  if (run === undefined) throw malformed('run');
  return run;
}

/** Stops a run; resolves with its real status. */
export async function cancelRun(
  client: MastraClient,
  ids: RunIds,
  signal?: AbortSignal,
): Promise<SessionStatus> {
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    const run = await client.findRun(ids, signal);
    if (run === undefined) throw sessionNotFound();
    const end = runEnd(run);
    if (end !== undefined) return end;
    // The answer is the same whatever the state of the run: the next look says what has happened.
    await client.change('POST', `${runPath(ids)}/cancel`, {}, signal).catch(ignoreMissing);
  }
  throw new GraphRunError('unavailable', sentence('run-not-stopped'), { status: 503 });
}

/** Cancels and deletes a run. Resolves also when it is gone. */
export async function deleteRun(client: MastraClient, ids: RunIds, signal?: AbortSignal): Promise<void> {
  if ((await client.findRun(ids, signal)) === undefined) return;
  try {
    // A deletion does not stop a run, which would write its record again.
    await cancelRun(client, ids, signal);
    await client.change('DELETE', runPath(ids), undefined, signal);
  } catch (error) {
    if (error instanceof GraphRunError && error.code === 'session-not-found') return;
    ignoreMissing(error);
  }
}
