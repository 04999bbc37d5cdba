import { Signal } from 'signal-polyfill';
import type { GraphRunEvent, Outputs } from '../../protocol/events.js';
import { EXACT, isSameFidelity, type Fidelity } from '../../protocol/fidelity.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import type { JsonObject } from '../../protocol/values/json.js';
import {
  IDLE_CONNECTION,
  type ConnectionState,
  type SessionMessage,
} from '../../protocol/stream/messages.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { SessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import type { ResolvedInteraction } from '../../protocol/session-state.js';
import type { GraphOutline } from '../../protocol/graph.js';
import type { ModelUsage } from '../../protocol/usage.js';
import { ClockOffset } from '../clock-offset.js';
import { ClosedQuestions, type ClosedQuestion } from '../closed-questions.js';
import { positionAtTime, positionOf } from './event-search.js';
import { EventLog } from './event-log.js';
import { KeyedSignals } from '../keyed-signals.js';
import { NodeMoment, type NodeRun } from './node-moment.js';
import { lostSince } from '../next-retry.js';
import { EMPTY_RUN } from './empty-run.js';
import type { RunFold } from './run-fold.js';
import type { NodeActivity, RunState } from './reduce-run.js';
import { RunMoment } from './run-moment.js';
import type { RunSnapshots } from './run-snapshots.js';

/** The state of an answer that was given here. */
export type AnswerState =
  | { readonly phase: 'sending' }
  /** Accepted; the question is removed when the log has the answer. */
  | { readonly phase: 'sent' }
  /** Not accepted; the draft is kept. */
  | { readonly phase: 'refused'; readonly error: GraphRunError };

/** Progress of the replay, in events. */
export interface ReplayProgress {
  readonly received: number;
  readonly total: number;
}

export type { NodeRun } from './node-moment.js';

const NO_REPLAY: ReplayProgress = { received: 0, total: 0 };

/**
 * A `RunController` that may have no fold yet: it is opened and closed, has a connection and no events. `watchSession` gives
 * it the fold, which is loaded with the first session.
 */
export class BareRunController {
  /** The state after the newest event. */
  #state: RunState = EMPTY_RUN;
  /** The state that `#nodes` and `#shown` have: the newest, or an earlier one. */
  #shownState: RunState = EMPTY_RUN;
  #fold: RunFold | undefined;
  #snapshots: RunSnapshots | undefined;
  readonly #position = new Signal.State<number | undefined>(undefined);
  readonly #shown = new RunMoment((session) => this.#fold?.toSummary(session));
  readonly #sessionId = new Signal.State<string | undefined>(undefined);
  readonly #graphId = new Signal.State<string | undefined>(undefined);
  readonly #connection = new Signal.State<ConnectionState>(IDLE_CONNECTION);
  readonly #lostMs = new Signal.State<number | undefined>(undefined);
  readonly #replay = new Signal.State<ReplayProgress>(NO_REPLAY);
  readonly #fidelity = new Signal.State<Fidelity>(EXACT, { equals: isSameFidelity });
  readonly #nodes = new KeyedSignals<string, NodeMoment>();
  readonly #answers = new KeyedSignals<string, AnswerState>();
  /** What the same questions were answered with in the run that this one runs again. */
  readonly #lastAnswers = new KeyedSignals<string, JsonObject>();
  readonly #closedQuestions = new ClosedQuestions();
  #isReplayed = false;
  /** Questions whose answers from here had been accepted when the connection was opened. */
  #sentBefore: readonly string[] = [];
  readonly #clockOffset = new ClockOffset();

  /** The events in the order of the log, for inspection: all that were received, also those after `position`. */
  readonly events = new EventLog();

