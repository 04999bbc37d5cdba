import { parseEvent, type GraphRunEvent } from '../events.js';
import { parseFidelity, type Fidelity } from '../fidelity.js';
import { isJsonObject, isText, type JsonObject } from '../values/json.js';
import type { SessionStatus } from '../session-summary.js';
import { featuresOf, numbers, objectOf, texts, type SseMessage } from './frame-members.js';

/** An open question, as listed by the marker between replay and live. */
export interface PendingInput {
  readonly nodeId: string;
  readonly interactionId: string;
  /** Log index of its `inputRequired`. */
  readonly index: number;
}

/** First frame of a session stream. Servers older than version 1 leave members out. */
export interface StartFrame {
  readonly kind: 'start';
  readonly sessionId?: string;
  /** The graph of the session. */
  readonly graphId?: string;
  readonly protocol?: number;
  readonly logId?: string;
  /** The effective cursor. */
  readonly after?: number;
  readonly firstIndex?: number;
  /** The newest event when the request was admitted: where the replay will end. */
  readonly lastIndex?: number;
  readonly status?: SessionStatus;
  readonly heartbeatMs?: number;
  /** The time of the server when it wrote the frame, in milliseconds since 1970. */
  readonly ts?: number;
  readonly features?: readonly string[];
  readonly fidelity?: Fidelity;
}

/** One frame of a session stream. */
export type SessionFrame =
  | StartFrame
  | { readonly kind: 'event'; readonly event: GraphRunEvent; readonly id?: number }
  /** An open question from before the cursor, sent again; its event keeps its index. */
  | { readonly kind: 'redelivered'; readonly event: GraphRunEvent }
  | {
      readonly kind: 'replayComplete';
      readonly lastIndex?: number;
      readonly status?: SessionStatus;
      readonly pending?: readonly PendingInput[];
    }
  | { readonly kind: 'bye'; readonly reason: string }
  | { readonly kind: 'done'; readonly status?: SessionStatus; readonly lastIndex?: number }
  /** A frame whose name this version does not know. */
  | { readonly kind: 'other'; readonly event: string };

const OTHER_SESSION_FRAMES: ReadonlySet<string> = new Set(['start', 'bye', 'done']);

/**
 * Reads one message of a session stream.
 *
 * @throws GraphRunError `protocol-error` when its data does not match its name.
 */
export function parseSessionFrame(message: SseMessage): SessionFrame {
  // First, because a replay has nothing but events.
  if (message.event === 'event') return parseEventFrame(message, objectOf(message));
  // The data of an unknown name may be anything: a gateway may add frames of its own.
  if (!OTHER_SESSION_FRAMES.has(message.event)) return { kind: 'other', event: message.event };
  const data = objectOf(message);
  switch (message.event) {
    case 'start':
      return {
        kind: 'start',
        ...texts(data, ['sessionId', 'graphId', 'logId', 'status']),
        ...numbers(data, ['protocol', 'after', 'firstIndex', 'lastIndex', 'heartbeatMs', 'ts']),
        ...featuresOf(data),
        ...fidelityOf(data),
      };
    case 'bye':
      return { kind: 'bye', reason: isText(data['reason']) ? data['reason'] : '' };
    case 'done':
      return { kind: 'done', ...texts(data, ['status']), ...numbers(data, ['lastIndex']) };
    default:
      return { kind: 'other', event: message.event };
  }
}

function parseEventFrame(message: SseMessage, data: JsonObject): SessionFrame {
  if (data['type'] === 'replayComplete') {
    return {
      kind: 'replayComplete',
      ...texts(data, ['status']),
      ...numbers(data, ['lastIndex']),
      ...(Array.isArray(data['pending']) ? { pending: data['pending'].flatMap(parsePending) } : {}),
    };
  }
  const event = parseEvent(data);
  if (data['redelivered'] === true) return { kind: 'redelivered', event };
  return message.id === undefined
    ? { kind: 'event', event }
    : { kind: 'event', event, id: Number(message.id) };
}

function parsePending(value: unknown): PendingInput[] {
  if (!isJsonObject(value)) return [];
  const { nodeId, interactionId, index } = value;
  return typeof nodeId === 'string' && typeof interactionId === 'string' && typeof index === 'number'
    ? [{ nodeId, interactionId, index }]
    : [];
}

function fidelityOf(data: JsonObject): { fidelity?: Fidelity } {
  const fidelity = parseFidelity(data['fidelity']);
  return fidelity === undefined ? {} : { fidelity };
}
