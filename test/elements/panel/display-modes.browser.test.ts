import { expect } from '@open-wc/testing';
import type { RunController } from '../../../src/controller/run/run-controller.js';
import { emulateDisplay } from '../../support/display.js';
import {
  all,
  box,
  button,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
} from '../../support/elements/page.js';
import { askMood, show } from '../../support/elements/question-support.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';
import { describeInChromium } from '../../support/in-chromium.js';

const NOW = Date.now() / 1000;

const SESSIONS = [
  row('h', { status: 'suspended', createdAt: NOW - 60, question: 'Which mood?' }),
  row('r', { status: 'running', title: 'Long', createdAt: NOW - 70, nodesTotal: 9, nodesEnded: 2 }),
  row('c', { status: 'completed', title: 'Done', createdAt: NOW - 80 }),
  row('f', { status: 'failed', title: 'Broken', createdAt: NOW - 90 }),
  row('x', { status: 'cancelled', title: 'Stopped', createdAt: NOW - 95 }),
];

/** Returns a system colour as the browser computes it. */
function systemColour(name: string): string {
  const probe = document.createElement('div');
  probe.style.color = name;
  const place = box(1, 1);
  place.append(probe);
  const { color } = getComputedStyle(probe);
  place.remove();
  return color;
}

/** Returns the properties that distinguish an element in forced colours. */
function look(element: Element): string {
  const style = getComputedStyle(element);
  const line = getComputedStyle(element, '::after');
  const mark = getComputedStyle(element.parentElement!, '::before');
  return [
    style.backgroundColor,
    style.borderTopColor,
    style.borderTopStyle,
    style.outlineStyle,
    style.outlineColor,
    style.textDecorationLine,
    line.content === 'none' ? '' : line.backgroundColor,
    mark.content === 'none' ? '' : mark.backgroundColor,
  ].join(' ');
}

async function openPanel(width = 1000) {
  const sessions = fakeSessions();
  const mounted = await mountPanel({ graphId: 'g', sessions, width });
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

for (const colorScheme of ['light', 'dark'] as const) {
  describeInChromium(`with forced colours, ${colorScheme}`, () => {
    before(() => emulateDisplay({ forcedColors: 'active', colorScheme }));
    after(() => emulateDisplay({}));
    afterEach(emptyPage);

    it('is active in the browser', () => {
      expect(matchMedia('(forced-colors: active)').matches).to.equal(true);
    });

    it('the selected chip, row, tab or event differs from its neighbours', async () => {
      const { panel } = await openPanel();
      await showTab(panel, 'Events');
      all(panel, '.event')[1]!.click();
      await settled(panel);
      for (const [chosen, other] of [
        ['.chip[aria-pressed=true]', '.chip[aria-pressed=false]'],
        ['.row.is-active .main', '.row:not(.is-active) .main'],
        ['.tab[aria-selected=true]', '.tab[aria-selected=false]'],
        ['.event[aria-selected=true]', '.event[aria-selected=false]'],
      ] as const) {
        expect(look(one(panel, chosen)), chosen).not.to.equal(look(all(panel, other)[0]!));
      }
    });

    it('the focused element has a ring, even when selected', async () => {
      const { panel } = await openPanel();
      const main = one(rows(panel)[0]!, '.main');
      main.focus();
      press('ArrowDown');
      press('ArrowUp');
      expect(focused()).to.equal(main);
      const { outlineStyle, outlineWidth } = getComputedStyle(main);
      expect([outlineStyle, outlineWidth]).to.deep.equal(['solid', '2px']);
    });

    it('each status has its own shape in the colour of the text', async () => {
      const { panel } = await openPanel();
      const icons = rows(panel).map((item) => one(item, '.status-icon'));
      expect(new Set(icons.map((icon) => icon.innerHTML)).size).to.equal(SESSIONS.length);
      for (const icon of icons) expect(getComputedStyle(icon).color).to.equal(systemColour('CanvasText'));
    });

    it('bars of the timeline are visible, and differ without colour', async () => {
      const { panel } = await openPanel();
      await showTab(panel, 'Timeline');
      const canvas = systemColour('Canvas');
      const fills = all(panel, '.bar').map((bar) => {
        const { fill, stroke } = getComputedStyle(bar);
        expect([fill, stroke].some((paint) => paint !== canvas && paint !== 'none')).to.equal(true);
        return `${bar.classList} ${fill}`;
      });
      expect(fills.some((fill) => fill.startsWith('bar work') && !fill.includes('url'))).to.equal(true);
      expect(fills.some((fill) => fill.startsWith('bar wait') && fill.includes('url'))).to.equal(true);
    });

    it('a question, the progress of a replay and the main button are visible', async () => {
      const { panel, run } = await openPanel();
      const canvas = systemColour('Canvas');
      const card = getComputedStyle(one(panel, '.card'));
      expect([card.borderTopStyle, card.borderTopWidth]).to.deep.equal(['solid', '1px']);
      expect(card.borderTopColor).not.to.equal(canvas);
      const [primary, plain] = ['.button.primary', '.button:not(.primary)'].map(
        (name) => all(panel, name)[0]!,
      );
      expect(look(primary!)).not.to.equal(look(plain!));
      run.open('r');
      run.apply([{ kind: 'start', replayTotal: 900 }]);
      await settled(panel);
      const progress = one(panel, 'progress');
      expect(getComputedStyle(progress).borderTopColor).to.equal(systemColour('CanvasText'));
    });

    it('a choice shows whether it is selected and whether it has the focus', async () => {
      const card = await show(askMood());
      const [first, second] = [...card.root.querySelectorAll<HTMLElement>('.choice')];
      await card.tick('Calm');
      expect(look(first!)).not.to.equal(look(second!));
      expect(getComputedStyle(first!.querySelector('.icon')!).visibility).to.equal('visible');
      card.control('Calm').focus();
      press('ArrowDown');
      expect(getComputedStyle(card.root.querySelector('.choice:has(:focus-visible)')!).outlineStyle).to.equal(
        'solid',
      );
    });

    it('each button is readable: its text differs from its background', async () => {
      const { panel } = await openPanel();
      one(rows(panel)[0]!, '.main').focus();
      press('Delete');
      await settled(panel);
      expect(all(panel, 'dialog .button')).to.have.length(2);
      for (const element of all(panel, '.button, .chip, .icon-button')) {
        const { color, backgroundColor } = getComputedStyle(element);
        expect(color, element.outerHTML).not.to.equal(backgroundColor);
      }
    });

    it('a disabled button is grey', async () => {
      const { panel, history } = await openPanel();
      load(history, SESSIONS.slice(0, 2), 'g');
      await settled(panel);
      button(panel, 'More').click();
      await settled(panel);
      const entry = all(panel, '[role=menuitem]').find((item) =>
        item.textContent.includes('Delete finished'),
      );
      expect(getComputedStyle(entry!).color).to.equal(systemColour('GrayText'));
    });
  });
}

/** Returns the names of the running animations below an element. */
function motions(root: Element): string[] {
  return all(root, '*').flatMap((element) =>
    element
      .getAnimations({ subtree: true })
      .filter((animation) => animation.playState === 'running')
      .map((animation) =>
        animation instanceof CSSAnimation
          ? animation.animationName
          : animation instanceof CSSTransition
            ? animation.transitionProperty
            : animation.id,
      ),
  );
}

/** Returns all animations while a list loads, runs continue, a session is opened and replayed, and an answer is sent. */
async function allMotions(): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const note = (root: Element) => {
    for (const name of motions(root)) seen.add(name);
  };
  const loading = await mountPanel({ graphId: 'g' });
  loading.history.setGraph('g');
  loading.history.setMonitor({ phase: 'connecting', attempt: 0 });
  await settled(loading.panel);
  note(loading.panel);

  const sessions = fakeSessions();
  const { panel, history } = await mountPanel({ graphId: 'g', sessions, width: 400 });
  load(history, SESSIONS, 'g');
  await settled(panel);
  note(panel);
  open(sessions, 'h', haikuEvents('h'));
  await panel.updateComplete;
  note(panel);
  sessions.run.setAnswer('i-mood', { phase: 'sending' });
  history.addDeletion({ id: 1, sessions: [SESSIONS[2]!], dueMs: Date.now() + 60_000 });
  await settled(panel);
  note(panel);
  replay(sessions.run);
  await settled(panel);
  note(panel);
  return seen;
}

