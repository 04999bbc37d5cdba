import { addUsage, reportedUsage, type ModelUsage } from './usage.js';
import { plainName } from './values/plain-name.js';
import { AppendMap } from './values/append-map.js';
import { contentsText, outputContents, shortLines, shortText } from './content.js';
import {
  type GraphRunEvent,
  type Outputs,
  type RerunOf,
  type ResolvedBy,
  type ReusedFrom,
} from './events.js';
import type { PendingInput } from './stream/session-frames.js';
import { adjacencyOf, type GraphOutline } from './graph.js';
import { propertiesOf, toInteraction, type Interaction } from './questions/interactions.js';
import { answerText } from './questions/interaction-text.js';
import { isText, type JsonObject } from './values/json.js';
import { hasWork } from './node-work.js';
import { isTerminalStatus, type KnownSessionStatus } from './session-summary.js';

/** State of a node. `cancelled`: it was running, or waiting for an answer, when the session ended. */
export type NodeStatus =
  'waiting' | 'running' | 'suspended' | 'completed' | 'failed' | 'skipped' | 'cancelled';

/** A node as of the log. Times are milliseconds since 1970 and absent where events have none. */
export interface NodeState {
  readonly nodeId: string;
  /** The node of the outline that this one is another instance of. */
  readonly of?: string;
  /** The node that this one is a step of. */
  readonly parent?: string;
  /** Title from the graph, or from its start, else the id. */
  readonly title: string;
  readonly status: NodeStatus;
  /** Number of the run: 1 for the first, 2 after a `nodeRetry`, … */
  readonly attempt: number;
  readonly startedTs?: number;
  readonly endedTs?: number;
  /** Log index of its `nodeEnd`. */
  readonly endIndex?: number;
  readonly outputs?: Outputs;
  /** What its calls of models used, by model. */
  readonly usage?: readonly ModelUsage[];
  /** The place of its work, when it did not run in this session. */
  readonly reused?: ReusedFrom;
  readonly error?: string;
  /** Id of the failed node that caused this one to be skipped. */
  readonly causedBy?: string;
}

/** A question that is no longer open. */
export interface ResolvedInteraction {
  readonly interaction: Interaction | undefined;
  readonly nodeId: string;
  /** Log index of the `inputResolved`. */
  readonly index: number;
  readonly by: ResolvedBy;
  readonly response?: JsonObject;
  /** The name of who answered, where the host gives one. */
  readonly answeredBy?: string;
}

/** The state of a session, folded from its log, as one immutable value. Server and client fold alike. */
export interface SessionState {
  readonly sessionId: string;
  readonly status: KnownSessionStatus;
  /** Index of the newest event; -1 before the first. */
  readonly lastIndex: number;
  readonly createdTs?: number;
  readonly updatedTs?: number;
  readonly outline?: GraphOutline;
  /** The session that this one runs again. */
  readonly rerunOf?: RerunOf;
  /** The name of who started it, where the host gives one. */
  readonly startedBy?: string;
  /** The names of those who answered, each once, the newest last; at most ten. */
  readonly answeredBy?: readonly string[];
  /** In the order of the graph, then of first appearance. */
  readonly nodes: ReadonlyMap<string, NodeState>;
  /** Open questions by `interactionId`, oldest first. */
  readonly pending: ReadonlyMap<string, Interaction>;
  /** Questions that are no longer open, in the order of their answers. */
  readonly resolved: ReadonlyMap<string, ResolvedInteraction>;
  /** Outputs of the graph, by node; set by `graphComplete`. */
  readonly outputs?: Readonly<Record<string, Outputs>>;
  /** Why the graph failed; set by `graphError`. */
  readonly error?: string;
  /** First answer and newest output, short, for the row of a list. */
  readonly answerText?: string;
  readonly outputText?: string;
  /** The first answer again, if the run began with a request for one text: then it may name the session. */
  readonly inputText?: string;
  /** The beginning of the outputs of the graph, with its line breaks. */
  readonly resultText?: string;
  /** Title of the node that waited for an answer when the session was cancelled. */
  readonly waitedFor?: string;
  /** What its calls of models used, by model; not those of nodes that it reused. */
  readonly usage?: readonly ModelUsage[];
}

/** Names of those who answered that a state has. */
const MAX_ANSWERERS = 10;

/**
 * Folds one event into the state. Pure and total: an event out of place (a second end of a node,
 * anything after the terminal event) never throws, and never reopens a session or a question.
 */
export function applyEvent(state: SessionState, event: GraphRunEvent): SessionState {
  return applyEvents(state, [event]);
}

