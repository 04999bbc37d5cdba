import { Signal } from 'signal-polyfill';
import type { GraphRunEvent, Outputs } from '../protocol/events.js';
import { toInteraction, type Interaction } from '../protocol/interactions.js';
import { isSameJson, type JsonObject } from '../protocol/json.js';
import { IDLE_CONNECTION, type ConnectionState, type SessionMessage } from '../protocol/messages.js';
import type { GraphRunError } from '../protocol/problems.js';
import { isTerminalStatus, type SessionStatus } from '../protocol/session-summary.js';
import type { NodeState, ResolvedInteraction } from '../protocol/session-state.js';
import { toSummary } from '../protocol/to-summary.js';
import type { GraphOutline } from '../protocol/graph.js';
import { EventLog } from './event-log.js';
import { KeyedSignals } from './keyed-signals.js';
import type { NodeSpan } from './node-spans.js';
import { EMPTY_RUN, reduceRun, type NodeActivity, type RunState } from './reduce-run.js';

/** A node of the connected session: its state, what it did, and when it ran and waited. */
export type NodeRun = NodeState & NodeActivity & { readonly spans: readonly NodeSpan[] };

/** What becomes of an answer on its way. */
export type AnswerState =
  | { readonly phase: 'sending' }
  /** Accepted; the question leaves when the log says so. */
  | { readonly phase: 'sent' }
  /** Not accepted; what was typed is kept. */
  | { readonly phase: 'refused'; readonly error: GraphRunError };

/** A question that closed under the eyes of a person who had not answered it here. */
export interface ClosedQuestion {
  readonly interaction: Interaction;
  /** `ended`: nobody needs the answer any more, for the session has ended. */
  readonly reason: 'answered' | 'expired' | 'ended';
  /** The answer that was given elsewhere, where the log has it; in words: `answerText`. */
  readonly response?: JsonObject;
  /** The draft that was typed here and is now of no use. */
  readonly unsentDraft?: unknown;
  /** The answer that was sent from here, and not taken. */
  readonly unsentResponse?: JsonObject;
}

/** How far the replay is. */
export interface ReplayProgress {
  readonly received: number;
  readonly total: number;
}

const NO_REPLAY: ReplayProgress = { received: 0, total: 0 };

/**
 * The session that is being watched, for the panel and for the host's canvas. All getters are backed
 * by signals: reading them in a computed, or in a Lit element made with `SignalWatcher`, subscribes.
 */
