import type { NodeState } from '../../protocol/session-state.js';
import type { NodeSpan } from './node-spans.js';
import type { NodeActivity } from './node-activity.js';

/** A node of the watched session: its state, its activity, and the spans in which it ran and waited. */
export type NodeRun = NodeState & NodeActivity & { readonly spans: readonly NodeSpan[] };

/** A node at one moment. Puts its parts together when they are read, because most moments of a replay never are. */
export class NodeMoment {
  readonly #node: NodeState;
  readonly #activity: NodeActivity;
  readonly #spans: readonly NodeSpan[];
  #run: NodeRun | undefined;

  constructor(node: NodeState, activity: NodeActivity, spans: readonly NodeSpan[]) {
    this.#node = node;
    this.#activity = activity;
    this.#spans = spans;
  }

  /** The node; always the same object. */
  get run(): NodeRun {
    this.#run ??= {
      ...this.#node,
      entries: this.#activity.entries,
      omitted: this.#activity.omitted,
      spans: this.#spans,
    };
    return this.#run;
  }
}
