import { expect } from '@open-wc/testing';
import type { SessionsDrawer } from '../../../src/elements/drawer/sessions-drawer.js';
import type { PanelMemory } from '../../../src/elements/base/view-memory.js';
import '../../../src/drawer.js';
import {
  accessibilityProblems,
  all,
  button,
  emptyPage,
  focused,
  forgetful,
  mountPanel,
  one,
  press,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, row } from '../../support/elements/sample.js';

const WAITING = row('w', { status: 'suspended', pendingInputs: 1, title: 'Haiku' });

/** Mounts a panel in a drawer, at the end of a box that lays out its children. */
async function mountDrawer(
  attributes: Readonly<Record<string, string>> = {},
  memory: PanelMemory = forgetful(),
) {
  const mounted = await mountPanel({ width: 900, height: 600 });
  const drawer = document.createElement('sessions-drawer');
  for (const [name, value] of Object.entries(attributes)) drawer.setAttribute(name, value);
  drawer.memory = memory;
  const rest = document.createElement('div');
  rest.style.flex = '1';
  mounted.box.style.display = 'flex';
  mounted.box.style.flexDirection = attributes['position'] === 'right' ? 'row' : 'column';
  mounted.box.append(rest, drawer);
  drawer.append(mounted.panel);
  load(mounted.history, [WAITING], 'haiku');
  await settled(mounted.box);
  return { ...mounted, drawer };
}

const separator = (drawer: SessionsDrawer, name: string): HTMLElement => {
  const found = all(drawer, '[role=separator]').find((each) => each.getAttribute('aria-label') === name);
  if (found === undefined) throw new Error(`no separator “${name}”`);
  return found;
};

describe('sessions-drawer', () => {
  afterEach(emptyPage);

  it('opens and closes by its button and by Escape, says how many sessions wait, and keeps the panel connected', async () => {
    const { drawer, panel } = await mountDrawer();
    const toggles: boolean[] = [];
    drawer.addEventListener('drawer-toggle', () => toggles.push(drawer.open));
    expect(textOf(button(drawer, 'Sessions'))).to.equal('Sessions');
    button(drawer, 'Sessions').click();
    await settled(drawer);
    expect(panel.isConnected && !panel.checkVisibility()).to.equal(true);
    const closed = button(drawer, 'Sessions 1 needs input');
    expect(closed.getAttribute('aria-expanded')).to.equal('false');
    closed.click();
    await settled(drawer);
    expect(panel.checkVisibility()).to.equal(true);
    one(panel, '.tools .menu-button').focus();
    press('Escape');
    await settled(drawer);
    expect(drawer.open).to.equal(false);
    expect(focused()?.matches('.toggle')).to.equal(true);
    expect(toggles).to.deep.equal([false, true, false]);
  });

  it('leaves Escape to a field that is being filled in', async () => {
    const { drawer, panel } = await mountDrawer();
    one(panel, '.search input').focus();
    press('Escape');
    await settled(drawer);
    expect(drawer.open).to.equal(true);
  });

  it('leaves Escape to a dialog and to what is shown over the page', async () => {
    const { drawer, panel } = await mountDrawer();
    one(panel, '.tools .menu-button').focus();
    press('?');
    await settled(panel);
    expect(focused()?.closest('dialog')?.open).to.equal(true);
    press('Escape');
    await settled(drawer);
    expect(drawer.open).to.equal(true);
    // WebKit has closed it by the key.
    (focused()?.closest('dialog') ?? undefined)?.close();
    await settled(panel);
    const over = document.createElement('div');
    over.popover = 'auto';
    over.innerHTML = '<button>In a popover</button>';
    drawer.append(over);
    over.showPopover();
    over.querySelector('button')?.focus();
    press('Escape');
    expect(drawer.open).to.equal(true);
  });

  for (const [position, names] of [
    ['bottom', ['Height of the sessions drawer']],
    ['right', ['Width of the sessions drawer']],
    ['floating', ['Height of the sessions drawer', 'Width of the sessions drawer']],
  ] as const) {
    it(`${position}: is resized by keys within its limits, remembers it, and axe finds nothing`, async () => {
      const memory = forgetful();
      const { drawer, box } = await mountDrawer({ position }, memory);
      // The panel in it has one of its own.
      const own = [...(drawer.shadowRoot?.querySelectorAll('[role=separator]') ?? [])];
      expect(own.map((each) => each.getAttribute('aria-label'))).to.have.members(names);
      for (const name of names) {
        const isHeight = name.startsWith('Height');
        const size = () => {
          const { width, height } = one(drawer, '.content').getBoundingClientRect();
          return Math.round(isHeight ? height : width);
        };
        separator(drawer, name).focus();
        press('Home');
        await settled(drawer);
        const least = size();
        expect(separator(drawer, name).getAttribute('aria-valuenow')).to.equal(String(least));
        press(isHeight ? 'ArrowUp' : 'ArrowLeft');
        await settled(drawer);
        expect(size()).to.equal(least + 32);
        press(isHeight ? 'ArrowDown' : 'ArrowRight');
        press(isHeight ? 'ArrowDown' : 'ArrowRight');
        await settled(drawer);
        expect(size()).to.equal(least);
        press(isHeight ? 'ArrowUp' : 'ArrowLeft');
        await settled(drawer);
      }
      expect(await accessibilityProblems(box)).to.deep.equal([]);
      const sizes = all(drawer, '[role=separator]').map((each) => each.getAttribute('aria-valuenow'));
      emptyPage();
      const { drawer: next } = await mountDrawer({ position }, memory);
      expect(all(next, '[role=separator]').map((each) => each.getAttribute('aria-valuenow'))).to.deep.equal(
        sizes,
      );
    });
  }

  it('remembers that it was closed, unless the page opens it', async () => {
    const memory = forgetful();
    const { drawer } = await mountDrawer({}, memory);
    button(drawer, 'Sessions').click();
    await settled(drawer);
    emptyPage();
    expect((await mountDrawer({}, memory)).drawer.open).to.equal(false);
    emptyPage();
    expect((await mountDrawer({ open: '' }, memory)).drawer.open).to.equal(true);
  });

  it('whose size was reset has its first size again, also after a reload', async () => {
    const memory = forgetful();
    const { drawer } = await mountDrawer({}, memory);
    const height = (of: Element) => Math.round(one(of, '.content').getBoundingClientRect().height);
    const first = height(drawer);
    separator(drawer, 'Height of the sessions drawer').focus();
    press('ArrowDown');
    await settled(drawer);
    expect(height(drawer)).to.equal(first - 32);
    separator(drawer, 'Height of the sessions drawer').dispatchEvent(
      new MouseEvent('dblclick', { bubbles: true }),
    );
    await settled(drawer);
    expect(height(drawer)).to.equal(first);
    emptyPage();
    expect(height((await mountDrawer({}, memory)).drawer)).to.equal(first);
  });

  it('falls back to its defaults for properties that a framework drops', async () => {
    const { drawer } = await mountDrawer();
    for (const name of ['strings', 'memory', 'position']) {
      for (const nothing of [undefined, null]) {
        Reflect.set(drawer, name, nothing);
        await settled(drawer);
        expect(textOf(button(drawer, 'Sessions'))).to.equal('Sessions');
      }
    }
    expect(drawer.position).to.equal('bottom');
  });
});
