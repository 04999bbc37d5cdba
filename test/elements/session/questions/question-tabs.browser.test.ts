import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import {
  accessibilityProblems,
  all,
  atRest,
  button,
  buttons,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  settled,
  textOf,
} from '../../../support/elements/page.js';
import { emulateDisplay } from '../../../support/display.js';
import { itInChromium } from '../../../support/in-chromium.js';
import { fakeSessions, live, load, open, row } from '../../../support/elements/sample.js';

const REVIEWERS = ['Legal', 'Brand', 'Security', 'Finance', 'Design'];

function ask(node: string, suspendEvent?: JsonObject): GraphRunEventBody {
  return {
    type: 'inputRequired',
    nodeId: node,
    interactionId: `i-${node}`,
    suspendEvent: suspendEvent ?? {
      waitForInput: { prompt: { parts: [{ text: `Does ${node} approve?` }] } },
    },
  };
}

function answered(node: string): GraphRunEventBody {
  return {
    type: 'inputResolved',
    nodeId: node,
    interactionId: `i-${node}`,
    by: 'response',
    response: { input: { parts: [{ text: 'yes' }] } },
  };
}

/** A panel with a session in which the reviewers ask. */
async function mountReview(
  reviewers: readonly string[] = REVIEWERS,
  questions: Readonly<Record<string, JsonObject>> = {},
  width = 1000,
) {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions, width });
  load(sessions.history, [row('s', { status: 'suspended' })]);
  open(sessions, 's', [
    { type: 'graphStart', sessionId: 's' },
    ...reviewers.map((nodeId) => ({ type: 'nodeStart' as const, nodeId })),
    ...reviewers.map((node) => ask(node, questions[node])),
  ]);
  await settled(panel);
  const view = one<HTMLElementTagNameMap['sessions-panel-view']>(panel, 'sessions-panel-view');
  return {
    ...sessions,
    panel,
    view,
    /** The shown cards. */
    cards: () =>
      all(panel, 'sessions-panel-question')
        .filter((card) => card.checkVisibility())
        .map((card) => /\w+(?= approve)/.exec(textOf(card))?.[0] ?? textOf(card)),
    tabs: () => all(panel, '.question-tab').map(textOf),
    tab(name: string): HTMLElement {
      const found = all(panel, '.question-tab').find((tab) => textOf(tab).startsWith(name));
      if (found === undefined) throw new Error(`no tab ${name}`);
      return found;
    },
    selected: () => all(panel, '.question-tab[aria-selected="true"]').map(textOf).join(),
    field: () =>
      one<HTMLTextAreaElement>(
        all(panel, 'sessions-panel-question').find((card) => card.checkVisibility())!,
        'textarea',
      ),
    /** The node whose question has the focus; otherwise the name of the focused element. */
    place(): string {
      const element = focused();
      const root = element?.getRootNode();
      const host = root instanceof ShadowRoot ? root.host : undefined;
      if (host?.localName === 'sessions-panel-question')
        return /\w+(?= approve)/.exec(textOf(host))?.[0] ?? 'card';
      return element === null ? '' : (element.getAttribute('aria-label') ?? textOf(element));
    },
    async pressed(key: string, init?: KeyboardEventInit) {
      const isLeft = press(key, init);
      await settled(panel);
      return isLeft;
    },
    async receive(...events: readonly GraphRunEventBody[]) {
      live(sessions.run, events);
      await settled(panel);
    },
  };
}

