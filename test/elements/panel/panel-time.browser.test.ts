/** Delayed actions, and clocks that stop while the page is hidden, with fake time. */
import { expect } from '@open-wc/testing';
import { sendMouse } from '@web/test-runner-commands';
import { holdTime } from '../../support/fake-time.js';
import {
  all,
  countUpdates,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, live, load, open, push, row } from '../../support/elements/sample.js';

const NOTE_MS = 8000;

/** Mounts a panel with a session whose question someone else has just answered. */
async function answeredElsewhere() {
  const time = holdTime();
  const sessions = fakeSessions();
  const mounted = await mountPanel({ sessions });
  load(sessions.history, [row('h', { status: 'suspended' })]);
  open(sessions, 'h', haikuEvents('h'));
  await settled(mounted.panel);
  live(sessions.run, [
    {
      type: 'inputResolved',
      nodeId: 'poet',
      interactionId: 'i-mood',
      by: 'response',
      response: { selectedIds: ['calm'] },
    },
  ]);
  await settled(mounted.panel);
  const note = () => all(mounted.panel, '.closed-note');
  expect(note()).to.have.length(1);
  const dismissed = () => sessions.actions.calls.filter(([name]) => name === 'dismissClosed');
  const pass = async (ms: number) => {
    time.advance(ms);
    await settled(mounted.panel);
  };
  return { ...mounted, note, dismissed, pass };
}

describe('a notice about a question that was answered elsewhere', () => {
  afterEach(async () => {
    emptyPage();
    await sendMouse({ type: 'move', position: [0, 0] });
  });

  it('disappears after a while', async () => {
    const { dismissed, pass } = await answeredElsewhere();
    await pass(NOTE_MS - 1);
    expect(dismissed()).to.deep.equal([]);
    await pass(1);
    expect(dismissed()).to.deep.equal([['dismissClosed', 'i-mood']]);
  });

  it('stays while it has the focus or the pointer', async () => {
    const { note, dismissed, pass } = await answeredElsewhere();
    const close = note()[0]!.querySelector<HTMLButtonElement>('.icon-button')!;
    close.focus();
    await pass(3 * NOTE_MS);
    expect(dismissed()).to.deep.equal([]);
    close.blur();
    const { left, top, width, height } = note()[0]!.getBoundingClientRect();
    const position: [number, number] = [Math.round(left + width / 3), Math.round(top + height / 2)];
    await sendMouse({ type: 'move', position });
    await pass(3 * NOTE_MS);
    expect(dismissed()).to.deep.equal([]);
    await sendMouse({ type: 'move', position: [0, 0] });
    await pass(NOTE_MS);
    expect(dismissed()).to.have.length(1);
  });

  it('stays until it is dismissed if it holds unsent text', async () => {
    const { panel, run, dismissed, pass } = await answeredElsewhere();
    run.attachUnsent('i-mood', { kind: 'choice', selectedIds: ['playful'] });
    await settled(panel);
    expect(textOf(one(panel, '.closed-note'))).to.contain('Playful');
    await pass(10 * NOTE_MS);
    expect(dismissed()).to.deep.equal([]);
  });
});

