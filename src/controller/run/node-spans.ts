import type { NodeState, NodeStatus } from '../../protocol/session-state.js';

/** A span of time in which a node ran or waited. Times are milliseconds since 1970. */
export interface NodeSpan {
  /** `work`: it ran. `wait`: it waited for a person. */
  readonly kind: 'work' | 'wait';
  /** 1 for the first run of the node, 2 after a retry, … */
  readonly attempt: number;
  readonly startTs: number;
  /** Absent while the span is open. */
  readonly endTs?: number;
  /** How it ended; `retried`: the attempt failed, and the node was run again. */
  readonly outcome?: 'completed' | 'failed' | 'cancelled' | 'retried' | 'continued';
}

/** Maximum number of spans per node; beyond it the oldest are dropped. */
const MAX_SPANS = 500;

/**
 * The spans of one node while a batch of events is folded. Depends on the state of the node alone, so anything that ends
 * a wait or a run (an answer, an error, the end of the session) also ends its span. The list that it begins with never
 * changes: it is copied once per batch, because a copy per change would take quadratic time.
 */
export class SpansDraft {
  #spans: readonly NodeSpan[];
  #own: NodeSpan[] | undefined;

  constructor(spans: readonly NodeSpan[]) {
    this.#spans = spans;
  }

  /** Follows a change of the node at `ts`. */
  follow(before: NodeState | undefined, after: NodeState, ts: number): void {
    const kind = kindOf(after.status);
    const last = this.#spans.at(-1);
    const isOpen = last !== undefined && last.endTs === undefined;
    if (isOpen && last.kind === kind && last.attempt === after.attempt) return;
    if (kind === undefined && !isOpen) return;
    const spans = (this.#own ??= [...this.#spans]);
    this.#spans = spans;
    if (isOpen) {
      const endTs = Math.max(ts, last.startTs);
      spans[spans.length - 1] = { ...last, endTs, outcome: outcomeOf(before, after) };
    }
    // A clock may be set back: a span never starts before the end of the previous one.
    if (kind !== undefined)
      spans.push({ kind, attempt: after.attempt, startTs: Math.max(ts, spans.at(-1)?.endTs ?? ts) });
  }

  /** Returns the spans, the same list if none has changed. The draft must no longer be used. */
  finish(): readonly NodeSpan[] {
    return this.#spans.length > MAX_SPANS ? this.#spans.slice(-MAX_SPANS) : this.#spans;
  }
}

function kindOf(status: NodeStatus): NodeSpan['kind'] | undefined {
  if (status === 'running') return 'work';
  return status === 'suspended' ? 'wait' : undefined;
}

function outcomeOf(before: NodeState | undefined, after: NodeState): NonNullable<NodeSpan['outcome']> {
  if (before !== undefined && after.attempt > before.attempt) return 'retried';
  const { status } = after;
  return status === 'completed' || status === 'failed' || status === 'cancelled' ? status : 'continued';
}
