import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import { browserMemory } from '../../../src/elements/base/view-memory.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { itInChromium } from '../../support/in-chromium.js';
import { fakeSessions, haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

const ANSWERED: readonly GraphRunEventBody[] = [
  {
    type: 'inputResolved',
    nodeId: 'poet',
    interactionId: 'i-mood',
    by: 'response',
    response: { selected: { ids: ['playful'] } },
  },
  { type: 'nodeEnd', nodeId: 'poet' },
];

async function mount(
  tab: string,
  {
    width = 1100,
    events = haikuEvents('h'),
    startTs,
  }: { width?: number; events?: readonly GraphRunEventBody[]; startTs?: number } = {},
) {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ memory: browserMemory, width, sessions });
  load(sessions.history, [row('h', { status: 'suspended', input: 'green beans' })]);
  open(sessions, 'h', events, startTs);
  await settled(panel);
  const view = one(panel, 'sessions-panel-view');
  const select = async (name: string) => {
    const chosen = all(view, '[role=tab]').find((each) => textOf(each).startsWith(name))!;
    chosen.focus();
    chosen.click();
    await settled(panel);
  };
  await select(tab);
  const key = async (name: string, init: KeyboardEventInit = {}) => {
    press(name, init);
    await settled(panel);
  };
  return { ...sessions, panel, view, select, key };
}

function slider(view: Element): HTMLElement {
  return one(view, '[role=slider]');
}

function liveButton(view: Element): HTMLElement {
  return one(view, '.band .live');
}

function focusedHost(): string | undefined {
  const root = focused()?.getRootNode();
  return root instanceof ShadowRoot ? root.host.localName : undefined;
}

function valueText(view: Element): string {
  return slider(view).getAttribute('aria-valuetext')!;
}

