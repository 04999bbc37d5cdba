import { expect } from '@open-wc/testing';
import {
  NeedsInputChangeEvent,
  SessionCancelEvent,
  SessionConnectEvent,
  SessionDeleteEvent,
} from '../../../src/elements/panel/host-events.js';
import { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { holdTime } from '../../support/fake-time.js';
import {
  accessibilityProblems,
  areCollected,
  atRest,
  box,
  button,
  buttons,
  countUpdates,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, push, row } from '../../support/elements/sample.js';
import { itInChromium } from '../../support/in-chromium.js';

const NOW = Date.now() / 1000;

const RUNNING = row('r', { status: 'running', title: 'Trip plan', createdAt: NOW - 5 });
const ENDED = row('e', { status: 'completed', title: 'Haiku', createdAt: NOW - 50 });

describe('sessions-panel', () => {
  afterEach(emptyPage);

  it('monitors its graph while it is connected, once', async () => {
    const { panel, actions, history } = await mountPanel({ graphId: 'haiku' });
    load(history, [ENDED], 'haiku');
    await settled(panel);
    expect(actions.calls).to.deep.equal([['monitor', 'haiku']]);
    panel.graphId = 'trip';
    await settled(panel);
    expect(actions.calls.at(-1)).to.deep.equal(['monitor', 'trip']);
  });

  it('leaves the sessions of its host running when it is removed', async () => {
    const { panel, actions, box } = await mountPanel({ graphId: 'haiku' });
    panel.remove();
    await settled(box);
    expect(actions.calls).to.deep.equal([['monitor', 'haiku']]);
    box.append(panel);
    await settled(panel);
    expect(actions.calls).to.deep.equal([['monitor', 'haiku']]);
  });

  it('shows the connection state', async () => {
    const { panel, history, actions } = await mountPanel();
    const connection = () => textOf(one(panel, '.connection'));
    history.setMonitor({ phase: 'connecting', attempt: 0 });
    await settled(panel);
    expect(connection()).to.equal('Connecting…');
    load(history, [ENDED]);
    await settled(panel);
    expect(connection()).to.equal('Live');
    history.setMonitor({ phase: 'offline', attempt: 1 });
    await settled(panel);
    expect(connection()).to.equal('Offline');
    history.setMonitor({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
    await settled(panel);
    expect(connection()).to.equal('Reconnecting in 3 s · Retry now');
    button(panel, 'Retry now').click();
    expect(actions.calls).to.deep.equal([['retryNow']]);
  });

  it('counts down', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    history.setMonitor({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 1500 });
    await settled(panel);
    expect(textOf(one(panel, '.connection'))).to.contain('in 2 s');
    time.advance(1000);
    await settled(panel);
    expect(textOf(one(panel, '.connection'))).to.contain('in 1 s');
  });

  it('fires an event before it opens a session, which the host can cancel', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    const events: string[] = [];
    panel.addEventListener(SessionConnectEvent.type, (event) => {
      events.push(event.sessionId);
      event.preventDefault();
    });
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    expect(events).to.deep.equal(['r']);
    expect(actions.calls).to.deep.equal([]);
  });

  it('fires an event with the number of sessions that need input', async () => {
    const { panel, history } = await mountPanel();
    const counts: number[] = [];
    panel.addEventListener(NeedsInputChangeEvent.type, (event) => counts.push(event.count));
    load(history, [row('a', { status: 'suspended' }), ENDED]);
    await settled(panel);
    push(history, row('b', { status: 'suspended' }));
    await settled(panel);
    push(history, row('a', { output: 'x' }));
    push(history, row('b', { output: 'x' }));
    await settled(panel);
    expect(counts).to.deep.equal([1, 2, 0]);
  });

  it('announces new questions, but not those of the first load', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    const status = one(panel, 'p[role=status]');
    const later = async (ms: number) => {
      await settled(panel);
      time.advance(ms);
      await settled(panel);
    };
    load(history, [row('a', { status: 'suspended' })]);
    await later(10_000);
    expect(status.textContent).to.equal('');
    push(history, row('b', { status: 'suspended' }));
    await later(200);
    expect(status.textContent).to.equal('', 'it may not have settled');
    await later(50);
    expect(status.textContent).to.equal('2 sessions need your input');
    push(history, row('b', { output: 'x' }));
    await later(250);
    expect(status.textContent).to.equal('', 'the announcement is no longer true');
  });

  it('does not announce a question that was answered before the announcement', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    const status = one(panel, 'p[role=status]');
    load(history, []);
    await settled(panel);
    push(history, row('a', { status: 'suspended' }));
    await settled(panel);
    push(history, row('a', { output: 'x' }));
    await settled(panel);
    time.advance(10_000);
    await settled(panel);
    expect(status.textContent).to.equal('');
  });

  it('takes all texts from its catalogue', async () => {
    const { panel, history } = await mountPanel();
    panel.strings = { ...panel.strings, panelTitle: 'Läufe', filterAll: 'Alle', locale: 'de' };
    load(history, [RUNNING, ENDED]);
    await settled(panel);
    expect(textOf(panel)).to.contain('Läufe').and.to.contain('Alle 2');
    expect(textOf(rows(panel)[0]!)).to.match(/jetzt/);
  });

  it('has slots for content of the host', async () => {
    const { panel, history } = await mountPanel();
    panel.innerHTML = '<button slot="toolbar">Run graph</button><a slot="empty" href="#x">How to</a>';
    load(history, []);
    await settled(panel);
    expect(textOf(panel)).to.contain('Run graph').and.to.contain('How to');
  });
});

