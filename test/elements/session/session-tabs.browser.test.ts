import { expect } from '@open-wc/testing';
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
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

const DAY = 24 * 60 * 60 * 1000;

const ANSWERED: GraphRunEventBody = {
  type: 'inputResolved',
  nodeId: 'poet',
  interactionId: 'i-mood',
  by: 'response',
  response: { selected: { ids: ['playful'] } },
};

async function mount(
  tab: string,
  options: {
    width?: number;
    height?: number;
    events?: readonly GraphRunEventBody[];
    startTs?: number;
  } = {},
) {
  const sessions = fakeSessions();
  const { panel, box } = await mountPanel({ memory: browserMemory, ...options, sessions });
  load(sessions.history, [row('h', { status: 'suspended', input: 'green beans' })]);
  open(sessions, 'h', options.events ?? haikuEvents('h'), options.startTs);
  await settled(panel);
  const view = one(panel, 'sessions-panel-view');
  const select = async (name: string) => {
    tabs(view).get(name)!.click();
    await settled(panel);
  };
  await select(tab);
  return { ...sessions, panel, view, box, select };
}

function tabs(view: Element): ReadonlyMap<string, HTMLElement> {
  return new Map(all(view, '[role=tab]').map((tab) => [textOf(tab).replace(/ [\d,]+$/, ''), tab]));
}

function rowsOf(view: Element): HTMLElement[] {
  return all(view, '[role=option]');
}

/** Number of events in the list, rendered or not. */
function rowCount(view: Element): number {
  return Number(rowsOf(view)[0]?.getAttribute('aria-setsize') ?? 0);
}

function clear(): void {
  emptyPage();
  localStorage.clear();
}

describe('the tabs of a session', () => {
  afterEach(clear);

  it('show counts', async () => {
    const { view } = await mount('Activity');
    expect(all(view, '[role=tab]').map(textOf)).to.deep.equal(['Activity 3', 'Timeline', 'Events 15']);
    const panel = one(view, '[role=tabpanel]');
    expect(panel.getAttribute('aria-labelledby')).to.equal('tab-activity');
    expect(tabs(view).get('Activity')!.getAttribute('aria-controls')).to.equal(panel.id);
  });

  it('are selected with the arrows, Home and End', async () => {
    const { view, panel } = await mount('Activity');
    tabs(view).get('Activity')!.focus();
    for (const [key, name] of [
      ['ArrowRight', 'Timeline'],
      ['End', 'Events'],
      ['ArrowRight', 'Activity'],
      ['ArrowLeft', 'Events'],
      ['Home', 'Activity'],
    ] as const) {
      press(key);
      await settled(panel);
      expect(textOf(focused()!), key).to.match(new RegExp(`^${name}`));
      expect(focused()!.getAttribute('aria-selected')).to.equal('true');
      expect(all(view, '[role=tab][tabindex="0"]')).to.have.length(1);
    }
  });

  it('are selected by the opposite arrows in a right-to-left page', async () => {
    const { view, panel, box } = await mount('Activity');
    box.dir = 'rtl';
    tabs(view).get('Activity')!.focus();
    press('ArrowLeft');
    await settled(panel);
    expect(textOf(focused()!)).to.equal('Timeline');
  });

  it('are remembered for the next time', async () => {
    await mount('Events');
    emptyPage();
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions, memory: browserMemory });
    open(sessions, 'h', haikuEvents('h'));
    await settled(panel);
    expect(tabs(panel).get('Events')!.getAttribute('aria-selected')).to.equal('true');
    expect(rowsOf(panel).length).to.be.greaterThan(5);
  });

  it('keep open questions visible', async () => {
    const { view, select } = await mount('Timeline');
    expect(textOf(one(view, 'sessions-panel-question'))).to.contain('Which mood');
    await select('Events');
    expect(textOf(one(view, 'sessions-panel-question'))).to.contain('Which mood');
  });

  for (const tab of ['Timeline', 'Events']) {
    for (const width of [360, 1100]) {
      it(`have no accessibility problem: ${tab}, ${width} pixels wide`, async () => {
        const { panel, view } = await mount(tab, { width, height: 900 });
        rowsOf(view)[3]?.click();
        await settled(panel);
        expect(await accessibilityProblems(panel)).to.deep.equal([]);
      });
    }
  }
});

