import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ROW_COMMANDS,
  ROW_KEYS,
  rowCommandOf,
  type RowState,
} from '../../../../src/elements/base/rows/row-keys.js';
import { shortcutGroups } from '../../../../src/elements/panel/shortcuts.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { germanStrings } from '../../../../src/elements/strings/german.js';
import { keyName } from '../../../../src/elements/strings/key-name.js';

function state(status: string, more: Partial<RowState> = {}): RowState {
  return {
    session: { sessionId: 's', status, createdAt: 1, updatedAt: 1, pendingInputs: 0 },
    operation: undefined,
    capabilities: { rename: true, pin: true, rerun: true },
    ...more,
  };
}

const KEYS = ['Enter', 'Delete', 'Backspace', 'c', 'r', 'p', 'F2', 'x'];
const commandsOf = (row: RowState) => KEYS.map((key) => rowCommandOf(key, row));

describe('the keys of a row', () => {
  it('do what is possible with a session that runs, has ended, or is being cancelled', () => {
    const always = ['togglePin', 'rename', undefined] as const;
    assert.deepEqual(commandsOf(state('running')), [
      undefined,
      'delete',
      'delete',
      'cancel',
      undefined,
      ...always,
    ]);
    assert.deepEqual(commandsOf(state('completed')), [
      undefined,
      'delete',
      'delete',
      undefined,
      'rerun',
      ...always,
    ]);
    assert.deepEqual(commandsOf(state('running', { operation: { kind: 'cancel' } })), [
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      ...always,
    ]);
  });

  it('leave out what the service cannot do', () => {
    assert.deepEqual(commandsOf(state('completed', { capabilities: {} })).slice(4), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are listed in the dialog of shortcuts, each once, by their names in the language', () => {
    for (const strings of [englishStrings, germanStrings]) {
      const listed = shortcutGroups(strings).flatMap(({ shortcuts }) => shortcuts);
      for (const command of ROW_COMMANDS) {
        const name = keyName(ROW_KEYS[command].keys[0], strings);
        const lines = listed.filter(({ keys }) => keys.includes(name));
        assert.deepEqual(
          lines.map(({ text }) => text),
          [strings.shortcutTexts[command]],
        );
      }
      assert.equal(listed.length, Object.keys(strings.shortcutTexts).length);
    }
    assert.deepEqual(
      shortcutGroups(germanStrings).map(({ shortcuts }) => shortcuts.map(({ keys }) => keys.join(' '))),
      [
        [
          '↑ ↓ j k',
          'Pos1 Ende',
          'Eingabe',
          'Leertaste',
          'Umschalt+↓',
          'Entf',
          'Strg+Z',
          'c',
          'r',
          'p',
          'F2',
          '/',
          'Esc',
        ],
        ['t', '[ ]', '{ }', 'Esc', '↑ ↓', 'y', '?'],
        ['n', 'Alt+↑ Alt+↓', '1 … 9', 'Strg+Eingabe'],
        ['i', '1 … 9', 'Strg+Z', 'Alt+↓ Alt+↑', 'Esc'],
      ],
    );
  });
});
