import { isJsonObject, type JsonObject } from '../../protocol/values/json.js';
import { foreignAnswer, GraphRunError, isSessionGone, parseProblem } from '../../protocol/problems.js';
import { CALL_TRIES, type HttpClient } from './http-client.js';

/**
 * Limits of one request. Browsers send at most 64 KiB of a page that is closed, in all its requests together; the
 * server takes 1000 ids.
 */
const MAX_IDS = 1000;
const MAX_CHARS = 40_000;

/** Deletes a session. Resolves also when the session is already gone. */
export async function deleteSession(
  http: HttpClient,
  sessionId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = `/${encodeURIComponent(sessionId)}`;
  try {
    const { body, hasProtocolHeader } = await http.call({
      method: 'DELETE',
      path,
      tries: CALL_TRIES,
      signal,
    });
    // An empty success confirms nothing, unless its header shows that it is the server's.
    const isConfirmed = body === undefined ? hasProtocolHeader : isJsonObject(body) && body['ok'] === true;
    if (!isConfirmed) throw foreignAnswer('no confirmation');
  } catch (error) {
    // The session is gone, which is what the caller wants.
    if (!(error instanceof GraphRunError && isSessionGone(error))) throw error;
  }
}

/**
 * Deletes many sessions with as few requests as their limits allow, all sent at once. Resolves with the sessions that
 * the server did not confirm as deleted, and the reason of each.
 *
 * @throws GraphRunError the first error when every request failed; the abort reason when aborted.
 */
export async function deleteSessions(
  http: HttpClient,
  sessionIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, GraphRunError>> {
  const pieces = piecesOf(sessionIds);
  const outcomes = await Promise.all(pieces.map((piece) => deletePiece(http, piece, signal)));
  const failed = outcomes.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined && outcomes.every(({ error }) => error !== undefined)) throw failed.error;
  return new Map(outcomes.flatMap(({ failures }) => [...failures]));
}

interface PieceOutcome {
  readonly failures: ReadonlyMap<string, GraphRunError>;
  /** Why the request failed as a whole. */
  readonly error?: GraphRunError;
}

async function deletePiece(
  http: HttpClient,
  sessionIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<PieceOutcome> {
  try {
    const answer = await http.call({
      method: 'POST',
      path: '/:delete',
      body: { sessionIds },
      isKeptAlive: true,
      tries: CALL_TRIES,
      signal,
    });
    return { failures: failuresOf(answer.body, sessionIds) };
  } catch (error) {
    if (!(error instanceof GraphRunError)) throw error;
    return { failures: new Map(sessionIds.map((sessionId) => [sessionId, error])), error };
  }
}

/** Reads the answer: a session that it does not name as deleted or unknown was not deleted. */
function failuresOf(body: unknown, sessionIds: readonly string[]): ReadonlyMap<string, GraphRunError> {
  if (!isJsonObject(body) || !Array.isArray(body['results'])) throw foreignAnswer('no confirmation');
  const results = new Map(
    body['results'].filter(isJsonObject).map((result) => [result['sessionId'], result]),
  );
  return new Map(
    sessionIds.flatMap((sessionId) => {
      const result = results.get(sessionId);
      const isGone = result?.['result'] === 'deleted' || result?.['result'] === 'not-found';
      return isGone ? [] : [[sessionId, errorOf(result)] as const];
    }),
  );
}

function errorOf(result: JsonObject | undefined): GraphRunError {
  const problem = result?.['problem'];
  if (!isJsonObject(problem)) return foreignAnswer('no confirmation');
  const { status } = problem;
  return parseProblem(typeof status === 'number' ? status : 500, problem);
}

function piecesOf(sessionIds: readonly string[]): readonly (readonly string[])[] {
  const pieces: string[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const sessionId of sessionIds) {
    const piece = pieces.at(-1);
    const length = JSON.stringify(sessionId).length + 1;
    if (piece === undefined || piece.length >= MAX_IDS || chars + length > MAX_CHARS) {
      pieces.push([sessionId]);
      chars = length;
    } else {
      piece.push(sessionId);
      chars += length;
    }
  }
  return pieces;
}