describe('sessions-panel before data is lost', () => {
  afterEach(emptyPage);

  it('asks before it deletes a running session, naming it and the consequence', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    button(panel, 'Delete session “Trip plan”').click();
    await settled(panel);
    const dialog = one<HTMLDialogElement>(panel, 'dialog');
    expect(dialog.open).to.equal(true);
    expect(textOf(dialog)).to.equal(
      'Delete session “Trip plan”? The run stops now, and its events and outputs are permanently deleted. ' +
        'Keep session Delete session',
    );
    button(dialog, 'Keep session').click();
    await settled(panel);
    expect(actions.calls).to.deep.equal([]);
    button(panel, 'Delete session “Trip plan”').click();
    await settled(panel);
    button(one(panel, 'dialog'), 'Delete session').click();
    await settled(panel);
    expect(actions.calls).to.deep.equal([['delete', 'r']]);
  });

  it('asks before it cancels a run', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('c');
    await settled(panel);
    const dialog = one(panel, 'dialog');
    expect(textOf(dialog)).to.contain('Cancel run of “Trip plan”?');
    expect([...buttons(dialog).keys()]).to.deep.equal(['Keep running', 'Cancel run']);
    expect(focused()?.textContent?.trim()).to.equal('Keep running');
    button(dialog, 'Cancel run').click();
    await settled(panel);
    expect(actions.calls).to.deep.equal([['cancel', 'r']]);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('r');
  });

  it('does nothing when the dialog is closed with Escape', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('Delete');
    await settled(panel);
    const dialog = one<HTMLDialogElement>(panel, 'dialog');
    expect(textOf(dialog)).to.contain('its events and outputs are permanently deleted.');
    dialog.close();
    await settled(panel);
    expect(actions.calls).to.deep.equal([]);
  });

  it('lets the host take over a confirmed command', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    const events: string[] = [];
    for (const { type } of [SessionCancelEvent, SessionDeleteEvent]) {
      panel.addEventListener(type, (event) => {
        events.push(`${event.type} ${event.sessionId}`);
        event.preventDefault();
      });
    }
    for (const [label, confirm] of [
      ['Cancel run of “Trip plan”', 'Cancel run'],
      ['Delete session “Trip plan”', 'Delete session'],
    ] as const) {
      button(panel, label).click();
      await settled(panel);
      button(one(panel, 'dialog'), confirm).click();
      await settled(panel);
    }
    expect(events).to.deep.equal(['session-cancel r', 'session-delete r']);
    expect(actions.calls).to.deep.equal([]);
  });
});

