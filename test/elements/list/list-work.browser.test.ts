/** What a person does with the list: search, delete and take back, clear, rename, pin, run again. */
import { expect } from '@open-wc/testing';
import { createSessions } from '../../../src/actions/create-sessions.js';
import { SessionRerunEvent } from '../../../src/elements/panel/host-events.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import { exampleHandlers } from '../../../src/runner/examples/example-handlers.js';
import { untilSignal } from '../../support/signals.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  chooseFrom,
  countUpdates,
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
import { haikuEvents, live, load, open, push, row } from '../../support/elements/sample.js';

const NOW = Date.now() / 1000;
const ids = (panel: Element) => rows(panel).map((item) => item.dataset['id']);
const search = (panel: Element) => one<HTMLInputElement>(panel, 'input[type=search]');

async function type(panel: Element, text: string): Promise<void> {
  search(panel).value = text;
  search(panel).dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  await settled(panel);
}

const HISTORY = [
  row('aaaa1111', { title: 'Haiku', input: 'Green beans', createdAt: NOW - 1 }),
  row('bbbb2222', { title: 'Haiku', output: 'Été', createdAt: NOW - 2, status: 'failed' }),
  row('cccc3333', { title: 'Trip', question: 'Which city?', createdAt: NOW - 3, status: 'suspended' }),
];

describe('search', () => {
  afterEach(emptyPage);

  it('is reached with /, finds title, input, output, question and id, and Escape clears it', async () => {
    const { panel, history } = await mountPanel();
    load(history, HISTORY);
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    expect(press('/')).to.equal(false);
    await settled(panel);
    expect(focused()).to.equal(search(panel));
    for (const [text, found] of [
      ['BEANS', ['aaaa1111']],
      ['ete', ['bbbb2222']],
      ['city', ['cccc3333']],
      ['haiku green', ['aaaa1111']],
      ['cccc33', ['cccc3333']],
      ['haiku', ['aaaa1111', 'bbbb2222']],
    ] as const) {
      await type(panel, text);
      expect(ids(panel), text).to.deep.equal(found);
    }
    expect(press('/')).to.equal(true, 'a slash can be typed');
    press('Escape');
    await settled(panel);
    expect(search(panel).value).to.equal('');
    expect(ids(panel)).to.have.length(3);
  });

  it('shows in each row where it matches, unless its title does', async () => {
    const { panel, history } = await mountPanel();
    load(history, [
      ...HISTORY,
      row('dddd4444', {
        title: 'Story',
        result: 'Once upon a time, before there were trains, a bean climbed to the moon',
        createdAt: NOW - 4,
      }),
    ]);
    await settled(panel);
    const marks = () => all(panel, 'mark').map(textOf);
    expect(marks()).to.deep.equal([]);
    await type(panel, 'bean');
    expect(ids(panel)).to.deep.equal(['aaaa1111', 'dddd4444']);
    expect(marks()).to.deep.equal(['bean']);
    expect(textOf(one(rows(panel)[1]!, '.detail'))).to.equal('…were trains, a bean climbed to the moon');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    await type(panel, 'ete');
    expect(marks()).to.deep.equal(['Été']);
  });

  it('says that nothing matches, and leads back', async () => {
    const { panel, history } = await mountPanel();
    load(history, HISTORY);
    await settled(panel);
    await type(panel, 'rhubarb');
    expect(textOf(panel)).to.contain('No sessions match “rhubarb”');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(panel, 'Clear filters').click();
    await settled(panel);
    expect(ids(panel)).to.have.length(3);
  });

  it('is kept for the next time, for each graph', async () => {
    const memory = forgetful();
    const first = await mountPanel({ memory });
    load(first.history, HISTORY);
    await settled(first.panel);
    await type(first.panel, 'beans');
    emptyPage();
    const second = await mountPanel({ memory });
    load(second.history, HISTORY);
    await settled(second.panel);
    expect(search(second.panel).value).to.equal('beans');
    expect(ids(second.panel)).to.deep.equal(['aaaa1111']);
    load(second.history, HISTORY, 'other');
    await settled(second.panel);
    expect(ids(second.panel)).to.have.length(3);
  });

  it('renders no row for what changes off the screen, and the panel once per batch', async () => {
    const { panel, history, actions } = await mountPanel();
    const { capabilities } = actions;
    // As a service over HTTP does, which learns with its answers what the server can do.
    Object.defineProperty(actions, 'capabilities', { get: () => ({ ...capabilities }) });
    const session = (index: number, isOpen: boolean) =>
      row(`s${index}`, { createdAt: NOW - index, status: isOpen ? 'suspended' : 'completed' });
    load(
      history,
      // With one that waits, so that the chips are there from the beginning.
      Array.from({ length: 10_000 }, (_, index) => session(index, index === 9000)),
    );
    await settled(panel);
    const [ofPanel, ofList] = [countUpdates(panel), countUpdates(one(panel, 'sessions-panel-list'))];
    for (let batch = 1; batch <= 50; batch += 1) {
      history.apply(
        Array.from({ length: 20 }, (_, index) => ({
          kind: 'row',
          row: session(1000 + batch * 20 + index, true),
        })),
      );
      await panel.updateComplete;
    }
    await settled(panel);
    expect(ofPanel()).to.equal(50);
    expect(ofList()).to.equal(0);
    history.apply([0, 1, 2].map((index) => ({ kind: 'row', row: session(index, true) })));
    await settled(panel);
    expect(ofPanel()).to.equal(51);
    expect(ofList()).to.equal(1);
    expect(rows(panel).length).to.be.below(61);
  });

  it('costs an update of one of 10,000 sessions next to nothing, and renders nothing for it', async () => {
    const { panel, history } = await mountPanel();
    load(
      history,
      Array.from({ length: 10_000 }, (_, index) =>
        row(`s${index}`, { createdAt: NOW - index, input: index % 2 === 0 ? 'beans' : 'trains' }),
      ),
    );
    history.setFilter({ status: 'all', text: 'beans' });
    await settled(panel);
    const updates = countUpdates(one(panel, 'sessions-panel-list'));
    const start = performance.now();
    for (let index = 0; index < 100; index += 1) {
      push(
        history,
        row(`s${9000 + index}`, { createdAt: NOW - 9000 - index, input: 'beans', output: 'x' + index }),
      );
    }
    const each = (performance.now() - start) / 100;
    await settled(panel);
    expect(rows(panel).length).to.be.below(61);
    expect(each).to.be.below(5);
    expect(updates()).to.be.below(2);
  });
});

