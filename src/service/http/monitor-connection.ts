import { parseMonitorFrame, type MonitorFrame } from '../../protocol/frames.js';
import type { MonitorMessage } from '../../protocol/messages.js';
import { foreignAnswer, GraphRunError } from '../../protocol/problems.js';
import { createConnection } from '../connection.js';
import type { Environment } from './environment.js';
import type { MonitorConnection } from '../graph-run-service.js';
import { followLine, type LineFollower, type Pages } from './attempts/follow-line.js';
import type { HttpClient } from './http-client.js';
import { parseListPage, type ListPage } from './list-page.js';
import { ServerClock } from './server-clock.js';
import { reconnect, type ReconnectingStream } from './attempts/reconnect.js';
import { SilentAttempts } from './attempts/stream-line.js';
import {
  DEFAULT_HEARTBEAT_MS,
  type StreamAttempts,
  type StreamEffect,
  type StreamReader,
} from './attempts/stream-attempt.js';

/** Every page of a list that changed is the whole list. */
const LIST_INTERVAL_MS = 1000;

/** Options of a connection to a list. */
export interface MonitorConnectionOptions {
  readonly graphId: string;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each loop over the connection. */
  readonly createAttempts: () => StreamAttempts<MonitorMessage>;
}

/** Connects to the list of a graph's sessions and stays connected until the loop is left. */
export function monitorConnection(
  http: HttpClient,
  environment: Environment,
  { graphId, signal, createAttempts }: MonitorConnectionOptions,
): MonitorConnection {
  return createConnection<readonly MonitorMessage[]>((context) => {
    const attempts = createAttempts();
    const follower: LineFollower<MonitorMessage> = {
      stream: (attemptSignal) => attempts.attempt(monitorReader(http, environment, graphId), attemptSignal),
      pages: () => monitorPages(http, graphId),
    };
    const silent = new SilentAttempts(http.line);
    const stream: ReconnectingStream<MonitorMessage> = {
      attempt: (attemptSignal) => followLine(http, environment, follower, silent, attemptSignal),
      refreshToken: (refreshSignal) => http.refreshToken(refreshSignal),
      reset: () => [],
    };
    return reconnect(stream, context, environment);
  }, signal);
}

function streamPath(graphId: string): string {
  return `?${new URLSearchParams({ graphId, protocol: '1' })}`;
}

/** Reads the pages of a list: each one that brings rows is a snapshot. */
function monitorPages(http: HttpClient, graphId: string): Pages<MonitorMessage> {
  let known: ListPage['known'] | undefined;
  return {
    intervalMs: LIST_INTERVAL_MS,
    isJustCreated: false,
    streamPath: () => streamPath(graphId),
    path: (waitS) =>
      `/:list?${new URLSearchParams({
        graphId,
        ...(known === undefined ? {} : { ...known, wait: String(waitS) }),
      })}`,
    receive(body) {
      const page = parseListPage(body, graphId);
      ({ known } = page);
      http.learnProtocol();
      return { messages: page.messages, isFinished: false };
    },
  };
}

function monitorReader(
  http: HttpClient,
  environment: Environment,
  graphId: string,
): StreamReader<MonitorMessage> {
  let phase: 'idle' | 'snapshot' | 'live' = 'idle';
  let heartbeatMs = DEFAULT_HEARTBEAT_MS;
  const clock = new ServerClock(() => environment.wallNow());
  return {
    path: streamPath(graphId),
    isJustCreated: false,
    status: () => ({
      hasStarted: phase !== 'idle',
      isLive: phase === 'live',
      // Every connection brings the whole list, so only staying connected is progress.
      hasDelivered: false,
      hasEnded: false,
      heartbeatMs,
    }),
    receive(message) {
      const frame = parseMonitorFrame(message);
      if (frame.kind === 'monitorStart') {
        if ((frame.graphId ?? graphId) !== graphId) throw foreignAnswer('the list of another graph');
        http.learnProtocol();
        http.learnFeatures(frame.features);
        heartbeatMs = frame.heartbeatMs ?? heartbeatMs;
        clock.learn(frame.ts);
        phase = 'snapshot';
        return {
          messages: [
            { kind: 'connection', connection: { phase: 'replaying', attempt: 0, ...clock.state } },
            { kind: 'snapshotStart' },
          ],
        };
      }
      if (phase === 'idle' && frame.kind !== 'other') {
        throw new GraphRunError('protocol-error', `The list began with “${frame.kind}”.`);
      }
      if (frame.kind === 'snapshotComplete') phase = 'live';
      return effectOf(frame, clock);
    },
    comment(text) {
      if (!clock.learnFromComment(text) || phase !== 'live') return [];
      return [{ kind: 'connection', connection: { phase, attempt: 0, ...clock.state } }];
    },
  };
}

function effectOf(frame: MonitorFrame, clock: ServerClock): StreamEffect<MonitorMessage> {
  switch (frame.kind) {
    case 'row': {
      const { row } = frame;
      return {
        messages: [
          row.status === 'deleted' ? { kind: 'deleted', sessionId: row.sessionId } : { kind: 'row', row },
        ],
      };
    }
    case 'snapshotComplete':
      return {
        messages: [frame, { kind: 'connection', connection: { phase: 'live', attempt: 0, ...clock.state } }],
      };
    case 'bye':
      return { messages: [], signal: 'bye' };
    default:
      return { messages: [] };
  }
}
