import type { PendingInput } from '../../protocol/stream/session-frames.js';
import type { KnownSessionStatus } from '../../protocol/session-summary.js';
import { pendingInputs, type NodeStatus, type SessionState } from '../../protocol/session-state.js';

/** The part of a session's state that its status shows: small, whatever the size of the log. */
export interface SessionDigest {
  readonly status: KnownSessionStatus;
  /** Index of the newest event. */
  readonly lastIndex: number;
  /** When the newest event was logged, in milliseconds since 1970. */
  readonly updatedMs: number | undefined;
  /** Open questions, oldest first. */
  readonly pending: readonly PendingInput[];
  /** In the order of the graph. */
  readonly nodes: ReadonlyMap<string, NodeStatus>;
}

/** Reduces the state of a session to its digest. */
export function digestOf(state: SessionState): SessionDigest {
  return {
    status: state.status,
    lastIndex: state.lastIndex,
    updatedMs: state.updatedTs,
    pending: pendingInputs(state),
    nodes: new Map([...state.nodes].map(([nodeId, { status }]) => [nodeId, status])),
  };
}
