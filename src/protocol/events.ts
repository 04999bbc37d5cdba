import { reportedUsage } from './usage.js';
import type { JsonObject, JsonValue } from './values/json.js';
import { isFiniteNumber, isJsonObject, isText, pickMembers } from './values/json.js';
import { GraphRunError } from './problems.js';
import { isOutline, type GraphOutline } from './graph.js';

/** Outputs of a node: a value per port. */
export type Outputs = Readonly<Record<string, JsonValue>>;

/** The way a question was resolved: a person's response, the inputs of a headless run, or its expiry. */
export type ResolvedBy = 'response' | 'headless' | 'expired';

/** The session whose plan another one runs again. */
export type RerunOf = {
  readonly sessionId: string;
  /** Id of the node from which it ran again, or `failed`: from all failed nodes. Absent: the whole plan. */
  readonly from?: string;
};

/** The place of the work of a node that did not run again: its `nodeEnd` in the log of an earlier session. */
export interface ReusedFrom {
  readonly sessionId: string;
  readonly index: number;
}

/** An event before it has a place in the log. Fields are only ever added to the wire format. */
export type GraphRunEventBody =
  | {
      readonly type: 'graphStart';
      readonly sessionId: string;
      readonly graph?: GraphOutline;
      readonly rerunOf?: RerunOf;
      /** The name under which the host shows who started the session; never an id. */
      readonly startedBy?: string;
    }
  | {
      readonly type: 'nodeStart';
      readonly nodeId: string;
      /** The node of the outline that this one is another instance of: it runs several times, maybe at once. */
      readonly of?: string;
      /** The node that this one is a step of: it began inside it. */
      readonly parent?: string;
      /** Title of a node that the outline does not have; default: that of the node `of`, else the id. */
      readonly title?: string;
      /** Set when the node does not run in this session. */
      readonly reused?: ReusedFrom;
    }
  | {
      readonly type: 'nodeEnd';
      readonly nodeId: string;
      readonly outputs?: Outputs;
      readonly reused?: ReusedFrom;
    }
  | { readonly type: 'nodeError'; readonly nodeId: string; readonly error: string }
  | { readonly type: 'nodeSkipped'; readonly nodeId: string; readonly causedBy: string }
  | { readonly type: 'nodeRetry'; readonly nodeId: string; readonly attempt: number }
  /** Without `nodeId`: a report of the run as a whole. */
  | { readonly type: 'agentEvent'; readonly nodeId?: string; readonly event: JsonObject }
  | { readonly type: 'thoughtEvent'; readonly nodeId?: string; readonly text: string }
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
      /** The answer, so that a replay can show it. Absent from servers that do not publish it. */
      readonly response?: JsonObject;
      /** The name under which the host shows who answered; never an id. */
      readonly answeredBy?: string;
    }
  | {
      readonly type: 'graphComplete';
      readonly sessionId: string;
      readonly outputs?: Readonly<Record<string, Outputs>>;
    }
  | { readonly type: 'graphError'; readonly sessionId: string; readonly error: string }
  | { readonly type: 'graphCancelled'; readonly sessionId: string };

