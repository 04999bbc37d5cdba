import { RunController } from '../controller/run-controller.js';
import { SessionHistoryController } from '../controller/session-history-controller.js';
import type { GraphRunService } from '../service/graph-run-service.js';
import { createSessionActions, type SessionActions } from './session-actions.js';

/** The state and the actions that a panel, and the editor around it, work with. */
export interface Sessions {
  /** The sessions of a graph. */
  readonly history: SessionHistoryController;
  /** The session that is being watched. */
  readonly run: RunController;
  readonly actions: SessionActions;
}

/**
 * Puts state and actions on a service. Nothing is connected before `actions.monitor`; two calls give
 * two independent sets, so that two panels can stand on one page.
 */
export function createSessions(service: GraphRunService): Sessions {
  const history = new SessionHistoryController();
  const run = new RunController();
  return { history, run, actions: createSessionActions(service, history, run) };
}
