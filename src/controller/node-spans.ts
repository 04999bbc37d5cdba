import type { NodeState, NodeStatus } from '../protocol/session-state.js';

/** A stretch of time in which a node did one thing. Times are milliseconds since 1970. */
export interface NodeSpan {
  /** `work`: it ran. `wait`: it waited for a person. */
  readonly kind: 'work' | 'wait';
  /** 1 for the first run of the node, 2 after a retry, … */
  readonly attempt: number;
  readonly startTs: number;
  /** Absent while it goes on. */
  readonly endTs?: number;
  /** What it ended with; `retried`: the attempt failed, and the node was run again. */
  readonly outcome?: 'completed' | 'failed' | 'cancelled' | 'retried' | 'continued';
}

/** More are not kept per node: the oldest are let go. */
const MAX_SPANS = 500;

/**
 * The spans of a node after its state has changed at a time. Follows the state alone, so whatever ends a
 * wait or a run (an answer, an error, the end of the session) ends its span.
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
  // Clocks are set back: a span never starts before the end of the one before it.
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