describe('sessions-panel without room for both list and session', () => {
  afterEach(emptyPage);

  it('slides the session over the list, and returns with the button and with Escape', async () => {
    const sessions = fakeSessions();
    const { panel, history } = await mountPanel({ width: 360, sessions });
    load(history, [row('h', { status: 'suspended' })]);
    await settled(panel);
    expect([...buttons(panel).keys()].some((name) => name.startsWith('Needs input. Haiku'))).to.equal(true);
    open(sessions, 'h', haikuEvents('h'));
    await atRest(panel);
    expect(buttons(panel).has('Back to the list')).to.equal(true);
    expect([...buttons(panel).keys()].some((name) => name.startsWith('Needs input. Haiku'))).to.equal(
      false,
      'the list is covered',
    );
    button(panel, 'Back to the list').click();
    await atRest(panel);
    expect(buttons(panel).has('Back to the list')).to.equal(false);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('h');
    one<HTMLElement>(rows(panel)[0]!, '.main').click();
    await atRest(panel);
    expect(focused()?.localName).to.equal('h3');
    expect(press('Escape')).to.equal(false);
    await settled(panel);
    expect(sessions.run.sessionId).to.equal('h', 'going back does not stop watching');
    expect(sessions.actions.calls).to.deep.equal([], 'and opening it again does not connect again');
  });

  it('shows both if there is room', async () => {
    const sessions = fakeSessions();
    const { panel, history } = await mountPanel({ width: 900, sessions });
    load(history, [row('h', { status: 'suspended' })]);
    open(sessions, 'h', haikuEvents('h'));
    await settled(panel);
    expect(buttons(panel).has('Back to the list')).to.equal(false);
    expect(buttons(panel).has('Close')).to.equal(true);
    expect(rows(panel)).to.have.length(1);
  });
});

/** A panel that creates its own sessions, as the registered one does for an endpoint. */
class OwnPanel extends SessionsPanel {
  readonly made: { endpoint: string; shareKey: string; sessions: ReturnType<typeof fakeSessions> }[] = [];
  protected override createSessions(endpoint: string, shareKey: string) {
    const sessions = fakeSessions();
    this.made.push({ endpoint, shareKey, sessions });
    return sessions;
  }
}
customElements.define('test-own-panel', OwnPanel);

describe('sessions-panel with an endpoint', () => {
  afterEach(emptyPage);

  it('creates its own sessions, and disposes them when it is removed', async () => {
    const parent = box();
    parent.innerHTML = '<test-own-panel endpoint="/v1beta1/graphSessions" graph-id="haiku"></test-own-panel>';
    const panel = parent.firstElementChild as OwnPanel;
    await settled(panel);
    expect(panel.made.map(({ endpoint }) => endpoint)).to.deep.equal(['/v1beta1/graphSessions']);
    const { actions, history } = panel.made[0]!.sessions;
    expect(actions.calls).to.deep.equal([['monitor', 'haiku']]);
    load(history, [ENDED], 'haiku');
    await settled(panel);
    expect(rows(panel)).to.have.length(1);
    panel.remove();
    await settled(panel);
    expect(actions.calls.at(-1)).to.deep.equal(['dispose']);
  });

  it('creates new ones for another share key', async () => {
    const parent = box();
    parent.innerHTML = '<test-own-panel endpoint="/a" graph-id="haiku" share-key="ada"></test-own-panel>';
    const panel = parent.firstElementChild as OwnPanel;
    await settled(panel);
    panel.setAttribute('share-key', 'ben');
    await settled(panel);
    expect(panel.made.map(({ shareKey }) => shareKey)).to.deep.equal(['ada', 'ben']);
    expect(panel.made[0]!.sessions.actions.calls.at(-1)).to.deep.equal(['dispose']);
    expect(panel.made[1]!.sessions.actions.calls).to.deep.equal([['monitor', 'haiku']]);
  });

  it('keeps them when it is only moved', async () => {
    const parent = box();
    parent.innerHTML = '<test-own-panel endpoint="/a" graph-id="haiku"></test-own-panel>';
    const panel = parent.firstElementChild as OwnPanel;
    await settled(panel);
    box().append(panel);
    await settled(panel);
    expect(panel.made).to.have.length(1);
    expect(panel.made[0]!.sessions.actions.calls).to.deep.equal([['monitor', 'haiku']]);
  });

  it('creates new ones when it is reinserted', async () => {
    const parent = box();
    parent.innerHTML = '<test-own-panel endpoint="/a" graph-id="haiku"></test-own-panel>';
    const panel = parent.firstElementChild as OwnPanel;
    await settled(panel);
    panel.remove();
    await settled(panel);
    parent.append(panel);
    await settled(panel);
    expect(panel.made).to.have.length(2);
    expect(panel.made[1]!.sessions.actions.calls).to.deep.equal([['monitor', 'haiku']]);
  });
});

