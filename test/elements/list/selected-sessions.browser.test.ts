import { expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import type { PanelStrings } from '../../../src/elements/strings/english.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  chooseFrom,
  emptyPage,
  focused,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { load, push, row } from '../../support/elements/sample.js';

const NOW = Date.now() / 1000;
/** From the newest: two that run, one that waits, and three that have ended. */
const STATUSES = ['running', 'running', 'suspended', 'completed', 'failed', 'cancelled'];

async function mounted(options: { width?: number; strings?: PanelStrings; count?: number } = {}) {
  const panel = await mountPanel({ width: options.width ?? 1000 });
  if (options.strings !== undefined) panel.panel.strings = options.strings;
  load(
    panel.history,
    Array.from({ length: options.count ?? STATUSES.length }, (_, index) =>
      row(`s${index}`, {
        status: STATUSES[index] ?? 'completed',
        createdAt: NOW - 60 - index,
        input: `number ${index}`,
      }),
    ),
  );
  await settled(panel.panel);
  const root = panel.panel;
  const main = (index: number) => one<HTMLElement>(root, `.item[data-id="s${index}"] .main`);
  return {
    ...panel,
    main,
    bar: () => one(root, 'sessions-panel-selection'),
    async click(index: number, init: MouseEventInit = {}) {
      main(index).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, ...init }));
      await settled(root);
    },
    /** Chooses from the menu of the fourth row. */
    choose: (text: string) => chooseFrom(root, 'More actions for “Haiku · number 3”', text),
    selected: () =>
      rows(root)
        .filter((item) => item.querySelector('[role=checkbox]')?.ariaChecked === 'true')
        .map((item) => item.dataset['id']),
  };
}

type Mounted = Awaited<ReturnType<typeof mounted>>;

async function pressWithShift(key: string): Promise<void> {
  await sendKeys({ down: 'Shift' });
  await sendKeys({ press: key });
  await sendKeys({ up: 'Shift' });
}

const dialog = (panel: Element) => one<HTMLDialogElement>(panel, 'dialog');

async function confirm({ panel }: Mounted, name: string): Promise<void> {
  button(dialog(panel), name).click();
  await settled(panel);
}

