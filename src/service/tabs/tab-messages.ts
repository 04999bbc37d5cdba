import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import type { ConnectionPhase, ConnectionState, MonitorMessage } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { parseSessionSummary } from '../../protocol/session-summary.js';

/*
 * The messages between the tabs of one browser. Every script of the same origin can write to the channels,
 * so messages are parsed like input from the network. They carry nothing secret: rows, and the code,
 * message and status of errors, which people are shown anyway.
 */

/** How much a tab matters: visible ones before hidden ones, then by the last focus. */
export interface Priority {
  readonly isVisible: boolean;
  /** When the tab was last focused, in milliseconds since 1970; 0: never. */
  readonly focusedAtMs: number;
}

/** The number of batches that a leader has published. Between two leaders, the higher epoch wins. */
export interface LeaderPosition {
  readonly epoch: number;
  readonly seq: number;
}

/** A message between tabs that watch the same list; `from` is the id of the sender. */
export type ListTabMessage = { readonly from: string } & (
  | ({ readonly kind: 'hello' | 'ping'; readonly epoch: number } & Priority)
  | { readonly kind: 'retry' | 'bye' }
  | ({ readonly kind: 'leader' | 'pong' } & LeaderPosition)
  | ({
      /** `state`: the list after batch `seq`. `batch`: the messages of batch `seq`. */
      readonly kind: 'state' | 'batch';
      readonly messages: readonly MonitorMessage[];
      /** What the leader's server can do; absent in messages of older versions. */
      readonly capabilities?: readonly string[];
    } & LeaderPosition)
);

/** A message as its sender posts it, before its id is added. */
export type OutgoingListTabMessage = ListTabMessage extends infer Message
  ? Message extends ListTabMessage
    ? Omit<Message, 'from'>
    : never
  : never;

/** A message between tabs that share the connections to one server. */
export type SlotTabMessage = { readonly from: string } & (
  | { readonly kind: 'want' }
  | ({
      /** The sender holds a slot: sent as the answer to `want`, and when the slot begins to matter less. */
      readonly kind: 'holding';
      readonly slot: number;
      readonly isList: boolean;
    } & Priority)
);

/** Reads a message of the list's channel; undefined when it is not a valid one. */
export function parseListTabMessage(value: unknown): ListTabMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, from, epoch, seq, messages, capabilities } = value;
  if (!isText(from)) return undefined;
  switch (kind) {
    case 'hello':
    case 'ping': {
      const priority = parsePriority(value);
      return isFiniteNumber(epoch) && priority !== undefined ? { kind, from, epoch, ...priority } : undefined;
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
      if (!parsed.every((message) => message !== undefined)) return undefined;
      const names = Array.isArray(capabilities) ? { capabilities: capabilities.filter(isText) } : {};
      return { kind, from, epoch, seq, messages: parsed, ...names };
    }
    default:
      return undefined;
  }
}

/** Reads a message of the slots' channel; undefined when it is not a valid one. */
export function parseSlotTabMessage(value: unknown): SlotTabMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, from, slot, isList } = value;
  if (!isText(from)) return undefined;
  if (kind === 'want') return { kind, from };
  const priority = parsePriority(value);
  if (kind !== 'holding' || !isFiniteNumber(slot) || priority === undefined) return undefined;
  return { kind, from, slot, isList: isList === true, ...priority };
}

/** Converts a message to its form on the list's channel. */
export function listTabMessageToWire(message: ListTabMessage): JsonObject {
  if (!('messages' in message)) return { ...message };
  const { messages, capabilities, ...rest } = message;
  return {
    ...rest,
    messages: messages.map(monitorMessageToWire),
    ...(capabilities === undefined ? {} : { capabilities: [...capabilities] }),
  };
}

function parsePriority({ isVisible, focusedAtMs }: JsonObject): Priority | undefined {
  if (typeof isVisible !== 'boolean' || !isFiniteNumber(focusedAtMs)) return undefined;
  return { isVisible, focusedAtMs };
}

function monitorMessageToWire(message: MonitorMessage): JsonValue {
  if (message.kind === 'row') return { kind: 'row', row: { ...message.row } };
  if (message.kind !== 'connection') return message;
  const { error, ...connection } = message.connection;
  // An error object would lose its code when it is cloned; its members stay in this tab.
  const summary = error === undefined ? {} : { error: summaryOf(error) };
  return { kind: 'connection', connection: { ...connection, ...summary } };
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
  const { phase, attempt, retryAtMs, isByRequests, pollMs, clockAheadMs, error } = value;
  if (!isPhase(phase) || !isFiniteNumber(attempt)) return undefined;
  return {
    phase,
    attempt,
    ...(isFiniteNumber(retryAtMs) ? { retryAtMs } : {}),
    ...(isByRequests === true ? { isByRequests } : {}),
    ...(isFiniteNumber(pollMs) ? { pollMs } : {}),
    ...(isFiniteNumber(clockAheadMs) ? { clockAheadMs } : {}),
    ...(isJsonObject(error) && isText(error['code']) && isText(error['message'])
      ? { error: new GraphRunError(error['code'], error['message'], statusOf(error)) }
      : {}),
  };
}

/** What other tabs need to show an error. */
function summaryOf({ code, message, status }: GraphRunError): JsonObject {
  return { code, message, ...(status === undefined ? {} : { status }) };
}

function statusOf({ status }: JsonObject): { readonly status?: number } {
  return isFiniteNumber(status) ? { status } : {};
}
