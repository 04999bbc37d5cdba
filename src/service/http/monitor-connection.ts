import { parseMonitorFrame, type MonitorFrame } from '../../protocol/frames.js';
import type { MonitorMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { createConnection } from '../connection.js';
import type { Environment } from './environment.js';
import type { MonitorConnection } from '../graph-run-service.js';
import type { HttpClient } from './http-client.js';
import { LegacyMonitor } from './legacy/legacy-monitor.js';
import { reconnect, type ReconnectingStream } from './reconnect.js';
import { DEFAULT_HEARTBEAT_MS, type StreamEffect, type StreamReader } from './stream-attempt.js';

/** Connects to the list of a graph's sessions and stays connected until it is left. */
export function monitorStream(
  http: HttpClient,
  environment: Environment,
  graphId: string,
  signal?: AbortSignal,
): MonitorConnection {
  return createConnection<readonly MonitorMessage[]>((context) => {
    const legacy = new LegacyMonitor(http, environment);
    const stream: ReconnectingStream<MonitorMessage> = {
      attempt: (attemptSignal) => legacy.attempt(monitorReader(graphId), attemptSignal),
      refreshToken: (signal) => http.refreshToken(signal),
      reset: () => [],
    };
    return reconnect(stream, context, environment);
  }, signal);
}

function monitorReader(graphId: string): StreamReader<MonitorMessage> {
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
