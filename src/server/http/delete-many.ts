import { isFilledText, type JsonObject } from '../../protocol/values/json.js';
import { GraphRunError, isSessionGone, toProblem } from '../../protocol/problems.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';
import { MAX_ID_LENGTH } from './parse-requests.js';
import { shownError } from './problem-response.js';

const MAX_SESSIONS = 1000;
/** Deletions at a time: requests of others are answered in between. */
const CONCURRENCY = 8;

/**
 * Reads the request to delete many sessions; ids without repetitions.
 *
 * @throws GraphRunError `invalid-request`.
 */
export function parseSessionIds({ sessionIds }: JsonObject): readonly string[] {
  const isValid = (id: unknown): id is string => isFilledText(id) && id.length <= MAX_ID_LENGTH;
  if (!Array.isArray(sessionIds) || sessionIds.length > MAX_SESSIONS || !sessionIds.every(isValid)) {
    throw new GraphRunError(
      'invalid-request',
      `“sessionIds” must be a list of at most ${MAX_SESSIONS} ids.`,
      {
        status: 400,
      },
    );
  }
  return [...new Set(sessionIds.filter(isValid))];
}

/** The outcome of one of many deletions, as it is sent. */
export type DeletionResult =
  | { readonly sessionId: string; readonly result: 'deleted' | 'not-found' }
  | { readonly sessionId: string; readonly result: 'failed'; readonly problem: JsonObject };

/**
 * Deletes sessions of a principal, each as a single deletion does; one that fails does not hold up the others. Resolves
 * with the outcomes in the order of the ids. `onError` gets what no problem document may show, `onDeleted` each session
 * that is deleted.
 */
export async function deleteMany(
  sessions: SessionManager,
  principal: string,
  sessionIds: readonly string[],
  onError: (error: unknown) => void,
  onDeleted: (session: Session) => void,
): Promise<readonly DeletionResult[]> {
  const results: DeletionResult[] = [];
  const left = [...sessionIds.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [position, sessionId] = next;
      results[position] = await deleteOne(sessions, principal, sessionId, onError, onDeleted);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

async function deleteOne(
  sessions: SessionManager,
  principal: string,
  sessionId: string,
  onError: (error: unknown) => void,
  onDeleted: (session: Session) => void,
): Promise<DeletionResult> {
  try {
    const session = await sessions.get(principal, sessionId, { isToDelete: true });
    await sessions.delete(session);
    onDeleted(session);
    return { sessionId, result: 'deleted' };
  } catch (error) {
    if (error instanceof GraphRunError && isSessionGone(error)) {
      return { sessionId, result: error.code === 'session-deleted' ? 'deleted' : 'not-found' };
    }
    return { sessionId, result: 'failed', problem: toProblem(shownError(error, onError)) };
  }
}