/** Members of every event of a log. */
export interface LogPosition {
  /** Position in the session's log: 0, 1, 2, … without gaps. */
  readonly index: number;
  /** Time of logging, in milliseconds since 1970; absent from older servers. */
  readonly ts?: number;
  /** Random name of the append that logged it; absent from servers without. Shows that a log was restored. */
  readonly tag?: string;
  /** True when the client inferred this event because the server never sent it. */
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

/** True for an event that ends a session: always the last one of its log. */
export function isTerminalEvent(
  event: GraphRunEventBody | UnknownEventBody,
): event is Extract<GraphRunEventBody, { type: 'graphComplete' | 'graphError' | 'graphCancelled' }> {
  return event.type === 'graphComplete' || event.type === 'graphError' || event.type === 'graphCancelled';
}

/** The id of the node that an event belongs to, or undefined. */
export function nodeIdOf(event: GraphRunEvent): string | undefined {
  if (event.type === 'unknown') {
    const nodeId = event.wire['nodeId'];
    return typeof nodeId === 'string' ? nodeId : undefined;
  }
  return 'nodeId' in event ? event.nodeId : undefined;
}

/** The JSON object of an event as it is sent over the wire. */
export function eventToWire(event: GraphRunEvent): JsonObject {
  return event.type === 'unknown' ? event.wire : (event as unknown as JsonObject);
}

type FieldCheck = (value: JsonValue | undefined) => boolean;
const isString: FieldCheck = (value) => typeof value === 'string';
const isOptionalString: FieldCheck = (value) => value === undefined || typeof value === 'string';
const isObject: FieldCheck = (value) => isJsonObject(value);
const isNumber: FieldCheck = (value) => typeof value === 'number';
const isOptionalTime: FieldCheck = (value) => value === undefined || isFiniteNumber(value);
const isOptionalOutline: FieldCheck = (value) => value === undefined || isOutline(value);
const isOptionalRerunOf: FieldCheck = (value) =>
  value === undefined ||
  (isJsonObject(value) && isText(value['sessionId']) && isOptionalString(value['from']));
const isOptionalReused: FieldCheck = (value) =>
  value === undefined ||
  (isJsonObject(value) && isText(value['sessionId']) && isFiniteNumber(value['index']));
const isOptionalObject: FieldCheck = (value) => value === undefined || isJsonObject(value);

/** The properties of the events of one type. */
interface EventTypeRow<Body> {
  /**
   * Checks the fields that consumers rely on; an event that fails is read as `unknown`. A function per type, because a
   * replay checks every event: fields that a list of checks names take the engine several times as long to read.
   */
  readonly hasFields: (event: { readonly [Field in Exclude<keyof Body, 'type'>]?: JsonValue }) => boolean;
  /** True when handlers emit it while their node runs; a node that runs again does not log it twice. */
  readonly isEmitted: 'nodeId' extends keyof Body ? boolean : false;
  /** True when it can change more than `updatedAt` of the session's row in the list. */
  readonly canChangeRow: boolean;
}

/** Every known type: the one place to add another (and to `GraphRunEventBody`, which it must match). */
const EVENT_TYPES = {
  graphStart: {
    hasFields: ({ sessionId, graph, rerunOf }) =>
      isString(sessionId) && isOptionalOutline(graph) && isOptionalRerunOf(rerunOf),
    isEmitted: false,
    canChangeRow: true,
  },
  nodeStart: {
    hasFields: ({ nodeId, of, parent, title, reused }) =>
      isString(nodeId) &&
      isOptionalString(of) &&
      isOptionalString(parent) &&
      isOptionalString(title) &&
      isOptionalReused(reused),
    isEmitted: false,
    canChangeRow: true,
  },
  nodeEnd: {
    hasFields: ({ nodeId, outputs, reused }) =>
      isString(nodeId) && isOptionalObject(outputs) && isOptionalReused(reused),
    isEmitted: false,
    canChangeRow: true,
  },
  nodeError: {
    hasFields: ({ nodeId, error }) => isString(nodeId) && isString(error),
    isEmitted: false,
    canChangeRow: true,
  },
  nodeSkipped: {
    hasFields: ({ nodeId, causedBy }) => isString(nodeId) && isString(causedBy),
    isEmitted: false,
    canChangeRow: true,
  },
  nodeRetry: {
    hasFields: ({ nodeId, attempt }) => isString(nodeId) && isNumber(attempt),
    isEmitted: false,
    canChangeRow: true,
  },
  agentEvent: {
    hasFields: ({ nodeId, event }) => isOptionalString(nodeId) && isObject(event),
    isEmitted: true,
    canChangeRow: false,
  },
  thoughtEvent: {
    hasFields: ({ nodeId, text }) => isOptionalString(nodeId) && isString(text),
    isEmitted: true,
    canChangeRow: false,
  },
  inputRequired: {
    hasFields: ({ nodeId, interactionId, suspendEvent }) =>
      isString(nodeId) && isString(interactionId) && isObject(suspendEvent),
    isEmitted: false,
    canChangeRow: true,
  },
  inputResolved: {
    hasFields: ({ nodeId, interactionId, by, response }) =>
      isString(nodeId) && isString(interactionId) && isString(by) && isOptionalObject(response),
    isEmitted: false,
    canChangeRow: true,
  },
  graphComplete: {
    hasFields: ({ outputs }) => isOptionalObject(outputs),
    isEmitted: false,
    canChangeRow: true,
  },
  graphError: { hasFields: ({ error }) => isString(error), isEmitted: false, canChangeRow: true },
  graphCancelled: { hasFields: () => true, isEmitted: false, canChangeRow: true },
} as const satisfies {
  readonly [Type in GraphRunEventBody['type']]: EventTypeRow<Extract<GraphRunEventBody, { type: Type }>>;
};

/** The checks of `EVENT_TYPES`, by type. */
const FIELD_CHECKS: ReadonlyMap<string, (event: JsonObject) => boolean> = new Map(
  Object.entries(EVENT_TYPES).map(([type, { hasFields }]) => [type, hasFields]),
);

/** Every known type. */
export const EVENT_TYPE_NAMES: readonly string[] = Object.keys(EVENT_TYPES);

/** The types of the events that handlers emit while their node runs: they never change a session's state. */
export const EMITTED_TYPES: readonly string[] = EVENT_TYPE_NAMES.filter(isEmittedType);

/** The types of the events that handlers emit while their node runs. */
export type EmittedEventType = {
  [Type in keyof typeof EVENT_TYPES]: (typeof EVENT_TYPES)[Type]['isEmitted'] extends true ? Type : never;
}[keyof typeof EVENT_TYPES];

/** True for an event that a handler emitted while its node ran. */
export function isEmittedEvent({ type }: GraphRunEvent): boolean {
  return isEmittedType(type);
}

/** True for the type of an event that handlers emit while their node runs: it never changes a session's state. */
export function isEmittedType(type: string): boolean {
  return isKnownType(type) && EVENT_TYPES[type].isEmitted;
}

/**
 * True for an event that can change more than `updatedAt` of its session's row in the list; also for an
 * unknown type, which an engine that is not checked by the compiler may append.
 */
export function canChangeRow({ type }: { readonly type: string }): boolean {
  return !isKnownType(type) || EVENT_TYPES[type].canChangeRow;
}

/**
 * True for a report of a node that changes the state of its session nevertheless: what it used. It must be among the
 * events that `SessionStore.readSteps` returns.
 */
export function isUsageReport(event: GraphRunEventBody | UnknownEventBody): boolean {
  return event.type === 'agentEvent' && reportedUsage(event.event) !== undefined;
}

function isKnownType(type: string): type is GraphRunEventBody['type'] {
  return Object.hasOwn(EVENT_TYPES, type);
}

/**
 * Reads one event from untrusted JSON. An event of an unknown type, or one that lacks a field of its type,
 * is kept whole as `unknown`: it has its place in the log and must not be lost. Additional fields are kept
 * too (except a `ts` that is not a number, and a `tag` that is not a text), so that `eventToWire` returns what was received.
 *
 * @throws GraphRunError `protocol-error` when it is not an object or has no type or index.
 */
export function parseEvent(value: unknown): GraphRunEvent {
  if (!isJsonObject(value)) throw malformed('An event must be a JSON object.');
  const { type, index } = value;
  if (typeof type !== 'string') throw malformed('An event has no type.');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) {
    throw malformed(`An event of type “${type}” has no valid index.`);
  }
  if (FIELD_CHECKS.get(type)?.(value) !== true) {
    return {
      type: 'unknown',
      wireType: type,
      wire: value,
      index,
      ...pickMembers(value, ['ts'], isFiniteNumber),
      ...pickMembers(value, ['tag'], isText),
    };
  }
  const { ts, tag } = value;
  const event =
    isOptionalTime(ts) && isOptionalString(tag)
      ? value
      : withoutBad(withoutBad(value, 'ts', isFiniteNumber), 'tag', isText);
  return event as unknown as GraphRunEvent;
}

/** Removes an invalid time or tag, which must not cost the event its meaning. */
function withoutBad(
  value: JsonObject,
  name: 'ts' | 'tag',
  isValid: (member: JsonValue) => boolean,
): JsonObject {
  const member = value[name];
  if (member === undefined || isValid(member)) return value;
  const { [name]: _, ...rest } = value;
  return rest;
}

function malformed(message: string): GraphRunError {
  return new GraphRunError('protocol-error', message);
}
