import type { LLMContent } from '../protocol/content.js';
import type { EmittedEventType, GraphRunEventBody, Outputs } from '../protocol/events.js';
import type { GraphNode } from '../protocol/graph.js';
import type { JsonObject } from '../protocol/values/json.js';

/** An event that a handler emits while its node runs; it is logged with the node's id. */
export type NodeEmission = WithoutNodeId<Extract<GraphRunEventBody, { readonly type: EmittedEventType }>>;

type WithoutNodeId<Event> = Event extends unknown ? Omit<Event, 'nodeId'> : never;

/** The context in which a handler runs a node. */
export interface NodeContext {
  readonly sessionId: string;
  readonly node: GraphNode;
  /**
   * A key for calls that must not be made twice, such as a payment: the same whenever this node of this session runs, also
   * when it runs again because its process died, or was cut off and may run it for some seconds more. Add a number for
   * each call.
   */
  readonly runKey: string;
  /** Inputs by port; the contents of several edges into one port are joined in the order of the graph. */
  readonly inputs: Readonly<Record<string, readonly LLMContent[]>>;
  /** Returns the outputs of a node upstream of this one, at any distance; undefined for any other node. */
  upstreamOutputs(nodeId: string): Outputs | undefined;
  /**
   * Logs an event of this node. Resolves once it is durable: a handler that awaits it never runs ahead of the
   * log. It need not be awaited; the order is kept, and an event that cannot be logged fails the node.
   * Rejects after the session or the node has ended, and for an event beyond the size limit.
   */
  emit(event: NodeEmission): Promise<void>;
  /**
   * Asks a person: `suspendEvent` has one member, the kind of the question, with its payload. Resolves with
   * the response, maybe days later and in another process. Several questions may be open at once. Rejects
   * when the session ends first, and in a headless run without an answer for this node.
   */
  ask(suspendEvent: JsonObject): Promise<JsonObject>;
  /** Aborted when the session ends; everything that a handler waits for should respect it. */
  readonly signal: AbortSignal;
  /** The caller's newest credential, if there is one. Never log it. */
  accessToken(): string | undefined;
}

/** Runs the nodes of one type. */
export interface NodeHandler {
  /**
   * Runs a node. Resolves with its outputs, port by port; a rejection fails the node with the error's
   * message.
   *
   * A node that waits for an answer outlives its process: it is then run again from its start. Questions that
   * were asked before are not asked again (`ask` resolves with the logged answers, in order), and as many
   * emits as were logged are skipped. So everything that a handler emits and asks before a question must
   * depend only on its context and the previous answers.
   */
  run(context: NodeContext): Promise<Outputs>;
  /** True when a node that a crash interrupted may simply run again. Default false. */
  readonly isIdempotent?: boolean;
  /** Describes the problem of a node's configuration in a sentence; undefined when it is valid. */
  check?(node: GraphNode): string | undefined;
}
