import { parseSessionFrame, type SessionFrame } from '../../protocol/stream/session-frames.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { Cursor, SessionMessage } from '../../protocol/stream/messages.js';
import { parseEventsPage } from './events-page.js';
import { followLine, type LineFollower, type Pages } from './attempts/follow-line.js';
import type { Environment } from './environment.js';
import type { HttpClient } from './http-client.js';
import { ServerClock } from './server-clock.js';
import type { ConnectionMessage, ReconnectingStream } from './attempts/reconnect.js';
import { fetchLargeEvent, StuckCursor } from './large-event.js';
import { checkLog, checkSession, initialReceiver, receive, type ReceiverState } from './session-receiver.js';
import { SilentAttempts } from './attempts/stream-line.js';
import { fetchStatus } from './session-status.js';
import { DEFAULT_HEARTBEAT_MS, type StreamEffect, type StreamReader } from './attempts/stream-attempt.js';
import { VersionedAttempts, type OlderAttempts } from './attempts/versioned-attempts.js';

/** Options of the stream of a session. */
export interface SessionStreamOptions {
  readonly sessionId: string;
  readonly cursor: Cursor | undefined;
  /** True while a 404 may only mean that the session is too new. */
  readonly isJustCreated: () => boolean;
  /** Loads what reads the stream of an older server. */
  readonly loadOlder: () => Promise<OlderAttempts<SessionMessage, SessionReader>>;
}

/** The stream of a session, to stay connected to. */
export interface SessionStream extends ReconnectingStream<SessionMessage> {
  /** The position after what was delivered. */
  readonly cursor: Cursor;
}

/** Reads one attempt's stream in version 1 of the protocol. */
export interface SessionReader extends StreamReader<SessionMessage> {
  /** Index of the newest event that was delivered; -1 before the first. */
  readonly after: number;
  /** Takes a frame that is parsed already. Throws as `receive` does. */
  take(frame: SessionFrame): StreamEffect<SessionMessage>;
  /** Forgets the position; returns the messages that tell the application. */
  reset(): readonly SessionMessage[];
}

/** Makes the attempts to follow a session, each from where the last one ended. */
export function sessionStream(
  http: HttpClient,
  environment: Environment,
  { sessionId, cursor, isJustCreated, loadOlder }: SessionStreamOptions,
): SessionStream {
  const attempts = new VersionedAttempts(http, environment, loadOlder);
  let state = parseCursor(cursor);
  /** The newest event of the log when the last stream began. */
  let lastIndex = -1;
  const stuck = new StuckCursor();
  const follower: LineFollower<SessionMessage> = {
    async *stream(attemptSignal) {
      state = { ...state, phase: 'idle' };
      const report = yield* attempts.attempt(reader(), attemptSignal);
      stuck.note(state.after, report.outcome.kind === 'lost' && lastIndex > state.after);
      if (!stuck.isStuck || attempts.cursor !== undefined) return report;
      const { after } = state;
      const { after: _, ...known } = cursorOf(state);
      const path = `/${encodeURIComponent(sessionId)}/events/${after + 1}?${new URLSearchParams(known)}`;
      const request = { path, index: after + 1, logId: state.logId };
      const large = await fetchLargeEvent(http, environment, request, attemptSignal);
      if (large.kind === 'unavailable' || attemptSignal.aborted) return report;
      // What comes after it cannot be applied without it.
      if (large.kind === 'stuck') return { ...report, outcome: { kind: 'lost', error: large.error } };
      stuck.noteFetched();
      const received = receive({ ...state, phase: 'live' }, { kind: 'event', event: large.event });
      ({ state } = received);
      yield received.messages;
      return { ...report, facts: { ...report.facts, hasProgressed: true } };
    },
    pages() {
      // Indexes of an older server count per connection.
      if (attempts.cursor !== undefined) return undefined;
      state = { ...state, phase: 'idle' };
      return sessionPages(sessionId, reader(), () => state);
    },
  };
  const silent = new SilentAttempts(http.line);
  return {
    attempt: (attemptSignal) => followLine(http, environment, follower, silent, attemptSignal),
    refreshToken: (refreshSignal) => http.refreshToken(refreshSignal),
    reset,
    get cursor() {
      return attempts.cursor ?? toCursor(state);
    },
  };

  function reset(after: number): readonly SessionMessage[] {
    state = initialReceiver(after);
    return [{ kind: 'reset' }];
  }

  function reader(): SessionReader {
    const startedAt = state.after;
    let heartbeatMs = DEFAULT_HEARTBEAT_MS;
    const clock = new ServerClock(() => environment.wallNow());
    return {
      path: `/${encodeURIComponent(sessionId)}?${queryOf(state)}`,
      isJustCreated: isJustCreated(),
      get after() {
        return state.after;
      },
      reset: () => reset(-1),
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
        return this.take(parseSessionFrame(message));
      },
      comment(text) {
        const { phase } = state;
        if (!clock.learnFromComment(text) || phase === 'idle') return [];
        return [{ kind: 'connection', connection: { phase, attempt: 0, ...clock.state } }];
      },
      take(frame) {
        if (frame.kind === 'start') {
          checkSession(frame.sessionId, sessionId);
          lastIndex = frame.lastIndex ?? -1;
          http.learnProtocol();
          // A page has no features.
          if (frame.protocol !== undefined) http.learnFeatures(frame.features);
          heartbeatMs = frame.heartbeatMs ?? heartbeatMs;
          clock.learn(frame.ts);
        }
        const before = state.phase;
        const received = receive(state, frame);
        ({ state } = received);
        const { effect, messages } = received;
        // Most frames are events, which change nothing else.
        if (effect.kind === 'none' && before === state.phase) return { messages };
        return {
          messages: [...messages, ...phaseMessages(before, state.phase, clock)],
          ...(effect.kind === 'done' ? { signal: 'finished' as const } : {}),
          ...(effect.kind === 'bye' ? { signal: 'bye' as const } : {}),
        };
      },
    };
  }
}

