import { Signal } from 'signal-polyfill';
import type { Outputs } from '../../protocol/events.js';
import type { GraphOutline } from '../../protocol/graph.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import type { NodeState, ResolvedInteraction, SessionState } from '../../protocol/session-state.js';
import type { KnownSessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import type { ModelUsage } from '../../protocol/usage.js';
import type { NodeSpan } from './node-spans.js';
import { EMPTY_RUN } from './empty-run.js';
import type { NodeActivity, RunState } from './reduce-run.js';

/** The row of a session without events. */
const EMPTY_SUMMARY: SessionSummary = {
  sessionId: '',
  status: 'running',
  createdAt: 0,
  updatedAt: 0,
  pendingInputs: 0,
  nodesTotal: 0,
  nodesEnded: 0,
  nodesCompleted: 0,
  nodesRunning: 0,
};

/** A run as it is at one moment of its log. All getters are backed by signals. */
export class RunMoment {
  readonly #toSummary: (session: SessionState) => SessionSummary | undefined;
  readonly #run = new Signal.State<RunState>(EMPTY_RUN);
  readonly #status = new Signal.Computed(() => this.#run.get().session.status);
  readonly #interactions = new Signal.Computed(() => [...this.#run.get().session.pending.values()], {
    equals: areSameItems,
  });

  readonly #stored = new Signal.Computed(() => this.#run.get().activity.get(undefined));

  /** A plain object, which hosts may spread; joins the entries only when it is read. */
  readonly #activity = new Signal.Computed((): NodeActivity | undefined => {
    const stored = this.#stored.get();
    return stored === undefined ? undefined : { entries: stored.entries, omitted: stored.omitted };
  });

  readonly #hasActivity = new Signal.Computed(() => this.#stored.get() !== undefined);

  readonly #usage = new Signal.Computed(() => this.#run.get().session.usage);

  /** @param toSummary reduces a session to its row; undefined as long as it has no events */
  constructor(toSummary: (session: SessionState) => SessionSummary | undefined) {
    this.#toSummary = toSummary;
  }

  /** Status according to the events up to this moment. */
  get status(): KnownSessionStatus {
    return this.#status.get();
  }

  /** Index of the last event that counts; -1 before the first. */
  get lastIndex(): number {
    return this.#run.get().session.lastIndex;
  }

  /** Time of the last event that has one, in milliseconds since 1970. */
  get updatedTs(): number | undefined {
    return this.#run.get().session.updatedTs;
  }

  /** The nodes, in the order of the graph. The same map as long as none of them changes. */
  get nodes(): ReadonlyMap<string, NodeState> {
    return this.#run.get().session.nodes;
  }

  /** The spans in which each node ran and waited. The same map as long as none of them changes. */
  get spans(): ReadonlyMap<string, readonly NodeSpan[]> {
    return this.#run.get().spans;
  }

  /** The open questions, oldest first. The same list as long as they are the same. */
  get interactions(): readonly Interaction[] {
    return this.#interactions.get();
  }

  /** The questions that were open when the session ended, oldest first. */
  get unanswered(): readonly Interaction[] {
    return this.#run.get().unanswered;
  }

  /** The questions that are no longer open, by `interactionId`. */
  get resolvedInteractions(): ReadonlyMap<string, ResolvedInteraction> {
    return this.#run.get().session.resolved;
  }

  /** True once there are reports of the run as a whole; for updates only when that changes. */
  get hasActivity(): boolean {
    return this.#hasActivity.get();
  }

  /** Reports of the run as a whole; undefined as long as there are none. */
  get activity(): NodeActivity | undefined {
    return this.#activity.get();
  }

  /** What its calls of models used, by model. */
  get usage(): readonly ModelUsage[] | undefined {
    return this.#usage.get();
  }

  /** Outputs of the graph by node, once it has completed. */
  get outputs(): Readonly<Record<string, Outputs>> | undefined {
    return this.#run.get().session.outputs;
  }

  /** Error message of a failed graph. */
  get error(): string | undefined {
    return this.#run.get().session.error;
  }

  /** The graph as the session ran it, if the server sends it. */
  get outline(): GraphOutline | undefined {
    return this.#run.get().session.outline;
  }

  /** The row of this session according to its events; may be slightly newer or older than that of the list. */
  get summary(): SessionSummary {
    return this.#toSummary(this.#run.get().session) ?? EMPTY_SUMMARY;
  }

  /** Moves to another moment. */
  set(run: RunState): void {
    this.#run.set(run);
  }
}

function areSameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position]);
}