/** A panel over a service in memory, with real actions. */
async function working() {
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  const sessions = createSessions(service);
  const deleted: string[] = [];
  const original = service.deleteSession.bind(service);
  service.deleteSession = (sessionId, options) => {
    deleted.push(sessionId);
    return original(sessionId, options);
  };
  const mounted = await mountPanel({ sessions: sessions as never, graphId: 'g' });
  const graph = {
    title: 'Haiku',
    nodes: [{ id: 'n', type: 'ask-text', configuration: { prompt: 'What?' } }],
  };
  const start = async (isEnded: boolean) => {
    const { sessionId } = await service.createSession({ graphId: 'g', graph });
    if (isEnded) await service.cancelSession(sessionId);
    await untilSignal(
      () => sessions.history.getSession(sessionId)?.status,
      (status) => status === (isEnded ? 'cancelled' : 'suspended'),
    );
    await settled(mounted.panel);
    return sessionId;
  };
  return {
    panel: mounted.panel,
    box: mounted.box,
    history: sessions.history,
    run: sessions.run,
    actions: sessions.actions,
    start,
    deleted,
  };
}

const menuTexts = (panel: Element) => menuItems(panel).map(textOf);

/** Chooses from the menu of a row. */
async function choose(panel: Element, item: Element, text: string): Promise<void> {
  const title = textOf(one(item, '.title'));
  button(item, `More actions for “${title}”`).click();
  await settled(panel);
  const entry = menuItems(panel).find((candidate) => textOf(candidate).startsWith(text));
  if (entry === undefined) throw new Error(`no “${text}” among: ${menuTexts(panel).join(' | ')}`);
  entry.click();
  await settled(panel);
}

