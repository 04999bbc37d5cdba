import type { LLMContent } from '../protocol/content.js';
import type { EmittedEventType, GraphRunEventBody, Outputs } from '../protocol/events.js';
import type { GraphNode } from '../protocol/graph.js';
import type { JsonObject } from '../protocol/json.js';

/** An event that a handler emits while its node runs; it is logged with the node's id. */
export type NodeEmission = WithoutNodeId<Extract<GraphRunEventBody, { readonly type: EmittedEventType }>>;

type WithoutNodeId<Event> = Event extends unknown ? Omit<Event, 'nodeId'> : never;

/** What a handler gets to work with. */
export interface NodeContext {
  readonly sessionId: string;
  readonly node: GraphNode;
  /** What came over the edges, port by port; several edges into one port add up, in the order of the graph. */
  readonly inputs: Readonly<Record<string, readonly LLMContent[]>>;
  /** Outputs of a node that lies upstream of this one, at any distance; undefined for any other. */
  upstreamOutputs(nodeId: string): Outputs | undefined;
  /**
   * Logs an event of this node. Resolves once it is durable: a handler that awaits it never runs ahead
   * of the log. It need not be awaited; order is kept, and an event that cannot be logged fails the
   * node. Rejects after the session or the node has ended, and for an event beyond the size limit.
   */
  emit(event: NodeEmission): Promise<void>;
  /**
   * Asks a person: `suspendEvent` has one member, the kind of the question, with its payload. Resolves
   * with the response, maybe days later and in another process. Several may be asked at once. Rejects
   * when the session ends first, and in a headless run that has no answer for this node.
   */
  ask(suspendEvent: JsonObject): Promise<JsonObject>;
  /** Aborted when the session ends; everything a handler waits for should listen to it. */
  readonly signal: AbortSignal;
  /** The caller's newest credential, where one was given. Never log it. */
  accessToken(): string | undefined;
}

/** What runs the nodes of one type. */
export interface NodeHandler {
  /**
   * Runs a node. Resolves with its outputs, port by port; a rejection fails the node with the error's
   * message.
   *
   * A node that waits for an answer outlives its process: it is then run again from its start.
   * Questions that were asked before are not asked again (`ask` gives the logged answers, in order),
   * and as many emits as were logged are passed over. So what a handler emits and asks up to a
   * question must depend on nothing but its context and the answers before it.
   */
  run(context: NodeContext): Promise<Outputs>;
  /** True when a node that was interrupted by a crash may simply run again. Default false. */
  readonly isIdempotent?: boolean;
  /** What is wrong with a node's configuration, as a sentence; undefined when nothing is. */
  check?(node: GraphNode): string | undefined;
}
