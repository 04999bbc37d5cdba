import type { Session } from '../sessions/session.js';
import type { SessionDigest } from '../sessions/session-digest.js';

/** The status of a session as it is sent; times of sessions are seconds since 1970. */
export function statusBody({ record, sessionId }: Session, digest: SessionDigest): object {
  return {
    sessionId,
    graphId: record.graphId,
    status: digest.status,
    createdAt: record.createdMs / 1000,
    updatedAt: (digest.updatedMs ?? record.createdMs) / 1000,
    lastIndex: digest.lastIndex,
    logId: record.logId,
    pending: digest.pending,
    nodes: Object.fromEntries(
      [...digest.nodes].map(([nodeId, nodeStatus]) => [nodeId, { status: nodeStatus }]),
    ),
  };
}
