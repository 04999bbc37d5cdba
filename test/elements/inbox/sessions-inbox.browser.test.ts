import { expect } from '@open-wc/testing';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { createConnection } from '../../../src/service/connection.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import {
  accessibilityProblems,
  all,
  atRest,
  button,
  buttons,
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
    expect(card()).to.contain('Question · Asker');
    expect(textOf(one(one(panel, 'sessions-panel-inbox'), 'footer'))).to.equal('Next: “Second?” (Two)');
  });

  it('goes from question to question by keyboard alone, and says when all are answered', async () => {
    const { panel, start, caretIn, typeAndSend, sent, heading, actions } = await mountInbox();
    await start(textGraph('First?'));
    await start(choiceGraph('Second?'));
    await start(textGraph('Third?'));
    panel.shadowRoot?.querySelector<HTMLElement>('.tools .menu-button')?.focus();
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

  it('skips a question for now, goes back to it, and offers the skipped ones at the end', async () => {
    const { panel, start, caretIn, typeAndSend, sent } = await mountInbox();
    await start(textGraph('First?'));
    await start(textGraph('Second?'));
    panel.openInbox();
    await caretIn('First?');
    press('ArrowDown', { altKey: true });
    await caretIn('Second?');
    press('ArrowUp', { altKey: true });
    await caretIn('First?');
    button(panel, 'Skip for now').click();
    await caretIn('Second?');
    await typeAndSend('two');
    await until(() => textOf(panel).includes('1 session was skipped.'), 'the end');
    await until(() => focused()?.textContent?.includes('Answer the skipped ones') === true, 'the button');
    button(panel, 'Answer the skipped ones').click();
    await caretIn('First?');
    await typeAndSend('one');
    await until(() => textOf(panel).includes('All answered. 2 runs finished meanwhile.'), 'all are answered');
    expect(sent).to.have.length(2);
  });

  it('undoes a digit with Ctrl+Z, also from an empty field', async () => {
    const { panel, start, caretIn, sent, actions } = await mountInbox();
    await start(choiceGraph('First?'));
    await start(textGraph('Second?'));
    panel.openInbox();
    await caretIn('First?');
    press('1');
    await caretIn('Second?');
    expect(textOf(panel)).to.contain('Answered “Yes” · Choice');
    press('z', { ctrlKey: true });
    await caretIn('First?');
    expect(one<HTMLInputElement>(panel, 'input:checked').value).to.equal('Yes');
    actions.inbox?.close();
    expect(sent).to.deep.equal([]);
  });

  it('offers the last answer of a run that runs another one again, and sends it only on request', async () => {
    const { panel, start, service, actions, caretIn, typeAndSend, sent, history } = await mountInbox();
    const first = await start(textGraph('First?', 'One'));
    panel.openInbox();
    await caretIn('First?');
    expect([...buttons(panel).keys()]).not.to.include('Use the last answer');
    await typeAndSend('beans');
    await until(() => history.getSession(first)?.status === 'completed', 'it completes');
    actions.inbox?.close();
    const again = await service.rerunSession?.(first);
    await until(() => history.needsInputCount === 1, 'the rerun asks');
    await settled(panel);
    panel.openInbox();
    await caretIn('First?');
    await until(() => buttons(panel).has('Use the last answer'), 'it is offered');
    button(panel, 'Use the last answer').click();
    await settled(panel);
    expect(sent).to.have.length(1);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    all(panel, '#send').at(-1)?.click();
    await until(() => sent.length === 2, 'it is sent');
    expect(sent[1]?.sessionId).to.equal(again?.sessionId);
    expect(sent[1]?.response).to.deep.equal(sent[0]?.response);
  });

  it('keeps a draft for the card of the session, and the other way round', async () => {
    const { panel, start, caretIn, actions } = await mountInbox();
    const id = await start(textGraph('First?'));
    panel.openInbox();
    await caretIn('First?');
    const type = (text: string) => {
      const field = one<HTMLTextAreaElement>(panel, 'textarea');
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    type('half');
    press('Escape');
    actions.connect(id);
    const inView = () => all<HTMLTextAreaElement>(one(panel, 'sessions-panel-view'), 'textarea');
    await until(() => inView()[0]?.value === 'half', 'the card of the session has it');
    await settled(panel);
    type('half of it');
    panel.openInbox();
    await caretIn('First?');
    expect(one<HTMLTextAreaElement>(one(panel, 'sessions-panel-inbox'), 'textarea').value).to.equal(
      'half of it',
    );
  });

  it('says who was faster, keeps what was typed, and takes no key for the next card', async () => {
    const { panel, start, caretIn, service, actions } = await mountInbox();
    const id = await start(textGraph('First?'));
    await start(textGraph('Second?'));
    panel.openInbox();
    await caretIn('First?');
    const field = one<HTMLTextAreaElement>(panel, 'textarea');
    field.value = 'too late';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const [question] = actions.inbox?.state.questionsOf(id) ?? [];
    await service.resumeSession(id, question?.interactionId ?? '', { input: { parts: [{ text: 'no' }] } });
    await until(() => textOf(panel).includes('Already answered.'), 'the notice');
    expect(textOf(panel)).to.contain('too late');
    await until(() => focused()?.classList.contains('notice-place') === true, 'the notice has the focus');
    expect(textOf(one(panel, 'sessions-panel-inbox'))).not.to.contain('Second? Add files');
    button(panel, 'Next').click();
    await caretIn('Second?');
  });

  it('can be left where a session cannot be reached', async () => {
    const { panel, start, caretIn } = await mountInbox({
      changes: (service) => {
        let first: string | undefined;
        return {
          connectSession: (sessionId, options) => {
            first ??= sessionId;
            if (sessionId !== first) return service.connectSession(sessionId, options);
            return createConnection(async function* () {
              yield {
                messages: [{ kind: 'connection', connection: { phase: 'backoff', attempt: 1 } }],
                cursor: '',
              };
              await new Promise(() => undefined);
            }, options?.signal);
          },
        };
      },
    });
    await start(textGraph('First?'));
    await start(textGraph('Second?'));
    panel.openInbox();
    await until(() => textOf(panel).includes('Couldn’t open this session'), 'the card says so');
    button(panel, 'Skip for now').click();
    await caretIn('Second?');
  });

  it('gives one answer to all sessions that ask the same, after a dialog that lists them', async () => {
    const { panel, start, caretIn, typeAndSend, sent } = await mountInbox();
    for (const title of ['One', 'Two', 'Three']) await start(textGraph('Same?', title));
    await start(textGraph('Other?'));
    panel.openInbox();
    await caretIn('Same?');
    one<HTMLInputElement>(panel, '.alike-switch input').click();
    await settled(panel);
    await typeAndSend('yes');
    await until(() => buttons(panel).has('Send 3 answers'), 'all are checked');
    const dialog = one(panel, 'dialog');
    expect(textOf(dialog)).to.match(/^Answer 3 sessions alike\? “Same\?” – “yes” One Two Three /);
    expect(sent).to.deep.equal([]);
    await atRest(panel);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(dialog, 'Send 3 answers').click();
    await until(() => textOf(dialog).includes('3 sent.'), 'the report');
    button(dialog, 'Close').click();
    await caretIn('Other?');
    expect(sent).to.have.length(3);
  });

  it('sends nothing when the dialog is dismissed, and stays at the question', async () => {
    const { panel, start, caretIn, sent } = await mountInbox();
    for (const title of ['One', 'Two']) await start(choiceGraph('Same?', title));
    panel.openInbox();
    await caretIn('Same?');
    one<HTMLInputElement>(panel, '.alike-switch input').click();
    await settled(panel);
    press('2');
    await until(() => buttons(panel).has('Send 2 answers'), 'all are checked');
    button(panel, 'Don’t send').click();
    await caretIn('Same?');
    await until(() => all(panel, 'dialog').length === 0, 'the dialog is gone');
    expect(sent).to.deep.equal([]);
  });

  for (const [width, height] of [
    [1440, 500],
    [700, 400],
    [360, 640],
    [340, 260],
  ] as const) {
    for (const strings of [englishStrings, germanStrings]) {
      it(`fits into ${width} × ${height} (${strings.locale})`, async () => {
        const { panel, start, caretIn } = await mountInbox({ width, height });
        panel.strings = strings;
        for (const title of ['One with a title that is rather long for its place', 'Two'])
          await start(textGraph('Same?', title));
        panel.openInbox();
        await caretIn('Same?');
        const frame = panel.getBoundingClientRect();
        const inbox = one(panel, 'sessions-panel-inbox');
        for (const control of all(inbox, 'button, textarea, label').filter((each) =>
          each.checkVisibility(),
        )) {
          const place = control.getBoundingClientRect();
          const name = control.getAttribute('aria-label') ?? control.textContent.trim();
          expect(place.left, name).to.be.at.least(frame.left);
          expect(place.right, name).to.be.at.most(frame.right + 1);
        }
        const send = one(inbox, '#send').getBoundingClientRect();
        const scroll = one(inbox, '.scroll').getBoundingClientRect();
        expect(send.bottom, 'Send is in sight').to.be.at.most(scroll.bottom + 1);
        expect(one(inbox, '.scroll').getBoundingClientRect().height).to.be.at.least(90);
        await atRest(panel);
        expect(await accessibilityProblems(panel)).to.deep.equal([]);
      });
    }
  }
});

describe('the inbox of a drawer of 260 pixels', () => {
  afterEach(emptyPage);

  for (const width of [360, 700, 1440]) {
    it(`shows a question, its choices, Send and what was answered before together (${width} wide)`, async () => {
      const { panel, service, history, start, caretIn } = await mountInbox({ width, height: 260 });
      const asking = (id: string, type: string, configuration: JsonObject) => ({ id, type, configuration });
      const id = await start({
        nodes: [
          asking('Topic', 'ask-text', { prompt: 'What about?' }),
          asking('Stanzas', 'ask-text', { prompt: 'How many?' }),
          asking('Mood', 'ask-choice', {
            prompt: 'Which mood?',
            choices: ['Calm', 'Playful', 'Sad', 'Surprise me'],
          }),
        ],
        edges: [
          { from: 'Topic', to: 'Stanzas' },
          { from: 'Stanzas', to: 'Mood' },
        ],
      });
      await answerTexts(service, id, ['Night trains', 'Two']);
      await until(() => history.getSession(id)?.question === 'Which mood?', 'the list has the last question');
      panel.openInbox();
      await caretIn('Which mood?');
      await atRest(panel);
      const inbox = one(panel, 'sessions-panel-inbox');
      const { top, bottom } = one(inbox, '.scroll').getBoundingClientRect();
      const actions = one(inbox, '.actions').getBoundingClientRect();
      const parts = [
        ['before', one(inbox, '.context').getBoundingClientRect()],
        ['question', one(inbox, '.prompt').getBoundingClientRect()],
        ...all(inbox, '.choice').map((choice) => [textOf(choice), choice.getBoundingClientRect()] as const),
      ] as const;
      expect(parts.map(([name]) => name)).to.have.length(6);
      for (const [name, place] of parts) {
        expect(place.top, name).to.be.at.least(top);
        expect(place.bottom, name).to.be.at.most(actions.top);
      }
      expect(actions.bottom).to.be.at.most(bottom);
    });
  }
});

/** Answers the questions of a session with texts, one after another, and waits for the next question. */
async function answerTexts(
  service: GraphRunService,
  sessionId: string,
  texts: readonly string[],
): Promise<void> {
  const left = [...texts];
  for await (const { messages } of service.connectSession(sessionId))
    for (const message of messages) {
      if (message.kind !== 'event' || message.event.type !== 'inputRequired') continue;
      const text = left.shift();
      if (text === undefined) return;
      const content = { role: 'user', parts: [{ text }] };
      await service.resumeSession(sessionId, message.event.interactionId, { input: content });
    }
}

describe('the first minutes', () => {
  afterEach(emptyPage);

  it('an empty panel says what one gets', async () => {
    const { panel } = await mountInbox();
    await until(() => textOf(panel).includes('No sessions yet'), 'the list is empty');
    for (const line of ['Run the graph', 'Runs keep going when you close this tab.', 'it waits here'])
      expect(textOf(panel)).to.contain(line);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('with sessions that wait and none chosen, a button answers them', async () => {
    const { panel, start, caretIn } = await mountInbox();
    await start(textGraph('First?'));
    await start(textGraph('Second?'));
    await settled(panel);
    const view = one(panel, 'sessions-panel-view');
    expect(textOf(view)).to.contain('2 sessions need your input');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(view, 'Answer i').click();
    await caretIn('First?');
  });

  it('the dialog of shortcuts groups them by place', async () => {
    const { panel, start } = await mountInbox({ width: 1000 });
    await start(textGraph('First?'));
    await settled(panel);
    panel.shadowRoot?.querySelector<HTMLElement>('.tools .menu-button')?.focus();
    press('?');
    await settled(panel);
    expect(all(panel, 'dialog h3').map(textOf)).to.deep.equal(['List', 'Session', 'Questions', 'Inbox']);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });
});
