import { BareRunController } from './bare-run-controller.js';
import { RUN_FOLD } from './run-fold.js';

export type { AnswerState, NodeRun, ReplayProgress } from './bare-run-controller.js';

/**
 * The session that is being watched, for the panel and for the host's canvas. All getters are backed
 * by signals: reading them in a computed, or in a Lit element made with `SignalWatcher`, subscribes.
 *
 * It follows the newest event, or shows the run as it was after an earlier one (`seek`): then `status`, `nodes`,
 * `interactions` and all other getters about the run speak of that moment, and `latest` of the newest. Events are
 * received all the same; the connection, the replay, answers and closed questions are always those of now.
 */
export class RunController extends BareRunController {
  constructor() {
    super(RUN_FOLD);
  }
}
