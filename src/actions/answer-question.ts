import type { RunController } from '../controller/run-controller.js';
import { toResponse, type Answer } from '../protocol/interactions.js';
import { toGraphRunError, type GraphRunError } from '../protocol/problems.js';
import type { GraphRunService } from '../service/graph-run-service.js';

/**
 * Sends a person's answer to an open question of the watched session. Resolves when the service has
 * accepted or refused it; the controller says which (`run.answerOf`). A second call while the first
 * is under way does nothing, so that an answer is sent once.
 *
 * @throws TypeError when the answer does not fit the question (a mistake of the caller).
 */
export async function answerInteraction(
  service: GraphRunService,
  run: RunController,
  interactionId: string,
  answer: Answer,
): Promise<void> {
  const { sessionId } = run;
  const interaction = run.interactions.find((open) => open.interactionId === interactionId);
  if (sessionId === undefined || interaction === undefined) return;
  const underWay = run.answerOf(interactionId);
  if (underWay !== undefined && underWay.phase !== 'refused') return;
  const response = toResponse(interaction, answer);
  run.noteSent(interactionId, response);
  run.setAnswer(interactionId, { phase: 'sending' });
  const settle = (error: GraphRunError | undefined) => {
    // The person may have gone on to another session, or the log may have said it first.
    if (run.sessionId !== sessionId) return;
    const isStillOpen = run.interactions.some((open) => open.interactionId === interactionId);
    if (!isStillOpen) {
      // The card has left, and what it held was not taken, or nobody knows: the log has told what was.
      if (error !== undefined) run.noteClosed(interaction);
      return;
    }
    run.setAnswer(interactionId, error === undefined ? { phase: 'sent' } : { phase: 'refused', error });
  };
  try {
    await service.resumeSession(sessionId, interactionId, response);
    settle(undefined);
  } catch (error) {
    settle(toGraphRunError(error));
  }
}
