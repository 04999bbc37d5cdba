import type { JsonObject, JsonValue } from './json.js';
import { isFiniteNumber, isJsonObject, pickMembers } from './json.js';
import { GraphRunError } from './problems.js';
import { isOutline, type GraphOutline } from './graph.js';

/** Outputs of a node: a value per port. */
export type Outputs = Readonly<Record<string, JsonValue>>;

/** Who resolved a question: a person's response, the inputs of a headless run, or its expiry. */
export type ResolvedBy = 'response' | 'headless' | 'expired';

/** An event before it has a place in the log. Fields are only ever added to the wire format. */
export type GraphRunEventBody =
  | { readonly type: 'graphStart'; readonly sessionId: string; readonly graph?: GraphOutline }
  | { readonly type: 'nodeStart'; readonly nodeId: string }
  | { readonly type: 'nodeEnd'; readonly nodeId: string; readonly outputs?: Outputs }
  | { readonly type: 'nodeError'; readonly nodeId: string; readonly error: string }
  | { readonly type: 'nodeSkipped'; readonly nodeId: string; readonly causedBy: string }
  | { readonly type: 'nodeRetry'; readonly nodeId: string; readonly attempt: number }
  | { readonly type: 'agentEvent'; readonly nodeId: string; readonly event: JsonObject }
  | { readonly type: 'thoughtEvent'; readonly nodeId: string; readonly text: string }
  | {
      readonly type: 'inputRequired';
      readonly nodeId: string;
      readonly interactionId: string;
      readonly suspendEvent: JsonObject;
    }
  | {
      readonly type: 'inputResolved';
      readonly nodeId: string;
      readonly interactionId: string;
      readonly by: ResolvedBy;
      /** What was answered, so that a replay can show it. Absent from servers that keep it to themselves. */
      readonly response?: JsonObject;
    }
  | {
      readonly type: 'graphComplete';
      readonly sessionId: string;
      readonly outputs?: Readonly<Record<string, Outputs>>;
    }
  | { readonly type: 'graphError'; readonly sessionId: string; readonly error: string }
  | { readonly type: 'graphCancelled'; readonly sessionId: string };

/** What every event of a log has. */
export interface LogPosition {
  /** Position in the session's log: 0, 1, 2, … without gaps. */
  readonly index: number;
  /** When it was logged, in milliseconds since 1970; absent from older servers. */
  readonly ts?: number;
  /** True when the client had to conclude this event because the server never sent it. */
  readonly synthetic?: true;
}

/** An event that this version does not understand; kept whole, so that it can be shown and copied. */
export interface UnknownEventBody {
  readonly type: 'unknown';
  /** The `type` it came with. */
  readonly wireType: string;
  readonly wire: JsonObject;
}

/** One event of a session's log. */
export type GraphRunEvent = (GraphRunEventBody | UnknownEventBody) & LogPosition;

/** The event of one type. */
export type GraphRunEventOf<Type extends GraphRunEvent['type']> = Extract<
  GraphRunEvent,
  { readonly type: Type }
>;

/** True for the event that ends a session: always the last one of its log. */
export function isTerminalEvent(
  event: GraphRunEventBody | UnknownEventBody,
): event is Extract<GraphRunEventBody, { type: 'graphComplete' | 'graphError' | 'graphCancelled' }> {
  return event.type === 'graphComplete' || event.type === 'graphError' || event.type === 'graphCancelled';
}

/** The node that an event is about, or undefined. */
export function nodeIdOf(event: GraphRunEvent): string | undefined {
  if (event.type === 'unknown') {
    const nodeId = event.wire['nodeId'];
    return typeof nodeId === 'string' ? nodeId : undefined;
  }
  return 'nodeId' in event ? event.nodeId : undefined;
}

/** The JSON object of an event as it stands on the wire. */
export function eventToWire(event: GraphRunEvent): JsonObject {
  return event.type === 'unknown' ? event.wire : (event as unknown as JsonObject);
}

type FieldCheck = (value: JsonValue | undefined) => boolean;
const isString: FieldCheck = (value) => typeof value === 'string';
const isObject: FieldCheck = (value) => isJsonObject(value);
const isNumber: FieldCheck = (value) => typeof value === 'number';
const isOptionalOutline: FieldCheck = (value) => value === undefined || isOutline(value);
const isOptionalObject: FieldCheck = (value) => value === undefined || isJsonObject(value);

/** Required fields of each known type: what a consumer of the typed event may rely on. */
const FIELDS: Readonly<Record<GraphRunEventBody['type'], Readonly<Record<string, FieldCheck>>>> = {
  graphStart: { sessionId: isString, graph: isOptionalOutline },
  nodeStart: { nodeId: isString },
  nodeEnd: { nodeId: isString, outputs: isOptionalObject },
  nodeError: { nodeId: isString, error: isString },
  nodeSkipped: { nodeId: isString, causedBy: isString },
  nodeRetry: { nodeId: isString, attempt: isNumber },
  agentEvent: { nodeId: isString, event: isObject },
  thoughtEvent: { nodeId: isString, text: isString },
  inputRequired: { nodeId: isString, interactionId: isString, suspendEvent: isObject },
  inputResolved: { nodeId: isString, interactionId: isString, by: isString, response: isOptionalObject },
  graphComplete: { outputs: isOptionalObject },
  graphError: { error: isString },
  graphCancelled: {},
};

function isKnownType(type: string): type is GraphRunEventBody['type'] {
  return Object.hasOwn(FIELDS, type);
}

/**
 * Reads one event from untrusted JSON. An event of an unknown type, or one that lacks what its type
 * promises, is kept whole as `unknown`: it has its place in the log and must not be lost. Additional
 * fields are kept too (but not a `ts` that is no number), so that `eventToWire` gives back what came.
 *
 * @throws GraphRunError `protocol-error` when it is no object or has no type or index.
 */
export function parseEvent(value: unknown): GraphRunEvent {
  if (!isJsonObject(value)) throw malformed('An event must be a JSON object.');
  const { type, index } = value;
  if (typeof type !== 'string') throw malformed('An event has no type.');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) {
    throw malformed(`An event of type “${type}” has no valid index.`);
  }
  if (!isKnownType(type) || !Object.entries(FIELDS[type]).every(([field, check]) => check(value[field]))) {
    return {
      type: 'unknown',
      wireType: type,
      wire: value,
      index,
      ...pickMembers(value, ['ts'], isFiniteNumber),
    };
  }
  return withoutBadTime(value) as unknown as GraphRunEvent;
}

/** A time that is none must not cost the event its meaning. */
function withoutBadTime(value: JsonObject): JsonObject {
  if (value['ts'] === undefined || isFiniteNumber(value['ts'])) return value;
  const { ts: _, ...rest } = value;
  return rest;
}

function malformed(message: string): GraphRunError {
  return new GraphRunError('protocol-error', message);
}
