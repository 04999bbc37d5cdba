import { expect } from '@open-wc/testing';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  focused,
  forgetful,
  menuItems,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { haikuEvents, load, open, row } from '../../support/elements/sample.js';
import { logOf, sessionFile } from '../../support/elements/session-files.js';
import { holdTime } from '../../support/fake-time.js';

const HAIKU = logOf(haikuEvents('h'));

/** Drops files on the list, as a person does with the pointer. */
function drop(panel: SessionsPanel, files: readonly File[]): boolean {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  const list = one(panel, 'sessions-panel-list');
  const send = (type: string) =>
    list.dispatchEvent(
      new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }),
    );
  send('dragover');
  return send('drop');
}

async function dropped(panel: SessionsPanel, files: readonly File[]): Promise<void> {
  expect(drop(panel, files)).to.equal(false);
  await until(() => all(panel, '.file-name[aria-current=true]').length > 0, 'the file is shown');
  await until(() => textOf(panel).includes('Activity'), 'the session is drawn');
  await settled(panel);
}

const header = (panel: SessionsPanel) => one(panel, '[part=session-header]');

describe('a session file in the panel', () => {
  afterEach(emptyPage);

  it('is opened by dropping it on the list, and shows activity, timeline and events', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('s')]);
    await settled(panel);
    await dropped(panel, [await sessionFile(HAIKU)]);
    expect(textOf(header(panel)))
      .to.contain('File')
      .and.to.contain('Haiku');
    expect(textOf(one(panel, 'sessions-panel-activity'))).to.contain('green beans');
    button(panel, 'Timeline').click();
    await settled(panel);
    expect(textOf(one(panel, 'sessions-panel-timeline'))).to.contain('Poet');
    const events = [...buttons(panel).keys()].find((name) => name.startsWith('Events'))!;
    button(panel, events).click();
    await settled(panel);
    expect(all(panel, '[part~=event]').length).to.be.greaterThan(5);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('offers nothing that would change it, and shows its open question without a card', async () => {
    const { panel } = await mountPanel();
    await dropped(panel, [await sessionFile(HAIKU)]);
    const names = [...buttons(one(panel, 'sessions-panel-view')).keys()];
    for (const name of ['Cancel run', 'Run again', 'Answer', 'Rename session', 'Send'])
      expect(
        names.some((each) => each.startsWith(name)),
        name,
      ).to.equal(false);
    expect(all(panel, 'sessions-panel-question').length).to.equal(0);
    button(panel, 'Session actions').click();
    await settled(panel);
    expect(menuItems(panel).map(textOf)).to.deep.equal(['Copy session ID', 'Copy as Markdown']);
    press('Escape');
    const activity = textOf(one(panel, 'sessions-panel-activity'));
    expect(activity).to.contain('Which mood should it have?').and.to.contain('not answered');
  });

  it('does not count up: its times are those of the file', async () => {
    const time = holdTime();
    const { panel } = await mountPanel();
    await dropped(panel, [await sessionFile(HAIKU)]);
    const before = textOf(header(panel));
    expect(before).to.match(/Mar 5, 2024|3\/5\/24|2024/);
    const shown = textOf(one(panel, 'sessions-panel-activity'));
    time.advance(60_000);
    await settled(panel);
    expect(textOf(header(panel))).to.equal(before);
    expect(textOf(one(panel, 'sessions-panel-activity'))).to.equal(shown);
  });

  it('takes the place of the opened session, and leaves it when another is opened', async () => {
    const { panel, history, run, actions } = await mountPanel();
    load(history, [row('s', { title: 'Trip' })]);
    open({ history, run } as never, 's', haikuEvents('s'));
    await settled(panel);
    await dropped(panel, [await sessionFile(HAIKU)]);
    expect(actions.calls).to.deep.equal([['disconnect']]);
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    await settled(panel);
    expect(all(panel, '.file-badge').length).to.equal(0);
    expect(all(panel, '.file-name').length).to.equal(1);
    one<HTMLElement>(panel, '.file-name').click();
    await settled(panel);
    expect(textOf(header(panel))).to.contain('File');
  });

  it('is closed in its row or in its header, and the focus stays in the panel', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('s')]);
    await settled(panel);
    await dropped(panel, [await sessionFile(HAIKU), await sessionFile(HAIKU, { name: 'b.jsonl' })]);
    await until(
      () => all(panel, '.file').length === 2 && all(panel, '[aria-disabled=true].file-name').length === 0,
    );
    button(header(panel), 'Close').click();
    await settled(panel);
    expect(all(panel, '.file').length).to.equal(1);
    expect(focused()?.className).to.equal('file-name');
    button(panel, 'Close the file of “Haiku · green beans”').click();
    await settled(panel);
    expect(all(panel, '.file').length).to.equal(0);
    expect(focused()?.className).to.equal('main');
    expect(textOf(panel)).to.contain('No session selected');
  });

  it('says what is wrong with a file that cannot be opened', async () => {
    const { panel } = await mountPanel();
    const said = () => textOf(one(panel, '.toast'));
    drop(panel, [new File(['hello'], 'notes.txt')]);
    await until(() => textOf(panel).includes('notes.txt” is not'));
    expect(said()).to.contain('“notes.txt” is not a session file.');
    const newer = (await (await sessionFile(HAIKU)).text()).replace('"version":1', '"version":7');
    drop(panel, [new File([newer], 'new.jsonl')]);
    await until(() => textOf(panel).includes('new.jsonl” was'));
    expect(said()).to.contain('“new.jsonl” was saved by a newer version, which this page cannot read.');
    const huge = new File(['x'], 'huge.jsonl');
    Object.defineProperty(huge, 'size', { value: 512 * 1024 * 1024 + 1 });
    const input = await chosenInput(panel, [huge]);
    expect(input.accept).to.contain('.jsonl');
    await until(() => textOf(panel).includes('huge.jsonl” is'));
    expect(said()).to.contain('“huge.jsonl” is larger than 512 MB.');
    expect(all(panel, '.file').length).to.equal(0);
  });

  it('shows what is there of a file that ends early, has a line that cannot be read, or lacks its beginning', async () => {
    const { panel } = await mountPanel();
    const lines = (await (await sessionFile(HAIKU)).text()).split('\n');
    const note = () => textOf(one(panel, '.notes .note'));
    await dropped(panel, [new File([lines.slice(0, 6).join('\n')], 'cut.jsonl')]);
    expect(note()).to.equal(`The file ends after event 5 of ${HAIKU.length}.`);
    expect(textOf(one(panel, 'sessions-panel-activity'))).to.contain('green beans');
    button(header(panel), 'Close').click();
    await settled(panel);
    await dropped(panel, [
      new File([[...lines.slice(0, 4), '{"type":', ...lines.slice(5)].join('\n')], 'bad.jsonl'),
    ]);
    expect(note()).to.equal('Line 5 of the file cannot be read. Shown: the 3 events before it.');
    button(header(panel), 'Close').click();
    await settled(panel);
    await dropped(panel, [await sessionFile(HAIKU, { complete: false })]);
    expect(note()).to.equal('The oldest events are not in the file.');
  });

  it('runs nothing of a hostile file, and shows its texts as texts', async () => {
    const { panel } = await mountPanel();
    const evil = '<img src=x onerror="window.isHit=true"><script>window.isHit=true</script>';
    const log = logOf([
      {
        type: 'graphStart',
        sessionId: evil,
        graph: { title: evil, nodes: [{ id: '__proto__', type: 't', title: evil }], edges: [] },
      },
      { type: 'nodeStart', nodeId: '__proto__' },
      { type: 'thoughtEvent', nodeId: '__proto__', text: evil },
      { type: 'nodeError', nodeId: '__proto__', message: evil } as never,
    ]);
    await dropped(panel, [await sessionFile(log, { name: `${evil}.jsonl` })]);
    expect('isHit' in window).to.equal(false);
    expect(all(panel, 'img, script').length).to.equal(0);
    expect(textOf(header(panel))).to.contain('<img src=x');
  });

  it('is opened with the menu, and in a narrow panel covers the list until it is left', async () => {
    const { panel } = await mountPanel({ width: 360, memory: forgetful() });
    await chosenInput(panel, [await sessionFile(HAIKU)]);
    await until(() => all(panel, '.file-badge').length > 0);
    await settled(panel);
    expect(focused()?.localName).to.equal('h3');
    press('Escape');
    await settled(panel);
    expect(focused()?.className).to.equal('file-name');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('is closed with the panel, and when another person uses it', async () => {
    const { panel, box: parent } = await mountPanel();
    panel.shareKey = 'ann';
    await settled(panel);
    await dropped(panel, [await sessionFile(HAIKU)]);
    panel.shareKey = 'ben';
    await settled(panel);
    expect(all(panel, '.file').length).to.equal(0);
    await dropped(panel, [await sessionFile(HAIKU)]);
    panel.remove();
    await settled(parent);
    parent.append(panel);
    await settled(panel);
    expect(all(panel, '.file').length).to.equal(0);
  });
});

/** Chooses files with the entry of the toolbar's menu. */
async function chosenInput(panel: SessionsPanel, files: readonly File[]): Promise<HTMLInputElement> {
  const { click } = HTMLInputElement.prototype;
  const clicked: HTMLInputElement[] = [];
  HTMLInputElement.prototype.click = function () {
    clicked.push(this);
  };
  try {
    button(one(panel, '[part=toolbar]'), 'More').click();
    await settled(panel);
    menuItems(panel)
      .find((item) => textOf(item).startsWith('Open a session file…'))!
      .click();
  } finally {
    HTMLInputElement.prototype.click = click;
  }
  const [chosen] = clicked;
  if (chosen === undefined) throw new Error('no file was asked for');
  Object.defineProperty(chosen, 'files', { value: files });
  chosen.dispatchEvent(new Event('change'));
  await settled(panel);
  return chosen;
}
