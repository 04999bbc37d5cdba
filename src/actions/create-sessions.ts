import type { DraftStore } from '../controller/draft-store.js';
import { DraftsController } from '../controller/drafts-controller.js';
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
  /** What was typed into questions and not sent. */
  readonly drafts: DraftsController;
  readonly actions: SessionActions;
}

/** Choices of the host. */
export interface CreateSessionsOptions {
  /**
   * Where drafts of answers are kept. Default: the browser's local storage; `memoryDraftStore()` keeps
   * them no longer than the page.
   */
  readonly drafts?: DraftStore;
}

/**
 * Puts state and actions on a service. Nothing is connected before `actions.monitor`; two calls give
 * two independent sets, so that two panels can stand on one page.
 */
export function createSessions(service: GraphRunService, options: CreateSessionsOptions = {}): Sessions {
  const history = new SessionHistoryController();
  const run = new RunController();
  const drafts = new DraftsController(options.drafts);
  return { history, run, drafts, actions: createSessionActions(service, history, run, drafts) };
}
