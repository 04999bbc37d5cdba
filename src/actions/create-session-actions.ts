import { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run/run-controller.js';
import type { SessionHistoryController } from '../controller/session-history-controller.js';
import { present } from '../loading/on-demand.js';
import type { GraphRunService } from '../service/graph-run-service.js';
import type { OnPageReturn } from './reading/page-return.js';
import { sessionActions, type SessionActions } from './session-actions.js';
import * as tools from './session-tools.js';

/** Creates the actions on a service and on the state that they change. */
export function createSessionActions(
  service: GraphRunService,
  history: SessionHistoryController,
  run: RunController,
  drafts: DraftsController = new DraftsController(),
  onPageReturn?: OnPageReturn,
): SessionActions {
  return sessionActions({
    service,
    history,
    run,
    drafts,
    tools: present(tools),
    ...(onPageReturn === undefined ? {} : { onPageReturn }),
  });
}
