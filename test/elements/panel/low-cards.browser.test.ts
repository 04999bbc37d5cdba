/** The card of a question in a very low panel: what is asked and the button that sends are in sight together. */
import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { emulateDisplay } from '../../support/display.js';
import {
  all,
  atCentreOf,
  emptyPage,
  focused,
  mountPanel,
  one,
  settled,
  until,
  type MountedPanel,
} from '../../support/elements/page.js';
import { haikuEvents, live, load, open, row } from '../../support/elements/sample.js';
import { mountInbox, textGraph } from '../../support/elements/inbox-support.js';

const LONG =
  'Does the legal team approve the **Q3 announcement**? Say what has to change before it goes out, and who has to know about it.';
const said = (text: string) => ({ role: 'user', parts: [{ text }] });
const choices = ['Calm', 'Playful', 'Melancholy', 'As it comes', 'None'].map((text) => ({
  id: text,
  content: said(text),
}));

const QUESTIONS: Readonly<Record<string, JsonObject>> = {
  'a short text': { waitForInput: { prompt: said(LONG), inputType: 'edit_note', skipLabel: 'Not now' } },
  'a text or files': { waitForInput: { prompt: said(LONG), inputType: 'asterisk' } },
  'a choice': { waitForChoice: { prompt: said(LONG), choices, selectionMode: 'single', layout: 'list' } },
  'a form': {
    inputNode: {
      schema: {
        title: 'What the kitchen needs to know',
        type: 'object',
        properties: Object.fromEntries(['name', 'street', 'town'].map((name) => [name, { type: 'string' }])),
      },
    },
  },
};

/** Brings a session with the questions `i-0` and so on into a state with more above its card, or in it. */
type Enter = (mounted: MountedPanel) => void;

const keepDraft =
  (id: string, text: string): Enter =>
  ({ drafts }) =>
    drafts.set('h', id, { kind: 'text', content: { role: 'user', parts: [{ text }] } });
const refuse =
  (id: string): Enter =>
  ({ run }) =>
    run.setAnswer(id, { phase: 'refused', error: new GraphRunError('network', 'No answer.') });
const loseConnection: Enter = ({ run }) =>
  run.setConnection({ phase: 'backoff', attempt: 3, retryAtMs: Date.now() + 60_000 });
const answerElsewhere: Enter = ({ run }) =>
  live(run, [{ type: 'inputResolved', nodeId: 'poet', interactionId: 'i-0', by: 'response' }]);

interface State {
  readonly questions: number;
  readonly enter: readonly Enter[];
}

const STATES: Readonly<Record<string, State>> = {
  'five questions': { questions: 5, enter: [] },
  'a refused answer and its draft': { questions: 2, enter: [keepDraft('i-0', 'A draft'), refuse('i-0')] },
  'a draft of many lines': { questions: 1, enter: [keepDraft('i-0', 'A line\n'.repeat(12) + 'The end')] },
  'a notice about the connection': { questions: 1, enter: [loseConnection] },
  'a question that was answered elsewhere': { questions: 2, enter: [answerElsewhere] },
  'all of these': {
    questions: 5,
    enter: [
      answerElsewhere,
      loseConnection,
      keepDraft('i-1', 'A line\n'.repeat(12) + 'The end'),
      refuse('i-1'),
    ],
  },
};

/** Says why two lines of the prompt cannot be read, or Send not be pressed, while the control has the focus. */
function outOfSight(panel: Element, card: Element): string[] {
  const frame = panel.getBoundingClientRect();
  const prompt = one(card, '.prompt');
  const { top, height } = prompt.getBoundingClientRect();
  const lineHeight = parseFloat(getComputedStyle(prompt).lineHeight);
  const lines = [0.5, 1.5].filter((line) => line * lineHeight < height);
  const covers = lines
    .map((line) => hitAt(prompt, line * lineHeight))
    .filter((hit) => hit === null || !isWithin(hit, prompt));
  const field = focused();
  const isText = field?.matches('textarea, input[type=text]') === true;
  const isFieldSeen = !isText || hitAt(field, caretLine(field)) === field;
  const send = one(card, '#send');
  const { bottom } = send.getBoundingClientRect();
  const sent = atCentreOf(send);
  return [
    ...(isFieldSeen ? [] : ['the line with the caret is covered']),
    ...covers.map((hit) => `the prompt at ${top} is covered by ${hit?.outerHTML.slice(0, 80)}`),
    ...(sent !== null && send.contains(sent) && bottom <= frame.bottom + 0.5 ? [] : ['Send is out of sight']),
  ];
}

/** How far below the top of a field its caret is: in the first line of an empty field, after the text of a draft. */
function caretLine(field: Element): number {
  const isLong = field instanceof HTMLTextAreaElement && field.value.includes('\n');
  return isLong ? field.getBoundingClientRect().height - 16 : 12;
}

/** The element that a click on an element would hit, so far below its top. */
function hitAt(element: Element, below: number): Element | null {
  const { left, top } = element.getBoundingClientRect();
  const hitIn = (root: DocumentOrShadowRoot): Element | null => {
    const hit = root.elementFromPoint(left + 12, top + below);
    return (hit?.shadowRoot && hitIn(hit.shadowRoot)) ?? hit;
  };
  return hitIn(document);
}

