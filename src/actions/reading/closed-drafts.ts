import type { DraftsController } from '../../controller/drafts-controller.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';

/**
 * Removes the drafts of the watched session's questions that have been answered. Nothing else ends a draft but its
 * person and the deletion of the session: what a question's node or session left unanswered is shown with the notice
 * that it is closed, and kept until the notice is dismissed, because people see it only when they come back.
 *
 * During a replay only those whose answer has been replayed are known to be closed.
 */
export function dropClosedDrafts(drafts: DraftsController, run: RunController): void {
  const { sessionId, connection } = run;
  if (sessionId === undefined) return;
  markExpired(drafts, run, sessionId);
  if (connection.phase === 'live' || isTerminalStatus(run.latest.status))
    markUnanswered(drafts, run, sessionId);
  attachUnsentDrafts(drafts, run, sessionId);
  // Of the drafts and not of the questions: this runs for each batch, and a log may have thousands of answers.
  for (const interactionId of drafts.interactionIdsOf(sessionId)) {
    const resolved = run.latest.resolvedInteractions.get(interactionId);
    if (resolved !== undefined && resolved.by !== 'expired') drafts.remove(sessionId, interactionId);
  }
}

/** Marks the questions that expired unseen and that have a draft. */
function markExpired(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const interactionId of drafts.interactionIdsOf(sessionId)) {
    const { by, interaction } = run.latest.resolvedInteractions.get(interactionId) ?? {};
    if (by === 'expired' && interaction !== undefined) markUnseen(drafts, run, sessionId, interaction);
  }
}

/** Marks the questions that closed unseen because their node or the session ended, and that have a draft. */
function markUnanswered(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const interactionId of drafts.interactionIdsOf(sessionId)) {
    const isOpen = run.latest.interactions.some((open) => open.interactionId === interactionId);
    if (isOpen || run.latest.resolvedInteractions.has(interactionId) || isMarked(run, interactionId))
      continue;
    const question = run.findQuestion(interactionId);
    if (question !== undefined) markUnseen(drafts, run, sessionId, question);
  }
}

function markUnseen(
  drafts: DraftsController,
  run: RunController,
  sessionId: string,
  question: Interaction,
): void {
  const { interactionId } = question;
  const draft = isMarked(run, interactionId) ? undefined : drafts.get(sessionId, interactionId);
  if (draft === undefined) return;
  run.markClosed(question);
  run.attachUnsent(interactionId, draft);
}

function isMarked({ closedQuestions }: RunController, interactionId: string): boolean {
  return closedQuestions.some(({ interaction }) => interaction.interactionId === interactionId);
}

/** Attaches the drafts of closed questions to their notices. */
function attachUnsentDrafts(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const { interaction, reason, unsentDraft } of run.closedQuestions) {
    const { interactionId } = interaction;
    if (unsentDraft !== undefined) continue;
    // A draft of another tab may have been sent from there.
    const draft =
      reason === 'answered' ? drafts.ownOf(sessionId, interactionId) : drafts.get(sessionId, interactionId);
    if (draft !== undefined) run.attachUnsent(interactionId, draft);
  }
}