function replay(run: RunController): void {
  run.open('r');
  run.apply([
    { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
    { kind: 'start', replayTotal: 900 },
  ]);
}

describeInChromium('motion', () => {
  afterEach(async () => {
    emptyPage();
    await emulateDisplay({});
  });

  it('exists: running icons spin, placeholders pulse, a session slides over the list', async () => {
    expect([...(await allMotions())]).to.include.members(['sweep', 'breathe', 'translate']);
  });

  it('is absent for people who prefer reduced motion', async () => {
    await emulateDisplay({ reducedMotion: 'reduce' });
    expect([...(await allMotions())]).to.deep.equal([]);
  });
});

describe('from right to left', () => {
  afterEach(emptyPage);

  it('keeps JSON left to right, and numbers next to their units', async () => {
    const { panel, box: place } = await openPanel();
    place.dir = 'rtl';
    await showTab(panel, 'Events');
    all(panel, '.event')[1]!.click();
    await settled(panel);
    expect(getComputedStyle(one(panel, '.json')).direction).to.equal('ltr');
    for (const element of all(panel, '.after, .total')) {
      expect(getComputedStyle(element).unicodeBidi).to.equal('plaintext');
    }
    await showTab(panel, 'Timeline');
    for (const element of all(panel, '.scale text, .grid .time')) {
      expect(getComputedStyle(element).unicodeBidi).to.equal('plaintext');
    }
  });

  it('points the arrow of a folded part to the other side, and of an unfolded part down', async () => {
    const { panel, box: place } = await openPanel();
    place.dir = 'rtl';
    await settled(panel);
    const steps = all<HTMLDetailsElement>(panel, 'details')[0]!;
    const chevron = one(steps, 'summary .flips');
    expect(getComputedStyle(chevron).transform).to.equal('matrix(-1, 0, 0, 1, 0, 0)');
    steps.open = true;
    await settled(panel);
    expect(getComputedStyle(chevron).transform).to.equal('matrix(0, 1, -1, 0, 0, 0)');
  });

  it('marks the opened session at the start of its row, and does not overflow the list', async () => {
    const { panel, box: place } = await openPanel();
    place.dir = 'rtl';
    await settled(panel);
    const active = one(panel, '.row.is-active');
    const { insetInlineStart, right } = getComputedStyle(active, '::before');
    expect([insetInlineStart, right]).to.deep.equal(['6px', '6px']);
    const { left, right: end } = getComputedStyle(one(active, '.actions'), '::before');
    expect([left, end]).to.deep.equal(['-4px', '-14px']);
  });
});
