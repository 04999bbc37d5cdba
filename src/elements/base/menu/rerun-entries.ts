import type { NodeStatus } from '../../../protocol/session-state.js';
import { isTerminalStatus, type SessionSummary } from '../../../protocol/session-summary.js';
import type { FirstStrings } from '../../strings/first-english.js';
import type { PanelCommands, RowCapabilities } from '../commands.js';
import type { MenuEntry } from './menu.js';

/** Input of the ways to run a session again. */
export interface RerunView {
  readonly session: SessionSummary;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly strings: FirstStrings;
  /** The status of each node; undefined where only the row of the session is known. */
  readonly nodeStatuses?: readonly NodeStatus[];
  /** True when the session has answers that another run could use again. */
  readonly hasAnswers?: boolean;
}

/** Lists the ways to run an ended session again besides running all of it: none where the service cannot do that. */
export function rerunEntries(view: RerunView): readonly MenuEntry[] {
  const { session, capabilities, commands, strings, hasAnswers } = view;
  const { sessionId, status } = session;
  if (capabilities.rerun !== true || capabilities.rerunFrom !== true || !isTerminalStatus(status)) return [];
  const failed = failedNodes(view);
  const askAgain = commands?.rerunWithAnswers;
  return [
    ...(failed === 0
      ? []
      : [
          {
            text: failed === 1 ? strings.rerunFailedNode : strings.rerunFailedNodes(failed),
            icon: 'again' as const,
            onChoose: () => commands?.rerun(sessionId, { from: 'failed' }),
          },
        ]),
    ...(hasAnswers === true && askAgain !== undefined
      ? [
          {
            text: strings.rerunSameAnswers,
            icon: 'pencil' as const,
            onChoose: () => askAgain(sessionId),
          },
        ]
      : []),
  ];
}

/** Number of failed nodes; of a row, which names only the first one, 1 or 0. */
function failedNodes({ session, nodeStatuses }: RerunView): number {
  if (nodeStatuses !== undefined) return nodeStatuses.filter((status) => status === 'failed').length;
  return session.failedNode === undefined ? 0 : 1;
}
