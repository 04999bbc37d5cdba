import { expect } from '@open-wc/testing';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { copiedTexts } from '../../support/elements/copied-texts.js';
import {
  accessibilityProblems,
  button,
  chooseFrom,
  emptyPage,
  focused,
  menuItems,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';

describe('Copy as Markdown', () => {
  let copied: ReturnType<typeof copiedTexts>;
  beforeEach(() => {
    copied = copiedTexts();
  });
  afterEach(() => {
    copied.restore();
    emptyPage();
  });

  async function haiku() {
    const mounted = await mountPanel();
    load(mounted.history, [row('h')]);
    open(mounted, 'h', haikuEvents('h'));
    await settled(mounted.panel);
    return mounted;
  }

  it('copies the whole session from the menu of its header, and says so', async () => {
    const { panel } = await haiku();
    await chooseFrom(one(panel, '[part=session-header]'), 'Session actions', 'Copy as Markdown');
    await until(() => copied.texts.length > 0);
    expect(copied.texts[0])
      .to.match(/^# Haiku · green beans\n/)
      .and.to.contain('## Poet');
    await until(() => textOf(panel).includes('Copied as Markdown'));
  });

  it('copies one node from its menu, by keyboard', async () => {
    const { panel } = await haiku();
    button(panel, 'More actions for “Research”').focus();
    press('ArrowDown');
    await settled(panel);
    expect(menuItems(panel).map(textOf)).to.deep.equal(['Copy as Markdown']);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    (focused() as HTMLElement).click();
    await until(() => copied.texts.length > 0);
    expect(copied.texts[0]).to.contain('## Research').and.not.to.contain('## Poet');
    expect(focused()?.getAttribute('aria-label')).to.equal('More actions for “Research”');
  });

  it('leaves out what the host leaves out', async () => {
    const { panel } = await haiku();
    panel.redact = (event) => (event.type === 'agentEvent' ? undefined : event);
    await chooseFrom(one(panel, '[part=session-header]'), 'Session actions', 'Copy as Markdown');
    await until(() => copied.texts.length > 0);
    expect(copied.texts[0]).to.contain('## Research').and.not.to.contain('Call:');
  });

  it('copies a session that is not open from the menu of its row, or says why it cannot', async () => {
    const sessions = fakeSessions();
    Object.assign(sessions.actions, {
      readLog: () => Promise.reject(new GraphRunError('network', 'No connection.')),
    });
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('s')]);
    await settled(panel);
    button(rows(panel)[0]!, 'More actions for “Haiku”').click();
    await settled(panel);
    menuItems(panel)
      .find((item) => textOf(item).startsWith('Copy as Markdown'))!
      .click();
    await until(() => textOf(panel).includes('Could not copy the session:'));
  });
});
