import { parseMonitorFrame, type MonitorFrame } from '../../protocol/stream/monitor-frames.js';
import type { MonitorMessage } from '../../protocol/stream/messages.js';
import { foreignAnswer, GraphRunError } from '../../protocol/problems.js';
import { createConnection } from '../connection.js';
import type { Environment } from './environment.js';
import type { MonitorConnection } from '../graph-run-service.js';
import { followLine, type LineFollower, type Pages } from './attempts/follow-line.js';
import type { HttpClient } from './http-client.js';
import { isListOf, listError, listQuery, parseListPage, type ListPage } from './list-page.js';
import { ServerClock } from './server-clock.js';
import { reconnect, type ReconnectingStream } from './attempts/reconnect.js';
import { SilentAttempts } from './attempts/stream-line.js';
import { DEFAULT_HEARTBEAT_MS, type StreamEffect, type StreamReader } from './attempts/stream-attempt.js';
import { VersionedAttempts, type OlderAttempts } from './attempts/versioned-attempts.js';

/** Every page of a list that changed is the whole list. */
const LIST_INTERVAL_MS = 1000;

/** Options of a connection to a list. */
export interface MonitorConnectionOptions {
  /** `ALL_GRAPHS`: the list of all graphs. */
  readonly graphId: string;
  readonly signal?: AbortSignal | undefined;
  /** Loads what reads the list of an older server. */
  readonly loadOlder: () => Promise<OlderAttempts<MonitorMessage>>;
}

/** Connects to the list of a graph's sessions, or of all graphs, and stays connected until the loop is left. */
export function monitorConnection(
  http: HttpClient,
  environment: Environment,
  { graphId, signal, loadOlder }: MonitorConnectionOptions,
): MonitorConnection {
  return createConnection<readonly MonitorMessage[]>((context) => {
    const attempts = new VersionedAttempts(http, environment, loadOlder);
    const follower: LineFollower<MonitorMessage> = {
      stream: (attemptSignal) => attempts.attempt(monitorReader(http, environment, graphId), attemptSignal),
      pages: () => monitorPages(http, graphId),
    };
    const silent = new SilentAttempts(http.line);
    const stream: ReconnectingStream<MonitorMessage> = {
      async *attempt(attemptSignal) {
        const report = yield* followLine(http, environment, follower, silent, attemptSignal);
        const { outcome } = report;
        if (outcome.kind !== 'refused') return report;
        return { ...report, outcome: { kind: 'refused', error: listError(outcome.error, graphId) } };
      },
      refreshToken: (refreshSignal) => http.refreshToken(refreshSignal),
      reset: () => [],
    };
    return reconnect(stream, context, environment);
  }, signal);
}

function streamPath(graphId: string): string {
  return `?${new URLSearchParams({ ...listQuery(graphId), protocol: '1' })}`;
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
        ...listQuery(graphId),
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
        if (!isListOf(frame, graphId)) throw foreignAnswer('the list of another graph');
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
