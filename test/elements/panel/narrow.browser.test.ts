/** Everything is reachable and readable at every width, in the language with the longer words. */
import { expect } from '@open-wc/testing';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { emulateDisplay } from '../../support/display.js';
import {
  accessibilityProblems,
  all,
  button,
  emptyPage,
  mountPanel,
  one,
  press,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { mountInbox, textGraph } from '../../support/elements/inbox-support.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';

const EVENTS: readonly GraphRunEventBody[] = [
  {
    type: 'graphStart',
    sessionId: 'h',
    graph: { nodes: [{ id: 'n', type: 'x', title: 'Sources' }], edges: [] },
  },
  { type: 'nodeStart', nodeId: 'n' },
  { type: 'nodeError', nodeId: 'n', error: 'The library did not answer' },
  { type: 'graphError', sessionId: 'h', error: 'The library did not answer' },
];

for (const strings of [englishStrings, germanStrings]) {
  describe(`at every width, ${strings.locale}`, () => {
    // No element may slide in while it is measured.
    before(() => emulateDisplay({ reducedMotion: 'reduce' }));
    after(() => emulateDisplay({}));
    afterEach(emptyPage);

    for (const width of [320, 360, 440, 560, 600, 640, 700, 820, 1000]) {
      it(`${width} px: no control is cut off or too narrow to read`, async () => {
        const sessions = fakeSessions();
        sessions.actions.capabilities = { inlineGraph: true, rename: true, rerun: true, rerunFrom: true };
        const { panel } = await mountPanel({ sessions, width, height: 500 });
        panel.strings = strings;
        load(sessions.history, [row('h', { status: 'failed', title: 'A branch that fails', input: 'x' })]);
        open(sessions, 'h', EVENTS);
        await settled(panel);
        const view = one(panel, 'sessions-panel-view');
        const { left, right } = view.getBoundingClientRect();
        for (const tab of all(view, '[role=tab]')) {
          tab.click();
          await settled(panel);
          for (const control of all(view, 'button, select, input').filter((each) => each.checkVisibility())) {
            const box = control.getBoundingClientRect();
            const name = control.getAttribute('aria-label') ?? control.textContent.trim();
            expect(box.left, name).to.be.at.least(left);
            expect(box.right, name).to.be.at.most(right + 1);
            if (control.localName === 'select') expect(box.width, name).to.be.at.least(90);
          }
        }
        const title = one(view, 'h3');
        expect(title.getBoundingClientRect().width, 'title').to.be.at.least(100);
      });
    }
  });
}

describe('the dialog of keyboard shortcuts on a screen that is too low for it', () => {
  afterEach(emptyPage);

  it('starts at its top', async () => {
    const { panel, history } = await mountPanel({ width: 340, height: 260 });
    load(history, [row('a')]);
    await settled(panel);
    one<HTMLElement>(panel, '.item .main').focus();
    press('?');
    await settled(panel);
    const dialog = one<HTMLDialogElement>(panel, 'dialog');
    dialog.close();
    await settled(panel);
    // The window of a test is high enough for the dialog.
    const style = document.createElement('style');
    panel.shadowRoot!.append(style);
    style.textContent = 'dialog { max-block-size: 200px !important; }';
    one<HTMLElement>(panel, '.item .main').focus();
    press('?');
    await settled(panel);
    const low = one<HTMLDialogElement>(panel, 'dialog');
    expect(low.scrollHeight).to.be.greaterThan(low.clientHeight);
    expect(low.scrollTop).to.equal(0);
  });
});

describe('the toolbar of a panel of 360 pixels', () => {
  afterEach(emptyPage);

  it('shows the countdown and the button to retry whole, next to the button of the inbox', async () => {
    const { panel, history, start } = await mountInbox({ width: 360 });
    await start(textGraph('First?'));
    for (const strings of [englishStrings, germanStrings]) {
      panel.strings = strings;
      history.setMonitor({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 59_000 });
      await settled(panel);
      const text = one(panel, '.connection-text');
      expect(text.scrollWidth, textOf(text)).to.be.at.most(text.clientWidth);
      const retry = button(panel, strings.retryNow).getBoundingClientRect();
      const inbox = one(panel, '[part~=inbox-button]');
      expect(inbox.getAttribute('aria-label')).to.equal(strings.openInbox(1));
      expect(retry.right).to.be.at.most(inbox.getBoundingClientRect().left);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
    }
  });
});