describe('menu of a row', () => {
  afterEach(emptyPage);

  it('offers all that can be done with a session, with its keys, and moves with arrows, Home and End', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a', { status: 'running' }), row('b', { pinned: true })]);
    await settled(panel);
    const more = button(rows(panel)[0]!, 'More actions for “Haiku”');
    more.focus();
    more.click();
    await settled(panel);
    expect(menuTexts(panel)).to.deep.equal([
      'Open Enter',
      'Select Space',
      'Run again r',
      'Rename… F2',
      'Unpin p',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Delete Del',
    ]);
    expect(more.getAttribute('aria-expanded')).to.equal('true');
    expect(textOf(focused()!)).to.equal('Open Enter');
    press('ArrowUp');
    expect(textOf(focused()!)).to.equal('Delete Del');
    press('Home');
    press('ArrowDown');
    expect(textOf(focused()!)).to.equal('Select Space');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    press('Escape');
    await settled(panel);
    expect(menuTexts(panel)).to.deep.equal([]);
    expect(more.getAttribute('aria-expanded')).to.equal('false');
    expect(focused()?.getAttribute('aria-label') ?? focused()?.className).to.equal(
      'More actions for “Haiku”',
    );
    button(rows(panel)[1]!, 'More actions for “Haiku”').click();
    await settled(panel);
    expect(menuTexts(panel)).to.deep.equal([
      'Open Enter',
      'Select Space',
      'Rename… F2',
      'Pin p',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Cancel run… c',
      'Delete… Del',
    ]);
  });

  it('opens in place of the browser’s menu, at the pointer', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [row('a', { createdAt: NOW - 1 }), row('b', { createdAt: NOW - 2 })]);
    await settled(panel);
    const main = one<HTMLElement>(rows(panel)[1]!, '.main');
    const event = new MouseEvent('contextmenu', {
      clientX: 40,
      clientY: 100,
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    expect(main.dispatchEvent(event)).to.equal(false);
    await settled(panel);
    const { left, top } = menuItems(panel)[0]!.parentElement!.getBoundingClientRect();
    expect([Math.round(left), Math.round(top)]).to.deep.equal([40, 100]);
    menuItems(panel)[0]!.click();
    expect(actions.calls).to.deep.equal([['connect', 'b']]);
  });

  it('stays inside the window', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    const point = { clientX: innerWidth - 1, clientY: innerHeight - 1 };
    one(rows(panel)[0]!, '.main').dispatchEvent(
      new MouseEvent('contextmenu', { ...point, bubbles: true, composed: true, cancelable: true }),
    );
    await settled(panel);
    const { right, bottom } = menuItems(panel)[0]!.parentElement!.getBoundingClientRect();
    expect(right).to.be.below(innerWidth);
    expect(bottom).to.be.below(innerHeight);
  });

  it('keeps its keys to itself, and the list as it is while it is open', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    button(rows(panel)[0]!, 'More actions for “Haiku”').click();
    await settled(panel);
    for (const key of ['r', 'p', 'Delete', '?', '/', 'n']) press(key);
    push(history, row('new', { createdAt: NOW }));
    await settled(panel);
    expect(actions.calls).to.deep.equal([]);
    expect(ids(panel)).to.deep.equal(['a']);
    expect(textOf(panel)).to.contain('1 new session');
  });

  it('closes when its session goes, and the focus stays in the list', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a', { createdAt: NOW - 1 }), row('b', { createdAt: NOW - 2 })]);
    await settled(panel);
    const more = button(rows(panel)[0]!, 'More actions for “Haiku”');
    more.focus();
    more.click();
    await settled(panel);
    history.apply([{ kind: 'deleted', sessionId: 'a' }]);
    await settled(panel);
    expect(ids(panel)).to.deep.equal(['b']);
    expect(all(panel, ':popover-open')).to.deep.equal([]);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('b');
  });

  it('opens for another row with one click, and closes with one on its own button', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a', { title: 'First' }), row('b', { title: 'Second' })]);
    await settled(panel);
    // As with a mouse: the browser closes the menu between the press and the click.
    const click = async (title: string): Promise<void> => {
      const more = button(panel, `More actions for “${title}”`);
      more.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      for (const open of all(panel, ':popover-open')) open.hidePopover();
      more.click();
      await settled(panel);
    };
    const openFor = () => all(panel, '[data-action=more][aria-expanded=true]').map((more) => more.title);
    await click('First');
    expect(openFor()).to.deep.equal(['More actions for “First”']);
    await click('Second');
    expect(openFor()).to.deep.equal(['More actions for “Second”']);
    expect(menuTexts(panel)).to.contain('Open Enter');
    await click('Second');
    expect(openFor()).to.deep.equal([]);
    expect(menuTexts(panel)).to.deep.equal([]);
  });

  it('copies the id, and says so for a moment', async () => {
    const written: string[] = [];
    const original = navigator.clipboard.writeText;
    navigator.clipboard.writeText = (text) => {
      written.push(text);
      return Promise.resolve();
    };
    try {
      const { panel, box, history } = await mountPanel();
      load(history, [row('aaaa1111')]);
      await settled(panel);
      await choose(panel, rows(panel)[0]!, 'Copy session ID');
      expect(written).to.deep.equal(['aaaa1111']);
      expect(textOf(one(panel, '.toast'))).to.equal('Session ID copied');
      // A panel that is moved must not keep a message that a person cannot close.
      box.append(panel);
      await settled(panel);
      expect(all(panel, '.toast')).to.deep.equal([]);
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      await choose(panel, rows(panel)[0]!, 'Copy session ID');
      expect(textOf(one(panel, '[role=alert]'))).to.match(/^Could not copy.* Close$/);
      button(one(panel, '[role=alert]'), 'Close').click();
      await settled(panel);
      expect(all(panel, '[role=alert]')).to.deep.equal([]);
    } finally {
      navigator.clipboard.writeText = original;
    }
  });
});

