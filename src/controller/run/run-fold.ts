import type { SessionState } from '../../protocol/session-state.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { toInteraction } from '../../protocol/questions/interactions.js';
import { toSummary } from '../../protocol/to-summary.js';
import { RunSnapshots } from './run-snapshots.js';

/** What folds the events of a run. A page needs it only for a session that is opened, and can load it then. */
export interface RunFold {
  createSnapshots(): RunSnapshots;
  readonly toInteraction: typeof toInteraction;
  toSummary(session: SessionState): SessionSummary;
}

/** The one fold there is. */
export const RUN_FOLD: RunFold = {
  createSnapshots: () => new RunSnapshots(),
  toInteraction,
  toSummary,
};
