import { GraphRunError, isSessionGone } from '../../protocol/problems.js';
import type { SessionStatus } from '../../protocol/session-summary.js';
import { answerOf } from './answer.js';
import type { Environment } from './environment.js';
import type { HttpClient } from './http-client.js';

const DEADLINE_MS = 15_000;

/**
 * Asks the server for the status of a session; undefined when the server does not know the session, or no longer.
 *
 * @throws GraphRunError the server's error, `network`, or `timeout` after 15 seconds; the abort reason when aborted.
 */
export async function fetchStatus(
  http: HttpClient,
  environment: Environment,
  sessionId: string,
  signal?: AbortSignal,
): Promise<SessionStatus | undefined> {
  const deadline = new AbortController();
  const timeout = new GraphRunError('timeout', 'The server did not send the status in time.');
  const cancel = environment.setTimer(() => deadline.abort(timeout), DEADLINE_MS);
  try {
    const answer = await http.call({
      method: 'GET',
      path: `/${encodeURIComponent(sessionId)}/status`,
      tries: 1,
      signal: signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]),
    });
    return answerOf(answer, 'status', { sessionId }).status;
  } catch (error) {
    if (error instanceof GraphRunError && isSessionGone(error)) return undefined;
    throw error;
  } finally {
    cancel();
  }
}