describe('deleting', () => {
  afterEach(emptyPage);

  it('of the opened session, taken back, opens it again', async () => {
    const { panel, start, run } = await working();
    const id = await start(true);
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    await settled(panel);
    expect(run.sessionId).to.equal(id);
    await chooseFrom(one(panel, 'sessions-panel-view'), 'Session actions', 'Delete');
    await settled(panel);
    expect(run.sessionId).to.equal(undefined);
    button(panel, 'Undo').click();
    await settled(panel);
    expect(run.sessionId).to.equal(id);
    expect(textOf(one(panel, 'sessions-panel-view'))).to.contain('Haiku');
  });

  it('of the opened session, taken back where it covers the list, has the focus in it', async () => {
    const { panel, box, start, run } = await working();
    box.style.inlineSize = '400px';
    const id = await start(true);
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    await settled(panel);
    await chooseFrom(one(panel, 'sessions-panel-view'), 'Session actions', 'Delete');
    await settled(panel);
    const undo = button(panel, 'Undo');
    undo.focus();
    undo.click();
    await settled(panel);
    expect(run.sessionId).to.equal(id);
    expect(focused()?.getAttribute('part')).to.equal('session-title');
  });

  it('of an ended session can be taken back, with the button and with Ctrl+Z, and moves the focus on', async () => {
    const { panel, start, deleted } = await working();
    const first = await start(true);
    const second = await start(true);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('Delete');
    await settled(panel);
    expect(ids(panel)).to.deep.equal([first]);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal(first);
    expect(textOf(one(panel, '.toast'))).to.equal('Deleted “Haiku”. Undo');
    press('Delete');
    await settled(panel);
    expect(ids(panel)).to.deep.equal([]);
    expect(textOf(panel)).to.contain('No sessions yet');
    expect(all(panel, '.toast').map(textOf)).to.deep.equal(['Deleted 2 sessions. Undo']);
    button(panel, 'Undo').click();
    await settled(panel);
    expect(ids(panel)).to.deep.equal([first]);
    expect(all(panel, '.toast').map(textOf)).to.deep.equal(['Deleted “Haiku”. Undo']);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('z', { ctrlKey: true });
    await settled(panel);
    expect(ids(panel)).to.deep.equal([second, first]);
    expect(focused()?.closest<HTMLElement>('.item')).not.to.equal(null);
    expect(deleted).to.deep.equal([]);
  });

  it('that can be taken back has no accessibility problem', async () => {
    const { panel, history } = await mountPanel();
    load(history, HISTORY);
    history.addDeletion({ id: 1, sessions: [HISTORY[0]!], dueMs: Date.now() + 60_000 });
    await settled(panel);
    expect(textOf(one(panel, '.toast'))).to.contain('Deleted “Haiku · Green beans”. Undo');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('happens at once when the page goes', async () => {
    const { panel, start, deleted } = await working();
    const id = await start(true);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('Delete');
    dispatchEvent(new PageTransitionEvent('pagehide'));
    expect(deleted).to.deep.equal([id]);
    await settled(panel);
    expect(panel.shadowRoot?.querySelector('.toast')).to.equal(null);
  });

  it('of all that have finished asks with their number, and leaves running and pinned ones', async () => {
    const { panel, start, actions } = await working();
    const pinned = await start(true);
    await actions.setPinned(pinned, true);
    await start(true);
    await start(true);
    const running = await start(false);
    button(panel, 'More').click();
    await settled(panel);
    button(panel, 'Delete finished sessions…').click();
    await settled(panel);
    expect(textOf(one(panel, 'dialog'))).to.contain('Delete 2 finished sessions?');
    button(panel, 'Delete sessions').click();
    await settled(panel);
    expect(ids(panel)).to.deep.equal([pinned, running]);
    expect(textOf(one(panel, '.toast'))).to.contain('Deleted 2 sessions.');
    button(panel, 'Undo').click();
    await settled(panel);
    expect(ids(panel)).to.have.length(4);
  });
});

describe('a second click, of a double click', () => {
  afterEach(emptyPage);

  const clickTwice = (target: HTMLElement) => {
    target.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true, composed: true }));
    target.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true, composed: true }));
  };

  it('does nothing on a row, nor on the one that has come under the pointer', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [row('a', { createdAt: NOW - 1 }), row('b', { createdAt: NOW - 2 })]);
    await settled(panel);
    const [first, second] = rows(panel).map((item) => button(item, 'Delete session “Haiku”'));
    first!.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true, composed: true }));
    second!.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true, composed: true }));
    expect(actions.calls).to.deep.equal([['deleteLater', 'a']]);
  });

  it('starts no second run', async () => {
    const mounted = await mountPanel();
    const { panel, actions } = mounted;
    load(mounted.history, [row('h')]);
    open(mounted, 'h', haikuEvents('h'));
    live(mounted.run, [{ type: 'graphCancelled', sessionId: 'h' }]);
    await settled(panel);
    clickTwice(button(one(panel, 'sessions-panel-view'), 'Run again'));
    press('r');
    expect(actions.calls.filter(([name]) => name === 'rerun')).to.deep.equal([['rerun', 'h']]);
  });
});