describe('several open questions', () => {
  afterEach(async () => {
    emptyPage();
    await emulateDisplay({});
  });

  it('are shown one at a time, with a tab for each node that asks', async () => {
    const { panel, cards, tabs, selected, tab } = await mountReview();
    expect(tabs()).to.deep.equal(REVIEWERS);
    expect(cards()).to.deep.equal(['Legal']);
    expect(textOf(one(panel, 'sessions-panel-question'))).to.contain('Question 1 of 5 · Legal');
    tab('Security').click();
    await settled(panel);
    expect(cards()).to.deep.equal(['Security']);
    expect(selected()).to.equal('Security');
    await atRest(panel);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('have no tabs when there is only one', async () => {
    const { panel, tabs } = await mountReview(['Legal']);
    expect(tabs()).to.deep.equal([]);
    expect(textOf(one(panel, 'sessions-panel-question'))).to.contain('Question · Legal');
    expect([...buttons(panel).keys()]).not.to.include('Show all');
  });

  it('take the caret to a question whose tab is pressed, and to the next and the previous with Alt and arrows', async () => {
    const { panel, tab, place, pressed } = await mountReview();
    tab('Finance').click();
    await settled(panel);
    expect(place()).to.equal('Finance');
    expect(await pressed('ArrowDown', { altKey: true })).to.equal(false);
    expect(place()).to.equal('Design');
    await pressed('ArrowDown', { altKey: true });
    expect(place(), 'the last one').to.equal('Design');
    await pressed('ArrowUp', { altKey: true });
    await pressed('ArrowUp', { altKey: true });
    expect(place()).to.equal('Security');
  });

  it('leave Alt with an arrow to a control that opens with it', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string', enum: ['a', 'b', 'c', 'd', 'e', 'f'] } },
    };
    const { panel, pressed } = await mountReview(['Legal', 'Brand'], { Legal: { inputNode: { schema } } });
    one(panel, 'select').focus();
    expect(await pressed('ArrowDown', { altKey: true })).to.equal(true);
    expect(focused()?.localName).to.equal('select');
  });

  it('can be chosen with the arrow keys, Home and End at the tabs', async () => {
    const { selected, tab, place, pressed } = await mountReview();
    tab('Legal').focus();
    await pressed('ArrowRight');
    expect([selected(), place()]).to.deep.equal(['Brand', 'Brand']);
    await pressed('End');
    expect([selected(), place()]).to.deep.equal(['Design', 'Design']);
    await pressed('ArrowRight');
    expect(selected()).to.equal('Design');
    await pressed('Home');
    expect([selected(), place()]).to.deep.equal(['Legal', 'Legal']);
  });

  it('are stepped through with two buttons that keep the focus, and end at the ends', async () => {
    const { panel, cards } = await mountReview(['Legal', 'Brand']);
    const [previous, next] = [button(panel, 'Previous question'), button(panel, 'Next question')];
    expect(previous.ariaDisabled).to.equal('true');
    next.focus();
    next.click();
    await settled(panel);
    expect(cards()).to.deep.equal(['Brand']);
    expect(focused() === next).to.equal(true);
    expect(next.ariaDisabled).to.equal('true');
    next.click();
    await settled(panel);
    expect(cards()).to.deep.equal(['Brand']);
  });

  it('are all shown on demand, and one at a time again', async () => {
    const { panel, cards, tab } = await mountReview();
    tab('Brand').click();
    await settled(panel);
    button(panel, 'Show all').click();
    await settled(panel);
    expect(cards()).to.deep.equal(REVIEWERS);
    await atRest(panel);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(panel, 'One at a time').click();
    await settled(panel);
    expect(cards()).to.deep.equal(['Brand']);
  });

  it('keep what was typed, also a password, when a person leaves them and comes back', async () => {
    const schema = { type: 'object', properties: { key: { type: 'string', format: 'password' } } };
    const { panel, tab } = await mountReview(['Legal', 'Brand'], { Legal: { inputNode: { schema } } });
    const secret = one<HTMLInputElement>(panel, 'input[type="password"]');
    secret.value = 'hunter2';
    secret.dispatchEvent(new Event('input', { bubbles: true }));
    tab('Brand').click();
    await settled(panel);
    tab('Legal').click();
    await settled(panel);
    expect(one<HTMLInputElement>(panel, 'input[type="password"]').value).to.equal('hunter2');
  });

  it('show a pencil where a draft is, in the words of a screen reader too', async () => {
    const { panel, drafts, tab } = await mountReview();
    drafts.set('s', 'i-Brand', { kind: 'text', content: { parts: [{ text: 'No' }] } });
    drafts.set('s', 'i-Legal', { kind: 'text', content: { parts: [] }, isBlank: true });
    await settled(panel);
    expect(tab('Brand').ariaLabel).to.equal('Brand, draft');
    expect(all(tab('Brand'), '.icon')).to.have.length(1);
    expect(tab('Legal').ariaLabel, 'an empty draft is none').to.equal(null);
  });

  it('keep the shown one when others arrive or close before it', async () => {
    const { tab, panel, cards, field, receive, tabs } = await mountReview(['Legal', 'Brand', 'Security']);
    tab('Brand').click();
    await settled(panel);
    const before = field();
    await receive({ type: 'nodeStart', nodeId: 'Audit' }, ask('Audit'), answered('Legal'));
    expect(cards()).to.deep.equal(['Brand']);
    expect(focused() === before, 'the same field').to.equal(true);
    expect(tabs()).to.deep.equal(['Brand', 'Security', 'Audit']);
    expect(textOf(panel)).to.contain('Question 1 of 3 · Brand');
  });

  it('move to the next one when the shown one is answered elsewhere, with what was typed in the notice', async () => {
    const { cards, field, receive, panel, actions, drafts, run } = await mountReview(['Legal', 'Brand']);
    field().focus();
    field().value = 'Not yet';
    field().dispatchEvent(new Event('input', { bubbles: true }));
    await settled(panel);
    const draft = actions.calls.at(-1)?.[2];
    drafts.set('s', 'i-Legal', draft);
    await receive(answered('Legal'));
    run.attachUnsent('i-Legal', draft);
    await settled(panel);
    expect(cards()).to.deep.equal(['Brand']);
    expect(textOf(one(panel, '.closed-note'))).to.contain('Not yet');
    expect(focused() === one(panel, '.closed-note')).to.equal(true);
  });

  it('can be gone to by id', async () => {
    const { view, place, panel } = await mountReview();
    expect(view.focusQuestion('i-Finance')).to.equal(true);
    await settled(panel);
    expect(place()).to.equal('Finance');
    expect(view.focusQuestion('i-unknown')).to.equal(false);
  });

  it('are bounded: of two thousand, one card and the tabs around it are drawn', async () => {
    const { panel, cards, tabs, view, receive } = await mountReview(['Legal']);
    await receive(
      ...Array.from({ length: 1999 }, (_, index) => ({ ...ask('Legal'), interactionId: `q${index + 2}` })),
    );
    const shown = () => /Question [\d,]+ of 2,000/.exec(textOf(panel))?.[0];
    expect(cards()).to.have.length(1);
    expect(tabs()).to.have.length(15);
    expect(shown()).to.equal('Question 1 of 2,000');
    view.focusQuestion('q1000');
    await settled(panel);
    expect(shown()).to.equal('Question 1,000 of 2,000');
    one(panel, '.question-tab[aria-selected="true"]').focus();
    press('End');
    await settled(panel);
    expect(shown()).to.equal('Question 2,000 of 2,000');
    expect(focused()?.ariaSelected, 'the focus is at a tab that was not there').to.equal('true');
    for (let count = 0; count < 25; count += 1) {
      press('ArrowLeft');
      await view.updateComplete;
    }
    expect(shown()).to.equal('Question 1,975 of 2,000');
    expect(all(panel, 'sessions-panel-question')).to.have.length(20);
    button(panel, 'Show all').click();
    await settled(panel);
    expect(cards(), 'those around the shown one').to.have.length(20);
    expect(textOf(panel)).to.contain('Question 1,975 of 2,000');
    button(panel, 'Show 1,960 more questions').click();
    await settled(panel);
    expect(cards()).to.have.length(40);
    view.focusQuestion('q30');
    await settled(panel);
    expect(cards()).to.have.length(20);
    expect(textOf((focused()!.getRootNode() as ShadowRoot).host)).to.contain('Question 30 of 2,000');
  });

  it('keep the selected tab in sight in a narrow session', async () => {
    const long = REVIEWERS.map((name) => `${name} of a department with a long name`);
    const { panel, tab, pressed } = await mountReview(long, {}, 360);
    tab('Legal').focus();
    await pressed('End');
    await atRest(panel);
    const bounds = one(panel, '.question-tabs').getBoundingClientRect();
    const { left, right } = tab('Design').getBoundingClientRect();
    expect(left).to.be.at.least(bounds.left - 1);
    expect(right).to.be.at.most(bounds.right + 1);
  });

  for (const reducedMotion of [undefined, 'reduce'] as const) {
    const define = reducedMotion === 'reduce' ? it : itInChromium;
    define(
      `come in with ${reducedMotion === 'reduce' ? 'no motion where less is preferred' : 'a slide of 120 ms'}`,
      async () => {
        await emulateDisplay(reducedMotion === undefined ? {} : { reducedMotion });
        const { panel, tab } = await mountReview();
        tab('Brand').click();
        await settled(panel);
        const card = all(panel, 'sessions-panel-question').find((element) => element.checkVisibility())!;
        const { animationName, animationDuration } = getComputedStyle(card);
        if (reducedMotion === 'reduce') expect(animationName).to.equal('none');
        else expect([animationName, animationDuration]).to.deep.equal(['question-in', '0.12s']);
      },
    );
  }
});