export class RunController {
  #state: RunState = EMPTY_RUN;
  readonly #run = new Signal.State<RunState>(EMPTY_RUN);
  readonly #sessionId = new Signal.State<string | undefined>(undefined);
  readonly #connection = new Signal.State<ConnectionState>(IDLE_CONNECTION);
  readonly #replay = new Signal.State<ReplayProgress>(NO_REPLAY);
  readonly #status = new Signal.Computed(() => this.#run.get().session.status);
  readonly #interactions = new Signal.Computed(() => [...this.#run.get().session.pending.values()], {
    equals: areSameItems,
  });
  readonly #nodes = new KeyedSignals<string, NodeRun>();
  readonly #answers = new KeyedSignals<string, AnswerState>();
  readonly #closedQuestions = new Signal.State<readonly ClosedQuestion[]>([]);
  /** What was answered from here, whatever became of it. */
  readonly #sent = new Map<string, JsonObject>();
  /** Open questions that a person can have seen: not those that only pass by in a replay. */
  #seen: ReadonlyMap<string, Interaction> = new Map();
  #isReplayed = false;

  /** The events as they came, for inspection. */
  readonly events = new EventLog();

  /** The watched session, or undefined. */
  get sessionId(): string | undefined {
    return this.#sessionId.get();
  }

  /** Status of the watched session by its events; undefined when none is watched. */
  get status(): SessionStatus | undefined {
    return this.#sessionId.get() === undefined ? undefined : this.#status.get();
  }

  /** Where the connection stands. */
  get connection(): ConnectionState {
    return this.#connection.get();
  }

  /** How far the replay is; `received` equals `total` when it is complete. */
  get replay(): ReplayProgress {
    return this.#replay.get();
  }

  /** Ids of the nodes, in the order of the graph. */
  get nodeIds(): readonly string[] {
    return this.#nodes.keys;
  }

  /** One node; undefined when the session has no such node (yet). Depends on that node alone. */
  getNode(nodeId: string): NodeRun | undefined {
    return this.#nodes.get(nodeId);
  }

  /** All nodes. Depends on each of them; read `nodeIds` and `getNode` where updates should be finer. */
  get nodes(): ReadonlyMap<string, NodeRun> {
    return new Map(
      this.#nodes.keys.flatMap((nodeId) => {
        const node = this.#nodes.get(nodeId);
        return node === undefined ? [] : [[nodeId, node] as const];
      }),
    );
  }

  /** The open questions, oldest first. */
  get interactions(): readonly Interaction[] {
    return this.#interactions.get();
  }

  /** The questions that are no longer open, by `interactionId`. */
  get resolvedInteractions(): ReadonlyMap<string, ResolvedInteraction> {
    return this.#run.get().session.resolved;
  }

  /** A question of the log, open or not; looks through all events. */
  findQuestion(interactionId: string): Interaction | undefined {
    for (let position = this.events.length - 1; position >= 0; position -= 1) {
      const event = this.events.at(position);
      if (event?.type === 'inputRequired' && event.interactionId === interactionId) {
        return toInteraction(event);
      }
    }
    return undefined;
  }

  /** What became of the answer to a question; undefined when none was given here. */
  answerOf(interactionId: string): AnswerState | undefined {
    return this.#answers.get(interactionId);
  }

  /** Questions that were seen open and then closed by somebody else, until they are dismissed. */
  get closedQuestions(): readonly ClosedQuestion[] {
    return this.#closedQuestions.get();
  }

  /** Outputs of the graph by node, once it has completed. */
  get outputs(): Readonly<Record<string, Outputs>> | undefined {
    return this.#run.get().session.outputs;
  }

  /** Why the graph failed. */
  get error(): string | undefined {
    return this.#run.get().session.error;
  }

  /** The graph as the session ran it, where the server tells. */
  get outline(): GraphOutline | undefined {
    return this.#run.get().session.outline;
  }

  /** The row that this session has by its events; newer or older than the list's by moments. */
  get summary() {
    return toSummary(this.#run.get().session);
  }

  /** Starts watching a session: everything of the one before is dropped. */
  open(sessionId: string): void {
    this.#reset();
    this.#sessionId.set(sessionId);
    this.#connection.set({ phase: 'connecting', attempt: 0 });
  }

  /** Watches nothing any more. */
  close(): void {
    this.#reset();
    this.#sessionId.set(undefined);
    this.#connection.set(IDLE_CONNECTION);
  }

  /** Applies what one step of the network brought, as one change. */
  apply(messages: readonly SessionMessage[]): void {
    let events: GraphRunEvent[] = [];
    const flush = () => {
      this.#applyEvents(events);
      events = [];
    };
    for (const message of messages) {
      if (message.kind === 'event') {
        events.push(message.event);
        continue;
      }
      flush();
      this.#applyControl(message);
    }
    flush();
    const { received, total } = this.#replay.get();
    if (this.#isReplayed && received >= total) this.#seen = this.#state.session.pending;
  }

  /**
   * Says that a question was closed by somebody else. Called for a question that is no longer open; one
   * of which it is not known why is left alone.
   */
  noteClosed(interaction: Interaction): void {
    const { resolved, status } = this.#state.session;
    const { by, response } = resolved.get(interaction.interactionId) ?? {};
    if (by === 'headless' || (by === undefined && !isTerminalStatus(status))) return;
    const sent = this.#sent.get(interaction.interactionId);
    // An answer whose confirmation was lost has arrived all the same.
    const isOwn = response === undefined || (sent !== undefined && isSameJson(response, sent));
    if (by === 'response' && sent !== undefined && isOwn) return;
    const closed: ClosedQuestion = {
      interaction,
      reason: by === 'expired' ? 'expired' : by === undefined ? 'ended' : 'answered',
      ...(response === undefined ? {} : { response }),
      ...(sent === undefined ? {} : { unsentResponse: sent }),
    };
    this.dismissClosed(interaction.interactionId);
    this.#closedQuestions.set([...this.#closedQuestions.get(), closed]);
  }

  /** Says what was typed into a question that was closed by somebody else. */
  noteUnsent(interactionId: string, unsentDraft: unknown): void {
    this.#closedQuestions.set(
      this.#closedQuestions
        .get()
        .map((closed) =>
          closed.interaction.interactionId === interactionId ? { ...closed, unsentDraft } : closed,
        ),
    );
  }

  /** Forgets that a question was closed by somebody else. */
  dismissClosed(interactionId: string): void {
    const before = this.#closedQuestions.get();
    const left = before.filter((closed) => closed.interaction.interactionId !== interactionId);
    if (left.length < before.length) this.#closedQuestions.set(left);
  }

  /** Remembers what is sent as an answer, to know it again in the log. */
  noteSent(interactionId: string, response: JsonObject): void {
    this.#sent.set(interactionId, response);
  }

  /** Says what becomes of an answer; undefined forgets it. */
  setAnswer(interactionId: string, answer: AnswerState | undefined): void {
    this.#answers.apply(
      answer === undefined ? [] : [[interactionId, answer]],
      answer === undefined ? [interactionId] : [],
    );
  }

  /** Says where the connection stands. */
  setConnection(connection: ConnectionState): void {
    this.#connection.set(connection);
  }

  #applyControl(message: Exclude<SessionMessage, { kind: 'event' }>): void {
    switch (message.kind) {
      case 'connection':
        this.#connection.set(message.connection);
        return;
      case 'start':
        this.#replay.set({ received: 0, total: message.replayTotal });
        return;
      case 'redelivered':
        if (message.event.type === 'inputRequired') this.#reopen(toInteraction(message.event));
        return;
      case 'replayComplete':
        this.#replay.set({ received: this.#replay.get().total, total: this.#replay.get().total });
        this.#isReplayed = true;
        if (message.pending !== undefined) {
          this.#keepPending(new Set(message.pending.map((pending) => pending.interactionId)));
        }
        return;
      case 'reset':
        this.#reset();
        return;
    }
  }

  #applyEvents(events: readonly GraphRunEvent[]): void {
    if (events.length === 0) return;
    const before = this.#state;
    this.#setState(reduceRun(before, events));
    this.events.append(events);
    const { received, total } = this.#replay.get();
    if (received < total) this.#replay.set({ received: Math.min(total, received + events.length), total });
  }

  /** A question that was asked before the cursor this controller's state began at. */
  #reopen(interaction: Interaction): void {
    const { session } = this.#state;
    const { interactionId } = interaction;
    if (session.pending.has(interactionId) || session.resolved.has(interactionId)) return;
    const pending = new Map(session.pending).set(interactionId, interaction);
    this.#setState({ ...this.#state, session: { ...session, pending } });
  }

  /** The server's list of open questions is the truth: others were answered meanwhile. */
  #keepPending(open: ReadonlySet<string>): void {
    const { session } = this.#state;
    const pending = new Map([...session.pending].filter(([interactionId]) => open.has(interactionId)));
    if (pending.size === session.pending.size) return;
    this.#setState({ ...this.#state, session: { ...session, pending } });
  }

  #setState(next: RunState): void {
    const before = this.#state;
    this.#state = next;
    this.#run.set(next);
    this.#nodes.apply(changedNodes(before, next));
    this.#noteClosedElsewhere(next);
    const settled = this.#answers.keys.filter((interactionId) => next.session.resolved.has(interactionId));
    if (settled.length > 0) this.#answers.apply([], settled);
  }

  /** While an answer is on its way from here, whoever sent it learns first whether it was that one. */
  #noteClosedElsewhere({ session }: RunState): void {
    for (const [interactionId, interaction] of this.#seen) {
      if (session.pending.has(interactionId)) continue;
      const phase = Signal.subtle.untrack(() => this.#answers.get(interactionId)?.phase);
      if (phase === undefined || phase === 'refused') this.noteClosed(interaction);
    }
    if (this.#seen.size > 0) {
      this.#seen = new Map([...this.#seen].filter(([interactionId]) => session.pending.has(interactionId)));
    }
  }

  #reset(): void {
    this.#state = EMPTY_RUN;
    this.#run.set(EMPTY_RUN);
    this.#nodes.clear();
    this.#answers.clear();
    this.#sent.clear();
    this.#closedQuestions.set([]);
    this.#seen = new Map();
    this.#isReplayed = false;
    this.#replay.set(NO_REPLAY);
    this.events.clear();
  }
}

const NO_ACTIVITY: NodeActivity = { entries: [], omitted: 0 };

function changedNodes(before: RunState, next: RunState): [string, NodeRun][] {
  const changes: [string, NodeRun][] = [];
  for (const [nodeId, node] of next.session.nodes) {
    const activity = next.activity.get(nodeId);
    const spans = next.spans.get(nodeId);
    const isSame =
      before.session.nodes.get(nodeId) === node &&
      before.activity.get(nodeId) === activity &&
      before.spans.get(nodeId) === spans;
    if (!isSame) changes.push([nodeId, { ...node, ...(activity ?? NO_ACTIVITY), spans: spans ?? [] }]);
  }
  return changes;
}

function areSameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position]);
}
