/** The panel in a low drawer with the keyboard alone, and in pages that give it no height. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import {
  box,
  button,
  emptyPage,
  focused,
  mountPanel,
  one,
  rows,
  settled,
  until,
} from '../../support/elements/page.js';
import { haikuEvents, load, open, row } from '../../support/elements/sample.js';

const nameOfFocus = () => focused()?.getAttribute('aria-label') ?? focused()?.textContent.trim() ?? '';

/** Presses Tab until the focus is at an element with a name, and returns how often. */
async function tabTo(name: string): Promise<number> {
  for (let count = 1; count <= 40; count += 1) {
    await sendKeys({ press: 'Tab' });
    if (nameOfFocus().startsWith(name)) return count;
  }
  throw new Error(`Tab does not reach “${name}”.`);
}

describe('a drawer of 260 pixels with the keyboard alone', () => {
  afterEach(emptyPage);

  for (const width of [340, 760]) {
    it(`reaches the tabs, the question, its button, the menu and ×, ${width} pixels wide`, async () => {
      const mounted = await mountPanel({ width, height: 260 });
      const { panel, history, actions } = mounted;
      load(history, [row('h', { status: 'suspended' }), row('other')]);
      open(mounted, 'h', haikuEvents('h'));
      await settled(panel);
      const frame = panel.getBoundingClientRect();
      const expectSeen = () => {
        const { top, bottom } = focused()!.getBoundingClientRect();
        expect(top, nameOfFocus()).to.be.at.least(frame.top);
        expect(bottom, nameOfFocus()).to.be.at.most(frame.bottom);
      };
      one(panel, 'sessions-panel-view').shadowRoot?.querySelector('h3')?.focus();
      for (const name of ['Haiku', 'Session actions', 'Close', 'Activity']) {
        await tabTo(name);
        expectSeen();
      }
      await sendKeys({ press: 'ArrowRight' });
      expect(nameOfFocus()).to.equal('Timeline');
      expectSeen();
      await sendKeys({ press: 'n' });
      await until(() => focused()?.matches('.choice input') === true, 'a choice has the focus');
      await sendKeys({ press: '2' });
      await sendKeys({ press: 'Enter' });
      expect(actions.calls.at(-1)).to.deep.equal([
        'answer',
        'i-mood',
        { kind: 'choice', selectedIds: ['playful'] },
      ]);
      button(one(panel, 'sessions-panel-view'), 'Close').focus();
      await sendKeys({ press: 'Enter' });
      expect(actions.calls.at(-1)).to.deep.equal(['disconnect']);
    });
  }
});

describe('a drawer of 260 pixels without a connection', () => {
  afterEach(emptyPage);

  for (const width of [700, 1000, 1440])
    it(`says so in one line, ${width} pixels wide`, async () => {
      const mounted = await mountPanel({ width, height: 260 });
      const { panel, history, run } = mounted;
      load(history, [row('h', { status: 'suspended' })]);
      open(mounted, 'h', haikuEvents('h'));
      run.setConnection({ phase: 'offline', attempt: 1 });
      await settled(panel);
      const note = one(panel, '.strip .note');
      expect(note.textContent).to.contain('You’re offline.');
      expect(note.getBoundingClientRect().height).to.be.at.most(34);
    });
});

describe('a page that gives the panel no height', () => {
  afterEach(emptyPage);

  async function heightIn(style: string, panelStyle = ''): Promise<number> {
    const parent = box();
    parent.style.cssText = `inline-size:900px;${style}`;
    const { panel, history } = await mountPanel();
    load(
      history,
      Array.from({ length: 200 }, (_, at) => row(`r${at}`)),
    );
    panel.style.cssText = panelStyle;
    parent.append(panel);
    await settled(panel);
    expect(rows(panel).length, style).to.be.greaterThan(3);
    return panel.getBoundingClientRect().height;
  }

  it('has one that does not depend on the number of sessions', async () => {
    const low = Math.min(480, innerHeight);
    expect(await heightIn('')).to.equal(low);
    expect(await heightIn('display:flex')).to.equal(low);
    expect(await heightIn('display:flex;flex-direction:column')).to.equal(low);
    expect(await heightIn('display:grid')).to.equal(low);
    expect(await heightIn('position:absolute')).to.equal(low);
    expect(await heightIn('', '--sessions-panel-height: 300px')).to.equal(300);
    expect(await heightIn('block-size:350px')).to.equal(350);
    expect(await heightIn('block-size:350px;display:flex;flex-direction:column', 'flex: 1')).to.equal(350);
    expect(await heightIn('block-size:100px'), 'at least').to.equal(180);
  });
});