describe('the timeline', () => {
  afterEach(clear);

  it('gives the running time, the waiting time and the outcome of each node in words', async () => {
    const { view } = await mount('Timeline');
    const texts = all(view, 'li > .row > .visually-hidden').map(textOf);
    expect(texts.slice(4)).to.deep.equal(['Illustration: Not started', 'Web page: Not started']);
    expect(texts[0]).to.match(/^Run: [\dms ]+ total, 1\d s working, \d+ s waiting for answers, Needs input$/);
    expect(texts.slice(1, 3)).to.deep.equal([
      'Topic: 3.0 s working, 1.5 s waiting for answers, Completed',
      'Research: 9.0 s working, Completed',
    ]);
    expect(texts[3]).to.match(/^Poet: 3 s working, \d+ s waiting for answers, Needs input$/);
    const figures = all(view, 'li > .row').map((line) => [...line.querySelectorAll('.time')].map(textOf));
    expect(figures.slice(1, 3)).to.deep.equal([
      ['3.0 s', '1.5 s'],
      ['9.0 s', ''],
    ]);
    expect(textOf(one(view, '.legend'))).to.equal('Working Waiting for answers Gap, not to scale');
  });

  it('shows only the wait of a node that only waited, and never “0 s”', async () => {
    const { view, run, panel } = await mount('Timeline', {
      events: [
        {
          type: 'graphStart',
          sessionId: 'h',
          graph: {
            nodes: [
              { id: 'ask', type: 'input' },
              { id: 'later', type: 'agent' },
            ],
            edges: [],
          },
        },
        { type: 'nodeStart', nodeId: 'ask' },
      ],
      startTs: Date.now() - DAY,
    });
    live(
      run,
      [
        {
          type: 'inputRequired',
          nodeId: 'ask',
          interactionId: 'i-ask',
          suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Well?' }] } } },
        },
      ],
      Date.now() - DAY + 1000,
    );
    await settled(panel);
    const later = all(view, 'li > .row').at(-1)!;
    expect(textOf(later)).to.equal('later: Not started later');
    expect(later.querySelector('.to-come')).not.to.equal(null);
    expect(later.localName).to.equal('div');
    for (const line of all(view, 'li > .row')) expect(textOf(line)).not.to.match(/(^|[^\d])0 m?s/);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('distinguishes waits, running time, errors and attempts without a style attribute', async () => {
    const { view, run, panel } = await mount('Timeline');
    live(run, [
      ANSWERED,
      { type: 'nodeRetry', nodeId: 'poet', attempt: 2 },
      { type: 'nodeError', nodeId: 'poet', error: 'x' },
      { type: 'graphError', sessionId: 'h', error: 'x' },
    ]);
    await settled(panel);
    const poet = all(view, 'li .row')[3]!;
    expect(textOf(poet)).to.contain('2 attempts').and.to.contain('Failed');
    expect([...poet.querySelectorAll('.bar')].map((bar) => bar.getAttribute('class'))).to.deep.equal([
      'bar wait',
      'bar work',
      'bar failed',
      'bar failed',
    ]);
    expect(poet.querySelector('.wait')!.getAttribute('fill')).to.equal('url(#hatch)');
    expect(textOf(view)).to.contain('Failed');
    expect(all(one(view, 'sessions-panel-timeline'), 'svg [style]')).to.have.length(0);
  });

  it('shortens three days of waiting, and labels it', async () => {
    const { view, run, panel } = await mount('Timeline', { startTs: Date.now() - 3 * DAY });
    live(run, [ANSWERED]);
    await settled(panel);
    expect(all(view, '.gap-text').map(textOf)).to.deep.equal(['3 d']);
    const { width: whole } = one(view, '.axis').getBoundingClientRect();
    const widths = all(view, '.axis .gap').map((gap) => gap.getBoundingClientRect().width);
    expect(Math.max(...widths)).to.be.within(20, whole / 4);
    for (const line of all(view, 'li > .row')) {
      expect(line.querySelectorAll('.gap-cut'), 'the cut goes through all rows').to.have.length(1);
    }
    expect(textOf(view)).to.contain('Gap, not to scale');
  });

  it('leads to the activity of a node', async () => {
    const { view, panel } = await mount('Timeline');
    all(view, 'li .row')[2]!.click();
    await settled(panel);
    await settled(panel);
    expect(tabs(view).get('Activity')!.getAttribute('aria-selected')).to.equal('true');
    expect(textOf(focused()!)).to.match(/^Research/);
  });

  it('starts at the right in a right-to-left page', async () => {
    const { view, panel, box } = await mount('Timeline');
    const first = () => all(view, '.bar.work')[0]!.getBoundingClientRect();
    const track = () => all(view, 'li .track')[1]!.getBoundingClientRect();
    const before = first().left - track().left;
    box.dir = 'rtl';
    (one(view, 'sessions-panel-timeline') as unknown as { requestUpdate: () => void }).requestUpdate();
    await settled(panel);
    expect(track().right - first().right).to.be.closeTo(before, 2);
    expect(before).to.be.lessThan(track().width / 4);
  });

  it('reports that the server sends no times', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    sessions.run.open('h');
    sessions.run.apply(
      haikuEvents('h').map((event, index) => ({ kind: 'event', event: { ...event, index } }) as const),
    );
    await settled(panel);
    tabs(panel).get('Timeline')!.click();
    await settled(panel);
    expect(textOf(panel)).to.contain('This server sends no timestamps.');
  });
});

describe('the events', () => {
  afterEach(clear);

  const thought = (text: string): GraphRunEventBody => ({ type: 'thoughtEvent', nodeId: 'poet', text });

  it('show index, time, type, node and summary', async () => {
    const { view } = await mount('Events');
    expect(rowCount(view)).to.equal(15);
    expect(textOf(one(view, '[data-position="6"]'))).to.equal(
      '6 +00:09.000 1.5 s thoughtEvent Research Which season do beans stand for?',
    );
  });

  it('include unknown types', async () => {
    const { view, run, panel } = await mount('Events');
    run.apply([
      {
        kind: 'event',
        event: {
          type: 'unknown',
          wireType: 'nodeTeleported',
          wire: { type: 'nodeTeleported', index: 15, nodeId: 'poet', to: 'Mars' },
          index: 15,
        },
      },
    ]);
    await settled(panel);
    const last = rowsOf(view).at(-1)!;
    expect(textOf(last)).to.contain('nodeTeleported Poet').and.to.contain('Mars');
  });

  it('are filtered by text, type, node and failure', async () => {
    const { view, run, panel } = await mount('Events');
    const search = one<HTMLInputElement>(view, 'input[type=search]');
    search.value = 'KIGO';
    search.dispatchEvent(new Event('input'));
    await settled(panel);
    expect(rowsOf(view).map(textOf).join()).to.contain('Search “kigo green beans”');
    expect(textOf(view)).to.contain('1 of 15 events');
    search.value = '';
    search.dispatchEvent(new Event('input'));
    const choose = async (name: string, value: string) => {
      const select = one<HTMLSelectElement>(view, `select[aria-label="${name}"]`);
      select.value = value;
      select.dispatchEvent(new Event('change'));
      await settled(panel);
    };
    const choices = all<HTMLOptionElement>(view, '.filter option').map((option) => option.text);
    expect(choices).to.include('thoughtEvent (4)');
    await choose('Event type', 'thoughtEvent');
    expect(rowsOf(view)).to.have.length(4);
    await choose('Node', 'poet');
    expect(rowsOf(view)).to.have.length(1);
    live(run, [thought('another')]);
    await settled(panel);
    expect(rowsOf(view)).to.have.length(2);
    await choose('Event type', '');
    await choose('Node', '');
    expect(buttons(view).has('Failed 1')).to.equal(false);
    live(run, [{ type: 'nodeError', nodeId: 'poet', error: 'It broke.' }]);
    await settled(panel);
    button(view, 'Failed 1').click();
    await settled(panel);
    expect(rowsOf(view).map(textOf).join()).to.contain('It broke.');
    expect(rowsOf(view)).to.have.length(1);
  });

  it('drop the filter when another session is opened', async () => {
    const { view, panel, ...sessions } = await mount('Events');
    const select = one<HTMLSelectElement>(view, 'select[aria-label="Event type"]');
    select.value = 'nodeError';
    select.dispatchEvent(new Event('change'));
    const search = one<HTMLInputElement>(view, 'input[type=search]');
    search.value = 'zebra';
    search.dispatchEvent(new Event('input'));
    await settled(panel);
    expect(rowsOf(view)).to.have.length(0);
    open(sessions, 'other', haikuEvents('other'));
    await settled(panel);
    expect(rowCount(view)).to.equal(15);
    expect(search.value + select.value).to.equal('');
  });

  it('show the time of day on demand, with a line for each day', async () => {
    const { view, run, panel } = await mount('Events', { height: 900, startTs: Date.now() - 3 * DAY });
    const many = Array.from({ length: 100 }, (_, index) => thought(`thought ${index}`));
    live(run, [ANSWERED, ...many], Date.now() - DAY);
    await settled(panel);
    button(view, 'Time since the start. Show clock times').click();
    await settled(panel);
    const list = one(view, '[role=listbox]');
    list.scrollTop = 0;
    await settled(panel);
    expect(textOf(rowsOf(view)[0]!)).to.match(/^0 \d\d:\d\d:\d\d\.\d\d\d/);
    const days = all(view, '.date');
    expect(days).to.have.length(2);
    expect(days[0]!.getBoundingClientRect().top).to.equal(list.getBoundingClientRect().top);
    const rows = rowsOf(view);
    for (const [position, line] of rows.entries()) {
      const next = rows[position + 1];
      if (next === undefined) continue;
      const between = days.some((day) => day.nextElementSibling === next) ? days[1]!.offsetHeight : 0;
      expect(next.getBoundingClientRect().top - line.getBoundingClientRect().bottom).to.be.closeTo(
        between,
        0.1,
      );
    }
    list.scrollTop = list.scrollHeight;
    await settled(panel);
    const last = rowsOf(view).at(-1)!;
    expect(last.getBoundingClientRect().bottom, 'the height of the list is exact').to.be.closeTo(
      list.getBoundingClientRect().bottom,
      1,
    );
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  for (const width of [360, 620, 1100]) {
    it(`show the time and the node of each event, ${width} pixels wide`, async () => {
      // Without its question, which takes the room of the events.
      const { view } = await mount('Events', { width, events: haikuEvents('h').slice(0, -1) });
      const line = rowsOf(view)[6]!;
      for (const name of ['after', 'node', 'what']) {
        const cell = line.querySelector<HTMLElement>(`.${name}`)!;
        expect(cell.offsetWidth, name).to.be.greaterThan(40);
        if (name === 'after') expect(cell.scrollWidth, 'not cut').to.be.at.most(cell.offsetWidth);
      }
      expect(textOf(line)).to.contain('thoughtEvent');
    });
  }

  it('report that nothing matches', async () => {
    const { view, panel } = await mount('Events');
    const search = one<HTMLInputElement>(view, 'input[type=search]');
    search.value = 'zebra';
    search.dispatchEvent(new Event('input'));
    await settled(panel);
    expect(textOf(view)).to.contain('No events match.');
    button(view, 'Clear filters').click();
    await settled(panel);
    expect(rowCount(view)).to.equal(15);
    expect(search.value).to.equal('');
    expect(focused()).to.equal(search);
  });

  it('can be read one by one by keyboard, as JSON that can be copied', async () => {
    const { view, panel } = await mount('Events');
    const list = one(view, '[role=listbox]');
    list.focus();
    press('Home');
    press('ArrowDown');
    await settled(panel);
    const detail = one(view, '[aria-label="Event 1 as JSON"].detail');
    expect(JSON.parse(textOf(one(detail, 'sessions-panel-json')))).to.deep.include({
      type: 'nodeStart',
      nodeId: 'topic',
    });
    expect(list.getAttribute('aria-activedescendant')).to.equal(
      all(view, '[role=option][aria-selected=true]')[0]!.id,
    );
    let copied = '';
    const original = navigator.clipboard.writeText;
    Object.defineProperty(navigator.clipboard, 'writeText', {
      configurable: true,
      value: (text: string) => {
        copied = text;
        return Promise.resolve();
      },
    });
    button(view, 'Copy as JSON').click();
    await settled(panel);
    Object.defineProperty(navigator.clipboard, 'writeText', { configurable: true, value: original });
    expect(JSON.parse(copied)).to.deep.include({ index: 1 });
    expect(textOf(one(view, '.detail [role=status]'))).to.equal('Copied');
    button(view, 'Close event').click();
    await settled(panel);
    expect(all(view, '.detail')).to.have.length(0);
    expect(focused()).to.equal(list);
  });

  it('are followed at their end until a person scrolls, and again on demand', async () => {
    const { view, run, panel } = await mount('Events', { height: 420 });
    const many = Array.from({ length: 400 }, (_, index) => thought(`thought ${index}`));
    live(run, [ANSWERED, ...many], Date.now() - 700_000);
    await settled(panel);
    const list = one(view, '[role=listbox]');
    const fromEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight;
    expect(fromEnd()).to.be.lessThan(2);
    list.scrollTop = 100;
    await settled(panel);
    live(run, [thought('newest')]);
    await settled(panel);
    expect(list.scrollTop).to.equal(100);
    const jump = [...buttons(view).keys()].find((name) => name.endsWith(' behind live'));
    expect(jump).to.match(/^[\dms ]+ behind live$/);
    button(view, jump!).click();
    await settled(panel);
    expect(fromEnd()).to.be.lessThan(2);
    expect(textOf(rowsOf(view).at(-1)!)).to.contain('newest');
  });

  it('start at the first one if the session has ended', async () => {
    const { view } = await mount('Events', {
      height: 300,
      events: [
        ...haikuEvents('h'),
        ...Array.from({ length: 50 }, () => thought('x')),
        { type: 'graphCancelled', sessionId: 'h' },
      ],
    });
    expect(one(view, '[role=listbox]').scrollTop).to.equal(0);
    expect([...buttons(view).keys()].join()).not.to.contain('live');
  });
});