describe('a running time', () => {
  afterEach(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    emptyPage();
  });

  /** Counts the updates of the nodes of a session that has ended, or has not. */
  async function nodeUpdates(isEnded: boolean) {
    const time = holdTime();
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h', { status: isEnded ? 'cancelled' : 'suspended' })]);
    open(sessions, 'h', haikuEvents('h'));
    if (isEnded) live(sessions.run, [{ type: 'graphCancelled', sessionId: 'h' }]);
    // The nodes of an opened session are rendered over some frames.
    for (let round = 0; round < 5; round += 1) await settled(panel);
    const counts = all(panel, 'sessions-panel-node').map(countUpdates);
    return { panel, time, updates: () => counts.reduce((sum, count) => sum + count(), 0) };
  }

  it('stops in a session that has ended', async () => {
    const { panel, time, updates } = await nodeUpdates(true);
    time.advance(10_000);
    await settled(panel);
    expect(updates()).to.equal(0);
  });

  it('continues in a waiting node, and in no other', async () => {
    const { panel, time, updates } = await nodeUpdates(false);
    time.advance(1000);
    await settled(panel);
    expect(updates()).to.equal(1);
  });

  it('counts the seconds of a session that has waited for less than a minute, as its header does', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    load(history, [row('w', { status: 'suspended', waitingSince: Date.now() / 1000 - 4.6 })]);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('4 s');
    time.advance(3000);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('7 s');
  });

  it('stops while the page is hidden, and is correct as soon as the page is visible again', async () => {
    const time = holdTime();
    const { panel, history } = await mountPanel();
    load(history, [row('r', { status: 'running', createdAt: Date.now() / 1000 - 5 })]);
    await settled(panel);
    const show = async (visibilityState: DocumentVisibilityState) => {
      Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      await settled(panel);
    };
    const updates = countUpdates(one(panel, 'sessions-panel-list'));
    expect(textOf(rows(panel)[0]!)).to.contain('5 s');
    await show('hidden');
    time.advance(60_000);
    await settled(panel);
    expect(updates()).to.equal(0);
    await show('visible');
    expect(updates()).to.equal(1);
    expect(textOf(rows(panel)[0]!)).to.contain('1 m 05 s');
  });

  it('announces nothing old when a panel is removed and reinserted', async () => {
    const time = holdTime();
    const { panel, history, box } = await mountPanel();
    load(history, []);
    await settled(panel);
    push(history, row('a', { status: 'suspended' }));
    await settled(panel);
    panel.remove();
    time.advance(10_000);
    box.append(panel);
    await settled(panel);
    expect(one(panel, 'p[role=status]').textContent).to.equal('');
  });
});

describe('undoing a deletion with the keyboard', () => {
  afterEach(emptyPage);

  it('moves the focus to the restored session, wherever it was', async () => {
    const { panel, history } = await mountPanel();
    const sessions = [row('a', { createdAt: 3 }), row('b', { createdAt: 2 }), row('c', { createdAt: 1 })];
    load(history, sessions);
    history.addDeletion({ id: 1, sessions: [sessions[2]!], dueMs: Date.now() + 5000 });
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('z', { ctrlKey: true });
    history.endDeletion(1);
    await settled(panel);
    const focusedIds = rows(panel).filter((item) => item.matches(':focus-within'));
    expect(focusedIds.map((item) => item.dataset['id'])).to.deep.equal(['c']);
  });
});

describe('a clock that is wrong by two hours', () => {
  afterEach(emptyPage);

  for (const skewMs of [7_200_000, -7_200_000]) {
    it(`counts by the server's time once something happens: ${skewMs} ms`, async () => {
      const sessions = fakeSessions();
      const { panel } = await mountPanel({ sessions, width: 1200 });
      const serverNow = () => Date.now() - skewMs;
      const createdAt = (serverNow() - 20_000) / 1000;
      load(sessions.history, [
        row('h', { status: 'running', createdAt }),
        row('old', { createdAt: createdAt - 300 }),
      ]);
      open(
        sessions,
        'h',
        [
          { type: 'graphStart', sessionId: 'h', graph: { nodes: [{ id: 'a', type: 'x' }], edges: [] } },
          { type: 'nodeStart', nodeId: 'a' },
        ],
        serverNow() - 20_000,
      );
      live(sessions.run, [{ type: 'thoughtEvent', nodeId: 'a', text: 'hm' }], serverNow());
      await settled(panel);
      const texts = () =>
        ['[part~=row-progress]', '[part~=session-meta]', '[part~=node-time]'].map((part) =>
          textOf(all(panel, part)[0]!),
        );
      for (const text of texts()) expect(text).to.match(/(?<![mhd] )\b[12]\d s\b/);
      expect(all(panel, '[part~=row-time]').map(textOf).join(' ')).to.match(/now.*5 min/);
      all(panel, '[role=tab]')[1]!.click();
      await settled(panel);
      expect(textOf(one(panel, '.run .total'))).to.match(/\b[12]\d s/);
    });

    it(`counts by changed rows while no session is open: ${skewMs} ms`, async () => {
      const sessions = fakeSessions();
      const { panel } = await mountPanel({ sessions });
      const createdAt = (Date.now() - skewMs) / 1000 - 20;
      load(sessions.history, [row('h', { status: 'running', createdAt })]);
      push(sessions.history, row('h', { status: 'running', createdAt, updatedAt: createdAt + 20 }));
      await settled(panel);
      expect(textOf(one(panel, '[part~=row-progress]'))).to.match(/^2\d s$/);
    });
  }
});
