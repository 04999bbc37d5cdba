import type { BareRunController } from '../../controller/run/bare-run-controller.js';
import type { OnDemand } from '../../loading/on-demand.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { CallOptions, GraphRunService } from '../../service/graph-run-service.js';
import type { SessionLog } from './read-log.js';
import type { Watch, WatchSessionOptions } from './watch.js';

/** What reads and answers a session: of `session-tools.ts`, which may still have to be loaded. */
export interface ReadingTools {
  watchSession(sessionId: string, options: WatchSessionOptions, abort: AbortController): Watch;
  readLog(service: GraphRunService, sessionId: string, options?: CallOptions): Promise<SessionLog>;
  readQuestions(
    service: GraphRunService,
    sessionId: string,
    signal: AbortSignal,
  ): Promise<readonly Interaction[] | undefined>;
  answerInteraction(
    service: GraphRunService,
    run: BareRunController,
    interactionId: string,
    answer: Answer,
  ): Promise<void>;
  toResponse(interaction: Interaction, answer: Answer): JsonObject;
  questionText(interaction: Interaction): string;
}

/** Tools that may still have to be loaded. */
export type LoadedTools = OnDemand<ReadingTools>;

/** Loads the tools if need be. @throws GraphRunError `network` when they cannot be loaded. */
export async function loadTools<Tools>(tools: OnDemand<Tools>): Promise<Tools> {
  try {
    return await tools.load();
  } catch (cause) {
    throw notLoaded(cause);
  }
}

/** The error of tools that could not be loaded. */
export function notLoaded(cause: unknown): GraphRunError {
  return new GraphRunError('network', 'The code that reads a session could not be loaded.', { cause });
}
