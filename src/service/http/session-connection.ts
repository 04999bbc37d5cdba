import { loadOnce } from '../../loading/load-once.js';
import { BEGINNING, type SessionBatch, type SessionMessage } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { createConnection } from '../connection.js';
import type { SessionConnection } from '../graph-run-service.js';
import { reconnect, type ReconnectingStream } from './attempts/reconnect.js';
import type { Environment } from './environment.js';
import type { HttpClient } from './http-client.js';
import type { SessionStream, SessionStreamOptions } from './session-stream.js';

/** Loads what reads the stream of a session, which the first view of a panel does not need. */
export const loadSessionStream = loadOnce(() => import('./session-stream.js'));

/** Connects to the stream of a session and stays connected until it has ended. */
export function sessionConnection(
  http: HttpClient,
  environment: Environment,
  options: SessionStreamOptions,
  signal: AbortSignal | undefined,
): SessionConnection {
  return createConnection<SessionBatch>(async function* (context) {
    let loaded: SessionStream | undefined;
    const stream: ReconnectingStream<SessionMessage> = {
      async *attempt(attemptSignal) {
        try {
          loaded ??= (await loadSessionStream()).sessionStream(http, environment, options);
        } catch (cause) {
          const { isServerKnown, canRefreshToken } = http;
          const error = new GraphRunError('network', 'The code that reads a session could not be loaded.', {
            cause,
          });
          return {
            outcome: { kind: 'lost', error },
            facts: { hasProgressed: false, isJustCreated: false, isServerKnown, canRefreshToken },
          };
        }
        return yield* loaded.attempt(attemptSignal);
      },
      refreshToken: (refreshSignal) => http.refreshToken(refreshSignal),
      reset: (after) => loaded?.reset(after) ?? [],
    };
    for await (const messages of reconnect(stream, context, environment)) {
      yield { messages, cursor: loaded?.cursor ?? options.cursor ?? BEGINNING };
    }
  }, signal);
}
