import { isTerminalStatus } from '../../../protocol/session-summary.js';
import { keyName } from '../../strings/key-name.js';
import type { FirstStrings } from '../../strings/first-english.js';
import type { IconName } from '../../theme/icons.js';
import type { PanelCommands } from '../commands.js';
import type { MenuEntry } from './menu.js';
import { rerunEntries } from './rerun-entries.js';
import { ROW_KEYS, type RowCommand, type RowState } from '../rows/row-keys.js';

/** Input of the menu of a session. */
export interface SessionMenuView extends RowState {
  readonly commands: PanelCommands | undefined;
  readonly strings: FirstStrings;
  /** Where the menu is: the header of a session neither offers to open it, nor obeys all keys of a row. */
  readonly place: 'row' | 'header';
  /** True when the row is selected. */
  readonly isSelected?: boolean;
}

/** The commands whose keys the header of a session obeys: no letter, which may be meant for a question that has just left. */
export const HEADER_COMMANDS: readonly RowCommand[] = ['rename'];

/** Lists all that a person can do with a session of the list, each with its key; the order is one everywhere. */
export function sessionMenuEntries(menu: SessionMenuView): readonly MenuEntry[] {
  const { session, commands, strings, place } = menu;
  const { sessionId } = session;
  const isEnded = isTerminalStatus(session.status);
  const entry = (command: RowCommand, icon: IconName, text: string): readonly MenuEntry[] => {
    const { keys, isOffered } = ROW_KEYS[command];
    if (!isOffered(menu)) return [];
    const onChoose = () => commands?.[command]?.(sessionId);
    const hasKey = place === 'row' || HEADER_COMMANDS.includes(command);
    return [{ text, icon, onChoose, ...(hasKey ? { key: keyName(keys[0], strings) } : {}) }];
  };
  return [
    ...(place === 'row' ? entry('connect', 'open', strings.openSession) : []),
    ...(place === 'row' && commands?.select !== undefined
      ? entry('select', 'check', menu.isSelected === true ? strings.deselect : strings.select)
      : []),
    ...entry('rerun', 'again', strings.rerun),
    // The header of a session has a menu of its own for it.
    ...(place === 'row' ? rerunEntries(menu) : []),
    ...entry('rename', 'pencil', `${strings.rename}…`),
    ...entry('togglePin', 'pin', session.pinned === true ? strings.unpin : strings.pin),
    { text: strings.copyId, icon: 'copy', onChoose: () => commands?.copyId(sessionId) },
    ...(commands?.linkTo?.({ sessionId }) === undefined
      ? []
      : [
          {
            text: strings.copyLink,
            icon: 'link' as const,
            onChoose: () => commands?.copyLink?.({ sessionId }),
          },
        ]),
    ...(commands?.copyMarkdown === undefined
      ? []
      : [
          {
            text: strings.copyMarkdown,
            icon: 'copy' as const,
            onChoose: () => commands?.copyMarkdown?.(sessionId),
          },
        ]),
    ...(commands?.download === undefined
      ? []
      : [
          {
            text: strings.downloadSession,
            icon: 'download' as const,
            onChoose: () => commands?.download?.(sessionId),
          },
        ]),
    ...entry('cancel', 'stop', `${strings.cancelRun}…`),
    ...entry('delete', 'trash', isEnded ? strings.delete : `${strings.delete}…`),
  ];
}