describe('the focus', () => {
  afterEach(emptyPage);

  const focusedRow = () => focused()?.closest<HTMLElement>('.item')?.dataset['id'];

  it('stays on a row that is pinned and moves', async () => {
    const { panel, start } = await working();
    const old = await start(true);
    await start(true);
    one<HTMLElement>(rows(panel)[1]!, '.main').focus();
    press('p');
    await settled(panel);
    expect(ids(panel)[0]).to.equal(old);
    expect(focusedRow()).to.equal(old);
  });

  it('goes to the newest session when new ones are shown', async () => {
    const { panel, history } = await mountPanel();
    load(
      history,
      Array.from({ length: 100 }, (_, index) => row(`s${index}`, { createdAt: NOW - 9 - index })),
    );
    await settled(panel);
    one(panel, 'ol.rows').parentElement!.scrollTop = 400;
    await settled(panel);
    push(history, row('new', { createdAt: NOW }));
    await settled(panel);
    const show = button(panel, '1 new session');
    show.focus();
    show.click();
    await settled(panel);
    expect(focusedRow()).to.equal('new');
  });

  it('goes to Undo when the last row is deleted, and then where there is something', async () => {
    const { panel, start } = await working();
    const id = await start(true);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('Delete');
    await settled(panel);
    expect(textOf(focused()!)).to.equal('Undo');
    button(panel, 'Undo').click();
    await settled(panel);
    expect(focusedRow()).to.equal(id);
  });

  it('goes to the list when the opened session is deleted from its header', async () => {
    const { panel, start, run } = await working();
    const other = await start(true);
    const id = await start(true);
    button(rows(panel)[0]!, 'More actions for “Haiku”').focus();
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    await settled(panel);
    expect(run.sessionId).to.equal(id);
    const view = one(panel, 'sessions-panel-view');
    button(view, 'Session actions').focus();
    await chooseFrom(view, 'Session actions', 'Delete');
    await settled(panel);
    expect(focusedRow()).to.equal(other);
  });

  it('leaves a dialog about a session that was deleted elsewhere', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a', { createdAt: NOW - 1 }), row('b', { createdAt: NOW - 2 })]);
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('F2');
    await settled(panel);
    expect(textOf(one(panel, 'dialog'))).to.contain('Rename session');
    history.remove('a');
    await settled(panel);
    expect(all(panel, 'dialog')).to.have.length(0);
    expect(focusedRow()).to.equal('b');
  });
});