/** Folds a list of events, oldest first. Copies what changes once for all of them. */
export function applyEvents(state: SessionState, events: Iterable<GraphRunEvent>): SessionState {
  const fold = new SessionFold(state);
  for (const event of events) fold.apply(event);
  return fold.finish();
}

/** The maps that a fold has created: no one else holds them, so it may change them. */
type Owned = WeakSet<object>;

/**
 * A fold in progress. The initial state never changes, and neither does the one that `finish` returns. In
 * between, maps are copied once and then changed in place, because a copy per event would make a replay of
 * many nodes or questions quadratic.
 */
export class SessionFold {
  #state: SessionState;
  #lastIndex: number;
  #updatedTs: number | undefined;
  #hasMoved = false;
  #isStatusStale = false;
  readonly #owned: Owned = new WeakSet();

  constructor(state: SessionState) {
    this.#state = state;
    this.#lastIndex = state.lastIndex;
    this.#updatedTs = state.updatedTs;
  }

  /** The current state of a node. */
  getNode(nodeId: string): NodeState | undefined {
    return this.#state.nodes.get(nodeId);
  }

  /** The current nodes; valid only until the next event. */
  get nodes(): ReadonlyMap<string, NodeState> {
    return this.#state.nodes;
  }

  /** The open questions, oldest first; valid only until the next event. */
  get pending(): ReadonlyMap<string, Interaction> {
    return this.#state.pending;
  }

  /** An open question. */
  getPending(interactionId: string): Interaction | undefined {
    return this.#state.pending.get(interactionId);
  }

  /** Index of the newest event. */
  get lastIndex(): number {
    return this.#lastIndex;
  }