describe('resources of sessions-panel', () => {
  afterEach(emptyPage);

  itInChromium('are released: 50 removed panels can be garbage-collected', async () => {
    const sessions = fakeSessions();
    load(sessions.history, [RUNNING, ENDED]);
    open(sessions, 'r', haikuEvents('r'));
    const references: WeakRef<object>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      const { panel, box: parent } = await mountPanel({ sessions });
      references.push(new WeakRef(panel));
      parent.remove();
    }
    push(sessions.history, { ...RUNNING, currentNode: 'Poet' });
    expect(await areCollected(references)).to.equal(true);
  });

  it('do not tick for a list without running times', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    load(history, [ENDED]);
    await settled(panel);
    const updates = countUpdates(one(panel, 'sessions-panel-list'));
    time.advance(10_000);
    await settled(panel);
    expect(updates()).to.equal(0);
  });

  it('tick once a second while a run counts up, and stop when the panel is removed', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    load(history, [RUNNING]);
    await settled(panel);
    const list = one(panel, 'sessions-panel-list');
    const updates = countUpdates(list);
    for (let second = 1; second <= 3; second += 1) {
      time.advance(1000);
      await settled(panel);
      expect(updates()).to.equal(second);
    }
    panel.remove();
    time.advance(10_000);
    await settled(panel);
    expect(updates()).to.equal(3);
  });

  it('are not shared: two panels on one page are independent', async () => {
    const first = await mountPanel();
    const second = await mountPanel();
    load(first.history, [RUNNING]);
    load(second.history, [ENDED]);
    await settled(document.body);
    expect(textOf(first.panel)).to.contain('Trip plan').and.not.to.contain('Haiku');
    expect(textOf(second.panel)).to.contain('Haiku').and.not.to.contain('Trip plan');
  });
});

describe('accessibility of sessions-panel', () => {
  afterEach(emptyPage);

  for (const scheme of ['light', 'dark']) {
    for (const width of [1000, 360]) {
      it(`has no problem with an open question (${scheme}, ${width} px)`, async () => {
        const sessions = fakeSessions();
        const { panel, history } = await mountPanel({ width, sessions });
        panel.style.setProperty('--sessions-panel-color-scheme', scheme);
        load(history, [row('h', { status: 'suspended', createdAt: NOW - 5 }), RUNNING, ENDED]);
        open(sessions, 'h', haikuEvents('h'));
        await atRest(panel);
        expect(await accessibilityProblems(panel)).to.deep.equal([]);
      });
    }

    it(`has no problem while it reconnects and shows a dialog (${scheme})`, async () => {
      const sessions = fakeSessions();
      const { panel, history, run } = await mountPanel({ sessions });
      panel.style.setProperty('--sessions-panel-color-scheme', scheme);
      load(history, [RUNNING]);
      open(sessions, 'r', haikuEvents('r'));
      history.setMonitor({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 5000 });
      run.setConnection({ phase: 'failed', attempt: 1, error: new GraphRunError('network', 'No answer.') });
      await atRest(panel);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
      button(panel, 'Delete session “Trip plan”').click();
      await settled(panel);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
    });
  }
});
