import { ROW_COMMANDS, ROW_KEYS } from '../base/rows/row-keys.js';
import type { PanelStrings } from '../strings/english.js';
import { keyName } from '../strings/key-name.js';

/** A line of the dialog of shortcuts: keys as they are named in the language, and their effect. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly text: string;
}

/** The shortcuts of one place of the panel. */
export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

type ShortcutName = keyof PanelStrings['shortcutTexts'];

/** Lists all shortcuts of the panel by their places, in the order of the dialog. The keys of a row come from its table. */
export function shortcutGroups(strings: PanelStrings): readonly ShortcutGroup[] {
  const { shortcutTexts } = strings;
  const line = (keys: readonly string[], name: ShortcutName): Shortcut => ({
    keys: keys.map((key) => keyName(key, strings)),
    text: shortcutTexts[name],
  });
  return [
    {
      title: strings.shortcutsOfList,
      shortcuts: [
        line(['↑', '↓', 'j', 'k'], 'move'),
        line(['Home', 'End'], 'edge'),
        ...ROW_COMMANDS.flatMap((command) => [
          line([ROW_KEYS[command].keys[0]], command),
          ...(command === 'select' ? [line(['Shift+↓'], 'range')] : []),
          ...(command === 'delete' ? [line(['Ctrl+Z'], 'undo')] : []),
        ]),
        line(['/'], 'search'),
        line(['Escape'], 'back'),
      ],
    },
    {
      title: strings.shortcutsOfSession,
      shortcuts: [
        line(['t'], 'look-back'),
        line(['[', ']'], 'step'),
        line(['{', '}'], 'step-event'),
        line(['Escape'], 'to-live'),
        line(['↑', '↓'], 'event'),
        line(['y'], 'copy'),
        line(['?'], 'shortcuts'),
      ],
    },
    {
      title: strings.shortcutsOfQuestions,
      shortcuts: [
        line(['n'], 'next-question'),
        line(['Alt+↑', 'Alt+↓'], 'other-question'),
        line(['1', '…', '9'], 'choose'),
        line(['Ctrl+Enter'], 'send'),
      ],
    },
    {
      title: strings.inbox,
      shortcuts: [
        line(['i'], 'inbox'),
        line(['1', '…', '9'], 'answer'),
        line(['Ctrl+Z'], 'undo-answer'),
        line(['Alt+↓', 'Alt+↑'], 'skip'),
        line(['Escape'], 'leave-inbox'),
      ],
    },
  ];
}