function unfocus(): void {
  const holder = focused();
  if (holder instanceof HTMLElement) holder.blur();
}

/** True for an element in another one, also in the shadow of one in it. */
function isWithin(element: Element, outer: Element): boolean {
  const root = element.getRootNode();
  return outer.contains(element) || (root instanceof ShadowRoot && isWithin(root.host, outer));
}

describe('the card of a question in a very low panel', () => {
  before(async () => {
    await emulateDisplay({ reducedMotion: 'reduce' });
    await setViewport({ width: 1200, height: 700 });
  });
  after(async () => {
    await emulateDisplay({});
    await setViewport({ width: 800, height: 600 });
  });
  afterEach(emptyPage);

  for (const [name, suspendEvent] of Object.entries(QUESTIONS)) {
    it(`shows what is asked and Send together, while its control has the focus: ${name}`, async () => {
      const mounted = await mountPanel({ width: 1000, height: 640 });
      const { panel, history, run, box } = mounted;
      load(history, [row('h', { status: 'suspended' })]);
      open(mounted, 'h', haikuEvents('h').slice(0, -1));
      live(run, [{ type: 'inputRequired', nodeId: 'poet', interactionId: 'i', suspendEvent }]);
      await settled(panel);
      const problems: string[] = [];
      for (const width of [340, 620, 1100]) {
        for (const height of [220, 240, 260, 300]) {
          box.style.cssText += `;inline-size:${width}px;block-size:${height}px`;
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          const card = one<HTMLElement>(panel, 'sessions-panel-question');
          unfocus();
          card.focus();
          problems.push(...outOfSight(panel, card).map((problem) => `${width} × ${height}: ${problem}`));
        }
      }
      expect(problems.join('\n')).to.equal('');
    });
  }

  for (const [name, { questions, enter }] of Object.entries(STATES)) {
    it(`shows the question, the field and Send together, in a session with ${name}`, async () => {
      const mounted = await mountPanel({ width: 1000, height: 640 });
      const { panel, history, run, box } = mounted;
      load(history, [row('h', { status: 'suspended' })]);
      open(mounted, 'h', haikuEvents('h').slice(0, -1));
      const suspendEvent = { waitForInput: { prompt: said(LONG) } };
      live(
        run,
        Array.from({ length: questions }, (_, at) => ({
          type: 'inputRequired',
          nodeId: 'poet',
          interactionId: `i-${at}`,
          suspendEvent,
        })),
      );
      for (const step of enter) step(mounted);
      await settled(panel);
      const view = one(panel, 'sessions-panel-view');
      const problems: string[] = [];
      for (const width of [300, 340, 620, 825, 1100]) {
        for (const height of [220, 240, 260, 300]) {
          box.style.cssText += `;inline-size:${width}px;block-size:${height}px`;
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          const card = all<HTMLElement>(panel, 'sessions-panel-question').find(({ hidden }) => !hidden)!;
          unfocus();
          card.focus();
          problems.push(
            ...[
              ...outOfSight(panel, card),
              ...(view.scrollHeight > view.clientHeight ? ['the session is too high'] : []),
            ].map((problem) => `${width} × ${height}: ${problem}`),
          );
        }
      }
      expect(problems.join('\n')).to.equal('');
    });
  }

  it('shows the notice about a question that another person answers while its field has the focus', async () => {
    for (const width of [340, 1100]) {
      const mounted = await mountPanel({ width, height: 220 });
      const { panel, history, run } = mounted;
      load(history, [row('h', { status: 'suspended' })]);
      open(mounted, 'h', haikuEvents('h').slice(0, -1));
      const suspendEvent = { waitForInput: { prompt: said(LONG) } };
      for (const interactionId of ['i-0', 'i-1']) {
        live(run, [{ type: 'inputRequired', nodeId: 'poet', interactionId, suspendEvent }]);
      }
      loseConnection(mounted);
      await settled(panel);
      one<HTMLElement>(panel, 'sessions-panel-question').focus();
      answerElsewhere(mounted);
      await settled(panel);
      const notice = one(panel, '.closed-note');
      expect(focused() === notice, 'the notice has the focus').to.equal(true);
      const hit = hitAt(notice, 12);
      expect(hit !== null && isWithin(hit, notice), `${width} px: the notice is in sight`).to.equal(true);
      emptyPage();
    }
  });

  it('shows both in the inbox too', async () => {
    const { panel, start, caretIn } = await mountInbox({ width: 1000, height: 400 });
    await start(textGraph(LONG));
    await start(textGraph('Second?'));
    panel.openInbox();
    await caretIn('approve');
    const frame = panel.parentElement!;
    const problems: string[] = [];
    for (const width of [340, 620, 1100]) {
      for (const height of [220, 240, 260, 300]) {
        frame.style.inlineSize = `${width}px`;
        frame.style.blockSize = `${height}px`;
        await until(() => panel.getBoundingClientRect().height === height);
        await new Promise(requestAnimationFrame);
        const card = one<HTMLElement>(panel, 'sessions-panel-question');
        unfocus();
        card.focus();
        problems.push(...outOfSight(panel, card).map((problem) => `${width} × ${height}: ${problem}`));
      }
    }
    expect(problems.join('\n')).to.equal('');
  });
});
