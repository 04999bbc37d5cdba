import { GraphRunError } from '../../protocol/problems.js';
import { ignoreMissing } from '../polled/json-client.js';
import { threadPath, type LangGraphClient } from './langgraph-client.js';

/** Refusals that say that the server takes no ids of its callers. */
const NO_IDS: ReadonlySet<number | undefined> = new Set([400, 404, 405, 422]);

/**
 * Does something that only one caller at a time may do, all pages and machines together: the server creates a thread once
 * under an id, which keeps the others out until it is deleted. On a server that takes no ids, nothing keeps them out.
 *
 * @param runId the run that it is about; its id is one that threads can have, too
 * @param attempt counts the claims that were given up because those who had them did nothing: each has an id of its own
 * @returns what `act` returns; undefined if another one has the claim
 */
export async function withClaim<Result>(
  client: LangGraphClient,
  { runId, attempt }: { readonly runId: string; readonly attempt: number },
  act: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result | undefined> {
  const id = claimId(runId, attempt);
  try {
    const body = { thread_id: id, if_exists: 'raise', metadata: { sessions_claim: runId } };
    await client.call('POST', '/threads', body, signal);
  } catch (error) {
    if (!(error instanceof GraphRunError)) throw error;
    if (error.status === 409) return undefined;
    if (!NO_IDS.has(error.status)) throw error;
    return act();
  }
  try {
    return await act();
  } finally {
    // Also for a caller that has gone meanwhile.
    await client.call('DELETE', threadPath(id)).catch(ignoreMissing);
  }
}

/** The id of the run, which is a UUID, with another number at its beginning for each attempt. */
function claimId(runId: string, attempt: number): string {
  const start = Number.parseInt(runId.slice(0, 8), 16);
  if (attempt === 0) return runId;
  if (!Number.isSafeInteger(start)) return `${runId}-${attempt}`;
  return ((start + attempt) % 2 ** 32).toString(16).padStart(8, '0') + runId.slice(8);
}
