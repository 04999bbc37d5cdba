import { parseMonitorFrame, type MonitorFrame } from '../../protocol/frames.js';
import type { MonitorMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { createConnection } from '../connection.js';
import type { Environment } from './environment.js';
import type { MonitorConnection } from '../graph-run-service.js';
import type { HttpClient } from './http-client.js';
import { reconnect, type ReconnectingStream } from './reconnect.js';
import {
  DEFAULT_HEARTBEAT_MS,
  type StreamAttempts,
  type StreamEffect,
  type StreamReader,
} from './stream-attempt.js';

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
    const stream: ReconnectingStream<MonitorMessage> = {
      attempt: (attemptSignal) => attempts.attempt(monitorReader(http, graphId), attemptSignal),
      refreshToken: (refreshSignal) => http.refreshToken(refreshSignal),
      reset: () => [],
    };
    return reconnect(stream, context, environment);
  }, signal);
}

function monitorReader(http: HttpClient, graphId: string): StreamReader<MonitorMessage> {
  let phase: 'idle' | 'snapshot' | 'live' = 'idle';
  let heartbeatMs = DEFAULT_HEARTBEAT_MS;
  return {
    path: `?${new URLSearchParams({ graphId, protocol: '1' })}`,
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
        http.learnProtocol();
        http.learnFeatures(frame.features);
        heartbeatMs = frame.heartbeatMs ?? heartbeatMs;
        phase = 'snapshot';
        return {
          messages: [
            { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
            { kind: 'snapshotStart' },
          ],
        };
      }
      if (phase === 'idle' && frame.kind !== 'other') {
        throw new GraphRunError('protocol-error', `The list began with “${frame.kind}”.`);
      }
      if (frame.kind === 'snapshotComplete') phase = 'live';
      return effectOf(frame);
    },
  };
}

function effectOf(frame: MonitorFrame): StreamEffect<MonitorMessage> {
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
      return { messages: [frame, { kind: 'connection', connection: { phase: 'live', attempt: 0 } }] };
    case 'bye':
      return { messages: [], signal: 'bye' };
    default:
      return { messages: [] };
  }
}
