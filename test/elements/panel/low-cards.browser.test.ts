/** The card of a question in a very low panel: what is asked and the button that sends are in sight together. */
import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { JsonObject } from '../../../src/protocol/json.js';
import { emulateDisplay } from '../../support/display.js';
import {
  atCentreOf,
  emptyPage,
  focused,
  mountPanel,
  one,
  settled,
  until,
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

/** Says why the first line of the prompt cannot be read, or Send not be pressed, while the control has the focus. */
function outOfSight(panel: Element, card: Element): string[] {
  const frame = panel.getBoundingClientRect();
  const prompt = one(card, '.prompt');
  const { top } = prompt.getBoundingClientRect();
  const hit = hitAt(prompt, parseFloat(getComputedStyle(prompt).lineHeight) / 2);
  const isPromptSeen = hit !== null && isWithin(hit, prompt);
  const field = focused();
  const isText = field?.matches('textarea, input[type=text]') === true;
  const isFieldSeen = !isText || hitAt(field, 12) === field;
  const send = one(card, '#send');
  const { bottom } = send.getBoundingClientRect();
  const sent = atCentreOf(send);
  return [
    ...(isFieldSeen ? [] : ['the first line of the field is covered']),
    ...(isPromptSeen ? [] : [`the prompt at ${top} is covered by ${hit?.outerHTML.slice(0, 80)}`]),
    ...(sent !== null && send.contains(sent) && bottom <= frame.bottom + 0.5 ? [] : ['Send is out of sight']),
  ];
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
