import { DraftsController } from '../controller/drafts-controller.js';
import { BareRunController } from '../controller/run/bare-run-controller.js';
import { SessionHistoryController } from '../controller/session-history-controller.js';
import type { GraphRunService } from '../service/graph-run-service.js';
import type { CreateSessionsOptions, Sessions } from './create-sessions.js';
import { sessionActions, type ActionOptions } from './session-actions.js';

/** Does what `createSessions` does, with tools that are loaded with the first session that is opened. */
export function createSessionsOnDemand(
  service: GraphRunService,
  tools: ActionOptions['tools'],
  options: CreateSessionsOptions = {},
): Sessions {
  const history = new SessionHistoryController();
  const run = new BareRunController();
  const drafts = new DraftsController(options.drafts);
  return { history, run, drafts, actions: sessionActions({ service, history, run, drafts, tools }) };
}
