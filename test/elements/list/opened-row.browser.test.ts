/** The opened session in its own list: in sight after the first load, one click away later. */
import { expect } from '@open-wc/testing';
import { all, emptyPage, mountPanel, one, rows, settled, textOf } from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';

const NOW = Date.now() / 1000;
const SESSIONS = Array.from({ length: 200 }, (_, index) =>
  row(`session-${index}`, { title: `Haiku ${index}`, createdAt: NOW - index * 60, status: 'completed' }),
);

describe('the opened session in the list', () => {
  afterEach(emptyPage);

  const scrollerOf = (panel: Element) => one(panel, '.scroller');
  const pills = (panel: Element) => all(panel, '.opened-session').map(textOf);

  function isInView(panel: Element, sessionId: string): boolean {
    const view = scrollerOf(panel).getBoundingClientRect();
    const found = rows(panel).find((item) => item.dataset['id'] === sessionId);
    const box = found?.getBoundingClientRect();
    return box !== undefined && box.top >= view.top && box.bottom <= view.bottom;
  }

  async function scrollTo(panel: Element, top: number): Promise<void> {
    const scroller = scrollerOf(panel);
    const scrolled = new Promise((resolve) => {
      scroller.addEventListener('scroll', resolve, { once: true });
    });
    scroller.scrollTop = top;
    await scrolled;
    await settled(panel);
  }

  it('is scrolled to the middle once, when the list is first drawn', async () => {
    const { panel, history } = await mountPanel();
    load(history, SESSIONS);
    history.setActive('session-120');
    await settled(panel);
    await settled(panel);
    expect(isInView(panel, 'session-120')).to.equal(true);
    const view = scrollerOf(panel).getBoundingClientRect();
    const box = rows(panel)
      .find((item) => item.dataset['id'] === 'session-120')!
      .getBoundingClientRect();
    expect(Math.abs((box.top + box.bottom - view.top - view.bottom) / 2)).to.be.below(60);
    expect(pills(panel)).to.deep.equal([]);

    await scrollTo(panel, 0);
    history.setActive('session-121');
    await settled(panel);
    expect(scrollerOf(panel).scrollTop).to.equal(0);
  });

  it('has a button to it on its side while it is out of sight', async () => {
    const { panel, history } = await mountPanel();
    load(history, SESSIONS);
    history.setActive('session-120');
    await settled(panel);
    await settled(panel);
    await scrollTo(panel, 0);
    expect(pills(panel)).to.deep.equal(['↓ Opened session']);
    await scrollTo(panel, scrollerOf(panel).scrollHeight);
    expect(pills(panel)).to.deep.equal(['↑ Opened session']);

    one(panel, '.opened-session').click();
    await settled(panel);
    await settled(panel);
    expect(isInView(panel, 'session-120')).to.equal(true);
    expect(pills(panel)).to.deep.equal([]);
  });

  it('needs no button in sight, or when it is not in the list', async () => {
    const { panel, history } = await mountPanel();
    load(history, SESSIONS);
    history.setActive('session-0');
    await settled(panel);
    expect(pills(panel)).to.deep.equal([]);
    history.setActive('gone');
    await settled(panel);
    expect(pills(panel)).to.deep.equal([]);
  });
});
