import { expect } from '@open-wc/testing';
import { resetMouse, sendMouse } from '@web/test-runner-commands';
import {
  accessibilityProblems,
  all,
  button,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { FakeActions, load, row } from '../../support/elements/sample.js';
import { choiceGraph, mountInbox, textGraph } from '../../support/elements/inbox-support.js';

/** Puts the mouse on an element. */
async function pointAt(element: Element): Promise<void> {
  const { left, top } = element.getBoundingClientRect();
  await sendMouse({ type: 'move', position: [Math.round(left) + 4, Math.round(top) + 4] });
}

/** A panel whose list has lost a session a moment ago; its actions record whether the deletion is held. */
async function deleted() {
  const held: boolean[] = [];
  const mounted = await mountPanel();
  Object.assign(mounted.actions, { holdDeletions: (isHeld: boolean) => void held.push(isHeld) });
  const sessions = [row('a', { createdAt: 2 }), row('b', { createdAt: 1 })];
  load(mounted.history, sessions);
  mounted.history.addDeletion({ id: 1, sessions: [sessions[1]!], dueMs: Date.now() + 60_000 });
  await settled(mounted.panel);
  return { ...mounted, held, toast: one(mounted.panel, '.toast') };
}

describe('the message about a deletion', () => {
  afterEach(async () => {
    emptyPage();
    await resetMouse();
  });

  it('keeps the time to undo from running out while the pointer is on it', async () => {
    const { toast, held } = await deleted();
    await pointAt(toast);
    expect(held).to.deep.equal([true]);
    await sendMouse({ type: 'move', position: [700, 5] });
    expect(held).to.deep.equal([true, false]);
  });

  it('keeps it as well while the keyboard focus is on its button, and counts pointer and focus as one', async () => {
    const { panel, toast, held } = await deleted();
    button(panel, 'Undo').focus();
    await pointAt(toast);
    expect(held).to.deep.equal([true]);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    expect(held).to.deep.equal([true]);
    await sendMouse({ type: 'move', position: [700, 5] });
    expect(held).to.deep.equal([true, false]);
  });

  it('lets the time run again when it is removed, and when the panel is', async () => {
    const { panel, toast, held, history } = await deleted();
    await pointAt(toast);
    history.endDeletion(1);
    await settled(panel);
    expect(held).to.deep.equal([true, false]);
    history.addDeletion({ id: 2, sessions: [row('b')], dueMs: Date.now() + 60_000 });
    await settled(panel);
    button(panel, 'Undo').focus();
    panel.remove();
    expect(held.slice(-1)).to.deep.equal([false]);
  });

  it('stands still while its time does', async () => {
    const { panel, history, toast } = await deleted();
    const nowMs = Date.now();
    history.addDeletion({ id: 1, sessions: [row('b')], dueMs: nowMs - 2500, pausedMs: nowMs - 5000 });
    await settled(panel);
    expect(toast.isConnected, 'it is not over').to.equal(true);
    expect(Number(toast.style.getPropertyValue('--left'))).to.be.closeTo(0.5, 0.01);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('works with actions that cannot hold a deletion', async () => {
    const { toast, actions } = await deleted();
    Object.assign(actions, { holdDeletions: undefined });
    expect(actions instanceof FakeActions).to.equal(true);
    await pointAt(toast);
  });
});

describe('messages while the inbox is open', () => {
  afterEach(async () => {
    emptyPage();
    await resetMouse();
  });

  it('are in sight below it, and Undo gives the focus back to the question', async () => {
    const { panel, actions, start, caretIn, history } = await mountInbox();
    await start(textGraph('First?', 'One'));
    const ended = await start(textGraph('Second?', 'Two'));
    await actions.cancel(ended);
    await settled(panel);
    panel.openInbox();
    await caretIn('First?');
    actions.deleteLater([ended]);
    await settled(panel);
    const toast = one(panel, '.toast');
    expect(toast.checkVisibility({ visibilityProperty: true })).to.equal(true);
    const inbox = one(panel, 'sessions-panel-inbox').getBoundingClientRect();
    const place = toast.getBoundingClientRect();
    expect([place.top >= inbox.bottom, place.bottom <= panel.getBoundingClientRect().bottom]).to.deep.equal([
      true,
      true,
    ]);
    const undo = button(panel, 'Undo');
    undo.focus();
    expect(history.deletions[0]?.pausedMs === undefined).to.equal(false);
    undo.click();
    await caretIn('First?');
    expect([history.deletions.length, all(panel, '.toast').length]).to.deep.equal([0, 0]);
  });

  it('the time to undo an answer stands still while the pointer or the focus is on its report', async () => {
    const { panel, actions, start, caretIn } = await mountInbox();
    await start(choiceGraph('First?'));
    await start(textGraph('Second?'));
    await settled(panel);
    panel.openInbox();
    await caretIn('First?');
    press('2');
    await caretIn('Second?');
    const report = one(one(panel, 'sessions-panel-inbox'), '.report');
    const isPaused = () => actions.inbox?.state.delayed[0]?.pausedMs !== undefined;
    await pointAt(report);
    expect(isPaused()).to.equal(true);
    await sendMouse({ type: 'move', position: [700, 5] });
    expect(isPaused()).to.equal(false);
    button(report, 'Undo').focus();
    expect(isPaused()).to.equal(true);
    press('z', { ctrlKey: true });
    await caretIn('First?');
    expect([actions.inbox?.state.delayed.length, textOf(panel).includes('Undo')]).to.deep.equal([0, false]);
    expect(focused() === null).to.equal(false);
  });
});
