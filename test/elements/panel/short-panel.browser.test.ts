/** At every size of the panel everything is in sight or within reach, and nothing overlaps. */
import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import * as fc from 'fast-check';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { emulateDisplay } from '../../support/display.js';
import {
  accessibilityProblems,
  all,
  atCentreOf,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
  type MountedPanel,
} from '../../support/elements/page.js';
import { haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

const TABS = ['activity', 'timeline', 'events'];

type Size = readonly [width: number, height: number];

/** Sizes at which a layout begins or ends, and the extremes. */
const EDGES: readonly Size[] = [
  [300, 220],
  [300, 900],
  [340, 260],
  [559, 339],
  [560, 339],
  [560, 340],
  [640, 300],
  [700, 486],
  [899, 260],
  [1000, 407],
  [1100, 479],
  [1100, 480],
  [700, 640],
  [1440, 220],
  [1440, 260],
  [1440, 900],
];

interface State {
  readonly name: string;
  readonly questions: number;
  /** Brings a panel with these questions into the state. */
  readonly enter?: (mounted: MountedPanel) => void;
}

const STATES: readonly State[] = [
  { name: 'no question', questions: 0 },
  { name: 'a question', questions: 1 },
  { name: 'five questions', questions: 5 },
  {
    name: 'a question that could not be answered, with a draft',
    questions: 2,
    enter: ({ run, drafts }) => {
      drafts.set('h', 'i-0', { kind: 'text', content: { role: 'user', parts: [{ text: 'A draft' }] } });
      run.setAnswer('i-0', { phase: 'refused', error: new GraphRunError('network', 'No answer.') });
    },
  },
  {
    name: 'a question and a notice about the connection',
    questions: 1,
    enter: ({ run }) => run.setConnection({ phase: 'backoff', attempt: 3, retryAtMs: Date.now() + 60_000 }),
  },
  {
    name: 'a question, after another was answered elsewhere',
    questions: 2,
    enter: ({ run }) =>
      live(run, [{ type: 'inputResolved', nodeId: 'poet', interactionId: 'i-0', by: 'response' }]),
  },
  {
    name: 'a failed run',
    questions: 0,
    enter: ({ run }) =>
      live(run, [
        { type: 'nodeError', nodeId: 'poet', error: 'The library did not answer: 503 Service Unavailable' },
        { type: 'graphError', sessionId: 'h', error: 'Poet failed' },
      ]),
  },
];

function ask(position: number): GraphRunEventBody {
  const text = `Does team ${position} approve the announcement? Say what has to change before it goes out.`;
  return {
    type: 'inputRequired',
    nodeId: 'poet',
    interactionId: `i-${position}`,
    suspendEvent: { waitForInput: { prompt: { parts: [{ text }] } } },
  };
}

async function mount({ questions, enter }: State): Promise<MountedPanel> {
  const mounted = await mountPanel({ width: 1000, height: 640 });
  const { panel, history, run } = mounted;
  load(history, [
    row('h', { status: 'suspended', title: 'A title that is longer than a narrow panel has room for' }),
    ...Array.from({ length: 20 }, (_, at) => row(`r${at}`, { status: 'completed' })),
  ]);
  // Without its own question, which offers choices.
  open(mounted, 'h', haikuEvents('h').slice(0, -1));
  live(
    run,
    Array.from({ length: questions }, (_, at) => ask(at)),
  );
  enter?.(mounted);
  await settled(panel);
  return mounted;
}

const nameOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent.trim();
const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true });

/** Says how an element is not inside of the panel, or what covers its centre. */
function outOfSight(element: Element, panel: Element, name = nameOf(element)): string[] {
  const frame = panel.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const out = (['left', 'top'] as const).filter((side) => box[side] < frame[side] - 0.5);
  const beyond = (['right', 'bottom'] as const).filter((side) => box[side] > frame[side] + 0.5);
  const hit = atCentreOf(element);
  return [
    ...[...out, ...beyond].map((side) => `${name} is out at the ${side}: ${box[side]}`),
    ...(element.contains(hit) ? [] : [`${name} is covered by ${hit?.outerHTML.slice(0, 90)}`]),
  ];
}

/** The part of an element that the elements around it, which may have scrolled it, do not cut off. */
function seenBox(element: Element): DOMRect {
  let { left, top, right, bottom } = element.getBoundingClientRect();
  for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
    if (getComputedStyle(outer).overflowY === 'visible') continue;
    const frame = outer.getBoundingClientRect();
    [left, top] = [Math.max(left, frame.left), Math.max(top, frame.top)];
    [right, bottom] = [Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
  }
  return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
}

/** Names the pairs of visible elements that overlap. */
function overlaps(elements: readonly Element[]): string[] {
  const boxes = elements
    .filter(isSeen)
    .map((element) => [element.className || element.localName, seenBox(element)] as const)
    .filter(([, { width, height }]) => width > 0 && height > 0);
  return boxes.flatMap(([first, a], at) =>
    boxes.slice(at + 1).flatMap(([second, b]) => {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      return Math.min(width, height) > 1 ? [`${first} and ${second} overlap: ${width} × ${height}`] : [];
    }),
  );
}

