import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { EMPTY_RUN } from '../../../src/controller/run/empty-run.js';
import { reduceRun } from '../../../src/controller/run/reduce-run.js';
import { cutInMiddle, joinBlocks } from '../../../src/elements/files/cut-in-middle.js';
import { inlineText, jsonBlock, quotation } from '../../../src/elements/files/markdown-blocks.js';
import { MAX_MARKDOWN_BYTES, sessionMarkdown } from '../../../src/elements/files/session-markdown.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import { Redaction } from '../../../src/protocol/session-file/redaction.js';
import { haikuEvents } from '../../support/elements/sample.js';

const markdownIt = new MarkdownIt();
const START_MS = Date.UTC(2025, 0, 2, 12);
const leftOut = (count: number): string => `[${count} left out]`;

function logOf(events: readonly GraphRunEventBody[]): readonly GraphRunEvent[] {
  return events.map((event, index) => ({ ...event, index, ts: START_MS + index * 1500 }));
}

function markdownOf(events: readonly GraphRunEventBody[], nodeId?: string, strings = englishStrings): string {
  const redaction = new Redaction();
  const log = logOf(events).flatMap((event) => redaction.apply(event) ?? []);
  return sessionMarkdown({
    state: reduceRun(EMPTY_RUN, log),
    session: { sessionId: 's-1' },
    ...(nodeId === undefined ? {} : { nodeId }),
    nowMs: START_MS + 60_000,
    strings,
  });
}

