import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import { holdTime } from '../../../support/fake-time.js';
import {
  all,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../../support/elements/page.js';
import { refused } from '../../../support/elements/question-support.js';
import { fakeSessions, live, load, open, row } from '../../../support/elements/sample.js';

function ask(nodeId: string): GraphRunEventBody {
  return {
    type: 'inputRequired',
    nodeId,
    interactionId: `i-${nodeId}`,
    suspendEvent: { waitForInput: { prompt: { parts: [{ text: `What does ${nodeId} say?` }] } } },
  };
}

function answered(nodeId: string, text = 'yes'): GraphRunEventBody {
  return {
    type: 'inputResolved',
    nodeId,
    interactionId: `i-${nodeId}`,
    by: 'response',
    response: { input: { parts: [{ text }] } },
  };
}

function started(nodeId: string): GraphRunEventBody {
  return { type: 'nodeStart', nodeId };
}

/** A panel with a session in which some of the nodes Ada, Bob and Cleo ask. */
async function mountAsking(...asking: readonly string[]) {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions });
  load(sessions.history, [row('s', { status: 'suspended' })]);
  const nodes = ['ada', 'bob', 'cleo'].map((id) => ({ id, type: 'ask' }));
  open(sessions, 's', [
    { type: 'graphStart', sessionId: 's', graph: { nodes, edges: [] } },
    ...nodes.map(({ id }) => started(id)),
    ...asking.map(ask),
  ]);
  await settled(panel);
  const card = (nodeId: string) => {
    const found = all(panel, 'sessions-panel-question').find((element) =>
      textOf(element).includes(`${nodeId} say`),
    );
    if (found === undefined) throw new Error(`no question of ${nodeId}`);
    return found;
  };
  const show = async (nodeId: string) => {
    one<HTMLElementTagNameMap['sessions-panel-view']>(panel, 'sessions-panel-view').focusQuestion(
      `i-${nodeId}`,
    );
    await settled(panel);
  };
  const field = (nodeId: string): HTMLTextAreaElement => one<HTMLTextAreaElement>(card(nodeId), 'textarea');
  return {
    ...sessions,
    panel,
    field,
    line: () => all(panel, '.handover')[0],
    /** The place of the focus, by name: an assertion about elements would print all of the page. */
    place(): string {
      const element = focused();
      const asks = ['ada', 'bob', 'cleo'].find((nodeId) =>
        all(panel, 'sessions-panel-question').some(
          (question) => textOf(question).includes(`${nodeId} say`) && one(question, 'textarea') === element,
        ),
      );
      if (asks !== undefined) return asks;
      return element === null ? 'nowhere' : element.className === '' ? element.localName : element.className;
    },
    /** Types an answer and sends it, by key or by mouse. */
    async send(nodeId: string, how: 'key' | 'mouse' = 'key') {
      await show(nodeId);
      field(nodeId).focus();
      await until(() => press('y'), 'the field takes keys');
      field(nodeId).value = 'yes';
      field(nodeId).dispatchEvent(new Event('input', { bubbles: true }));
      await settled(panel);
      if (how === 'key') press('Enter', { ctrlKey: true });
      else {
        const send = one<HTMLButtonElement>(card(nodeId), '.actions .primary');
        send.focus();
        send.click();
      }
      sessions.run.setAnswer(`i-${nodeId}`, { phase: 'sent' });
      await settled(panel);
    },
    async receive(...events: readonly GraphRunEventBody[]) {
      live(sessions.run, events);
      await settled(panel);
    },
  };
}

