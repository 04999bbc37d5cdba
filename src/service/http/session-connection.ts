import { parseSessionFrame } from '../../protocol/frames.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { Cursor, SessionBatch, SessionMessage } from '../../protocol/messages.js';
import { createConnection } from '../connection.js';
import type { Environment } from './environment.js';
import type { SessionConnection } from '../graph-run-service.js';
import type { HttpClient } from './http-client.js';
import type { LegacyAnswers } from './legacy/legacy-answers.js';
import { LegacySession } from './legacy/legacy-session.js';
import { reconnect, type ConnectionMessage, type ReconnectingStream } from './reconnect.js';
import { initialReceiver, receive, type ReceiverState } from './session-receiver.js';
import { fetchStatus } from './session-status.js';
import { DEFAULT_HEARTBEAT_MS, type StreamReader } from './stream-attempt.js';

/** What a session stream is opened with. */
export interface SessionStreamOptions {
  readonly sessionId: string;
  readonly cursor?: Cursor;
  readonly signal?: AbortSignal;
  /** True while a 404 may only mean that the session is too new. */
  readonly isJustCreated: () => boolean;
  /** Answers on their way to an older server, for which the stream shows that they arrived. */
  readonly answers: LegacyAnswers;
}

/** Connects to the stream of a session and stays connected until it has ended. */
export function sessionStream(
  http: HttpClient,
  environment: Environment,
  { sessionId, cursor, signal, isJustCreated, answers }: SessionStreamOptions,
): SessionConnection {
  return createConnection<SessionBatch>(async function* (context) {
    let state = parseCursor(cursor);
    const stream: ReconnectingStream<SessionMessage> = {
      attempt: (attemptSignal) => {
        state = { ...state, phase: 'idle' };
        return legacy.attempt(reader(), attemptSignal);
      },
      refreshToken: (signal) => http.refreshToken(signal),
      reset(after) {
        state = initialReceiver(after);
        return [{ kind: 'reset' }];
      },
    };

    const legacy = new LegacySession({
      http,
      environment,
      sessionId,
      answers,
      hasCursor: cursor !== undefined,
      after: () => state.after,
      reset: () => stream.reset(-1),
    });

    function reader(): StreamReader<SessionMessage> {
      const startedAt = state.after;
      let heartbeatMs = DEFAULT_HEARTBEAT_MS;
      return {
        path: `/${encodeURIComponent(sessionId)}?${queryOf(state)}`,
        isJustCreated: isJustCreated(),
        async confirmEnd(attemptSignal) {
          const status = await fetchStatus(http, environment, sessionId, attemptSignal);
          return status !== undefined && isTerminalStatus(status);
        },
        status: () => ({
          hasStarted: state.phase !== 'idle',
          isLive: state.phase === 'live',
          hasDelivered: state.after > startedAt,
          hasEnded: state.hasEnded,
          heartbeatMs,
        }),
        receive(message) {
          const frame = parseSessionFrame(message);
          if (frame.kind === 'start') heartbeatMs = frame.heartbeatMs ?? heartbeatMs;
          const before = state.phase;
          const received = receive(state, frame);
          ({ state } = received);
          const { effect } = received;
          return {
            messages: [...received.messages, ...phaseMessages(before, state.phase)],
            ...(effect.kind === 'done' ? { signal: 'finished' as const } : {}),
            ...(effect.kind === 'bye' ? { signal: 'bye' as const } : {}),
          };
        },
      };
    }

    for await (const messages of reconnect(stream, context, environment)) {
      yield { messages, cursor: legacy.cursor ?? toCursor(state) };
    }
  }, signal);
}

function phaseMessages(before: ReceiverState['phase'], now: ReceiverState['phase']): ConnectionMessage[] {
  if (before === now || now === 'idle') return [];
  return [{ kind: 'connection', connection: { phase: now, attempt: 0 } }];
}

function queryOf({ after, logId }: ReceiverState): string {
  const query = new URLSearchParams({ after: String(after), protocol: '1' });
  if (logId !== undefined) query.set('log', logId);
  return query.toString();
}

/** `<index>` or `<index>@<logId>`. */
function toCursor({ after, logId }: ReceiverState): Cursor {
  return logId === undefined ? String(after) : `${after}@${logId}`;
}

/** Reads a cursor of this module; one that is not of its making means “from the beginning”. */
function parseCursor(cursor: Cursor | undefined): ReceiverState {
  const [, index, logId] = /^(-1|\d{1,16})(?:@(.+))?$/.exec(cursor ?? '') ?? [];
  return index === undefined ? initialReceiver() : initialReceiver(Number(index), logId);
}
