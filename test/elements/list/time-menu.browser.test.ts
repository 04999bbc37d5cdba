import { expect } from '@open-wc/testing';
import { englishStrings } from '../../../src/elements/strings/english.js';
import type { PanelMemory } from '../../../src/elements/base/view-memory.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  focused,
  forgetful,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, row, type FakeSessions } from '../../support/elements/sample.js';

const DAY = 86_400;
const NOW = Date.now() / 1000;

/** Three sessions: of now, of ten days and of 100 days ago; the oldest cost most, the middle one took longest. */
function fill({ history }: FakeSessions): void {
  const at = (id: string, daysAgo: number, seconds: number, costUsd: number) =>
    row(id, {
      title: id,
      createdAt: NOW - daysAgo * DAY - seconds,
      endedAt: NOW - daysAgo * DAY,
      usage: { costUsd },
    });
  load(history, [at('Now', 0, 5, 0.1), at('Ten', 10, 500, 0.2), at('Hundred', 100, 50, 0.9)]);
}

async function mounted(memory?: PanelMemory) {
  const panel = await mountPanel({ width: 1000, ...(memory === undefined ? {} : { memory }) });
  panel.actions.setOrder = (order) => panel.history.setOrder(order);
  fill(panel);
  await settled(panel.panel);
  return panel;
}

const titles = (panel: Element): string[] => rows(panel).map((each) => textOf(one(each, '.title')));

/** The entries of the open menu; a dot marks those that are chosen. */
const entries = (panel: Element): string[] =>
  all(panel, '[role=menuitemradio]')
    .filter((item) => item.checkVisibility())
    .map((item) => `${item.getAttribute('aria-checked') === 'true' ? '• ' : ''}${textOf(item)}`);

/** Chooses an entry of the menu whose button has a name. */
async function choose(panel: Element, menu: string, text: string): Promise<void> {
  button(panel, menu).click();
  await settled(panel);
  const found = all(panel, '[role=menuitemradio]').find((item) => textOf(item) === text);
  found?.click();
  await settled(panel);
  expect(found !== undefined, text).to.equal(true);
}

describe('the menu of the list for time and order', () => {
  afterEach(emptyPage);

  it('shows what is chosen, and each time lets through the sessions since then', async () => {
    const { panel } = await mounted();
    button(panel, 'Time and order').click();
    await settled(panel);
    expect(entries(panel)).to.deep.equal([
      '• Any time',
      'Today',
      'Last 7 days',
      'Last 30 days',
      'Since a date…',
      '• Newest first',
      'Longest first',
      'Most expensive first',
    ]);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    press('Escape');
    await settled(panel);
    let name = 'Time and order';
    for (const [time, expected] of [
      ['Last 7 days', ['Now']],
      ['Last 30 days', ['Now', 'Ten']],
      ['Any time', ['Now', 'Ten', 'Hundred']],
    ] as const) {
      await choose(panel, name, time);
      expect(titles(panel), time).to.deep.equal(expected);
      name = time === 'Any time' ? 'Time and order' : time;
      expect([...buttons(panel).keys()], 'the button names it').to.include(name);
    }
  });

  it('orders the list, and remembers order and time for the next visit', async () => {
    const memory = forgetful();
    const { panel } = await mounted(memory);
    await choose(panel, 'Time and order', 'Longest first');
    expect(titles(panel)).to.deep.equal(['Ten', 'Hundred', 'Now']);
    await choose(panel, 'Time and order', 'Most expensive first');
    expect(titles(panel)).to.deep.equal(['Hundred', 'Ten', 'Now']);
    await choose(panel, 'Time and order', 'Last 30 days');
    expect(titles(panel)).to.deep.equal(['Ten', 'Now']);
    emptyPage();
    const later = await mounted(memory);
    expect(titles(later.panel)).to.deep.equal(['Ten', 'Now']);
    button(later.panel, 'Last 30 days').click();
    await settled(later.panel);
    expect(entries(later.panel).filter((entry) => entry.startsWith('•'))).to.deep.equal([
      '• Last 30 days',
      '• Most expensive first',
    ]);
  });

  it('takes a date, which a dialog asks for, and says when no session is that new', async () => {
    const { panel, history } = await mounted();
    await choose(panel, 'Time and order', 'Since a date…');
    const dialog = one(panel, 'dialog');
    const field = one<HTMLInputElement>(dialog, 'input[type=date]');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    const day = new Date((NOW - 20 * DAY) * 1000).toISOString().slice(0, 10);
    field.value = day;
    button(dialog, englishStrings.sinceShow).click();
    await settled(panel);
    expect(history.filter.since).to.equal(day);
    expect(titles(panel)).to.deep.equal(['Now', 'Ten']);
    const [name] = [...buttons(panel).keys()].filter((each) => each.startsWith('Since '));
    expect(name).to.match(/^Since \w/);
    load(history, [row('Old', { createdAt: NOW - 90 * DAY })]);
    await settled(panel);
    expect(rows(panel)).to.deep.equal([]);
    button(panel, 'Clear filters').click();
    await settled(panel);
    expect(rows(panel)).to.have.length(1);
  });

  it('is worked by keys, and gives the focus back to its button', async () => {
    const { panel } = await mounted();
    const opener = button(panel, 'Time and order');
    opener.focus();
    press('ArrowDown');
    await settled(panel);
    expect(textOf(focused()!)).to.equal('Any time');
    press('End');
    expect(textOf(focused()!)).to.equal('Most expensive first');
    press('Escape');
    await settled(panel);
    expect(focused() === opener).to.equal(true);
  });
});