describe('after an answer was sent, the focus', () => {
  afterEach(emptyPage);

  for (const how of ['key', 'mouse'] as const) {
    it(`goes on to the next open question (${how})`, async () => {
      const { send, receive, place, actions } = await mountAsking('ada', 'bob', 'cleo');
      await send('bob', how);
      expect(actions.calls.filter(([name]) => name === 'answer')).to.have.length(1);
      await receive(answered('bob'));
      expect(place()).to.equal('cleo');
      await send('cleo', how);
      await receive(answered('cleo'));
      expect(place(), 'after the last one, the first').to.equal('ada');
    });
  }

  it('waits at a line for the next question, and goes on to it', async () => {
    const { send, receive, place, line } = await mountAsking('ada');
    await send('ada');
    await receive(answered('ada'));
    expect(place()).to.equal('handover');
    expect(line()?.textContent).to.equal('Sent. Waiting for the next question…');
    await receive(ask('bob'));
    expect(place()).to.equal('bob');
    expect(line() === undefined).to.equal(true);
  });

  it('goes to the title when no question comes within ten seconds, or the session ends', async () => {
    const { send, receive, place, line, panel, run } = await mountAsking('ada', 'bob');
    await send('bob');
    await send('ada');
    const time = holdTime();
    live(run, [answered('ada'), answered('bob')]);
    await settled(panel);
    expect(place()).to.equal('handover');
    time.advance(9999);
    await settled(panel);
    expect(place()).to.equal('handover');
    time.advance(1);
    await settled(panel);
    expect(line() === undefined).to.equal(true);
    expect(place()).to.equal('h3');
    await receive(ask('cleo'));
    expect(place(), 'no longer waiting').to.equal('h3');
    await send('cleo');
    await receive(answered('cleo'), { type: 'graphComplete', sessionId: 's' });
    expect(line() === undefined).to.equal(true);
    expect(place()).to.equal('h3');
  });

  it('stays with a person who has gone elsewhere meanwhile', async () => {
    const { send, receive, panel } = await mountAsking('ada');
    await send('ada');
    await receive(answered('ada'));
    const search = one(panel, '.search input');
    search.focus();
    await receive(ask('bob'));
    expect(focused() === search).to.equal(true);
  });

  it('lets nothing typed at once into the next field, nor to the keys of the panel', async () => {
    const { send, receive, place, actions } = await mountAsking('ada');
    await send('ada');
    await receive(answered('ada'));
    expect(place()).to.equal('handover');
    for (const key of ['n', 'r', 'c', 'p', '?']) expect(press(key), key).to.equal(false);
    expect(press('Tab'), 'Tab').to.equal(true);
    await receive(ask('bob'));
    expect(place()).to.equal('bob');
    expect(press('n')).to.equal(false);
    expect(press('Enter', { ctrlKey: true })).to.equal(false);
    expect(place()).to.equal('bob');
    expect(actions.calls.filter(([name]) => name === 'answer')).to.have.length(1);
    await until(() => press('n'), 'keys reach the field');
  });

  it('stays while the answer is on its way, when letters are typed for the next question', async () => {
    const { field, panel, actions, run, place } = await mountAsking('ada', 'bob');
    field('ada').focus();
    field('ada').value = 'yes';
    field('ada').dispatchEvent(new Event('input', { bubbles: true }));
    await settled(panel);
    press('Enter', { ctrlKey: true });
    run.setAnswer('i-ada', { phase: 'sending' });
    await settled(panel);
    const sending = focused();
    for (const key of 'nice work?') press(key);
    await settled(panel);
    expect(place()).to.equal('button primary');
    expect(focused() === sending).to.equal(true);
    expect(actions.calls.filter(([name]) => name === 'answer')).to.have.length(1);
  });

  it('goes to the notice when somebody else answered the question that a person was at', async () => {
    const { receive, field, panel, place } = await mountAsking('ada', 'bob');
    field('ada').focus();
    await receive(answered('ada', 'no'));
    expect(place()).to.equal('note closed-note');
    expect(textOf(one(panel, '.closed-note'))).to.contain('no');
  });

  it('stays at a refused answer, and does not count it as sent', async () => {
    const { send, receive, run, panel, place } = await mountAsking('ada', 'bob');
    await send('ada');
    run.setAnswer('i-ada', refused('unavailable'));
    await settled(panel);
    await receive(answered('ada', 'no'));
    expect(place()).to.equal('note closed-note');
  });
});
