import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  button,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
  until,
} from '../../../support/elements/page.js';
import { haikuEvents, live, load, open, push, row } from '../../../support/elements/sample.js';

const waits = (id: string, change = {}) =>
  row(id, { status: 'suspended', question: 'Which mood?', title: `Haiku ${id}`, ...change });

/** Replacement for the browser's notifications. */
class FakeNotification extends EventTarget {
  static permission: NotificationPermission = 'default';
  static answer: NotificationPermission = 'granted';
  static asked = 0;
  static shown: FakeNotification[] = [];
  readonly title: string;
  readonly options: NotificationOptions;

  constructor(title: string, options: NotificationOptions) {
    super();
    this.title = title;
    this.options = options;
    FakeNotification.shown.push(this);
  }

  static requestPermission(): Promise<NotificationPermission> {
    FakeNotification.asked += 1;
    FakeNotification.permission = FakeNotification.answer;
    return Promise.resolve(FakeNotification.answer);
  }

  close(): void {
    FakeNotification.shown = FakeNotification.shown.filter((other) => other !== this);
  }
}

describe('the number of waiting sessions in the page title', () => {
  const before = document.title;
  afterEach(() => {
    emptyPage();
    document.title = before;
  });

  it('is shown only if the host allows it, and is removed with the panel', async () => {
    document.title = 'Editor';
    const { panel, history } = await mountPanel();
    load(history, [waits('a'), waits('b'), row('c')]);
    await settled(panel);
    expect(document.title).to.equal('Editor');
    panel.titleCount = true;
    await settled(panel);
    expect(document.title).to.equal('(2) Editor');
    push(history, row('a'));
    await settled(panel);
    expect(document.title).to.equal('(1) Editor');
    panel.remove();
    expect(document.title).to.equal('Editor');
  });

  it('remains when the host changes its title', async () => {
    document.title = 'Editor';
    const { panel, history } = await mountPanel();
    panel.setAttribute('title-count', '');
    load(history, [waits('a')]);
    await settled(panel);
    document.title = 'Another page';
    await until(() => document.title === '(1) Another page');
    push(history, row('a'));
    await settled(panel);
    expect(document.title).to.equal('Another page');
  });
});

describe('notifications', () => {
  const { Notification: original } = globalThis;
  const { hasFocus } = document;
  const BELL = 'Notify me when a session needs input';

  beforeEach(() => {
    Object.assign(FakeNotification, { permission: 'default', answer: 'granted', asked: 0, shown: [] });
    globalThis.Notification = FakeNotification as unknown as typeof Notification;
    document.hasFocus = () => false;
    localStorage.removeItem('graph-sessions:notify');
  });
  afterEach(() => {
    emptyPage();
    globalThis.Notification = original;
    document.hasFocus = hasFocus;
  });

  async function withBell() {
    const mounted = await mountPanel();
    mounted.panel.notifications = true;
    load(mounted.history, [waits('a'), row('b')]);
    await settled(mounted.panel);
    return mounted;
  }

  it('have no bell unless the host allows them', async () => {
    const { panel } = await mountPanel();
    expect(() => button(panel, BELL)).to.throw();
  });

  it('are off until a person presses the bell; only then does the browser ask', async () => {
    const { panel, history } = await withBell();
    push(history, waits('b'));
    await settled(panel);
    expect([FakeNotification.asked, FakeNotification.shown.length]).to.deep.equal([0, 0]);
    expect(button(panel, BELL).ariaPressed).to.equal('false');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(panel, BELL).click();
    await settled(panel);
    expect(FakeNotification.asked).to.equal(1);
    expect(button(panel, BELL).ariaPressed).to.equal('true');
  });

  it('appear once for each session that starts to need input, and open it', async () => {
    const { panel, history, actions } = await withBell();
    button(panel, BELL).click();
    await settled(panel);
    push(history, waits('b'));
    await settled(panel);
    const [shown, ...others] = FakeNotification.shown;
    expect(others).to.deep.equal([]);
    expect([shown!.title, shown!.options.body]).to.deep.equal(['Haiku b needs your input', 'Which mood?']);
    shown!.dispatchEvent(new Event('click'));
    expect(actions.calls.at(-1)).to.deep.equal(['connect', 'b']);
    expect(FakeNotification.shown).to.deep.equal([]);
  });

  it('do not appear while the page has the focus', async () => {
    const { panel, history } = await withBell();
    button(panel, BELL).click();
    await settled(panel);
    document.hasFocus = () => true;
    push(history, waits('b'));
    await settled(panel);
    expect(FakeNotification.shown).to.deep.equal([]);
  });

  it('are turned off by the bell, which is remembered', async () => {
    const first = await withBell();
    button(first.panel, BELL).click();
    await settled(first.panel);
    const second = await withBell();
    expect(button(second.panel, BELL).ariaPressed).to.equal('true');
    button(second.panel, BELL).click();
    await settled(second.panel);
    expect(button((await withBell()).panel, BELL).ariaPressed).to.equal('false');
  });

  it('have a bell that says when the browser blocks them', async () => {
    FakeNotification.permission = 'denied';
    const { panel } = await withBell();
    expect(button(panel, BELL).ariaDisabled).to.equal('true');
    expect(button(panel, BELL).title).to.equal('The browser blocks notifications from this page');
    button(panel, BELL).click();
    expect(FakeNotification.asked).to.equal(0);
  });
});

