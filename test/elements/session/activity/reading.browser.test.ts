import { expect } from '@open-wc/testing';
import { createSessions } from '../../../../src/actions/create-sessions.js';
import type { NodeEmission } from '../../../../src/runner/node-handler.js';
import { createGraphRunner } from '../../../../src/runner/create-graph-runner.js';
import { MemoryGraphRunService } from '../../../../src/service/memory/memory-graph-run-service.js';
import type { SessionActivity } from '../../../../src/elements/session/activity/session-activity.js';
import { all, button, emptyPage, mountPanel, settled, until } from '../../../support/elements/page.js';
import { untilSignal } from '../../../support/signals.js';

/** What a node does next: emits an event, or ends with an output. */
type Step = NodeEmission | { readonly output: string };

/** The steps that a test gives to a node, and the node takes one by one. */
class Steps {
  readonly #steps: Step[] = [];
  #wake: () => void = () => undefined;

  push(step: Step): void {
    this.#steps.push(step);
    this.#wake();
  }

  async next(): Promise<Step> {
    for (;;) {
      const step = this.#steps.shift();
      if (step !== undefined) return step;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const said = (text: string): NodeEmission => ({
  type: 'agentEvent',
  event: { content: { content: { role: 'model', parts: [{ text }] } } },
});
const thought = (text: string): NodeEmission => ({ type: 'thoughtEvent', text });

/** A panel that shows a run of parallel nodes, each of which does what the test says. */
async function run(nodeIds: readonly string[]) {
  const steps = new Map(nodeIds.map((id) => [id, new Steps()]));
  const runner = createGraphRunner({
    handlers: {
      scripted: {
        async run({ node, emit }) {
          for (;;) {
            const step = await steps.get(node.id)?.next();
            if (step === undefined) return {};
            if ('output' in step) return { context: [{ role: 'model', parts: [{ text: step.output }] }] };
            await emit(step);
          }
        },
      },
    },
  });
  const service = new MemoryGraphRunService({ runner });
  const sessions = createSessions(service);
  const { panel } = await mountPanel({ sessions: sessions as never, graphId: 'g', height: 600 });
  const nodes = nodeIds.map((id) => ({ id, type: 'scripted', title: id }));
  const { sessionId } = await service.createSession({ graphId: 'g', graph: { title: 'Long', nodes } });
  sessions.actions.connect(sessionId);
  await untilSignal(
    () => sessions.run.connection.phase,
    (phase) => phase === 'live',
  );
  const step = async (nodeId: string, ...whats: readonly Step[]) => {
    const before = sessions.run.events.length;
    for (const what of whats) steps.get(nodeId)?.push(what);
    await untilSignal(
      () => sessions.run.events.length,
      (length) => length >= before + whats.length,
    );
    await settled(panel);
  };
  const ended = () =>
    untilSignal(
      () => sessions.run.status,
      (status) => status === 'completed',
    );
  // The code of a session is loaded when it is shown.
  await until(() => all(panel, '.scroller[part=activity]').length > 0, 'the activity is drawn');
  const [scroller] = all(panel, '.scroller[part=activity]');
  if (scroller === undefined) throw new Error('no scroller');
  return { panel, scroller, step, ended };
}

/** The text node in which a text is drawn, and where it stands. */
function place(panel: Element, text: string): { readonly top: number; readonly node: Text } {
  const node = all(panel, 'p, li, code')
    .flatMap((element) => [...element.childNodes])
    .find((child): child is Text => child instanceof Text && child.data.includes(text));
  if (node === undefined) throw new Error(`“${text}” is not drawn`);
  const range = document.createRange();
  const at = node.data.indexOf(text);
  range.setStart(node, at);
  range.setEnd(node, at + text.length);
  return { top: range.getBoundingClientRect().top, node };
}

/** Fails unless a text stands where it stood, in the same node. The browser rounds scroll positions to pixels. */
function expectPlace(panel: Element, text: string, { top, node }: ReturnType<typeof place>): void {
  const now = place(panel, text);
  expect(now.node).to.equal(node);
  expect(now.top).to.be.within(top - 1, top + 1);
}

function select(panel: Element, text: string): void {
  const { node } = place(panel, text);
  const at = node.data.indexOf(text);
  getSelection()?.setBaseAndExtent(node, at, node, at + text.length);
}

/** The selected text, wherever its shadow root is. */
function selected(panel: Element): string {
  const roots = all(panel, '*').flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const [range] = getSelection()?.getComposedRanges({ shadowRoots: roots }) ?? [];
  if (range === undefined || !(range.startContainer instanceof Text)) return '';
  expect(range.startContainer).to.equal(range.endContainer);
  return range.startContainer.data.slice(range.startOffset, range.endOffset);
}

const paragraph = (number: number, isMarkdown: boolean) =>
  `Paragraph ${number}. It says something about thing ${number} that a person ` +
  `wants to ${isMarkdown ? '*read*' : 'read'} in peace, whatever comes after it, and so it is long enough.\n\n`;

async function scrollTo(scroller: HTMLElement, top: number, panel: Element): Promise<void> {
  const scrolled = new Promise((resolve) => {
    scroller.addEventListener('scroll', resolve, { once: true });
  });
  scroller.scrollTop = top;
  await scrolled;
  await settled(panel);
}

describe('a run that continues while someone reads', () => {
  afterEach(() => {
    getSelection()?.removeAllRanges();
    emptyPage();
  });

  for (const isMarkdown of [true, false]) {
    const kind = isMarkdown ? 'Markdown' : 'plain text';

    it(`leaves ${kind} where it is when the reader has scrolled up, also when the run ends`, async () => {
      const { panel, scroller, step, ended } = await run(['a']);
      let text = '';
      const grow = async (from: number, to: number) => {
        for (let number = from; number < to; number += 10) {
          const pieces = Array.from({ length: 10 }, (_, at) => paragraph(number + at, isMarkdown));
          text += pieces.join('');
          await step('a', ...pieces.map(said));
        }
      };
      await grow(0, 60);
      await scrollTo(scroller, 200, panel);
      const first = all(panel, 'sessions-panel-text')[0];
      const name = /Paragraph (4\d|3\d)\. It/.exec(
        [...(first?.shadowRoot?.querySelectorAll('[part=text]') ?? [])].map((e) => e.textContent).join(''),
      )?.[0];
      const read = name ?? '';
      const before = place(panel, read);
      await grow(60, 120);
      expectPlace(panel, read, before);
      await step('a', { output: text });
      await ended();
      await settled(panel);
      expectPlace(panel, read, before);
      // At the end it becomes the result, whose end stays in view.
      await scrollTo(scroller, scroller.scrollHeight, panel);
      await until(() => all(panel, '.output:not(.streaming)').length === 1);
      await settled(panel);
      const last = place(panel, 'Paragraph 119.').top;
      const box = scroller.getBoundingClientRect();
      expect(last).to.be.within(box.top, box.bottom);
    });

    it(`keeps a selection in ${kind}, and its place, also when the run ends`, async () => {
      const { panel, step, ended } = await run(['a']);
      let text = '';
      for (let number = 0; number < 50; number += 1) text += paragraph(number, isMarkdown);
      await step('a', said(text));
      await settled(panel);
      const read = 'Paragraph 48. It says something';
      select(panel, read);
      await until(() => all(panel, '.scroller.is-read').length === 1);
      const before = place(panel, read);
      for (let number = 50; number < 90; number += 4) {
        const pieces = Array.from({ length: 4 }, (_, at) => paragraph(number + at, isMarkdown));
        text += pieces.join('');
        await step('a', ...pieces.map(said));
      }
      expect(selected(panel)).to.equal(read);
      expectPlace(panel, read, before);
      await step('a', { output: text });
      await ended();
      await settled(panel);
      expect(selected(panel)).to.equal(read);
      expectPlace(panel, read, before);
    });
  }

  it('keeps a selection in the very paragraph, list or code that grows', async () => {
    for (const [before, word] of [
      ['Some **bold** words, and then a first', 'a first'],
      ['- one\n- two and a second', 'two and'],
      ['```js\nconst a = 1;', 'const a'],
      ['Plain words that', 'words'],
    ] as const) {
      const { panel, step } = await run(['a']);
      await step('a', said(before));
      const node = all(panel, 'p, li, code')
        .flatMap((element) => [...element.childNodes])
        .find((child): child is Text => child instanceof Text && child.data.includes(word));
      if (node === undefined) throw new Error(word);
      const at = node.data.indexOf(word);
      getSelection()?.setBaseAndExtent(node, at, node, at + word.length);
      for (const piece of [' and', ' **mo', 're** of', ' it']) await step('a', said(piece));
      expect(selected(panel), before).to.equal(word);
      getSelection()?.removeAllRanges();
      emptyPage();
    }
  });

  it('leaves the text where it is while nodes above it grow, and others begin', async () => {
    const { panel, scroller, step } = await run(['above', 'read', 'below']);
    for (let number = 0; number < 20; number += 1) {
      await step('above', said(paragraph(number, true).replace('Paragraph', 'Above')));
      await step('read', said(paragraph(number, true)));
    }
    const middle = place(panel, 'Paragraph 7.').top - scroller.getBoundingClientRect().top;
    await scrollTo(scroller, scroller.scrollTop + middle - 50, panel);
    const before = place(panel, 'Paragraph 7.');
    for (let number = 20; number < 45; number += 1) {
      await step('above', said(paragraph(number, true).replace('Paragraph', 'Above')));
      await step('below', thought(`Below ${number}`));
    }
    expectPlace(panel, 'Paragraph 7.', before);
  });

  it('leaves a thought where it is while more thoughts and calls come', async () => {
    const { panel, scroller, step } = await run(['a']);
    const both = (number: number) => [
      thought(`Thought ${number} ${'about it '.repeat(10)}`),
      said(`Said ${number}. `),
    ];
    await step('a', ...Array.from({ length: 70 }, (_, number) => both(number)).flat());
    const middle = place(panel, 'Thought 60').top - scroller.getBoundingClientRect().top;
    await scrollTo(scroller, scroller.scrollTop + middle - 50, panel);
    const before = place(panel, 'Thought 60');
    await step('a', thought('One more'));
    await step('a', thought('Another one'));
    for (let number = 70; number < 100; number += 10) {
      await step('a', ...Array.from({ length: 10 }, (_, at) => both(number + at)).flat());
    }
    expectPlace(panel, 'Thought 60', before);
  });

  it('follows the end again when the reader is back there', async () => {
    const { panel, scroller, step } = await run(['a']);
    for (let number = 0; number < 60; number += 1) await step('a', said(paragraph(number, true)));
    await scrollTo(scroller, 100, panel);
    await step('a', said(paragraph(60, true)));
    await scrollTo(scroller, scroller.scrollHeight, panel);
    for (let number = 61; number < 100; number += 1) await step('a', said(paragraph(number, true)));
    expect(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight).to.be.below(2);
    expect(place(panel, 'Paragraph 99.').top).to.be.below(scroller.getBoundingClientRect().bottom);
    expect(() => place(panel, 'Paragraph 50.')).to.throw();
  });

  it('follows the newest running node, with its head at a third of the height, not a finished one below', async () => {
    const { panel, scroller, step } = await run(['writer', 'picture']);
    await step('picture', said('Begins.'));
    for (let number = 0; number < 12; number += 1) await step('writer', said(paragraph(number, true)));
    await step('picture', { output: Array.from({ length: 40 }, (_, at) => `Line ${at}.\n\n`).join('') });
    await step('writer', thought('Goes on'));
    await settled(panel);
    const end = all(panel, 'sessions-panel-node')[0]?.getBoundingClientRect().bottom ?? 0;
    expect(end).to.be.within(
      scroller.getBoundingClientRect().bottom - 2,
      scroller.getBoundingClientRect().bottom + 2,
    );
    await step('writer', said('The newest words.'));
    const box = scroller.getBoundingClientRect();
    expect(place(panel, 'The newest words.').top).to.be.within(box.top, box.bottom - 10);
  });

  it('stops following with a jump to a node, also to one at the end', async () => {
    const { panel, scroller, step } = await run(['a', 'b']);
    for (let number = 0; number < 12; number += 1) await step('a', said(paragraph(number, true)));
    await step('b', said('Just a line.'));
    const [activity] = all<SessionActivity>(panel, 'sessions-panel-activity');
    activity?.showNode('b');
    await until(
      () => all(panel, 'sessions-panel-node')[1]?.matches(':focus') === true,
      'the node has the focus',
    );
    await settled(panel);
    await settled(panel);
    const { scrollTop } = scroller;
    for (let number = 0; number < 40; number += 1) await step('b', said(paragraph(number, true)));
    expect(scroller.scrollTop).to.equal(scrollTop);
    button(panel, 'Jump to latest').click();
    await settled(panel);
    expect(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight).to.be.below(2);
  });

  it('leaves the results of nodes that ended before the reader scrolled up', async () => {
    const { panel, scroller, step, ended } = await run(['a', 'b']);
    const result = (node: string) =>
      Array.from({ length: 30 }, (_, number) => `Result ${number} of ${node}.\n\n`).join('');
    await step('a', said('Just a line.'));
    await step('a', { output: result('a') });
    await step('b', { output: result('b') });
    await ended();
    await settled(panel);
    const { scrollHeight } = scroller;
    await scrollTo(scroller, 40, panel);
    // A line that the browser lays out for the first time may be some pixels higher than it assumed; a result has hundreds.
    expect(scroller.scrollTop).to.be.closeTo(40, 40);
    expect(scroller.scrollHeight).to.be.closeTo(scrollHeight, 40);
    expect(place(panel, 'Result 3 of a').node.isConnected).to.equal(true);
  });
});
