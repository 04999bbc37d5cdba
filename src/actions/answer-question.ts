import type { RunController } from '../controller/run/run-controller.js';
import { toResponse, type Answer } from '../protocol/questions/interactions.js';
import { toGraphRunError, type GraphRunError } from '../protocol/problems.js';
import type { GraphRunService } from '../service/graph-run-service.js';

/**
 * Sends a person's answer to an open question of the watched session. Resolves when the service has
 * accepted or refused it; `run.answerOf` gives the outcome. A second call while the first is pending does
 * nothing, so that an answer is sent once.
 *
 * @throws TypeError if the answer does not fit the question (a mistake of the caller).
 */
export async function answerInteraction(
  service: GraphRunService,
  run: RunController,
  interactionId: string,
  answer: Answer,
): Promise<void> {
  const { sessionId } = run;
  const interaction = run.latest.interactions.find((open) => open.interactionId === interactionId);
  if (sessionId === undefined || interaction === undefined) return;
  const pending = run.answerOf(interactionId);
  if (pending !== undefined && pending.phase !== 'refused') return;
  const response = toResponse(interaction, answer);
  run.rememberSent(interactionId, response);
  run.setAnswer(interactionId, { phase: 'sending' });
  const finish = (error: GraphRunError | undefined) => {
    // The person may have opened another session, or the log may have reported the answer first.
    if (run.sessionId !== sessionId) return;
    const isStillOpen = run.latest.interactions.some((open) => open.interactionId === interactionId);
    if (!isStillOpen) {
      // The question closed before the answer was accepted, or the outcome is unknown: the log has the reason.
      if (error !== undefined) run.markClosed(interaction);
      return;
    }
    run.setAnswer(interactionId, error === undefined ? { phase: 'sent' } : { phase: 'refused', error });
  };
  try {
    await service.resumeSession(sessionId, interactionId, response);
    finish(undefined);
  } catch (error) {
    finish(toGraphRunError(error));
  }
}
