import type { ClosedQuestion } from '../controller/closed-questions.js';
import type { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run-controller.js';
import type { Interaction } from '../protocol/interactions.js';
import type { MonitorMessage } from '../protocol/messages.js';
import { isTerminalStatus } from '../protocol/session-summary.js';

/** Reasons after which a draft is kept until its notice is dismissed, also when the session ends. */
const KEPT: ReadonlySet<ClosedQuestion['reason']> = new Set(['expired', 'nodeEnded']);

/**
 * Removes the drafts of the watched session's questions that are no longer open. During a replay only those
 * whose answer has been replayed are known to be closed.
 *
 * An unsent draft is shown with the notice that its question is closed. If the question expired, or its node
 * or the session failed, the draft is kept until the notice is dismissed: people see it only when they come back.
 */
export function dropClosedDrafts(drafts: DraftsController, run: RunController): void {
  const { sessionId, status, connection, interactions } = run;
  if (sessionId === undefined || status === undefined) return;
  markExpired(drafts, run, sessionId);
  if (connection.phase === 'live' || isTerminalStatus(status)) markUnanswered(drafts, run, sessionId);
  attachUnsentDrafts(drafts, run, sessionId);
  const kept = new Set(
    run.closedQuestions
      .filter(({ reason }) => KEPT.has(reason) || (reason === 'ended' && status === 'failed'))
      .map(({ interaction }) => interaction.interactionId),
  );
  if (isTerminalStatus(status)) drafts.removeSession(sessionId, kept);
  else if (connection.phase === 'live') {
    for (const { interactionId } of interactions) kept.add(interactionId);
    drafts.removeSession(sessionId, kept);
  } else {
    for (const interactionId of run.resolvedInteractions.keys()) {
      if (!kept.has(interactionId)) drafts.remove(sessionId, interactionId);
    }
  }
}

/** Marks the questions that expired unseen and that have a draft. */
function markExpired(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const { by, interaction } of run.resolvedInteractions.values()) {
    if (by === 'expired' && interaction !== undefined) markUnseen(drafts, run, sessionId, interaction);
  }
}

/** Marks the questions that closed unseen because their node ended or the session failed, and that have a draft. */
function markUnanswered(drafts: DraftsController, run: RunController, sessionId: string): void {
  for (const interactionId of drafts.interactionIdsOf(sessionId)) {
    const isOpen = run.interactions.some((open) => open.interactionId === interactionId);
    if (isOpen || run.resolvedInteractions.has(interactionId) || isMarked(run, interactionId)) continue;
    const question = run.findQuestion(interactionId);
    if (question === undefined) continue;
    const hasNodeEnded = run.getNode(question.nodeId)?.status !== 'cancelled';
    if (run.status === 'failed' || hasNodeEnded) markUnseen(drafts, run, sessionId, question);
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

/**
 * Removes the drafts of sessions that were deleted or have ended according to the list. Keeps those of a failed
 * session: its question may have expired. Also keeps those of the watched session until its own events give
 * the outcome of its questions: unsent drafts are shown then.
 */
export function dropDraftsOfEnded(
  drafts: DraftsController,
  messages: readonly MonitorMessage[],
  watchedId?: string,
): void {
  for (const message of messages) {
    if (message.kind === 'deleted') drafts.removeSession(message.sessionId);
    if (message.kind !== 'row') continue;
    const { sessionId, status } = message.row;
    if (sessionId === watchedId) continue;
    if (isTerminalStatus(status) && status !== 'failed') drafts.removeSession(sessionId);
  }
}
