import type { DraftStore } from '../controller/draft-store.js';
import { DraftsController } from '../controller/drafts-controller.js';
import { RunController } from '../controller/run/run-controller.js';
import { SessionHistoryController } from '../controller/session-history-controller.js';
import type { GraphRunService } from '../service/graph-run-service.js';
import { createSessionActions } from './create-session-actions.js';
import type { SessionActions } from './session-actions.js';

/** The state and the actions that a panel and the editor around it share. */
export interface Sessions {
  /** The sessions of a graph. */
  readonly history: SessionHistoryController;
  /** The session that is being watched. */
  readonly run: RunController;
  /** The unsent drafts of answers. */
  readonly drafts: DraftsController;
  readonly actions: SessionActions;
}

/** Options of the host. */
export interface CreateSessionsOptions {
  /**
   * Store of the drafts. Default: the browser's local storage; `memoryDraftStore()` keeps them only as long
   * as the page.
   */
  readonly drafts?: DraftStore;
}

/**
 * Creates the state and the actions for a service. Connects nothing before `actions.monitor`; two calls give
 * two independent sets, so that one page can have two panels.
 */
export function createSessions(service: GraphRunService, options: CreateSessionsOptions = {}): Sessions {
  const history = new SessionHistoryController();
  const run = new RunController();
  const drafts = new DraftsController(options.drafts);
  return { history, run, drafts, actions: createSessionActions(service, history, run, drafts) };
}
