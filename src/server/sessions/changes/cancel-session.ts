import type { KnownSessionStatus } from '../../../protocol/session-summary.js';
import { SessionEndedError } from '../../../runner/graph-runner.js';
import type { SessionRecovery } from '../recover-sessions.js';
import { sessionDeleted, writeError } from '../session-errors.js';
import type { SessionLog } from '../session-log.js';
import type { Session } from '../session.js';

/** Dependencies of `cancelSession`. */
export interface CancelSessionContext {
  readonly log: SessionLog;
  readonly recovery: SessionRecovery;
}

/**
 * Cancels a session. Resolves with its status, which is another one when it had already ended; calls `onChanged` when
 * it had not.
 *
 * @throws GraphRunError `unavailable`, `session-deleted`. Error when its log or its plan cannot be read.
 */
export async function cancelSession(
  session: Session,
  { log, recovery }: CancelSessionContext,
  onChanged: () => void = () => undefined,
): Promise<KnownSessionStatus> {
  const { sessionId } = session;
  await recovery.wake(session);
  // Another process may have deleted it.
  if (session.isDeleted) throw sessionDeleted();
  try {
    if (session.hasEnded) return session.status;
    await log.append(session, () => [{ type: 'graphCancelled', sessionId }]);
    onChanged();
  } catch (error) {
    if (!(error instanceof SessionEndedError && session.hasEnded)) throw writeError(error);
  }
  return session.status;
}
