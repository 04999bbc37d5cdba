/** Space in the list: rows of two lines or of one, headings that stay, search and chips in one line. */
import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  all,
  emptyPage,
  forgetful,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';

const DAY = 24 * 60 * 60;
const NOW = Date.now() / 1000;
const STATUSES = ['running', 'completed', 'failed', 'cancelled'] as const;
const SESSIONS = Array.from({ length: 75 }, (_, index) =>
  row(`session-${index}`, {
    title: 'Haiku',
    createdAt: NOW - index * 3600,
    status: index % 5 === 4 ? 'suspended' : (STATUSES[index % 5] ?? 'running'),
    pendingInputs: index % 5 === 4 ? 1 : 0,
    question: 'Which mood?',
  }),
);

const chipNames = (panel: Element) => all(panel, '.chip').map(textOf);
const heightOf = (element: Element) => Math.round(element.getBoundingClientRect().height);

describe('the space of the list', () => {
  afterEach(emptyPage);

  it('is two lines of 44 px for a row and 24 px for a day, or one line of 28 px, as a person chooses', async () => {
    const memory = forgetful();
    const { panel, history } = await mountPanel({ memory });
    load(history, SESSIONS);
    await settled(panel);
    expect(heightOf(one(rows(panel)[0]!, '.row'))).to.equal(44);
    expect(heightOf(one(rows(panel)[0]!, '.day'))).to.equal(24);
    const choose = async (name: string) => {
      one(panel, '.tools .menu-button').click();
      await settled(panel);
      const items = all(panel, '[role=menuitemradio]');
      expect(items.map((item) => item.ariaChecked)).to.deep.equal(
        items.map((item) => String(!item.textContent.includes(name))),
      );
      items.find((item) => item.textContent.includes(name))!.click();
      await settled(panel);
    };
    await choose('compact');
    const [first, second] = rows(panel);
    expect(heightOf(one(first!, '.row'))).to.equal(28);
    const tops = ['.title', '.detail', '.progress'].map((part) => {
      const { top, height } = one(second!, part).getBoundingClientRect();
      return Math.round(top + height / 2);
    });
    expect(Math.max(...tops) - Math.min(...tops)).to.be.at.most(2);
    expect(second!.getBoundingClientRect().top).to.be.closeTo(first!.getBoundingClientRect().bottom, 1);
    await choose('comfortable');
    expect(heightOf(one(rows(panel)[0]!, '.row'))).to.equal(44);
    expect(memory.read('density')).to.equal('comfortable');
  });

  it('is one line where a person has chosen that before', async () => {
    const memory = forgetful();
    memory.write('density', 'compact');
    const { panel, history } = await mountPanel({ memory });
    load(history, SESSIONS.slice(0, 5));
    await settled(panel);
    expect(heightOf(one(rows(panel)[0]!, '.row'))).to.equal(28);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('keeps the heading of the day on top, and the row with the focus below it', async () => {
    const { panel, history } = await mountPanel({ height: 400 });
    load(history, SESSIONS);
    await settled(panel);
    const scroller = one(one(panel, 'sessions-panel-list'), '.scroller');
    scroller.scrollTop = 200;
    await settled(panel);
    const top = () => scroller.getBoundingClientRect().top;
    const stuck = () => all(panel, '.group .day').filter((day) => day.getBoundingClientRect().top === top());
    // Which day that is depends on the time of the test.
    const topmost = rows(panel).find((each) => each.getBoundingClientRect().bottom > top() + 24);
    const created = SESSIONS.find(
      ({ sessionId }) => sessionId === topmost?.getAttribute('data-id'),
    )!.createdAt;
    const isToday = new Date(created * 1000).toDateString() === new Date().toDateString();
    const day = isToday ? 'Today' : 'Yesterday';
    expect(stuck().map((each) => each.textContent)).to.deep.equal([day]);
    const list = all(panel, 'sessions-panel-list')[0] as HTMLElement & { focusRow(id: string): void };
    list.focusRow('session-2');
    await settled(panel);
    const focused = all(panel, '[data-id=session-2] .row')[0]!;
    expect(Math.round(focused.getBoundingClientRect().top)).to.be.at.least(Math.round(top() + 24));
  });

  for (const width of [700, 1100, 1440]) {
    it(`has search and all six chips in sight, ${width} px wide, whichever chip is chosen`, async () => {
      const { panel, history } = await mountPanel({ width });
      const actions = panel.actions!;
      load(history, SESSIONS);
      await settled(panel);
      expect(chipNames(panel)).to.deep.equal([
        'All 75',
        'Needs input 15',
        'Running 15',
        'Completed 15',
        'Failed 15',
        'Cancelled 15',
      ]);
      const side = one(panel, '.side').getBoundingClientRect();
      for (const status of ['all', 'needs-input', 'completed', 'cancelled']) {
        actions.setFilter({ status, text: '' });
        await settled(panel);
        const edges = all(panel, '.chip').map((chip) => chip.getBoundingClientRect());
        for (const { left, right } of edges) {
          expect(left, status).to.be.at.least(side.left);
          expect(right, status).to.be.at.most(side.right);
        }
        const field = one(panel, '.search').getBoundingClientRect();
        expect(field.width).to.be.at.least(30);
        if (side.width > 320) expect(field.bottom).to.be.above(edges[0]!.top, 'in one line');
      }
    });
  }

  it('counts in the chips what the search has found', async () => {
    const { panel, history } = await mountPanel();
    const actions = panel.actions!;
    load(history, [
      row('a', { title: 'Haiku', input: 'Green beans', status: 'failed' }),
      row('b', { title: 'Haiku', input: 'Green tea', status: 'completed' }),
      row('c', { title: 'Haiku', input: 'The sea', status: 'completed' }),
    ]);
    actions.setFilter({ status: 'all', text: 'green' });
    await settled(panel);
    expect(chipNames(panel)).to.deep.equal(['All 2', 'Completed 1', 'Failed 1']);
    actions.setFilter({ status: 'failed', text: 'green' });
    await settled(panel);
    expect(chipNames(panel)).to.deep.equal(['All 2', 'Completed 1', 'Failed 1']);
    history.apply([
      { kind: 'row', row: row('c', { title: 'Haiku', input: 'The green sea', status: 'running' }) },
    ]);
    await settled(panel);
    expect(chipNames(panel)).to.deep.equal(['All 3', 'Running 1', 'Completed 1', 'Failed 1']);
    history.apply([{ kind: 'deleted', sessionId: 'b' }]);
    await settled(panel);
    expect(chipNames(panel)).to.deep.equal(['All 2', 'Running 1', 'Failed 1']);
    actions.setFilter({ status: 'all', text: '' });
    await settled(panel);
    expect(chipNames(panel)).to.deep.equal(['All 2', 'Running 1', 'Failed 1']);
  });

  it('shows a relative time once in rows that share it', async () => {
    const { panel, history } = await mountPanel();
    load(history, [
      row('a', { createdAt: NOW - 10 }),
      row('b', { createdAt: NOW - 20 }),
      row('c', { createdAt: NOW - 3 * DAY }),
    ]);
    await settled(panel);
    const opacity = rows(panel).map((item) => getComputedStyle(one(item, 'time')).opacity);
    expect(opacity).to.deep.equal(['1', '0', '1']);
    expect(one(rows(panel)[1]!, 'time').textContent).to.equal('now');
  });
});
