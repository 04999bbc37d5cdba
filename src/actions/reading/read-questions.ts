import { hasAllQuestions } from './has-all-questions.js';
import { RunController } from '../../controller/run/run-controller.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { GraphRunService } from '../../service/graph-run-service.js';

/**
 * Reads the open questions of a session, oldest first, and closes the connection. Resolves with undefined when the
 * session cannot be reached now, or `signal` aborts.
 */
export async function readQuestions(
  service: GraphRunService,
  sessionId: string,
  signal: AbortSignal,
): Promise<readonly Interaction[] | undefined> {
  const run = new RunController();
  run.open(sessionId);
  try {
    for await (const { messages } of service.connectSession(sessionId, { signal })) {
      run.apply(messages);
      if (hasAllQuestions(run)) return run.interactions;
      if (run.connection.phase === 'backoff' || run.connection.phase === 'offline') return undefined;
    }
    return isTerminalStatus(run.status ?? '') ? run.interactions : undefined;
  } catch {
    // The session is gone, or was refused: its questions cannot be read, whatever the reason.
    return undefined;
  }
}
