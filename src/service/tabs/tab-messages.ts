import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/json.js';
import type { ConnectionPhase, ConnectionState, MonitorMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { parseSessionSummary } from '../../protocol/session-summary.js';

/*
 * What tabs of one browser say to each other. Everything of the same origin can write to the channel,
 * so what comes from it is parsed like input from the network. Nothing secret goes over it: rows, and
 * of errors only what people are shown.
 */

/** How much a tab is in use. */
export interface Attention {
  readonly isVisible: boolean;
  /** When it was last turned to, in milliseconds since 1970; 0: never. */
  readonly focusedAtMs: number;
}

/** Where a leader stands: how many batches of its list it has published. Between two leaders, the higher epoch is right. */
export interface LeaderPosition {
  readonly epoch: number;
  readonly seq: number;
}

/** What the tabs that watch the same list say; `from` is the sender. */
export type ListTabMessage = { readonly from: string } & (
  | ({ readonly kind: 'hello' | 'ping'; readonly epoch: number } & Attention)
  | { readonly kind: 'retry' | 'bye' }
  | ({ readonly kind: 'leader' | 'pong' } & LeaderPosition)
  | ({
      /** `state`: all up to `seq`. `batch`: what number `seq` brought. */
      readonly kind: 'state' | 'batch';
      readonly messages: readonly MonitorMessage[];
    } & LeaderPosition)
);

/** What the tabs say that share the connections to one server. */
export type SlotTabMessage = { readonly from: string } & (
  | { readonly kind: 'want' }
  | ({
      /** The sender holds a slot: the answer to `want`, and said when less depends on it than before. */
      readonly kind: 'holding';
      readonly slot: number;
      readonly isList: boolean;
    } & Attention)
);

/** Reads a message of the list's channel; undefined when it is none. */
export function parseListTabMessage(value: unknown): ListTabMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, from, epoch, seq, messages } = value;
  if (!isText(from)) return undefined;
  switch (kind) {
    case 'hello':
    case 'ping': {
      const attention = parseAttention(value);
      return isFiniteNumber(epoch) && attention !== undefined
        ? { kind, from, epoch, ...attention }
        : undefined;
    }
    case 'retry':
    case 'bye':
      return { kind, from };
    case 'leader':
    case 'pong':
      return isFiniteNumber(epoch) && isFiniteNumber(seq) ? { kind, from, epoch, seq } : undefined;
    case 'state':
    case 'batch': {
      if (!isFiniteNumber(epoch) || !isFiniteNumber(seq) || !Array.isArray(messages)) return undefined;
      const parsed = messages.map(parseMonitorMessage);
      return parsed.every((message) => message !== undefined)
        ? { kind, from, epoch, seq, messages: parsed }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Reads a message of the slots' channel; undefined when it is none. */
export function parseSlotTabMessage(value: unknown): SlotTabMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, from, slot, isList } = value;
  if (!isText(from)) return undefined;
  if (kind === 'want') return { kind, from };
  const attention = parseAttention(value);
  if (kind !== 'holding' || !isFiniteNumber(slot) || attention === undefined) return undefined;
  return { kind, from, slot, isList: isList === true, ...attention };
}

/** The form in which a message goes over the list's channel. */
export function listTabMessageToWire(message: ListTabMessage): JsonObject {
  if (!('messages' in message)) return { ...message };
  return { ...message, messages: message.messages.map(monitorMessageToWire) };
}

function parseAttention({ isVisible, focusedAtMs }: JsonObject): Attention | undefined {
  if (typeof isVisible !== 'boolean' || !isFiniteNumber(focusedAtMs)) return undefined;
  return { isVisible, focusedAtMs };
}

function monitorMessageToWire(message: MonitorMessage): JsonValue {
  if (message.kind === 'row') return { kind: 'row', row: { ...message.row } };
  if (message.kind !== 'connection') return message;
  const { error, ...connection } = message.connection;
  // An error object would lose its code when it is cloned; its members are nobody else's business.
  const told = error === undefined ? {} : { error: { code: error.code, message: error.message } };
  return { kind: 'connection', connection: { ...connection, ...told } };
}

function parseMonitorMessage(value: unknown): MonitorMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, row, sessionId, isTruncated, oldestCreatedAt, connection } = value;
  switch (kind) {
    case 'snapshotStart':
      return { kind };
    case 'deleted':
      return isText(sessionId) ? { kind, sessionId } : undefined;
    case 'snapshotComplete':
      return {
        kind,
        isTruncated: isTruncated === true,
        ...(isFiniteNumber(oldestCreatedAt) ? { oldestCreatedAt } : {}),
      };
    case 'row':
      try {
        return { kind, row: parseSessionSummary(row) };
      } catch (error) {
        if (error instanceof GraphRunError) return undefined;
        throw error;
      }
    case 'connection': {
      const state = parseConnection(connection);
      return state === undefined ? undefined : { kind, connection: state };
    }
    default:
      return undefined;
  }
}

const PHASES: ReadonlySet<string> = new Set<ConnectionPhase>([
  'idle',
  'connecting',
  'replaying',
  'live',
  'backoff',
  'offline',
  'paused',
  'authRefresh',
  'terminal',
  'failed',
]);

function isPhase(value: unknown): value is ConnectionPhase {
  return isText(value) && PHASES.has(value);
}

function parseConnection(value: unknown): ConnectionState | undefined {
  if (!isJsonObject(value)) return undefined;
  const { phase, attempt, retryAtMs, error } = value;
  if (!isPhase(phase) || !isFiniteNumber(attempt)) return undefined;
  return {
    phase,
    attempt,
    ...(isFiniteNumber(retryAtMs) ? { retryAtMs } : {}),
    ...(isJsonObject(error) && isText(error['code']) && isText(error['message'])
      ? { error: new GraphRunError(error['code'], error['message']) }
      : {}),
  };
}