  /** The run after its newest event, whichever moment is shown. */
  readonly latest = new RunMoment((session) => this.#fold?.toSummary(session));

  constructor(fold?: RunFold) {
    if (fold !== undefined) this.useFold(fold);
  }

  /** @internal Gives it what folds events, before it gets the first. Does nothing if it has it. */
  useFold(fold: RunFold): void {
    this.#fold ??= fold;
  }

  /** The watched session, or undefined. */
  get sessionId(): string | undefined {
    return this.#sessionId.get();
  }

  /** Index of the last event that counts, while an earlier moment is shown; undefined while the newest is. */
  get position(): number | undefined {
    return this.#position.get();
  }

  /** Time of the last event that counts, in milliseconds since 1970; undefined before the first that has one. */
  get positionTs(): number | undefined {
    return this.#shown.updatedTs;
  }

  /**
   * Index of the first event whose moment can be shown; undefined without events. Above that of the first event of the
   * log once the oldest events have been dropped.
   */
  get firstPosition(): number | undefined {
    const { events } = this;
    if (events.length === 0) return undefined;
    return events.at(this.#firstCount - events.dropped - 1)?.index;
  }

  /** The graph of the watched session; undefined before the server has named it, and with servers that do not. */
  get graphId(): string | undefined {
    return this.#graphId.get();
  }

  /** Status of the watched session according to its events; undefined if none is watched. */
  get status(): SessionStatus | undefined {
    return this.#sessionId.get() === undefined ? undefined : this.#shown.status;
  }

  /** State of the connection. */
  get connection(): ConnectionState {
    return this.#connection.get();
  }

  /**
   * When the connection was lost, by this machine's clock, in milliseconds since 1970: what is shown is complete until
   * then. Undefined while it is live, and before it was.
   */
  get lostMs(): number | undefined {
    return this.#lostMs.get();
  }

  /** How far this machine's clock is ahead of the server's, in milliseconds, as the server's times show it. */
  get clockOffsetMs(): number {
    return this.#clockOffset.ms;
  }

  /** What the connection can give of the run; `EXACT` before it has named anything else. */
  get fidelity(): Fidelity {
    return this.#fidelity.get();
  }

  /** Progress of the replay; `received` equals `total` when it is complete. */
  get replay(): ReplayProgress {
    return this.#replay.get();
  }

  /** Ids of the nodes, in the order of the graph. */
  get nodeIds(): readonly string[] {
    return this.#nodes.keys;
  }

  /** One node; undefined if the session does not have it (yet). Depends on that node alone. */
  getNode(nodeId: string): NodeRun | undefined {
    return this.#nodes.get(nodeId)?.run;
  }

  /** All nodes. Depends on each of them; for finer updates read `nodeIds` and `getNode`. */
  get nodes(): ReadonlyMap<string, NodeRun> {
    return new Map(
      this.#nodes.keys.flatMap((nodeId) => {
        const node = this.#nodes.get(nodeId);
        return node === undefined ? [] : [[nodeId, node.run] as const];
      }),
    );
  }

  /** The open questions, oldest first. */
  get interactions(): readonly Interaction[] {
    return this.#shown.interactions;
  }

  /** The questions that were open when the session ended, oldest first. */
  get unanswered(): readonly Interaction[] {
    return this.#shown.unanswered;
  }

  /** The questions that are no longer open, by `interactionId`. */
  get resolvedInteractions(): ReadonlyMap<string, ResolvedInteraction> {
    return this.#shown.resolvedInteractions;
  }

  /** Finds a question in the log, open or not; searches all events. */
  findQuestion(interactionId: string): Interaction | undefined {
    for (let position = this.events.length - 1; position >= 0; position -= 1) {
      const event = this.events.at(position);
      if (event?.type === 'inputRequired' && event.interactionId === interactionId) {
        return this.#fold?.toInteraction(event);
      }
    }
    return undefined;
  }

  /** The state of the answer to a question; undefined if none was given here. */
  answerOf(interactionId: string): AnswerState | undefined {
    return this.#answers.get(interactionId);
  }

