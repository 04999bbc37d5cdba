/** What is left of the inbox when it was left, or its page was reloaded. */
import { expect } from '@open-wc/testing';
import { createSessions } from '../../../src/actions/create-sessions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import type { PanelMemory } from '../../../src/elements/base/view-memory.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import {
  accessibilityProblems,
  all,
  box,
  button,
  emptyPage,
  focused,
  forgetful,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { choiceGraph, mountInbox, textGraph, type InboxPanel } from '../../support/elements/inbox-support.js';

describe('an answer that is refused after the inbox was left', () => {
  afterEach(emptyPage);

  async function refused(): Promise<InboxPanel> {
    const mounted = await mountInbox({
      changes: () => ({
        resumeSession: () => Promise.reject(new GraphRunError('unavailable', 'Full.')),
      }),
    });
    await mounted.start(choiceGraph('Which?', 'Pick'));
    await mounted.start(textGraph('Second?'));
    mounted.panel.openInbox();
    await mounted.caretIn('Which?');
    press('2');
    await mounted.caretIn('Second?');
    press('Escape');
    await until(() => all(mounted.panel, '.toast.failed').length === 1, 'the list reports it');
    return mounted;
  }

  it('is reported at once below the list', async () => {
    const { panel } = await refused();
    const toast = one(panel, '.toast.failed');
    expect(textOf(toast)).to.match(/^The answer to “Which\?” \(Pick\) was not sent\. /);
    expect(toast.getAttribute('role')).to.equal('alert');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(toast, 'Close').click();
    await settled(panel);
    expect(all(panel, '.toast').length).to.equal(0);
  });

  it('leads to its question, where the choice is still there', async () => {
    const { panel, run } = await refused();
    button(one(panel, '.toast.failed'), 'Show').click();
    await until(() => focused()?.matches('.choice input:checked') === true, 'the choice has the focus');
    expect(textOf(one(panel, 'sessions-panel-view'))).to.contain('Which?');
    expect([run.interactions.length, all(panel, '.toast').length]).to.deep.equal([1, 0]);
  });
});

describe('the inbox after a reload', () => {
  afterEach(emptyPage);

  const tab = (): PanelMemory => ({ ...forgetful(), ofTab: forgetful() });

  /** Shows the sessions of a backend in a panel of a page that was loaded anew. */
  async function reloaded(service: GraphRunService, memory: PanelMemory) {
    emptyPage();
    const sessions = createSessions(service, { drafts: memoryDraftStore() });
    const panel = document.createElement('sessions-panel');
    Object.assign(panel, sessions, { memory });
    sessions.actions.monitor('g');
    box().append(panel);
    await until(() => sessions.history.isLoaded, 'the list has arrived');
    await settled(panel);
    await settled(panel);
    return { ...sessions, panel, inboxes: () => all(panel, 'sessions-panel-inbox') };
  }

  it('is open again if it was open, with the caret in the question', async () => {
    const { panel, start, caretIn, service } = await mountInbox();
    const memory = tab();
    panel.memory = memory;
    await start(textGraph('First?'));
    panel.openInbox();
    await caretIn('First?');
    const { inboxes } = await reloaded(service, memory);
    await until(() => focused()?.matches('textarea') === true, 'the caret is in the card');
    expect(inboxes().length).to.equal(1);
    const other = await reloaded(service, { ...memory, ofTab: forgetful() });
    expect(other.inboxes().length, 'another tab').to.equal(0);
  });

  it('stays closed if it was left, and takes the focus from no field of the page', async () => {
    const { panel, start, caretIn, service } = await mountInbox();
    const memory = tab();
    panel.memory = memory;
    await start(textGraph('First?'));
    panel.openInbox();
    await caretIn('First?');
    const field = document.createElement('input');
    document.documentElement.append(field);
    field.focus();
    const { panel: second, inboxes } = await reloaded(service, memory);
    field.focus();
    await settled(second);
    expect([inboxes().length, focused() === field]).to.deep.equal([1, true]);
    field.remove();
    button(second, 'Back to sessions').click();
    const third = await reloaded(service, memory);
    expect(third.inboxes().length).to.equal(0);
  });
});
