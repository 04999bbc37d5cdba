import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { PanelCommands } from '../../../../src/elements/base/commands.js';
import { ROW_COMMANDS, ROW_KEYS, type RowCommand } from '../../../../src/elements/base/rows/row-keys.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { keyName } from '../../../../src/elements/strings/key-name.js';
import { all, box, button, emptyPage, one, rows, settled, textOf } from '../../../support/elements/page.js';
import { fakeSessions, load, row } from '../../../support/elements/sample.js';

type Call = readonly [command: RowCommand, sessionId: string];

/** Commands that record those of a row. */
function recordingCommands(calls: Call[]): PanelCommands {
  const record = (command: RowCommand) => (sessionId: string) => void calls.push([command, sessionId]);
  const nothing = () => undefined;
  return {
    connect: record('connect'),
    delete: record('delete'),
    cancel: record('cancel'),
    rerun: record('rerun'),
    togglePin: record('togglePin'),
    rename: record('rename'),
    disconnect: nothing,
    back: nothing,
    retryOperation: nothing,
    answer: nothing,
    saveDraft: nothing,
    dismissClosed: nothing,
    setFilter: nothing,
    focusLost: nothing,
    copyId: nothing,
    openInbox: nothing,
    retryNow: nothing,
  };
}

/** Without the one that the list performs itself (`row-selection.browser.test.ts`). */
const PANEL_COMMANDS = ROW_COMMANDS.filter((command) => command !== 'select');

const CAPABILITIES = { rename: true, pin: true, rerun: true };

async function mountList() {
  const { history } = fakeSessions();
  const now = Date.now() / 1000;
  load(history, [
    row('running', { status: 'running', createdAt: now - 1 }),
    row('ended', { status: 'completed', createdAt: now - 2 }),
  ]);
  const calls: Call[] = [];
  const list = document.createElement('sessions-panel-list');
  Object.assign(list, { history, commands: recordingCommands(calls), capabilities: CAPABILITIES });
  box().append(list);
  await settled(list);
  return { list, history, calls };
}

/** Returns the commands that `ROW_KEYS` offers for a row. */
function offered(sessionId: string, history: Awaited<ReturnType<typeof mountList>>['history']) {
  const session = history.getSession(sessionId);
  if (session === undefined) throw new Error(`no session “${sessionId}”`);
  const state = { session, operation: undefined, capabilities: CAPABILITIES };
  return PANEL_COMMANDS.filter((command) => ROW_KEYS[command].isOffered(state));
}

describe('keys of a row', () => {
  afterEach(emptyPage);

  for (const [position, sessionId] of ['running', 'ended'].entries()) {
    it(`stand in the menu of a session that is ${sessionId}, each next to its command`, async () => {
      const { list, history, calls } = await mountList();
      const more = button(rows(list)[position]!, 'More actions for “Haiku”');
      const items = () => all(list, '[role=menuitem]').filter((item) => item.checkVisibility());
      for (const command of offered(sessionId, history)) {
        more.click();
        await settled(list);
        const name = keyName(ROW_KEYS[command].keys[0], englishStrings);
        const item = items().find((candidate) => textOf(candidate).endsWith(` ${name}`));
        expect(item, `an entry with ${name}`).not.to.equal(undefined);
        item?.click();
        await settled(list);
        expect(calls.pop()).to.deep.equal([command, sessionId]);
      }
      expect(calls).to.deep.equal([]);
    });

    it(`do their commands, and no others, for a session that is ${sessionId}`, async () => {
      const { list, history, calls } = await mountList();
      const possible = offered(sessionId, history);
      for (const command of PANEL_COMMANDS) {
        for (const key of ROW_KEYS[command].keys) {
          one<HTMLElement>(rows(list)[position]!, '.main').focus();
          await sendKeys({ press: key });
          const expected = possible.includes(command) ? [command, sessionId] : undefined;
          expect(calls.pop(), key).to.deep.equal(expected);
        }
      }
      expect(calls).to.deep.equal([]);
    });
  }
});