  /** How the same question was answered in the run that this one runs again; undefined where that is not known. */
  lastAnswerOf(interactionId: string): JsonObject | undefined {
    return this.#lastAnswers.get(interactionId);
  }

  /** Questions that were seen open and then closed by someone else, until they are dismissed. */
  get closedQuestions(): readonly ClosedQuestion[] {
    return this.#closedQuestions.all;
  }

  /** True once there are reports of the run as a whole; for updates only when that changes. */
  get hasActivity(): boolean {
    return this.#shown.hasActivity;
  }

  /** Reports of the run as a whole, which belong to no node; undefined as long as there are none. */
  get activity(): NodeActivity | undefined {
    return this.#shown.activity;
  }

  /** Outputs of the graph by node, once it has completed. */
  get outputs(): Readonly<Record<string, Outputs>> | undefined {
    return this.#shown.outputs;
  }

  /** What its calls of models used, by model; undefined when none has reported any. */
  get usage(): readonly ModelUsage[] | undefined {
    return this.#shown.usage;
  }

  /** Error message of a failed graph. */
  get error(): string | undefined {
    return this.#shown.error;
  }

  /** The graph as the session ran it, if the server sends it. */
  get outline(): GraphOutline | undefined {
    return this.#shown.outline;
  }

  /** The row of this session according to its events; may be slightly newer or older than that of the list. */
  get summary(): SessionSummary {
    return this.#shown.summary;
  }

  /**
   * Shows the run as it was after the event with this index, or the nearest earlier one; before `firstPosition`: that
   * one. Live events no longer change what is shown. Does nothing without events, and for NaN.
   */
  seek(index: number): void {
    if (Number.isNaN(index)) return;
    this.#seekCount(positionOf(this.events, index) + 1);
  }

  /** Shows the run as it was at a time, in milliseconds since 1970: after the last event up to then. As `seek`. */
  seekTime(ms: number): void {
    if (Number.isNaN(ms)) return;
    this.#seekCount(positionAtTime(this.events, ms) + 1);
  }

  /** Shows the newest event again, and those that come. */
  follow(): void {
    this.#position.set(undefined);
    this.#show(this.#state);
  }

  /** Starts watching a session and drops the state of the previous one. */
  open(sessionId: string): void {
    this.#reset();
    this.#sessionId.set(sessionId);
    this.#lostMs.set(undefined);
    this.#connection.set({ phase: 'connecting', attempt: 0 });
  }

  /** Stops watching and drops the state. */
  close(): void {
    this.#reset();
    this.#sessionId.set(undefined);
    this.setConnection(IDLE_CONNECTION);
  }

  /** Applies the messages of one batch. */
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
    if (this.#isReplayed && received >= total) this.#closedQuestions.setSeen(this.#state.session.pending);
  }

  /**
   * Adds a question that someone else closed to `closedQuestions`. The question must no longer be open; it is
   * ignored if the log does not give the reason.
   */
  markClosed(interaction: Interaction): void {
    this.#closedQuestions.mark(interaction, this.#state.session);
  }

  /** Attaches the draft that was typed into a question before someone else closed it. */
  attachUnsent(interactionId: string, unsentDraft: unknown): void {
    this.#closedQuestions.attachUnsent(interactionId, unsentDraft);
  }

  /** Removes a question from `closedQuestions`. */
  dismissClosed(interactionId: string): void {
    this.#closedQuestions.dismiss(interactionId);
  }

  /** Remembers an answer that is sent from here, to recognise it in the log. */
  rememberSent(interactionId: string, response: JsonObject): void {
    this.#closedQuestions.rememberSent(interactionId, response);
  }

