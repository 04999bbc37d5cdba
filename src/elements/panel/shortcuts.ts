import { ROW_COMMANDS, ROW_KEYS } from '../base/row-keys.js';
import type { PanelStrings } from '../strings/english.js';
import { keyName } from '../strings/key-name.js';
import { PLAIN_KEYS } from './panel-keys.js';

/** A line of the dialog of shortcuts: keys as they are named in the language, and their effect. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly text: string;
}

/** Lists all shortcuts of the panel, in the order of the dialog. The keys come from the tables that obey them. */
export function shortcuts(strings: PanelStrings): readonly Shortcut[] {
  const { shortcutTexts } = strings;
  const line = (keys: readonly string[], text: keyof typeof shortcutTexts): Shortcut => ({
    keys: keys.map((key) => keyName(key, strings)),
    text: shortcutTexts[text],
  });
  return [
    line(['↑', '↓', 'j', 'k'], 'move'),
    line(['Home', 'End'], 'edge'),
    ...ROW_COMMANDS.flatMap((command) => [
      line([ROW_KEYS[command].keys[0]], command),
      ...(command === 'delete' ? [line(['Ctrl+Z'], 'undo')] : []),
    ]),
    ...Object.entries(PLAIN_KEYS).flatMap(([key, command]) => [
      line([key], command),
      ...(command === 'search' ? [line(['Escape'], 'back')] : []),
    ]),
    line(['y'], 'copy'),
  ];
}