describe('several sessions selected', () => {
  afterEach(emptyPage);

  it('by Ctrl, Command and Shift with the pointer, without opening one', async () => {
    const list = await mounted();
    expect(all(list.panel, '[role=checkbox]')).to.have.length(0);
    await list.click(1, { ctrlKey: true });
    await list.click(4, { metaKey: true });
    expect(list.selected()).to.deep.equal(['s1', 's4']);
    await list.click(2, { shiftKey: true });
    expect(list.selected()).to.deep.equal(['s1', 's2', 's3', 's4']);
    await list.click(3, { ctrlKey: true });
    expect(list.selected()).to.deep.equal(['s1', 's2', 's4']);
    expect(list.actions.calls).to.deep.equal([]);
    expect(textOf(list.bar())).to.contain('3 selected');
    await list.click(0);
    expect(list.actions.calls).to.deep.equal([['connect', 's0']]);
    expect(list.selected()).to.have.length(3);
  });

  it('from the opened session on with Shift', async () => {
    const list = await mounted();
    list.history.setActive('s1');
    await settled(list.panel);
    await list.click(3, { shiftKey: true });
    expect(list.selected()).to.deep.equal(['s1', 's2', 's3']);
  });

  it('by Space and Shift with arrows on the focused row, and none after Escape', async () => {
    const list = await mounted();
    list.main(1).focus();
    await sendKeys({ press: ' ' });
    await settled(list.panel);
    expect(list.selected()).to.deep.equal(['s1']);
    await pressWithShift('ArrowDown');
    await pressWithShift('ArrowDown');
    await settled(list.panel);
    expect(list.selected()).to.deep.equal(['s1', 's2', 's3']);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('s3');
    await pressWithShift('ArrowUp');
    await sendKeys({ press: ' ' });
    await settled(list.panel);
    expect(list.selected()).to.deep.equal(['s1']);
    await sendKeys({ press: 'Escape' });
    await settled(list.panel);
    expect(all(list.panel, '[role=checkbox], sessions-panel-selection')).to.have.length(0);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('s2');
    expect(list.actions.calls).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    expect(list.actions.calls).to.deep.equal([['connect', 's2']]);
  });

  it('by the menu of a row and the boxes of the others, which Space presses as it does any button', async () => {
    const list = await mounted();
    await list.choose('Select');
    expect(list.selected()).to.deep.equal(['s3']);
    const box = one(rows(list.panel)[4]!, '[role=checkbox]');
    expect(box.ariaLabel).to.equal('Select “Haiku · number 4”');
    box.focus();
    await sendKeys({ press: ' ' });
    await settled(list.panel);
    expect(list.selected()).to.deep.equal(['s3', 's4']);
    await list.choose('Deselect');
    expect(list.selected()).to.deep.equal(['s4']);
  });

  it('says how many to a screen reader, and which rows', async () => {
    const list = await mounted();
    const announced = () => all(list.panel, '.visually-hidden[role=status]').map(textOf).join(' ');
    await list.click(1, { ctrlKey: true });
    await list.click(2, { ctrlKey: true });
    await until(() => announced().includes('2 selected'));
    expect(list.main(1).textContent).to.contain('Selected. Running.');
    expect(list.main(0).textContent).not.to.contain('Selected.');
    const clear = button(list.panel, 'Clear selection');
    clear.focus();
    clear.click();
    await until(() => announced().includes('Nothing is selected'));
    expect(focused() === list.main(1), 'the focus is on the first row that was selected').to.equal(true);
  });

  it('offers only what can be done with them', async () => {
    const list = await mounted();
    const offered = () => [...buttons(list.bar()).keys()];
    await list.click(4, { ctrlKey: true });
    expect(offered()).to.deep.equal(['Delete', 'Download', 'Clear selection']);
    await list.click(0, { ctrlKey: true });
    expect(offered()).to.deep.equal(['Cancel run…', 'Delete', 'Download', 'Clear selection']);
    await list.click(2, { ctrlKey: true });
    expect(offered()[0]).to.equal('Cancel 2 runs…');
    list.history.setOperation('s0', { kind: 'cancel' });
    await settled(list.panel);
    expect(offered()[0]).to.equal('Cancel run…');
    list.actions.capabilities = { inlineGraph: true, readOnly: true };
    list.panel.requestUpdate();
    await settled(list.panel);
    expect(offered()).to.deep.equal(['Download', 'Clear selection']);
  });

  it('are deleted with one call, at once when none of them runs', async () => {
    const list = await mounted();
    const deleted: string[] = [];
    list.panel.addEventListener('session-delete', (event) => {
      deleted.push(event.sessionId);
      if (event.sessionId === 's5') event.preventDefault();
    });
    for (const index of [3, 4, 5]) await list.click(index, { ctrlKey: true });
    button(list.bar(), 'Delete').click();
    await settled(list.panel);
    expect(all(list.panel, 'dialog')).to.have.length(0);
    expect(list.actions.calls).to.deep.equal([['deleteLater', 's3', 's4']]);
    expect(deleted).to.deep.equal(['s3', 's4', 's5']);
  });

  it('are deleted after one question when some of them run', async () => {
    const list = await mounted();
    for (const index of [0, 2, 4]) await list.click(index, { ctrlKey: true });
    list.main(2).focus();
    await sendKeys({ press: 'Delete' });
    await settled(list.panel);
    expect(textOf(dialog(list.panel)))
      .to.contain('Delete 3 sessions?')
      .and.to.contain('2 runs have not ended');
    await confirm(list, 'Keep sessions');
    expect(list.actions.calls).to.deep.equal([]);
    await sendKeys({ press: 'Delete' });
    await settled(list.panel);
    await confirm(list, 'Delete sessions');
    expect(list.actions.calls).to.deep.equal([['deleteLater', 's0', 's2', 's4']]);
  });

  it('are cancelled after one question, each that still runs', async () => {
    const list = await mounted();
    for (const index of [0, 1, 2, 4]) await list.click(index, { ctrlKey: true });
    button(list.bar(), 'Cancel 3 runs…').click();
    await settled(list.panel);
    expect(textOf(dialog(list.panel))).to.contain('Cancel 3 runs?');
    push(list.history, row('s1', { status: 'completed', createdAt: NOW - 61, input: 'number 1' }));
    await confirm(list, 'Cancel 3 runs');
    expect(list.actions.calls).to.deep.equal([
      ['cancel', 's0'],
      ['cancel', 's2'],
    ]);
  });

  it('lose those that leave the list, and the bar with the last one; the focus goes to a row', async () => {
    const list = await mounted();
    for (const index of [3, 4]) await list.click(index, { ctrlKey: true });
    button(list.bar(), 'Delete').focus();
    list.history.remove('s3');
    await settled(list.panel);
    expect(textOf(list.bar())).to.contain('1 selected');
    list.history.remove('s4');
    await settled(list.panel);
    expect(all(list.panel, 'sessions-panel-selection')).to.have.length(0);
    expect(Boolean(focused()?.closest('.item'))).to.equal(true);
    await list.click(0, { ctrlKey: true });
    await list.click(5, { ctrlKey: true });
    list.history.setFilter({ status: 'running', text: '' });
    await settled(list.panel);
    expect(list.selected()).to.deep.equal(['s0']);
    expect(textOf(list.bar())).to.contain('1 selected');
  });

  it('also many at a time, most of them out of sight', async () => {
    const list = await mounted({ count: 2000 });
    await list.click(3, { ctrlKey: true });
    one(list.panel, 'ol.rows').parentElement!.scrollTop = 1e7;
    await settled(list.panel);
    await list.click(1999, { shiftKey: true });
    expect(textOf(list.bar())).to.contain('1,997 selected');
  });

  it('have a bar that fits in every width, in words where there is room', async () => {
    await setViewport({ width: 1500, height: 800 });
    for (const width of [260, 320, 480, 550, 700, 1440]) {
      for (const strings of [undefined, germanStrings]) {
        const list = await mounted({ width, ...(strings === undefined ? {} : { strings }) });
        for (const index of [0, 1, 4]) await list.click(index, { ctrlKey: true });
        const bar = list.bar();
        const { left, right } = bar.getBoundingClientRect();
        for (const each of all(bar, 'button, .count')) {
          const box = each.getBoundingClientRect();
          expect(box.left).to.be.at.least(left);
          expect(box.right, `${width} ${each.textContent}`).to.be.at.most(right);
        }
        const count = one(bar, '.count');
        expect(count.scrollWidth, `${width}`).to.be.at.most(count.clientWidth);
        emptyPage();
      }
    }
  });

  for (const scheme of ['light', 'dark']) {
    it(`have no accessibility problem (${scheme})`, async () => {
      const list = await mounted({ width: 400 });
      list.panel.style.setProperty('--sessions-panel-color-scheme', scheme);
      list.history.setActive('s2');
      for (const index of [1, 2, 4]) await list.click(index, { ctrlKey: true });
      expect(await accessibilityProblems(list.panel)).to.deep.equal([]);
    });
  }
});