  /** Sets the state of an answer; undefined removes it. */
  setAnswer(interactionId: string, answer: AnswerState | undefined): void {
    this.#answers.apply(
      answer === undefined ? [] : [[interactionId, answer]],
      answer === undefined ? [interactionId] : [],
    );
  }

  /** Sets how a question was answered in the run that this one runs again. */
  offerAnswer(interactionId: string, response: JsonObject): void {
    this.#lastAnswers.apply([[interactionId, response]], []);
  }

  /**
   * The session that this one runs again, and the questions that are open now: for actions, which depend on no signal.
   * `isReplayed`: all of its past has arrived.
   */
  peekRerun(): {
    readonly sessionId: string | undefined;
    readonly rerunOf: string | undefined;
    readonly interactions: readonly Interaction[];
    readonly isReplayed: boolean;
  } {
    return Signal.subtle.untrack(() => ({
      sessionId: this.sessionId,
      rerunOf: this.#state.session.rerunOf?.sessionId,
      interactions: this.latest.interactions,
      isReplayed: this.#isReplayed,
    }));
  }

  /** Sets the state of the connection. */
  setConnection(connection: ConnectionState): void {
    const { phase } = Signal.subtle.untrack(() => this.#connection.get());
    const lostMs = Signal.subtle.untrack(() => this.#lostMs.get());
    this.#lostMs.set(lostSince(lostMs, phase, connection.phase, Date.now()));
    this.#connection.set(connection);
  }

  #applyControl(message: Exclude<SessionMessage, { kind: 'event' }>): void {
    switch (message.kind) {
      case 'connection':
        this.setConnection(message.connection);
        this.#clockOffset.set(message.connection.clockAheadMs);
        if (message.connection.phase === 'connecting') this.#sentBefore = this.#sentAnswers();
        return;
      case 'start':
        this.#replay.set({ received: 0, total: message.replayTotal });
        this.#graphId.set(message.graphId);
        this.#fidelity.set(message.fidelity ?? EXACT);
        return;
      case 'redelivered':
        if (message.event.type === 'inputRequired')
          this.#reopen(this.#needFold().toInteraction(message.event));
        return;
      case 'replayComplete':
        this.#replay.set({ received: this.#replay.get().total, total: this.#replay.get().total });
        this.#isReplayed = true;
        if (message.pending !== undefined) {
          const open = new Set(message.pending.map(({ interactionId }) => interactionId));
          this.#keepPending(open);
          this.#forgetLostAnswers(open);
        }
        return;
      case 'reset':
        this.#reset();
        // Nothing is known about its questions before the replay is complete.
        if (this.#connection.get().phase === 'live') this.setConnection({ phase: 'replaying', attempt: 0 });
        return;
    }
  }

  #applyEvents(events: readonly GraphRunEvent[]): void {
    if (events.length === 0) return;
    const before = this.#state;
    const snapshots = this.#needSnapshots();
    this.#setState(snapshots.append(before, events));
    this.events.append(events);
    snapshots.prune(Signal.subtle.untrack(() => this.events.dropped));
    const { received, total } = this.#replay.get();
    const ts = events.at(-1)?.ts;
    if (this.#isReplayed && received >= total && ts !== undefined) this.#clockOffset.learn(ts);
    if (received < total) this.#replay.set({ received: Math.min(total, received + events.length), total });
  }

  #needFold(): RunFold {
    if (this.#fold === undefined) throw new Error('A run gets its fold before its events.');
    return this.#fold;
  }

  #needSnapshots(): RunSnapshots {
    return (this.#snapshots ??= this.#needFold().createSnapshots());
  }

  /** The lowest number of events after which the run can be shown; only with events. */
  get #firstCount(): number {
    return this.#needSnapshots().firstCount(this.events);
  }

  /** Adds an open question that was asked before the cursor at which this state begins. */
  #reopen(interaction: Interaction): void {
    const { session } = this.#state;
    const { interactionId } = interaction;
    if (session.pending.has(interactionId) || session.resolved.has(interactionId)) return;
    const pending = new Map(session.pending).set(interactionId, interaction);
    this.#setState({ ...this.#state, session: { ...session, pending } });
  }

  /** Keeps only the questions that the server lists as open: the others were answered in the meantime. */
  #keepPending(open: ReadonlySet<string>): void {
    const { session } = this.#state;
    const pending = new Map([...session.pending].filter(([interactionId]) => open.has(interactionId)));
    if (pending.size === session.pending.size) return;
    this.#setState({ ...this.#state, session: { ...session, pending } });
  }

  #sentAnswers(): readonly string[] {
    return Signal.subtle.untrack(() =>
      this.#answers.keys.filter((interactionId) => this.#answers.get(interactionId)?.phase === 'sent'),
    );
  }

  /**
   * Forgets the answers that were accepted before this connection and that the server does not have: its log was
   * restored from a backup. The questions can be answered again.
   */
  #forgetLostAnswers(open: ReadonlySet<string>): void {
    const lost = this.#sentBefore.filter((interactionId) => open.has(interactionId));
    this.#sentBefore = [];
    if (lost.length > 0) this.#answers.apply([], lost);
  }

  /** Shows the run after a number of the events that are kept. */
  #seekCount(count: number): void {
    const { events } = this;
    if (this.#fold === undefined) return;
    const moment = Signal.subtle.untrack(() => {
      const known = Math.max(count + events.dropped, this.#firstCount);
      const last = events.at(known - events.dropped - 1);
      return last === undefined ? undefined : { last, state: this.#needSnapshots().at(known, events) };
    });
    if (moment === undefined) return;
    this.#position.set(moment.last.index);
    this.#show(moment.state);
  }

  #show(next: RunState): void {
    const before = this.#shownState;
    this.#shownState = next;
    this.#shown.set(next);
    this.#nodes.apply(changedNodes(before, next), removedNodes(before, next));
  }

  #setState(next: RunState): void {
    this.#state = next;
    this.latest.set(next);
    if (Signal.subtle.untrack(() => this.#position.get()) === undefined) this.#show(next);
    this.#closedQuestions.markSeenClosed(next.session, (interactionId) => this.#isAnswering(interactionId));
    const confirmed = this.#answers.keys.filter((interactionId) => next.session.resolved.has(interactionId));
    if (confirmed.length > 0) this.#answers.apply([], confirmed);
  }

  /** True while an answer from here is sent or accepted, and not refused. */
  #isAnswering(interactionId: string): boolean {
    const phase = Signal.subtle.untrack(() => this.#answers.get(interactionId)?.phase);
    return phase !== undefined && phase !== 'refused';
  }

  #reset(): void {
    this.#lastAnswers.clear();
    this.#state = EMPTY_RUN;
    this.latest.set(EMPTY_RUN);
    this.#graphId.set(undefined);
    this.#fidelity.set(EXACT);
    this.#snapshots?.clear();
    this.follow();
    this.#answers.clear();
    this.#closedQuestions.clear();
    this.#isReplayed = false;
    this.#sentBefore = [];
    this.#replay.set(NO_REPLAY);
    this.events.clear();
  }
}

const NO_ACTIVITY: NodeActivity = { entries: [], omitted: 0 };

function changedNodes(before: RunState, next: RunState): [string, NodeMoment][] {
  const changes: [string, NodeMoment][] = [];
  for (const [nodeId, node] of next.session.nodes) {
    const activity = next.activity.get(nodeId);
    const spans = next.spans.get(nodeId);
    const isSame =
      before.session.nodes.get(nodeId) === node &&
      before.activity.get(nodeId) === activity &&
      before.spans.get(nodeId) === spans;
    if (!isSame) changes.push([nodeId, new NodeMoment(node, activity ?? NO_ACTIVITY, spans ?? [])]);
  }
  return changes;
}

function removedNodes(before: RunState, next: RunState): readonly string[] {
  return [...before.session.nodes.keys()].filter((nodeId) => !next.session.nodes.has(nodeId));
}
