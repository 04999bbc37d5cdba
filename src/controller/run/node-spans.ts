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
 * Computes the spans of a node after a change of its state at `ts`. Depends on the state alone, so anything
 * that ends a wait or a run (an answer, an error, the end of the session) also ends its span.
 */
export function nextSpans(
  spans: readonly NodeSpan[],
  before: NodeState | undefined,
  after: NodeState,
  ts: number,
): readonly NodeSpan[] {
  const kind = kindOf(after.status);
  const last = spans.at(-1);
  const isOpen = last !== undefined && last.endTs === undefined;
  if (isOpen && last.kind === kind && last.attempt === after.attempt) return spans;
  const next = isOpen
    ? [
        ...spans.slice(0, -1),
        { ...last, endTs: Math.max(ts, last.startTs), outcome: outcomeOf(before, after) },
      ]
    : [...spans];
  // A clock may be set back: a span never starts before the end of the previous one.
  if (kind !== undefined)
    next.push({ kind, attempt: after.attempt, startTs: Math.max(ts, next.at(-1)?.endTs ?? ts) });
  if (next.length === spans.length && !isOpen) return spans;
  return next.length > MAX_SPANS ? next.slice(-MAX_SPANS) : next;
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