/** Lists what is wrong with the panel at its present size. */
function problemsOf({ panel }: MountedPanel): string[] {
  const view = one(panel, 'sessions-panel-view');
  const header = one(view, 'header');
  const controls = [...all(one(panel, '.toolbar'), 'button'), ...all(header, 'button'), ...all(view, '.tab')];
  const titleWidth = one(header, 'h3').getBoundingClientRect().width;
  const card = all(view, 'sessions-panel-question').find(isSeen);
  return [
    ...controls.filter(isSeen).flatMap((control) => outOfSight(control, panel)),
    ...(titleWidth < 50 ? [`the title has ${titleWidth} px`] : []),
    ...overlaps([
      one(panel, '.toolbar'),
      ...all(header, 'h3, .badge, .meta, .buttons > *'),
      one(view, '.tabs'),
      one(view, '.notes'),
      one(view, '.middle'),
      one(view, '.dock'),
    ]),
    // Over a tab at most.
    ...overlaps([...all(view, '.strip .note'), one(view, '.dock')]),
    ...(view.scrollHeight > view.clientHeight ? ['the session is too high'] : []),
    ...(card === undefined ? [] : problemsOfCard(card, panel)),
  ];
}

/** The button that sends is in sight, and so is the first line of what is typed. */
function problemsOfCard(card: Element, panel: Element): string[] {
  const field = one(card, 'textarea');
  // Focusing it again brings it into sight.
  field.blur();
  field.focus();
  const { left, top, width } = field.getBoundingClientRect();
  let hit = document.elementFromPoint(left + width / 2, top + 12);
  while (hit?.shadowRoot) hit = hit.shadowRoot.elementFromPoint(left + width / 2, top + 12);
  return [
    ...outOfSight(one(card, '#send'), panel),
    ...(hit === field ? [] : [`the field is covered by ${hit?.outerHTML.slice(0, 90)}`]),
  ];
}

const nextFrame = () => new Promise(requestAnimationFrame);

/** Lists what is wrong at each size, with each tab in turn. */
async function problemsAt(mounted: MountedPanel, sizes: readonly Size[]): Promise<string> {
  const { panel, box } = mounted;
  const problems: string[] = [];
  for (const [at, [width, height]] of sizes.entries()) {
    const tab = TABS[at % TABS.length];
    all(panel, '.tab')
      .find(({ id }) => id === `tab-${tab}`)
      ?.click();
    box.style.inlineSize = `${width}px`;
    box.style.blockSize = `${height}px`;
    // Elements draw what depends on their size in the frame after.
    await nextFrame();
    await nextFrame();
    problems.push(...problemsOf(mounted).map((problem) => `${tab}, ${width} × ${height}: ${problem}`));
  }
  return problems.join('\n');
}

describe('the panel at any size', () => {
  // No element may slide in while it is measured.
  before(async () => {
    await emulateDisplay({ reducedMotion: 'reduce' });
    await setViewport({ width: 1500, height: 960 });
  });
  after(async () => {
    await emulateDisplay({});
    await setViewport({ width: 800, height: 600 });
  });
  afterEach(emptyPage);

  for (const state of STATES) {
    it(`has all in sight or within reach, apart from each other: ${state.name}`, async () => {
      const mounted = await mount(state);
      const anySize = fc.tuple(fc.integer({ min: 300, max: 1440 }), fc.integer({ min: 220, max: 900 }));
      const sizes = [...EDGES, ...fc.sample(anySize, 6)];
      expect(await problemsAt(mounted, sizes)).to.equal('');
    });
  }

  it('has search and chips in its toolbar while it is low, and more rows of the list', async () => {
    const mounted = await mountPanel({ width: 1000, height: 260 });
    const { panel, history, box } = mounted;
    load(
      history,
      Array.from({ length: 30 }, (_, at) => row(`r${at}`, { status: at % 2 === 0 ? 'completed' : 'failed' })),
    );
    await settled(panel);
    const search = one<HTMLInputElement>(panel, '.toolbar input[type=search]');
    expect(search.offsetWidth, 'an icon').to.be.at.most(32);
    expect(all(panel, '.toolbar .chip').length).to.equal(3);
    expect(outOfSight(search, panel)).to.deep.equal([]);
    for (const chip of all(panel, '.chip')) expect(outOfSight(chip, panel)).to.deep.equal([]);
    const inSight = rows(panel).filter((item) => outOfSight(one(item, '.main'), panel).length === 0);
    expect(inSight.length, 'rows in sight').to.be.at.least(6);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('/');
    await settled(panel);
    expect(focused() === search).to.equal(true);
    expect(search.offsetWidth).to.be.greaterThan(150);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    box.style.blockSize = '600px';
    await settled(panel);
    await settled(panel);
    expect(all(panel, '.toolbar input')).to.have.length(0);
    expect(all(panel, '.side input')).to.have.length(1);
  });

  it('has room for the German words', async () => {
    const mounted = await mount({ name: 'in German', questions: 1 });
    mounted.panel.strings = germanStrings;
    expect(await problemsAt(mounted, EDGES)).to.equal('');
  });
});