describe('what the service can do', () => {
  afterEach(emptyPage);

  it('renames, pins on top, and runs again', async () => {
    const { panel, start } = await working();
    const old = await start(true);
    const recent = await start(true);
    await choose(panel, rows(panel)[1]!, 'Pin');
    expect(ids(panel)).to.deep.equal([old, recent]);
    expect(textOf(rows(panel)[0]!)).to.contain('Pinned');
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('F2');
    await settled(panel);
    const dialog = one<HTMLDialogElement>(panel, 'dialog');
    one<HTMLInputElement>(dialog, 'input').value = 'For Ann';
    button(dialog, 'Rename').click();
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('For Ann');
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal(old);
    press('r');
    await until(() => ids(panel).length === 3);
  });

  it('shows the title that a session has when it is given none', async () => {
    const { panel, history } = await mountPanel();
    load(history, [
      row('a', { createdAt: 2, input: 'green **beans**' }),
      row('b', { createdAt: 1, title: 'For Ann', graphTitle: 'Haiku', input: 'trains' }),
    ]);
    await settled(panel);
    const fields: (readonly [value: string, placeholder: string])[] = [];
    for (const item of rows(panel)) {
      one<HTMLElement>(item, '.main').focus();
      press('F2');
      await settled(panel);
      const dialog = one<HTMLDialogElement>(panel, 'dialog');
      const input = one<HTMLInputElement>(dialog, 'input');
      fields.push([input.value, input.placeholder]);
      expect(textOf(dialog)).to.contain('Leave empty to use the automatic title.');
      button(dialog, 'Keep title').click();
      await settled(panel);
    }
    expect(fields).to.deep.equal([
      ['', 'Haiku · green beans'],
      ['For Ann', 'Haiku · trains'],
    ]);
  });

  it('is left to the host that takes it over, and not offered where it cannot', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    panel.addEventListener(SessionRerunEvent.type, (event) => event.preventDefault(), { once: true });
    button(rows(panel)[0]!, 'Run “Haiku” again').click();
    expect(actions.calls).to.deep.equal([]);
    button(rows(panel)[0]!, 'Run “Haiku” again').click();
    expect(actions.calls).to.deep.equal([['rerun', 'a']]);
    actions.capabilities = { ...actions.capabilities, rerun: false, pin: false, rename: false };
    panel.requestUpdate();
    await settled(panel);
    expect([...buttons(rows(panel)[0]!).keys()].slice(1)).to.deep.equal([
      'Delete session “Haiku”',
      'More actions for “Haiku”',
    ]);
    button(rows(panel)[0]!, 'More actions for “Haiku”').click();
    await settled(panel);
    expect(menuTexts(panel)).to.deep.equal([
      'Open Enter',
      'Select Space',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Delete Del',
    ]);
  });

  it('shows its keys with ?', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('?');
    await settled(panel);
    expect(textOf(one(panel, 'dialog')))
      .to.contain('Keyboard shortcuts')
      .and.to.contain('Search');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(panel, 'Close').click();
    await settled(panel);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('a');
  });
});
