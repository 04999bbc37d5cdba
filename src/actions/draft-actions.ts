import type { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run-controller.js';
import type { MonitorMessage } from '../protocol/messages.js';
import { isTerminalStatus } from '../protocol/session.js';

/**
 * Forgets the drafts of the watched session's questions that are no longer open. While it is replayed
 * that is known of those only whose answer has passed by.
 */
export function dropClosedDrafts(drafts: DraftsController, run: RunController): void {
  const { sessionId, status, connection, interactions } = run;
  if (sessionId === undefined || status === undefined) return;
  for (const { interaction, isDraftUnsent } of run.closedQuestions) {
    const { interactionId } = interaction;
    if (isDraftUnsent !== true && drafts.get(sessionId, interactionId) !== undefined) {
      run.noteUnsent(interactionId);
    }
  }
  if (isTerminalStatus(status)) drafts.removeOf(sessionId);
  else if (connection.phase === 'live') {
    drafts.removeOf(sessionId, new Set(interactions.map(({ interactionId }) => interactionId)));
  } else {
    for (const interactionId of run.resolvedInteractions.keys()) drafts.remove(sessionId, interactionId);
  }
}

/** Forgets the drafts of sessions that the list says to be gone, or to have ended. */
export function dropDraftsOfEnded(drafts: DraftsController, messages: readonly MonitorMessage[]): void {
  for (const message of messages) {
    if (message.kind === 'deleted') drafts.removeOf(message.sessionId);
    if (message.kind === 'row' && isTerminalStatus(message.row.status)) {
      drafts.removeOf(message.row.sessionId);
    }
  }
}
