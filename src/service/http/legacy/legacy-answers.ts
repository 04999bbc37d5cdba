import type { JsonObject } from '../../../protocol/values/json.js';
import { FOREIGN_ANSWER, GraphRunError, toNetworkError } from '../../../protocol/problems.js';
import type { ResumeResult } from '../../graph-run-service.js';
import { answerOf } from '../answer.js';
import type { HttpClient } from '../http-client.js';

/**
 * Sends answers to a server older than version 1. Such a server accepts the same answer twice, which ruins the run, and
 * may confirm an answer only after minutes, when the agent that asked has finished. Therefore an answer is sent once,
 * without a deadline, and counts as accepted also when the session's stream shows that the run has continued.
 */
export class LegacyAnswers {
  readonly #http: HttpClient;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Resolves the calls that wait for this answer: a stream showed that it arrived. */
  confirm(sessionId: string, interactionId: string): void {
    for (const resolve of this.#waiting.get(keyOf(sessionId, interactionId)) ?? []) resolve();
  }

  /**
   * Sends an answer.
   *
   * @throws GraphRunError `resume-unknown` when the client cannot know whether the answer arrived, otherwise the
   *   server's error; the abort reason when aborted.
   */
  async send(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    signal?: AbortSignal,
  ): Promise<ResumeResult> {
    const key = keyOf(sessionId, interactionId);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    let resolve = () => {};
    const hasContinued = new Promise<void>((done) => {
      resolve = done;
    });
    waiting.add(resolve);
    try {
      await Promise.race([hasContinued, this.#post(sessionId, interactionId, response, signal)]);
      return { status: 'running', isDuplicate: false };
    } finally {
      waiting.delete(resolve);
      if (waiting.size === 0) this.#waiting.delete(key);
    }
  }

  async #post(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    try {
      const answer = await this.#http.call({
        method: 'POST',
        path: `/${encodeURIComponent(sessionId)}:resume`,
        body: { interactionId, response },
        isTokenInBody: true,
        tries: 1,
        signal,
      });
      answerOf(answer, 'status', { sessionId });
    } catch (error) {
      signal?.throwIfAborted();
      throw refusalOf(toNetworkError(error));
    }
  }
}

function keyOf(sessionId: string, interactionId: string): string {
  return JSON.stringify([sessionId, interactionId]);
}

function refusalOf(error: GraphRunError): GraphRunError {
  const { status, code } = error;
  // What something else answered does not show whether the request passed it on before.
  if (status === undefined || status >= 500 || code === FOREIGN_ANSWER) {
    return new GraphRunError(
      'resume-unknown',
      'The server did not say whether it accepted the answer. Sending it again could ruin the run.',
      { cause: error, ...(status === undefined ? {} : { status }) },
    );
  }
  return error;
}