/** Reads the pages of a log as the frames of its stream, so that the receiver delivers each event once. */
function sessionPages(
  sessionId: string,
  reader: SessionReader,
  position: () => ReceiverState,
): Pages<SessionMessage> {
  const path = `/${encodeURIComponent(sessionId)}`;
  return {
    intervalMs: 0,
    isJustCreated: reader.isJustCreated,
    streamPath: () => `${path}?${queryOf(position())}`,
    path(waitS) {
      return `${path}/events?${new URLSearchParams({ ...cursorOf(position()), wait: String(waitS) })}`;
    },
    receive(body) {
      const { events, lastIndex, isClosed, labels } = parseEventsPage(body);
      checkSession(labels.sessionId, sessionId);
      checkLog(position(), labels.logId);
      const messages: SessionMessage[] = [];
      const take = (frame: SessionFrame): void => {
        messages.push(...reader.take(frame).messages.filter(({ kind }) => kind !== 'connection'));
      };
      if (position().phase === 'idle') {
        take({ kind: 'start', lastIndex, ...labels });
      }
      for (const event of events) take({ kind: 'event', event });
      const { after, phase } = position();
      if (after >= lastIndex && phase === 'replaying') take({ kind: 'replayComplete' });
      return { messages, isFinished: isClosed && after >= lastIndex };
    },
  };
}

function phaseMessages(
  before: ReceiverState['phase'],
  now: ReceiverState['phase'],
  clock: ServerClock,
): ConnectionMessage[] {
  if (before === now || now === 'idle') return [];
  return [{ kind: 'connection', connection: { phase: now, attempt: 0, ...clock.state } }];
}

function queryOf(position: ReceiverState): string {
  return new URLSearchParams({ ...cursorOf(position), protocol: '1' }).toString();
}

/** The members of a query that name a position, and the log and the event that the reader has seen there. */
function cursorOf({ after, logId, tag }: ReceiverState): Record<string, string> {
  return {
    after: String(after),
    ...(logId === undefined ? {} : { log: logId }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** Returns `<index>[@<logId>[~<tag>]]`. */
function toCursor({ after, logId, tag }: ReceiverState): Cursor {
  if (logId === undefined) return String(after);
  return tag === undefined ? `${after}@${logId}` : `${after}@${logId}~${tag}`;
}

/** Reads a cursor of this module; any other one means “from the beginning”. */
function parseCursor(cursor: Cursor | undefined): ReceiverState {
  const [, index, logId, tag] = /^(-1|\d{1,16})(?:@(.+?)(?:~([^~]*))?)?$/.exec(cursor ?? '') ?? [];
  if (index === undefined) return initialReceiver();
  return initialReceiver(Number(index), {
    ...(logId === undefined ? {} : { logId }),
    ...(tag === undefined ? {} : { tag }),
  });
}
