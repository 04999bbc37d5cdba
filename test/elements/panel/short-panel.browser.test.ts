/** In a short panel, everything is still visible and reachable, and nothing overlaps. */
import { expect } from '@open-wc/testing';
import { all, button, emptyPage, mountPanel, one, settled } from '../../support/elements/page.js';
import { haikuEvents, load, live, open, row } from '../../support/elements/sample.js';

const SIZES = [
  [1000, 407],
  [640, 300],
  [360, 640],
  [340, 260],
] as const;

describe('a short panel with open questions', () => {
  afterEach(emptyPage);

  for (const [width, height] of SIZES) {
    for (const tab of ['Activity', 'Timeline', 'Events'] as const) {
      it(`keeps ${tab} and questions apart and within reach, ${width} × ${height}`, async () => {
        const mounted = await mountPanel({ width, height });
        const { panel, run } = mounted;
        load(mounted.history, [row('h', { status: 'suspended' })]);
        open(mounted, 'h', haikuEvents('h'));
        live(run, [
          {
            type: 'inputRequired',
            nodeId: 'poet',
            interactionId: 'second',
            suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'And the title?' }] } } },
          },
        ]);
        await settled(panel);
        const view = one(panel, 'sessions-panel-view');
        all(view, '[role=tab]')
          .find((candidate) => candidate.textContent?.includes(tab) === true)
          ?.click();
        await settled(panel);
        // A question cannot be missed: it is visible without scrolling.
        const frame = panel.getBoundingClientRect();
        const pinned = one(view, '.questions').getBoundingClientRect();
        expect(view.scrollTop).to.equal(0);
        expect(pinned.bottom).to.be.at.most(frame.bottom + 1);
        // Neither can the button that sends.
        const first = button(all(view, 'sessions-panel-question')[0] ?? view, 'Send').getBoundingClientRect();
        expect(first.top).to.be.at.least(pinned.top);
        expect(first.bottom).to.be.at.most(frame.bottom);

        view.scrollTop = view.scrollHeight;
        const middle = one(view, '#panel').getBoundingClientRect();
        const questions = one(view, '.questions').getBoundingClientRect();
        expect(middle.bottom).to.be.at.most(questions.top + 1);
        expect(middle.height).to.be.at.least(95);
        expect(questions.height).to.be.at.least(100);

        const body = one(panel, 'section > .body');
        const inQuestions = all(one(view, '.questions'), 'button, input, textarea');
        for (const control of all(view, 'button, input, textarea').filter((each) => each.checkVisibility())) {
          control.focus();
          expect(body.scrollTop, control.outerHTML.slice(0, 80)).to.equal(0);
          // The focused element is not covered by the questions.
          if (inQuestions.includes(control)) continue;
          const { top } = one(view, '.questions').getBoundingClientRect();
          expect(control.getBoundingClientRect().bottom).to.be.at.most(top + 1);
        }
        for (const card of all(view, 'sessions-panel-question')) {
          const send = button(card, 'Send');
          send.scrollIntoView({ block: 'nearest' });
          const { top, bottom } = send.getBoundingClientRect();
          expect(top).to.be.at.least(frame.top);
          expect(bottom).to.be.at.most(frame.bottom + 1);
        }
      });
    }
  }
});
