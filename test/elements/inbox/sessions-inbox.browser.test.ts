import { expect } from '@open-wc/testing';
import {
  button,
  emptyPage,
  focused,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { choiceGraph, mountInbox, textGraph } from '../../support/elements/inbox-support.js';

describe('the inbox', () => {
  afterEach(emptyPage);

  it('opens with a click on the number of waiting sessions, at the one that waits longest', async () => {
    const { panel, start, heading, card, caretIn } = await mountInbox();
    await start(textGraph('First?', 'One'));
    await start(textGraph('Second?', 'Two'));
    await settled(panel);
    button(panel, '2 need input').click();
    await caretIn('First?');
    expect(heading()).to.match(/^1 of 2 One waiting /);
    expect(card()).to.contain('Asker asks');
    expect(textOf(one(one(panel, 'sessions-panel-inbox'), 'footer'))).to.equal('Next: “Second?” (Two)');
  });

  it('goes from question to question by keyboard alone, and says when all are answered', async () => {
    const { panel, start, caretIn, typeAndSend, sent, heading, actions } = await mountInbox();
    await start(textGraph('First?'));
    await start(choiceGraph('Second?'));
    await start(textGraph('Third?'));
    panel.shadowRoot?.querySelector<HTMLElement>('.menu-button')?.focus();
    press('i');
    await caretIn('First?');
    await typeAndSend('one');
    await caretIn('Second?');
    expect(heading()).to.match(/^2 of 3/);
    press('2');
    await caretIn('Third?');
    expect(sent, 'the choice waits').to.have.length(1);
    await typeAndSend('three');
    await until(() => textOf(panel).includes('All answered.'), 'all are answered');
    actions.inbox?.close();
    await until(() => sent.length === 3, 'the choice was sent');
    expect(sent.map(({ response }) => JSON.stringify(response))).to.satisfy((all: string[]) =>
      all.some((text) => text.includes('"No"')),
    );
  });

  it('is left with Escape, and gives back the list with the focus', async () => {
    const { panel, start, caretIn, run, actions } = await mountInbox();
    const opened = await start(textGraph('First?', 'One'));
    await start(textGraph('Second?', 'Two'));
    actions.connect(opened);
    await settled(panel);
    const row = panel.shadowRoot?.querySelector('sessions-panel-list');
    row?.focusRow();
    await settled(panel);
    const before = focused();
    press('i');
    await caretIn('First?');
    press('Escape');
    await settled(panel);
    expect(panel.shadowRoot?.querySelector('sessions-panel-inbox') === null).to.equal(true);
    expect(focused() === before).to.equal(true);
    expect(run.sessionId).to.equal(opened);
  });
});
