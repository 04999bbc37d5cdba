import { expect } from '@open-wc/testing';
import type { ContentPart } from '../../../src/protocol/content.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { emptyPage, mountPanel, settled } from '../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';

/** Resolves when the work is done, to the longest time in which the page did nothing else, in milliseconds. */
async function longestTask(work: () => Promise<void>): Promise<number> {
  let longestMs = 0;
  let isDone = false;
  let lastMs = performance.now();
  const channel = new MessageChannel();
  const watched = new Promise<void>((resolve) => {
    channel.port1.addEventListener('message', () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs);
      lastMs = nowMs;
      if (isDone) resolve();
      else channel.port2.postMessage(0);
    });
  });
  channel.port1.start();
  channel.port2.postMessage(0);
  await work();
  isDone = true;
  await watched;
  channel.port1.close();
  return longestMs;
}

async function showSession(events: readonly GraphRunEventBody[]): Promise<void> {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions, width: 1000, height: 700 });
  load(sessions.history, [row('h', { status: 'running' })]);
  open(sessions, 'h', [
    { type: 'graphStart', sessionId: 'h', graph: { nodes: [{ id: 'a', type: 'x' }], edges: [] } },
    { type: 'nodeStart', nodeId: 'a' },
    ...events,
  ]);
  await settled(panel);
  await settled(panel);
}

const said = (...parts: ContentPart[]): GraphRunEventBody[] => [
  { type: 'nodeEnd', nodeId: 'a', outputs: { context: { role: 'model', parts: parts as never } } },
];
const asked = (suspendEvent: object): GraphRunEventBody[] => [
  { type: 'inputRequired', nodeId: 'a', interactionId: 'q', suspendEvent: { ...suspendEvent } },
];
const form = (properties: object) => asked({ inputNode: { schema: { type: 'object', properties } } });
const file = (mimeType: string, text: string): ContentPart => ({
  inlineData: { mimeType, data: btoa(text) },
});
const names = Array.from({ length: 5000 }, (_, number) => `n${number}`);

const copies = Array.from(
  { length: 7 },
  (_, level) => `<g id="a${level + 1}">${`<use href="#a${level}"/>`.repeat(8)}</g>`,
);
const COPIES = `<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="a0"><rect width="9" height="9"/></g>${copies.join('')}</defs><use href="#a7"/></svg>`;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

describe('what a run can send', () => {
  afterEach(emptyPage);

  const CASES: readonly (readonly [string, readonly GraphRunEventBody[]])[] = [
    ['40,000 line feeds', said({ text: `${'\n'.repeat(39_998)}x` })],
    [
      'a thought of 40,000 line feeds',
      [{ type: 'thoughtEvent', nodeId: 'a', text: `${'\n'.repeat(39_998)}x` }],
    ],
    ['an SVG of copies of copies', said(file('image/svg+xml', COPIES))],
    ['quotes of 20,000 levels', said({ text: `${'>'.repeat(20_000)} x` })],
    ['brackets', said({ text: '['.repeat(39_999) }, { text: '![a]('.repeat(7900) })],
    ['JSON of 5,000 levels', said({ json: nested(5000) as never })],
    ['JSON text of 90,000 levels', said({ text: `${'['.repeat(90_000)}${']'.repeat(90_000)}` })],
    [
      'JSON text of 5 MB',
      said({ text: JSON.stringify(Array.from({ length: 500_000 }, (_, at) => `v${at}`)) }),
    ],
    ['JSON text of 39,000 numbers', said({ text: `[${'1.10,'.repeat(39_000)}0]` })],
    ['a page of 4,999 levels', said(file('text/html', '<div>'.repeat(4999)))],
    ['a page of 200,000 elements', said(file('text/html', '<p>x'.repeat(200_000)))],
    [
      'a pattern of 60,000 brackets',
      form({ a: { type: 'string', pattern: '['.repeat(60_000), default: 'ab' } }),
    ],
    [
      'a format that is slow to try',
      form({ a: { type: 'string', format: 'url', default: `http://${'a'.repeat(60)}!` } }),
    ],
    ['5,000 options', form({ a: { type: 'string', enum: names } })],
    ['5,000 boxes to tick', form({ a: { type: 'array', uniqueItems: true, items: { enum: names } } })],
    [
      '5,000 choices',
      asked({ waitForChoice: { choices: names.map((id) => ({ id, content: { parts: [{ text: id }] } })) } }),
    ],
  ];
  let usualMs = 0;

  before(async () => {
    // The first drawing loads and compiles.
    await showSession(said({ text: '**hello**' }));
    emptyPage();
    usualMs = await longestTask(() => showSession(said({ text: '**hello**' })));
  });

  for (const [what, events] of CASES) {
    it(`keeps the page free: ${what}`, async () => {
      const longestMs = await longestTask(() => showSession(events));
      // The usual session takes some 30 ms; each of these took seconds, or never ended.
      expect(longestMs / Math.max(usualMs, 30)).to.be.lessThan(25);
    });
  }
});