/** Text with what Markdown gives a meaning to, and what ends lines. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        '```',
        '~~~',
        '\n',
        '\r',
        '\r\n',
        '# ',
        '> ',
        '- ',
        '1. ',
        '---',
        '===',
        '<!--',
        '<pre>',
        '\t',
      ),
      fc.constantFrom('    ', '[a]: http://x', '|', '**', '`', '\\', '&#35;', '\u2028', '🫘', '$$'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

function nodeEvents(nodeId: string, text: string, value: unknown): readonly GraphRunEventBody[] {
  return [
    { type: 'nodeStart', nodeId },
    {
      type: 'inputRequired',
      nodeId,
      interactionId: `i-${nodeId}`,
      suspendEvent: { waitForInput: { prompt: { parts: [{ text }] } } },
    },
    {
      type: 'inputResolved',
      nodeId,
      interactionId: `i-${nodeId}`,
      by: 'response',
      response: { input: { role: 'user', parts: [{ text }] } },
    },
    {
      type: 'agentEvent',
      nodeId,
      event: { functionCall: { callId: 'c', name: text, args: value as never } },
    },
    { type: 'nodeEnd', nodeId, outputs: { out: { parts: [{ text }, { json: value as never }] } } },
  ];
}

describe('a session as Markdown', () => {
  it('has status, times, and per node question, answer, calls and output', () => {
    const text = markdownOf(haikuEvents('s-1'));
    assert.match(text, /^# Haiku · green beans\n\n- Status: Needs input\n- Started: .*2025/);
    assert.match(text, /- Nodes: 2 of 5 nodes/);
    assert.match(text, /## Topic\n\n.*Completed · 6\.0 s|## Topic\n\nCompleted/);
    assert.match(text, /\*\*Question:\*\*\n\n> What shall it be about\?\n\n\*\*Answer:\*\*\n\n> green beans/);
    assert.match(text, /\*\*Call: .*\*\*\n\n```json\n\{/);
    assert.match(text, /\*\*Output:\*\*\n\n> Beans climb poles in June/);
    assert.match(text, /> Which mood should it have\?\n\n\*not answered\*/);
    assert.doesNotMatch(text, /## Illustration/);
  });

  it('names who started and who answered, as text that is no Markdown', () => {
    const named = haikuEvents('s-1').map((event): GraphRunEventBody => {
      if (event.type === 'graphStart') return { ...event, startedBy: 'Ann *Lee*' };
      return event.type === 'inputResolved' ? { ...event, answeredBy: 'Bo \u202e[x](y)' } : event;
    });
    const text = markdownOf(named);
    assert.match(text, /- Started: .*2025.* by Ann \\\*Lee\\\*\n/);
    assert.match(text, /\*\*Answer by Bo \\\[x\\\]\(y\):\*\*\n\n> green beans/);
    assert.match(markdownOf(named, undefined, germanStrings), /\*\*Antwort von Bo /);
    assert.doesNotMatch(markdownOf(haikuEvents('s-1')), / by /);
  });

  it('has one node alone, also one that has not begun', () => {
    const text = markdownOf(haikuEvents('s-1'), 'topic');
    assert.match(text, /^# Haiku · green beans\n\n## Topic\n/);
    assert.doesNotMatch(text, /Poet/);
    assert.match(markdownOf(haikuEvents('s-1'), 'page'), /## Web page/);
  });

  it('is in the language of the reader, also what the adapter of an engine said', () => {
    assert.match(markdownOf(haikuEvents('s-1'), undefined, germanStrings), /\*\*Frage:\*\*/);
    const events: readonly GraphRunEventBody[] = [
      { type: 'graphStart', sessionId: 's', graph: { nodes: [{ id: 'a', type: 'any' }], edges: [] } },
      { type: 'nodeStart', nodeId: 'a' },
      { type: 'nodeError', nodeId: 'a', error: 'The step failed.' },
      { type: 'graphError', sessionId: 's', error: 'The run failed.' },
    ];
    const german = markdownOf(events, undefined, germanStrings);
    assert.match(german, /Der Schritt ist fehlgeschlagen\./);
    assert.match(german, /Der Lauf ist fehlgeschlagen\./);
    assert.match(markdownOf(events), /The step failed\./);
  });

  it('names type and size of media, and never has their bytes', () => {
    const data = 'A'.repeat(40_000);
    const text = markdownOf([
      { type: 'graphStart', sessionId: 's-1' },
      { type: 'nodeStart', nodeId: 'a' },
      {
        type: 'nodeEnd',
        nodeId: 'a',
        outputs: {
          out: {
            parts: [
              { inlineData: { mimeType: 'image/png', data, title: 'beans.png' } },
              { storedData: { handle: 'h', mimeType: 'audio/ogg' } },
              { fileData: { fileUri: 'https://x.example/v', mimeType: 'video/mp4' } },
              { inlineData: 5 } as never,
              { text: 5 } as never,
            ],
          },
        },
      },
    ]);
    assert.match(
      text,
      /\n- beans\.png, image\/png, 30 kB\n\n- audio\/ogg\n\n- video\/mp4, https:\/\/x\.example\/v\n/,
    );
    assert.ok(text.length < 2000);
  });

  it('has no secret', () => {
    const schema = { type: 'object', properties: { key: { type: 'string', format: 'password' } } };
    const text = markdownOf([
      { type: 'graphStart', sessionId: 's-1' },
      { type: 'nodeStart', nodeId: 'a' },
      { type: 'inputRequired', nodeId: 'a', interactionId: 'i', suspendEvent: { inputNode: { schema } } },
      {
        type: 'inputResolved',
        nodeId: 'a',
        interactionId: 'i',
        by: 'response',
        response: { key: 'hunter22' },
      },
      { type: 'nodeEnd', nodeId: 'a', outputs: { out: 'It is hunter22.' } },
    ]);
    assert.match(text, /"key": "•••"/);
    assert.match(text, /> It is •••\./);
    assert.doesNotMatch(text, /hunter22/);
  });

  it('has the headings of its nodes and no others, whatever the texts of the run are', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.jsonValue(), (title, text, value) => {
        const nodes = ['a', 'b'].map((id) => ({ id, type: 't', title: `${title}${id}` }));
        const markdown = markdownOf([
          { type: 'graphStart', sessionId: 's-1', graph: { title, nodes, edges: [] } },
          ...nodes.flatMap(({ id }) => nodeEvents(id, text, value)),
          { type: 'graphError', message: text } as never,
        ]);
        const tokens = markdownIt.parse(markdown, {});
        const headings = tokens.filter(({ type, level }) => type === 'heading_open' && level === 0);
        assert.deepEqual(
          headings.map(({ tag }) => tag),
          ['h1', 'h2', 'h2'],
          markdown,
        );
        const values = tokens.filter(
          ({ type, info, level }) => type === 'fence' && info === 'json' && level === 0,
        );
        assert.ok(values.length >= 4, markdown);
        for (const { content } of values) JSON.parse(content);
        assert.equal(
          tokens.filter(({ type }) => type === 'html_block').every(({ level }) => level > 0),
          true,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('has at most 200 kB, says where it was cut, and keeps its beginning, its end and its structure', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom('x', 'ä', '語', '🫘', '\n', '`'),
        fc.integer({ min: 1, max: 120_000 }),
        (count, letter, length) => {
          const nodes = Array.from({ length: count }, (_, at) => ({
            id: `n${at}`,
            type: 't',
            title: `N ${at}`,
          }));
          const text = letter.repeat(length);
          const markdown = markdownOf([
            { type: 'graphStart', sessionId: 's-1', graph: { title: 'T', nodes, edges: [] } },
            ...nodes.flatMap(({ id }) => nodeEvents(id, text, { text })),
          ]);
          const bytes = Buffer.byteLength(markdown);
          assert.ok(bytes <= MAX_MARKDOWN_BYTES, `${bytes}`);
          assert.match(markdown, /^# T/);
          if (bytes > MAX_MARKDOWN_BYTES - 65_000 && markdown.includes('longer than 200 kB'))
            assert.ok(
              markdownIt.parse(markdown, {}).some(({ content }) => content.includes('left out, because')),
            );
          assert.doesNotMatch(markdown, /\uFFFD/);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the parts of the Markdown', () => {
  it('write a text in one line so that it is read as it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tokens = markdownIt.parse(`- x: ${inlineText(text)}`, {});
        const inline = tokens.filter(({ type }) => type === 'inline');
        assert.equal(inline.length, 1);
        const kinds = new Set((inline[0]?.children ?? []).map(({ type }) => type));
        kinds.delete('text');
        kinds.delete('text_special');
        assert.deepEqual([...kinds], []);
      }),
    );
    assert.equal(inlineText('gpt-4.1 costs $0.08 (a_b)'), 'gpt-4.1 costs $0.08 (a\\_b)');
  });

  it('quote a text so that all of it is in the quotation', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tokens = markdownIt.parse(`${quotation(text, leftOut)}\n\nafter`, {});
        assert.deepEqual(
          tokens.filter(({ level }) => level === 0).map(({ type }) => type),
          ['blockquote_open', 'blockquote_close', 'paragraph_open', 'paragraph_close'],
        );
      }),
    );
  });

  it('fence a value so that it can be read back', () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, fc.jsonValue()), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const [fence, ...others] = markdownIt.parse(jsonBlock(plain, leftOut), {});
        assert.deepEqual(others, []);
        assert.deepEqual(JSON.parse(fence?.content ?? ''), plain);
      }),
    );
  });

  it('cut a text in the middle, between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, max) => {
        const cut = cutInMiddle(text, max, leftOut);
        if (text.length <= max) assert.equal(cut, text);
        else {
          const [, start = '', count, end = ''] = /^([^]*)\n\[(\d+) left out\]\n([^]*)$/.exec(cut) ?? [];
          assert.ok(text.startsWith(start) && text.endsWith(end));
          assert.equal(start.length + Number(count) + end.length, text.length);
          assert.doesNotThrow(() => encodeURIComponent(cut));
        }
      }),
    );
  });

  it('join blocks up to a size', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 })), (blocks) => {
        const joined = joinBlocks(blocks, 200, leftOut);
        assert.ok(Buffer.byteLength(joined) <= 200);
        const whole = blocks.join('\n\n');
        if (Buffer.byteLength(whole) <= 200) assert.equal(joined, whole);
        else assert.match(joined, /left out/);
      }),
    );
  });
});