  /** Folds the next event. */
  apply(event: GraphRunEvent): void {
    // Written by `finish`: most events change nothing else, and a copy of the state for each would be most of the work.
    this.#hasMoved = true;
    this.#lastIndex = Math.max(this.#lastIndex, event.index);
    if (event.ts !== undefined) this.#updatedTs = event.ts;
    const state = this.#state;
    if (isTerminalStatus(state.status)) return;
    const next = applyToOpenSession(state, event, this.#owned);
    // An event that changed neither nodes nor questions cannot change the status.
    if (next !== state) this.#isStatusStale = true;
    this.#state = next;
  }

  /** Returns the state after the last event. The fold must no longer be used. */
  finish(): SessionState {
    if (!this.#hasMoved) return this.#state;
    const state: SessionState = {
      ...this.#state,
      lastIndex: this.#lastIndex,
      ...(this.#updatedTs === undefined ? {} : { updatedTs: this.#updatedTs }),
    };
    if (!this.#isStatusStale || isTerminalStatus(state.status)) return state;
    return { ...state, status: openStatus(state) };
  }
}

/** Returns the map itself when the fold owns it, else a copy that the fold owns. */
function own<Key, Value>(map: ReadonlyMap<Key, Value>, owned: Owned): Map<Key, Value> {
  if (map instanceof Map && owned.has(map)) return map;
  const copy = new Map(map);
  owned.add(copy);
  return copy;
}

function applyToOpenSession(state: SessionState, event: GraphRunEvent, owned: Owned): SessionState {
  switch (event.type) {
    // First, because nearly all events of a log are of these types.
    case 'thoughtEvent':
      return state;
    case 'agentEvent':
      return withUsage(state, event, owned);
    case 'graphStart':
      return {
        ...state,
        sessionId: event.sessionId,
        ...(event.ts === undefined ? {} : { createdTs: event.ts }),
        ...(event.graph === undefined ? {} : { outline: event.graph, nodes: waitingNodes(event.graph) }),
        ...(event.rerunOf === undefined ? {} : { rerunOf: event.rerunOf }),
        ...(isText(event.startedBy) ? { startedBy: event.startedBy } : {}),
      };
    case 'nodeStart':
      return withNode(
        state,
        event.nodeId,
        {
          status: 'running',
          ...(event.ts === undefined ? {} : { startedTs: event.ts }),
          ...instanceOf(state, event),
          ...reusedOf(event),
        },
        owned,
      );
    case 'nodeRetry':
      return withNode(state, event.nodeId, { status: 'running', attempt: event.attempt }, owned);
    case 'nodeEnd': {
      const outputs = event.outputs === undefined ? {} : { outputs: event.outputs };
      const ended = withNode(
        state,
        event.nodeId,
        { status: 'completed', ...outputs, ...endOf(event), ...reusedOf(event), endIndex: event.index },
        owned,
      );
      return withOutputText(withoutQuestionsOf(ended, event.nodeId), event.outputs);
    }
    case 'nodeError':
      return withoutQuestionsOf(
        withNode(state, event.nodeId, { status: 'failed', error: event.error, ...endOf(event) }, owned),
        event.nodeId,
      );
    case 'nodeSkipped':
      return withoutQuestionsOf(
        withNode(state, event.nodeId, { status: 'skipped', causedBy: event.causedBy }, owned),
        event.nodeId,
      );
    case 'inputRequired': {
      if (state.resolved.has(event.interactionId)) return state;
      const pending = own(state.pending, owned).set(event.interactionId, toInteraction(event));
      return withNode({ ...state, pending }, event.nodeId, { status: 'suspended' }, owned);
    }
    case 'inputResolved':
      return resolve(state, event, owned);
    case 'graphComplete':
    case 'graphError':
    case 'graphCancelled':
      return applyTerminalEvent(state, event);
    default:
      return state;
  }
}

function withUsage(
  state: SessionState,
  { nodeId, event }: Extract<GraphRunEvent, { type: 'agentEvent' }>,
  owned: Owned,
): SessionState {
  const usage = reportedUsage(event);
  if (usage === undefined) return state;
  const next = { ...state, usage: addUsage(state.usage, usage) };
  const node = nodeId === undefined ? undefined : state.nodes.get(nodeId);
  return node === undefined
    ? next
    : withNode(next, node.nodeId, { status: node.status, usage: addUsage(node.usage, usage) }, owned);
}

function resolve(
  state: SessionState,
  event: Extract<GraphRunEvent, { type: 'inputResolved' }>,
  owned: Owned,
): SessionState {
  if (state.resolved.has(event.interactionId)) return state;
  const interaction = state.pending.get(event.interactionId);
  const pending = own(state.pending, owned);
  pending.delete(event.interactionId);
  const { nodeId, index, by, response } = event;
  const resolved = AppendMap.from(state.resolved).with(event.interactionId, {
    interaction,
    nodeId,
    index,
    by,
    ...(response === undefined ? {} : { response }),
    ...(isText(event.answeredBy) ? { answeredBy: event.answeredBy } : {}),
  });
  const answer =
    state.answerText !== undefined || interaction === undefined || response === undefined
      ? undefined
      : shortText(answerText(interaction, response));
  const isInput = answer !== undefined && asksForOneText(interaction) && isOnlyStart(state, nodeId);
  const next: SessionState = {
    ...state,
    pending,
    resolved,
    ...(answer === undefined ? {} : { answerText: answer }),
    ...answerers(state, event.answeredBy),
    ...(isInput ? { inputText: answer } : {}),
  };
  return state.nodes.get(nodeId)?.status !== 'suspended' || hasQuestionOf(pending, nodeId)
    ? next
    : withNode(next, nodeId, { status: 'running' }, owned);
}

function answerers({ answeredBy = [] }: SessionState, name: unknown): Pick<SessionState, 'answeredBy'> {
  if (!isText(name) || name === '') return {};
  return { answeredBy: [...answeredBy.filter((other) => other !== name), name].slice(-MAX_ANSWERERS) };
}

/** True for a question that takes one value, which a person has typed. */
function asksForOneText(interaction: Interaction | undefined): boolean {
  if (interaction?.kind === 'form') return Object.keys(propertiesOf(interaction.schema)).length === 1;
  return interaction?.kind === 'text';
}

/** True for the one node that a run begins with. */
function isOnlyStart({ outline, nodes }: SessionState, nodeId: string): boolean {
  if (outline === undefined) return nodes.keys().next().value === nodeId;
  const { entering } = adjacencyOf(outline.edges);
  const starts = outline.nodes.filter(({ id }) => (entering.get(id)?.length ?? 0) === 0);
  return starts.length === 1 && starts[0]?.id === nodeId;
}

/** The beginning of the outputs of a graph. */
function resultOf(outputs: Readonly<Record<string, Outputs>> | undefined): string | undefined {
  const contents = Object.values(outputs ?? {}).flatMap((output) => outputContents(output));
  return shortLines(contentsText(contents));
}

/** Applies the terminal event: no question stays open, and no node is running. */
function applyTerminalEvent(
  state: SessionState,
  event: Extract<GraphRunEvent, { type: 'graphComplete' | 'graphError' | 'graphCancelled' }>,
): SessionState {
  const nodes = new Map(
    [...state.nodes].map(([id, node]) => [
      id,
      node.status === 'running' || node.status === 'suspended'
        ? { ...node, status: 'cancelled' as const, ...endOf(event) }
        : node,
    ]),
  );
  const ended: SessionState = { ...state, nodes, pending: new Map() };
  switch (event.type) {
    case 'graphComplete': {
      const resultText = resultOf(event.outputs);
      return {
        ...ended,
        status: 'completed',
        ...(event.outputs === undefined ? {} : { outputs: event.outputs }),
        ...(resultText === undefined ? {} : { resultText }),
      };
    }
    case 'graphError':
      return { ...ended, status: 'failed', error: event.error };
    case 'graphCancelled': {
      const waiting = [...state.nodes.values()].find((node) => node.status === 'suspended');
      const waitedFor = waiting === undefined ? {} : { waitedFor: waiting.title };
      return { ...ended, status: 'cancelled', ...waitedFor };
    }
  }
}

/** The status of an open session; `suspended`: a question is open, and no node has work or is ready to run. */
function openStatus(state: SessionState): 'running' | 'suspended' {
  if (state.pending.size === 0) return 'running';
  if (hasWork(state.nodes)) return 'running';
  return readyNodes(state).length > 0 ? 'running' : 'suspended';
}

/**
 * Ids of the nodes that are ready to run: not started, all their upstream nodes completed. None where the order of the
 * outline does not follow its edges.
 */
export function readyNodes(state: SessionState): readonly string[] {
  if (isTerminalStatus(state.status) || state.outline?.order === 'none') return [];
  const { entering } = adjacencyOf(state.outline?.edges);
  const ready: string[] = [];
  for (const { nodeId, status } of state.nodes.values()) {
    if (status !== 'waiting') continue;
    const isBlocked = entering.get(nodeId)?.some(({ from }) => state.nodes.get(from)?.status !== 'completed');
    if (isBlocked !== true) ready.push(nodeId);
  }
  return ready;
}

function waitingNodes(outline: GraphOutline): ReadonlyMap<string, NodeState> {
  return new Map(
    outline.nodes.map(({ id, title }) => [
      id,
      { nodeId: id, title: plainName(title ?? '') || plainName(id) || id, status: 'waiting', attempt: 1 },
    ]),
  );
}

function withNode(
  state: SessionState,
  nodeId: string,
  change: Partial<Omit<NodeState, 'nodeId'>>,
  owned: Owned,
): SessionState {
  const node: NodeState = state.nodes.get(nodeId) ?? {
    nodeId,
    title: plainName(nodeId) || nodeId,
    status: 'waiting',
    attempt: 1,
  };
  return { ...state, nodes: own(state.nodes, owned).set(nodeId, { ...node, ...change }) };
}

/** Title, origin and place of a node that the outline does not have. */
function instanceOf(
  { nodes }: SessionState,
  { nodeId, of, parent, title }: Extract<GraphRunEvent, { type: 'nodeStart' }>,
): Partial<Pick<NodeState, 'of' | 'parent' | 'title'>> {
  if ((of === undefined && title === undefined && parent === undefined) || nodes.has(nodeId)) return {};
  const own = plainName(title ?? '') || (of === undefined ? undefined : nodes.get(of)?.title);
  return {
    ...(own === undefined ? {} : { title: own }),
    ...(of === undefined ? {} : { of }),
    ...(parent === undefined || parent === nodeId ? {} : { parent }),
  };
}

function hasQuestionOf(pending: ReadonlyMap<string, Interaction>, nodeId: string): boolean {
  for (const interaction of pending.values()) if (interaction.nodeId === nodeId) return true;
  return false;
}

/** Closes the questions of a node that has ended: it no longer waits for answers. */
function withoutQuestionsOf(state: SessionState, nodeId: string): SessionState {
  if (!hasQuestionOf(state.pending, nodeId)) return state;
  const pending = new Map([...state.pending].filter(([, interaction]) => interaction.nodeId !== nodeId));
  return { ...state, pending };
}

function withOutputText(state: SessionState, outputs: Outputs | undefined): SessionState {
  const outputText = shortText(contentsText(outputContents(outputs)));
  return outputText === undefined ? state : { ...state, outputText };
}

function reusedOf({ reused }: { readonly reused?: ReusedFrom }): { reused?: ReusedFrom } {
  return reused === undefined ? {} : { reused };
}

function endOf(event: { readonly ts?: number }): { endedTs?: number } {
  return event.ts === undefined ? {} : { endedTs: event.ts };
}

/** Lists the open questions in their wire format, oldest first. */
export function pendingInputs({ pending }: Pick<SessionState, 'pending'>): readonly PendingInput[] {
  return [...pending.values()].map(({ nodeId, interactionId, index }) => ({ nodeId, interactionId, index }));
}
