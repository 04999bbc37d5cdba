import { expect } from '@open-wc/testing';
import type { SessionHistoryController } from '../../../src/controller/session-history-controller.js';
import { contrast } from '../../support/elements/contrast.js';
import { mountInbox, textGraph } from '../../support/elements/inbox-support.js';
import {
  accessibilityProblems,
  all,
  atRest,
  button,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';
import { applyTheme, leaveTheme, VSCODE_THEMES, vscodeTheme } from '../../support/elements/vscode-theme.js';

const NOW = Date.now() / 1000;
const IS_DARK = {
  'dark-modern': true,
  'light-modern': false,
  'high-contrast': true,
  'high-contrast-light': false,
};

const SESSIONS = [
  row('h', { status: 'suspended', createdAt: NOW - 60, question: 'Which mood?' }),
  row('r', { status: 'running', title: 'Long', createdAt: NOW - 70, nodesTotal: 9, nodesEnded: 2 }),
  row('c', { status: 'completed', title: 'Done', createdAt: NOW - 80 }),
  row('f', { status: 'failed', title: 'Broken', createdAt: NOW - 90, error: 'The model did not answer.' }),
  row('x', { status: 'cancelled', title: 'Stopped', createdAt: NOW - 95 }),
];

async function openPanel() {
  const sessions = fakeSessions();
  const mounted = await mountPanel({ graphId: 'g', sessions, height: 700 });
  load(sessions.history, SESSIONS, 'g');
  open(sessions, 'h', haikuEvents('h'));
  await settled(mounted.panel);
  return mounted;
}

async function showTab(panel: Element, name: string): Promise<void> {
  all(panel, '[role=tab]')
    .find((tab) => tab.textContent.includes(name))!
    .click();
  await settled(panel);
}

function deleteWithUndo(history: SessionHistoryController): void {
  history.addDeletion({ id: 1, sessions: [SESSIONS[2]!], dueMs: Date.now() + 60_000 });
}

function colourOf(element: Element): string {
  return getComputedStyle(element).color;
}

for (const name of VSCODE_THEMES) {
  describe(`in a webview of VS Code with its theme ${name}`, () => {
    before(async () => applyTheme(await vscodeTheme(name)));
    after(leaveTheme);
    afterEach(emptyPage);

    it('takes its colours and its colour scheme', async () => {
      const { panel } = await openPanel();
      const { variables } = await vscodeTheme(name);
      const probe = document.createElement('i');
      probe.style.color = variables['--vscode-editor-background'] ?? '';
      document.body.append(probe);
      expect(getComputedStyle(panel).backgroundColor).to.equal(colourOf(probe));
      probe.remove();
      for (const element of [panel, one(panel, 'sessions-panel-list'), one(panel, 'sessions-panel-question')])
        expect(getComputedStyle(element).colorScheme).to.equal(IS_DARK[name] ? 'dark' : 'light');
    });

    it('has no accessibility problem in the list and in each tab of a session', async () => {
      const { panel } = await openPanel();
      for (const tab of ['Activity', 'Timeline', 'Events']) {
        await showTab(panel, tab);
        if (tab === 'Events') all(panel, '.event')[1]!.click();
        expect(await accessibilityProblems(panel), tab).to.deep.equal([]);
      }
    });

    it('has no accessibility problem in the inbox', async () => {
      const { panel, start, caretIn } = await mountInbox();
      await start(textGraph('First?', 'One'));
      await start(textGraph('Second?', 'Two'));
      await settled(panel);
      button(panel, '2 need input').click();
      await caretIn('First?');
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
    });

    it('has no accessibility problem in a menu, a dialog, a message and a notice', async () => {
      const { panel, history, run } = await openPanel();
      one(rows(panel)[0]!, '.main').focus();
      press('Delete');
      await settled(panel);
      expect(all(panel, 'dialog .button'), 'buttons of the dialog').to.have.length(2);
      expect(await accessibilityProblems(panel), 'dialog').to.deep.equal([]);
      button(panel, 'Keep session').click();
      await settled(panel);
      deleteWithUndo(history);
      run.apply([
        { kind: 'connection', connection: { phase: 'backoff', attempt: 3, retryAtMs: Date.now() + 9000 } },
      ]);
      await settled(panel);
      button(panel, 'More').click();
      await settled(panel);
      expect(await accessibilityProblems(panel), 'message').to.deep.equal([]);
    });

    it('shows each status in a colour that can be read', async () => {
      const { panel } = await openPanel();
      const { backgroundColor } = getComputedStyle(panel);
      for (const icon of rows(panel).map((item) => one(item, '.status-icon'))) {
        expect(contrast(colourOf(icon), backgroundColor), icon.classList.value).to.be.above(4.5);
      }
    });

    it('shows the edges of buttons, fields and the selected row', async () => {
      const { panel } = await openPanel();
      await atRest(panel);
      const { backgroundColor } = getComputedStyle(panel);
      const send = getComputedStyle(one(panel, '.card .button.primary'));
      const edges = [send.borderTopColor, send.backgroundColor].map((colour) =>
        contrast(colour, backgroundColor),
      );
      expect(Math.max(...edges), 'the main button').to.be.above(3);
      if (!name.startsWith('high-contrast')) return;
      for (const selector of ['.button:not(.primary)', '.card', '.choice', '.search .input', '.chip']) {
        const { borderTopColor } = getComputedStyle(all(panel, selector)[0]!);
        expect(contrast(borderTopColor, backgroundColor), selector).to.be.above(3);
      }
      const selected = getComputedStyle(one(panel, '.row.is-active .main'));
      expect(contrast(selected.outlineColor, backgroundColor), 'the selected row').to.be.above(3);
      expect(selected.outlineStyle).to.equal('solid');
    });
  });
}

describe('a change of the theme in VS Code', () => {
  after(leaveTheme);
  afterEach(emptyPage);

  it('changes the colour scheme of an open panel, until the panel is removed', async () => {
    const { panel } = await openPanel();
    const schemeOf = () => getComputedStyle(one(panel, 'sessions-panel-list')).colorScheme;
    for (const name of [...VSCODE_THEMES, ...VSCODE_THEMES]) {
      applyTheme(await vscodeTheme(name));
      await settled(panel);
      expect(schemeOf(), name).to.equal(IS_DARK[name] ? 'dark' : 'light');
    }
    leaveTheme();
    await settled(panel);
    expect(panel.hasAttribute('data-host-color-scheme')).to.equal(false);
    panel.remove();
    applyTheme(await vscodeTheme('dark-modern'));
    await settled(document.body);
    expect(panel.hasAttribute('data-host-color-scheme')).to.equal(false);
  });

  it('does not change a scheme that the page has set', async () => {
    const { panel } = await openPanel();
    panel.style.setProperty('--sessions-panel-color-scheme', 'light');
    applyTheme(await vscodeTheme('dark-modern'));
    await settled(panel);
    expect(getComputedStyle(panel).colorScheme).to.equal('light');
  });
});
