import type { SessionOperation } from '../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../protocol/session.js';
import type { PanelCommands } from './commands.js';
import type { MenuEntry } from './panel-menu.js';
import type { RowCapabilities } from './session-row.js';
import type { PanelStrings } from './strings.js';

/** What the menu of a row depends on. */
export interface RowMenu {
  readonly session: SessionSummary;
  readonly operation: SessionOperation | undefined;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly strings: PanelStrings;
}

/** All that can be done with a session of the list, each with its key. */
export function rowMenuEntries(menu: RowMenu): readonly MenuEntry[] {
  const { session, operation, capabilities, commands, strings } = menu;
  const { sessionId } = session;
  const isEnded = isTerminalStatus(session.status);
  const isBusy = operation !== undefined && operation.error === undefined;
  const entries: (MenuEntry | false)[] = [
    {
      text: strings.openSession,
      icon: 'open',
      key: strings.keyEnter,
      onChoose: () => commands?.connect(sessionId),
    },
    isEnded &&
      capabilities.rerun === true && {
        text: strings.rerun,
        icon: 'again',
        key: 'r',
        onChoose: () => commands?.rerun(sessionId),
      },
    capabilities.rename === true && {
      text: `${strings.rename}…`,
      icon: 'pencil',
      key: 'F2',
      onChoose: () => commands?.rename(sessionId),
    },
    capabilities.pin === true && {
      text: session.pinned === true ? strings.unpin : strings.pin,
      icon: 'pin',
      key: 'p',
      onChoose: () => commands?.togglePin(sessionId),
    },
    { text: strings.copyId, icon: 'copy', onChoose: () => commands?.copyId(sessionId) },
    !isEnded &&
      !isBusy && {
        text: `${strings.cancelRun}…`,
        icon: 'stop',
        key: 'c',
        onChoose: () => commands?.cancel(sessionId),
      },
    !isBusy && {
      text: isEnded ? strings.delete : `${strings.delete}…`,
      icon: 'trash',
      key: strings.keyDelete,
      onChoose: () => commands?.delete(sessionId),
    },
  ];
  return entries.filter((entry) => entry !== false);
}
