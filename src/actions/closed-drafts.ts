import type { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run-controller.js';
import type { Interaction } from '../protocol/interactions.js';
import type { MonitorMessage } from '../protocol/messages.js';
import { isTerminalStatus } from '../protocol/session-summary.js';

/**
 * Forgets the drafts of the watched session's questions that are no longer open. While it is replayed
 * that is known of those only whose answer has passed by.
 *
 * What was typed in vain is shown with the note that its question is closed. Where that expired, or the
 * session failed, it is kept until the note is dismissed: people learn of it when they come back.
 */
export function dropClosedDrafts(drafts: DraftsController, run: RunController): void {
  const { sessionId, status, connection, interactions } = run;
  if (sessionId === undefined || status === undefined) return;
  noteExpired(drafts, run, sessionId);
  if (status === 'failed') noteFailed(drafts, run, sessionId);
  noteUnsent(drafts, run, sessionId);
  const kept = new Set(
    run.closedQuestions
      .filter(({ reason }) => reason === 'expired' || (reason === 'ended' && status === 'failed'))
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
  for (const { by, interaction } of run.resolvedInteractions.values()) {
    if (by === 'expired' && interaction !== undefined) noteUnseen(drafts, run, sessionId, interaction);
  }
}

/** Questions that were open when the session failed, while nobody looked. */
function noteFailed(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const interactionId of drafts.interactionIdsOf(sessionId)) {
    if (run.resolvedInteractions.has(interactionId)) continue;
    const question = run.findQuestion(interactionId);
    if (question !== undefined) noteUnseen(drafts, run, sessionId, question);
  }
}

function noteUnseen(
  drafts: DraftsController,
  run: RunController,
  sessionId: string,
  question: Interaction,
): void {
  const { interactionId } = question;
  const isNoted = run.closedQuestions.some(({ interaction }) => interaction.interactionId === interactionId);
  const draft = isNoted ? undefined : drafts.get(sessionId, interactionId);
  if (draft === undefined) return;
  run.noteClosed(question);
  run.noteUnsent(interactionId, draft);
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
