import { isText } from '../values/json.js';
import { parseSessionSummary, type SessionSummary } from '../session-summary.js';
import { featuresOf, numbers, objectOf, texts, type SseMessage } from './frame-members.js';

/** One frame of a monitor stream. */
export type MonitorFrame =
  | {
      readonly kind: 'monitorStart';
      readonly graphId?: string;
      /** `all`: the list is that of all graphs. */
      readonly graphs?: string;
      readonly protocol?: number;
      readonly revision?: number;
      readonly heartbeatMs?: number;
      /** As `StartFrame.ts`. */
      readonly ts?: number;
      readonly features?: readonly string[];
    }
  | { readonly kind: 'row'; readonly row: SessionSummary; readonly revision?: number }
  | {
      readonly kind: 'snapshotComplete';
      readonly isTruncated: boolean;
      /** Seconds since 1970 of the oldest row sent, when truncated. */
      readonly oldestCreatedAt?: number;
    }
  | { readonly kind: 'bye'; readonly reason: string }
  | { readonly kind: 'other'; readonly event: string };

const MONITOR_FRAMES: ReadonlySet<string> = new Set([
  'monitorStart',
  'sessionStatus',
  'snapshotComplete',
  'bye',
]);

/**
 * Reads one message of a monitor stream.
 *
 * @throws GraphRunError `protocol-error` when its data does not match its name.
 */
export function parseMonitorFrame(message: SseMessage): MonitorFrame {
  if (!MONITOR_FRAMES.has(message.event)) return { kind: 'other', event: message.event };
  const data = objectOf(message);
  switch (message.event) {
    case 'monitorStart':
      return {
        kind: 'monitorStart',
        ...texts(data, ['graphId', 'graphs']),
        ...numbers(data, ['protocol', 'revision', 'heartbeatMs', 'ts']),
        ...featuresOf(data),
      };
    case 'sessionStatus':
      return { kind: 'row', row: parseSessionSummary(data), ...numbers(data, ['revision']) };
    case 'snapshotComplete':
      return {
        kind: 'snapshotComplete',
        isTruncated: data['truncated'] === true,
        ...numbers(data, ['oldestCreatedAt']),
      };
    case 'bye':
      return { kind: 'bye', reason: isText(data['reason']) ? data['reason'] : '' };
    default:
      return { kind: 'other', event: message.event };
  }
}