describe('looking back', () => {
  afterEach(() => {
    emptyPage();
    localStorage.clear();
  });

  it('is off until a person asks for it: by the button of the header, or by the key t', async () => {
    const { view, key, panel } = await mount('Activity');
    expect(all(view, '[role=slider]')).to.have.length(0);
    expect(button(view, 'Look back').getAttribute('aria-pressed')).to.equal('false');
    button(view, 'Look back').click();
    await settled(panel);
    expect(valueText(view)).to.equal('Live, Poet asks');
    expect(focused() === slider(view)).to.equal(true);
    await key('t');
    expect(all(view, '[role=slider]')).to.have.length(0);
    await key('t');
    expect(focused() === slider(view)).to.equal(true);
  });

  it('steps to what a person would name with [ and ], and to single events with { and }', async () => {
    const { view, key, run } = await mount('Activity');
    await key('[');
    expect(run.position).to.equal(12);
    // The session runs on while this is tested.
    expect(valueText(view)).to.match(/^\+18 s of 1 m( 0\d s)?, Poet started$/);
    await key('[');
    expect(valueText(view)).to.match(/Research completed$/);
    await key('{');
    expect(valueText(view)).to.match(/Research thinks$/);
    await key('}');
    await key(']');
    await key(']');
    expect(run.position).to.equal(undefined);
    expect(all(view, '[role=slider]')).to.have.length(0);
  });

  it('shows the activity as it was, says so in a band, and returns to live', async () => {
    const { view, key, panel, run } = await mount('Activity');
    expect(textOf(view)).to.contain('Looking for seasonal words');
    run.seek(6);
    await settled(panel);
    expect(textOf(view)).to.contain('Which season do beans stand for?');
    expect(textOf(view)).not.to.contain('Looking for seasonal words');
    expect(textOf(one(view, '.band'))).to.contain('+9.0 s of 1 m');
    expect(textOf(one(view, '.band'))).to.contain('Research thinks');
    expect(textOf(liveButton(view))).to.contain('12 s and 8 events behind');
    await key('Escape');
    expect(run.position).to.equal(undefined);
    expect(textOf(view)).to.contain('Looking for seasonal words');
    expect(all(view, '.band')).to.have.length(0);
  });

  it('has no question to answer in the past, but leads to those that are open now', async () => {
    const { view, panel, run, actions } = await mount('Activity');
    run.seek(2);
    await settled(panel);
    const cards = all(view, 'sessions-panel-question').filter((card) => card.checkVisibility());
    expect(cards).to.have.length(0);
    button(view, '1 question is open now').click();
    await settled(panel);
    expect(run.position).to.equal(undefined);
    expect(focusedHost()).to.equal('sessions-panel-question');
    expect(actions.calls.some(([name]) => name === 'answer')).to.equal(false);
  });

  it('keeps what was typed into a question while an earlier moment is shown', async () => {
    const { view, key, panel, run } = await mount('Activity', { events: haikuEvents('h').slice(0, 3) });
    const field = one<HTMLTextAreaElement>(one(view, 'sessions-panel-question'), 'textarea');
    field.focus();
    await sendKeys({ type: 'beans' });
    run.seek(0);
    await settled(panel);
    expect(field.checkVisibility()).to.equal(false);
    await key('Escape');
    expect(one<HTMLTextAreaElement>(one(view, 'sessions-panel-question'), 'textarea').value).to.equal(
      'beans',
    );
  });

  it('tells the host, which can keep the moment', async () => {
    const { panel, run, key } = await mount('Activity');
    const indexes: (number | undefined)[] = [];
    panel.addEventListener('session-seek', (event) => {
      indexes.push(event.index);
      if (indexes.length === 2) event.preventDefault();
    });
    await key('[');
    await key('[');
    await key('Escape');
    expect(indexes).to.deep.equal([12, 11, undefined]);
    expect(run.position).to.equal(undefined);
  });

  it('moves by a click and by dragging on the axis of the timeline', async () => {
    const { view, panel, run } = await mount('Timeline');
    const rail = slider(view);
    const { left, width, top } = rail.getBoundingClientRect();
    const point = (type: string, share: number) =>
      rail.dispatchEvent(
        new PointerEvent(type, {
          pointerId: 1,
          button: 0,
          clientX: left + width * share,
          clientY: top + 10,
          bubbles: true,
        }),
      );
    rail.setPointerCapture = () => undefined;
    point('pointerdown', 0.1);
    await settled(panel);
    const first = run.position!;
    expect(first).to.be.lessThan(8);
    point('pointermove', 0.2);
    point('pointerup', 0.2);
    await settled(panel);
    expect(run.position!).to.be.greaterThan(first);
    point('pointerdown', 1);
    point('pointerup', 1);
    await settled(panel);
    expect(run.position).to.equal(undefined);
  });

  it('obeys the keys of a slider', async () => {
    const { view, panel, run, key } = await mount('Timeline');
    slider(view).focus();
    await key('ArrowLeft');
    expect(run.position).to.equal(12);
    await key('ArrowLeft', { shiftKey: true });
    expect(run.position).to.equal(11);
    await key('Home');
    expect(run.position).to.equal(0);
    expect(slider(view).getAttribute('aria-valuenow')).to.equal('0');
    await key('ArrowRight');
    expect(run.position).to.equal(1);
    await key('End');
    expect(run.position).to.equal(undefined);
    await settled(panel);
  });

  it('keeps receiving events while it shows the past', async () => {
    const { view, panel, run } = await mount('Activity');
    run.seek(12);
    await settled(panel);
    live(run, ANSWERED);
    await settled(panel);
    expect(run.position).to.equal(12);
    expect(textOf(liveButton(view))).to.contain('4 events behind');
    expect([...buttons(view).keys()].some((name) => name.includes('open now'))).to.equal(false);
  });

  it('returns to live when the log starts over, or another session is opened', async () => {
    const sessions = await mount('Activity');
    const { panel, run, view } = sessions;
    run.seek(3);
    await settled(panel);
    run.apply([{ kind: 'reset' }]);
    await settled(panel);
    expect(run.position).to.equal(undefined);
    open(sessions, 'h', haikuEvents('h'));
    run.seek(3);
    await settled(panel);
    open(sessions, 'h', haikuEvents('h'));
    await settled(panel);
    expect(all(view, '.band')).to.have.length(0);
  });

  it('shows the questions of the moment read-only, with what was answered later', async () => {
    const { view, panel, run, key } = await mount('Activity');
    live(run, ANSWERED);
    run.seek(14);
    await settled(panel);
    const then = () => textOf(one(view, 'sessions-panel-past-questions'));
    expect(then()).to.equal('Poet Which mood should it have? Answered later: Playful');
    run.seek(2);
    await settled(panel);
    expect(then()).to.equal('Topic What shall it be about? Answered later: green beans');
    await key('Escape');
    expect(all(view, 'sessions-panel-past-questions')).to.have.length(0);
  });

  it('leads from a question of the moment that is still open to its card', async () => {
    const { view, panel, run } = await mount('Activity', {
      events: [...haikuEvents('h'), { type: 'nodeRetry', nodeId: 'poet', attempt: 2 }],
    });
    run.seek(14);
    await settled(panel);
    const later = textOf(one(view, 'sessions-panel-past-questions'));
    if (!later.includes('Answer now')) return;
    button(view, 'Answer now').click();
    await settled(panel);
    expect(focusedHost()).to.equal('sessions-panel-question');
  });

  it('seeks with a click or Enter on an event, and marks it', async () => {
    const { view, panel, run, key } = await mount('Events');
    const current = () => all(view, '[aria-current=step]').map((event) => event.dataset['position']);
    one(view, '[data-position="6"]').click();
    await settled(panel);
    expect(run.position).to.equal(6);
    expect(current()).to.deep.equal(['6']);
    one(view, '[role=listbox]').focus();
    await key('ArrowUp');
    expect(run.position).to.equal(6);
    await key('Enter');
    expect(run.position).to.equal(5);
    await key('Escape');
    await key('Escape');
    expect(run.position).to.equal(undefined);
    expect(current()).to.deep.equal([]);
  });

  it('shows no secret of an answer in the events before that answer', async () => {
    const { view, panel, run } = await mount('Events', {
      events: [
        { type: 'graphStart', sessionId: 'h' },
        { type: 'nodeStart', nodeId: 'a' },
        {
          type: 'inputRequired',
          nodeId: 'a',
          interactionId: 'i',
          suspendEvent: {
            inputNode: { schema: { properties: { key: { type: 'string', format: 'password' } } } },
          },
        },
        {
          type: 'inputResolved',
          nodeId: 'a',
          interactionId: 'i',
          by: 'response',
          response: { key: 'hunter2' },
        },
        { type: 'nodeEnd', nodeId: 'a' },
      ],
    });
    expect(textOf(view)).to.contain('inputResolved').and.not.to.contain('hunter2');
    run.seek(1);
    await settled(panel);
    expect(textOf(view)).to.contain('inputResolved').and.not.to.contain('hunter2');
  });

  it('offers the host’s link to the moment, and opens at the moment that the host names', async () => {
    const { view, panel, run, key } = await mount('Activity');
    const places: unknown[] = [];
    panel.linkTo = (place) => {
      places.push(place);
      return 'https://example.org/';
    };
    panel.moment = 6;
    let seeks = 0;
    panel.addEventListener('session-seek', () => (seeks += 1));
    await settled(panel);
    expect(run.position).to.equal(6);
    expect(seeks).to.equal(0);
    expect(buttons(view).has('Copy link to this moment')).to.equal(true);
    expect(places).to.deep.include({ sessionId: 'h', view: 'activity', moment: 6 });
    const reported: unknown[] = [];
    panel.addEventListener('place-change', ({ place }) => reported.push(place?.moment));
    await key('Escape');
    expect(panel.moment).to.equal(undefined);
    expect(reported).to.deep.equal([undefined]);
    panel.moment = 99;
    await settled(panel);
    expect(run.position).to.equal(undefined);
    expect(textOf(panel)).to.contain('This session has no event 99.');
  });

  it('announces another moment at most once a second, and the last one always', async () => {
    const { view, panel, run } = await mount('Activity');
    run.seek(1);
    await settled(panel);
    const status = one(view, '[part=look-back] [role=status]');
    await until(() => textOf(status) !== '');
    const texts: string[] = [];
    const observer = new MutationObserver(() => texts.push(textOf(status)));
    observer.observe(status, { childList: true, characterData: true, subtree: true });
    const startMs = performance.now();
    for (const index of [2, 3, 4, 5]) {
      run.seek(index);
      await settled(panel);
    }
    await until(() => textOf(status).includes('Research started'));
    observer.disconnect();
    expect(texts).to.have.length(1);
    expect(performance.now() - startMs).to.be.greaterThan(500);
  });

  it('leads with n from the past to the question that is open now', async () => {
    const { panel, run, key } = await mount('Activity');
    run.seek(2);
    await settled(panel);
    await key('n');
    expect(run.position).to.equal(undefined);
    expect(focusedHost()).to.equal('sessions-panel-question');
  });

  itInChromium('plays to the newest event by the real times, faster on request', async () => {
    const { view, panel, run, key } = await mount('Activity');
    await key('t');
    run.seek(10);
    await settled(panel);
    button(view, 'Speed: 1×').click();
    await settled(panel);
    button(view, 'Speed: 4×').click();
    await settled(panel);
    const seen = new Set<number | undefined>();
    panel.addEventListener('session-seek', ({ index }) => seen.add(index));
    button(view, 'Play').click();
    await settled(panel);
    expect(buttons(view).has('Pause')).to.equal(true);
    await until(() => run.position === undefined);
    await settled(panel);
    expect(buttons(view).has('Play')).to.equal(true);
    expect([...seen].slice(-2)).to.deep.equal([13, undefined]);
  });

  it('stops playing when a person goes elsewhere', async () => {
    const { view, panel, run, key } = await mount('Activity');
    await key('t');
    await key('Home');
    button(view, 'Play').click();
    await settled(panel);
    run.seek(9);
    await until(() => !buttons(view).has('Pause'));
    expect(run.position).to.equal(9);
  });

  itInChromium('jumps from step to step with reduced motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    try {
      const { view, panel, run, key } = await mount('Activity');
      await key('t');
      run.seek(5);
      await settled(panel);
      for (const speed of ['1×', '4×']) {
        button(view, `Speed: ${speed}`).click();
        await settled(panel);
      }
      const seen: (number | undefined)[] = [];
      panel.addEventListener('session-seek', ({ index }) => seen.push(index));
      button(view, 'Play').click();
      await until(() => run.position === undefined);
      // 13 is a thought, 6 to 10 are thoughts and calls.
      expect(seen.every((index) => index === undefined || [11, 12].includes(index))).to.equal(true);
    } finally {
      await emulateMedia({ reducedMotion: 'no-preference' });
    }
  });

  it('draws a wait to scale on request, and shortens it again', async () => {
    const { view, panel } = await mount('Timeline', { startTs: Date.now() - 3 * 24 * 60 * 60 * 1000 });
    const gap = () => [...buttons(view).keys()].find((name) => name.includes('gap of'));
    expect(gap()).to.equal('Show gap of 3 d to scale');
    button(view, gap()!).click();
    await settled(panel);
    expect(gap()).to.equal('Shorten gap of 3 d');
    expect(all(view, '.gap')).to.have.length(0);
    expect(await accessibilityProblems(view)).to.deep.equal([]);
    button(view, gap()!).click();
    await settled(panel);
    expect(gap()).to.equal('Show gap of 3 d to scale');
  });

  for (const tab of ['Activity', 'Timeline', 'Events']) {
    it(`is accessible in the tab ${tab}`, async () => {
      const { view, panel, run } = await mount(tab);
      run.seek(8);
      await settled(panel);
      expect(await accessibilityProblems(view)).to.deep.equal([]);
    });
  }
});