describe('the key n', () => {
  afterEach(emptyPage);
  const nameOfFocus = () =>
    focused()?.closest('label')?.textContent?.trim() ?? focused()?.getAttribute('aria-label');

  it('moves to the question of the opened session, then through the waiting sessions, and wraps around', async () => {
    const mounted = await mountPanel();
    const { panel, history, actions } = mounted;
    load(history, [
      waits('a', { createdAt: 30 }),
      row('b', { createdAt: 20 }),
      waits('c', { createdAt: 10 }),
    ]);
    open(mounted, 'a', haikuEvents('a'));
    await settled(panel);
    button(panel, 'All 3').focus();
    press('n');
    expect(nameOfFocus()).to.contain('Calm');
    press('n');
    expect(actions.calls.at(-1)).to.deep.equal(['connect', 'c']);
    open(mounted, 'c', haikuEvents('c'));
    await settled(panel);
    expect(nameOfFocus()).to.contain('Calm');
    press('n');
    expect(actions.calls.at(-1)).to.deep.equal(['connect', 'a']);
  });

  it('is a letter in a text field, and does nothing outside the panel', async () => {
    const mounted = await mountPanel();
    load(mounted.history, [waits('a')]);
    const input = document.createElement('input');
    mounted.panel.append(input);
    input.slot = 'toolbar';
    await settled(mounted.panel);
    input.focus();
    expect(press('n')).to.equal(true);
    input.blur();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
    expect(mounted.actions.calls).to.deep.equal([]);
  });

  it('does nothing on a button among the fields of a question; neither do / and ?', async () => {
    const mounted = await mountPanel();
    const { panel, history, run, actions } = mounted;
    load(history, [waits('a'), waits('b')]);
    open(mounted, 'a', haikuEvents('a'));
    const stops = { type: 'array', title: 'Stops', items: { type: 'string' } };
    live(run, [
      { type: 'inputResolved', nodeId: 'poet', interactionId: 'i-mood', by: 'response' },
      {
        type: 'inputRequired',
        nodeId: 'poet',
        interactionId: 'i-stops',
        suspendEvent: { inputNode: { schema: { type: 'object', properties: { stops } } } },
      },
      {
        type: 'inputRequired',
        nodeId: 'poet',
        interactionId: 'i-files',
        suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Which?' }] }, inputType: 'asterisk' } },
      },
    ]);
    await settled(panel);
    const before = actions.calls.length;
    for (const selector of ['.add-item', '.add-files button']) {
      one(panel, selector).focus();
      for (const key of ['n', '/', '?']) {
        expect(press(key), `${key} on ${selector}`).to.equal(true);
        await settled(panel);
        expect(focused()?.matches(selector), `focus after ${key} on ${selector}`).to.equal(true);
      }
      if (selector !== '.add-item') continue;
      button(panel, 'Next question').click();
      await settled(panel);
    }
    expect(actions.calls.length).to.equal(before);
    focused()!.closest('.card')!.querySelector<HTMLElement>('#send')!.focus();
    press('n');
    expect(actions.calls.at(-1)).to.deep.equal(['connect', 'b']);
  });

  it('announces that there is no question', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    rows(panel)[0]!.querySelector('button')!.focus();
    press('n');
    await settled(panel);
    expect(textOf(one(panel, '.panel > [role="status"]'))).to.equal('No open questions');
  });
});

