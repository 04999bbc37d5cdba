import type { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run-controller.js';
import type { MonitorMessage } from '../protocol/messages.js';
import { isTerminalStatus } from '../protocol/session.js';

/**
 * Forgets the drafts of the watched session's questions that are no longer open. While it is replayed
 * that is known of those only whose answer has passed by.
 *
 * What was typed in vain is shown with the note that its question is closed. Where that expired, it is kept
 * until the note is dismissed: people learn of it when they come back.
 */
export function dropClosedDrafts(drafts: DraftsController, run: RunController): void {
  const { sessionId, status, connection, interactions } = run;
  if (sessionId === undefined || status === undefined) return;
  noteExpired(drafts, run, sessionId);
  noteUnsent(drafts, run, sessionId);
  const kept = new Set(
    run.closedQuestions
      .filter(({ reason }) => reason === 'expired')
      .map(({ interaction }) => interaction.interactionId),
  );
  if (isTerminalStatus(status)) drafts.removeOf(sessionId, kept);
  else if (connection.phase === 'live') {
    for (const { interactionId } of interactions) kept.add(interactionId);
    drafts.removeOf(sessionId, kept);
  } else {
    for (const interactionId of run.resolvedInteractions.keys()) {
      if (!kept.has(interactionId)) drafts.remove(sessionId, interactionId);
    }
  }
}

/** Questions that expired while nobody looked, and into which something was typed before that. */
function noteExpired(drafts: DraftsController, run: RunController, sessionId: string): void {
  const noted = new Set(run.closedQuestions.map(({ interaction }) => interaction.interactionId));
  for (const [interactionId, { by, interaction }] of run.resolvedInteractions) {
    if (by !== 'expired' || interaction === undefined || noted.has(interactionId)) continue;
    const draft = drafts.get(sessionId, interactionId);
    if (draft === undefined) continue;
    run.noteClosed(interaction);
    run.noteUnsent(interactionId, draft);
  }
}

function noteUnsent(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const { interaction, reason, unsentDraft } of run.closedQuestions) {
    const { interactionId } = interaction;
    if (unsentDraft !== undefined) continue;
    // What another tab has typed it may also have sent.
    const draft =
      reason === 'answered' ? drafts.ownOf(sessionId, interactionId) : drafts.get(sessionId, interactionId);
    if (draft !== undefined) run.noteUnsent(interactionId, draft);
  }
}

/**
 * Forgets the drafts of sessions that the list says to be gone, or to have ended. Those of a failed one
 * stay: its question may have expired. Those of the watched one stay, too, until its own events say what became
 * of its questions: what was typed in vain is shown then.
 */
export function dropDraftsOfEnded(
  drafts: DraftsController,
  messages: readonly MonitorMessage[],
  watchedId?: string,
): void {
  for (const message of messages) {
    if (message.kind === 'deleted') drafts.removeOf(message.sessionId);
    if (message.kind !== 'row') continue;
    const { sessionId, status } = message.row;
    if (sessionId === watchedId) continue;
    if (isTerminalStatus(status) && status !== 'failed') drafts.removeOf(sessionId);
  }
}