describe('a question that someone else has answered', () => {
  afterEach(emptyPage);

  async function answeredElsewhere() {
    const mounted = await mountPanel();
    const { panel, run, history } = mounted;
    load(history, [waits('a')]);
    open(mounted, 'a', haikuEvents('a'));
    await settled(panel);
    live(run, [
      {
        type: 'inputResolved',
        nodeId: 'poet',
        interactionId: 'i-mood',
        by: 'response',
        response: { selected: { ids: ['calm'] } },
      },
    ]);
    await settled(panel);
    return mounted;
  }

  it('names the question in its notice without Markdown syntax', async () => {
    const mounted = await mountPanel();
    load(mounted.history, [waits('a')]);
    open(mounted, 'a', [
      { type: 'graphStart', sessionId: 'a' },
      { type: 'nodeStart', nodeId: 'n' },
      {
        type: 'inputRequired',
        nodeId: 'n',
        interactionId: 'i',
        suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'How many about **green beans**?' }] } } },
      },
    ]);
    await settled(mounted.panel);
    live(mounted.run, [{ type: 'inputResolved', nodeId: 'n', interactionId: 'i', by: 'response' }]);
    await settled(mounted.panel);
    expect(textOf(one(mounted.panel, '.closed'))).to.contain('“How many about green beans?” was answered');
  });

  it('leaves a notice that is announced and can be dismissed', async () => {
    const { panel, actions, run } = await answeredElsewhere();
    expect(panel.shadowRoot!.querySelectorAll('sessions-panel-question').length).to.equal(0);
    const note = one(panel, '.closed');
    expect(note.getAttribute('role')).to.equal('status');
    expect(textOf(note)).to.equal(
      'Already answered. “Which mood should it have?” was answered elsewhere: “Calm”.',
    );
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(panel, 'Dismiss').focus();
    button(panel, 'Dismiss').click();
    expect(actions.calls.at(-1)).to.deep.equal(['dismissClosed', 'i-mood']);
    run.dismissClosed('i-mood');
    await settled(panel);
    expect(textOf(note)).to.equal('');
    expect(focused()?.localName).to.equal('h3');
  });

  it('moves the focus to the notice that it was answered, not to another question', async () => {
    const mounted = await mountPanel();
    open(mounted, 'a', haikuEvents('a'));
    await settled(mounted.panel);
    one<HTMLInputElement>(mounted.panel, '.choice:first-of-type input').focus();
    live(mounted.run, [
      { type: 'inputResolved', nodeId: 'poet', interactionId: 'i-mood', by: 'response' },
      {
        type: 'inputRequired',
        nodeId: 'poet',
        interactionId: 'i-next',
        suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'And the title?' }] } } },
      },
    ]);
    await settled(mounted.panel);
    expect(focused()?.className).to.equal('note closed-note');
  });

  it('leaves a notice that it expired', async () => {
    const mounted = await mountPanel();
    load(mounted.history, [waits('a')]);
    open(mounted, 'a', haikuEvents('a'));
    live(mounted.run, [{ type: 'inputResolved', nodeId: 'poet', interactionId: 'i-mood', by: 'expired' }]);
    await settled(mounted.panel);
    expect(textOf(one(mounted.panel, '.closed'))).to.equal(
      'Expired. “Which mood should it have?” timed out, so “Poet” failed.',
    );
  });
});

describe('a draft', () => {
  afterEach(emptyPage);

  it('is saved by an action, and shown wherever the question is shown', async () => {
    const mounted = await mountPanel();
    const { panel, actions, drafts } = mounted;
    load(mounted.history, [waits('a')]);
    open(mounted, 'a', haikuEvents('a'));
    await settled(panel);
    one<HTMLInputElement>(panel, '.choice:first-of-type input').click();
    const [name, interactionId, draft] = actions.calls.at(-1)!;
    expect([name, interactionId]).to.deep.equal(['saveDraft', 'i-mood']);
    drafts.set('a', 'i-mood', draft);
    open(mounted, 'b', []);
    await settled(panel);
    open(mounted, 'a', haikuEvents('a'));
    await settled(panel);
    expect(one<HTMLInputElement>(panel, '.choice:first-of-type input').checked).to.equal(true);
    expect(textOf(one(panel, '.actions .note'))).to.equal('Draft saved');
  });
});
