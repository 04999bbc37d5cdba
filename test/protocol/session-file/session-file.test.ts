import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { eventToWire, parseEvent, type GraphRunEvent } from '../../../src/protocol/events.js';
import { canonicalJson, type JsonValue } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { readSessionFile } from '../../../src/protocol/session-file/read-session-file.js';
import {
  headerToWire,
  sessionFileName,
  type SessionFileHeader,
} from '../../../src/protocol/session-file/session-file.js';
import { writeSessionFile } from '../../../src/protocol/session-file/write-session-file.js';
import { anyEvent } from '../../support/any-event.js';
import { anyJson } from '../../support/hostile-json.js';

const SUMMARY = { sessionId: 's1', status: 'completed', createdAt: 1, updatedAt: 2, pendingInputs: 0 };

function headerOf(events: number): SessionFileHeader {
  return {
    exportedAt: 1_700_000_000_000,
    session: SUMMARY,
    graphId: 'g',
    logId: 'l',
    events,
    complete: true,
    redacted: false,
  };
}

/** Logs of valid events of any kind, numbered from 0. */
const anyLog = fc.array(anyEvent, { maxLength: 20 }).map((values) => {
  const events: GraphRunEvent[] = [];
  for (const value of values) {
    try {
      events.push(parseEvent({ ...Object(value), index: events.length }));
    } catch (error) {
      if (!(error instanceof GraphRunError)) throw error;
    }
  }
  return events;
});

async function textOf(events: readonly GraphRunEvent[], header = headerOf(events.length)): Promise<string> {
  let text = '';
  for await (const piece of writeSessionFile(header, events)) text += piece;
  return text;
}

function inPieces(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (const size of sizes) {
    pieces.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...pieces, rest];
}

function thoughts(count: number): GraphRunEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'thoughtEvent',
    nodeId: 'n',
    text: `thought ${index}`,
    index,
  }));
}

async function codeOf(text: string): Promise<string> {
  try {
    await readSessionFile([text]);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof GraphRunError);
    return error.code;
  }
}

describe('a session file', () => {
  it('has its header, one event per line as on the wire, and its end', async () => {
    const lines = (await textOf(thoughts(2))).split('\n');
    assert.deepEqual(
      lines.map((line) => (line === '' ? '' : JSON.parse(line))),
      [
        {
          format: 'graph-sessions',
          version: 1,
          exportedAt: 1_700_000_000_000,
          session: SUMMARY,
          graphId: 'g',
          logId: 'l',
          events: 2,
          complete: true,
          redacted: false,
        },
        { type: 'thoughtEvent', nodeId: 'n', text: 'thought 0', index: 0 },
        { type: 'thoughtEvent', nodeId: 'n', text: 'thought 1', index: 1 },
        { end: 2 },
        '',
      ],
    );
  });

  it('reads as it was written, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, fc.array(fc.nat(300), { maxLength: 20 }), async (events, sizes) => {
        const text = await textOf(events);
        const file = await readSessionFile(inPieces(text, sizes));
        assert.deepEqual(file.header, headerOf(events.length));
        assert.equal(file.problem, undefined);
        assert.equal(await textOf(file.events, file.header), text);
      }),
      { numRuns: 8 },
    );
  });

  it('that ends early, at any character, gives what it has and says where it ends', async () => {
    const events = thoughts(5);
    const text = await textOf(events);
    const headerEnd = text.indexOf('\n');
    for (let end = headerEnd + 1; end < text.length - 2; end += 1) {
      const file = await readSessionFile([text.slice(0, end)]);
      const whole = text.slice(0, end).split('\n').length - 2;
      // An event without its line feed is whole, too.
      const count = file.events.length;
      assert.ok(count === whole || count === whole + 1, `${count} events of ${whole} lines`);
      assert.deepEqual(file.events, events.slice(0, count));
      assert.deepEqual(file.problem, { kind: 'cut', events: count, expected: 5 });
    }
    assert.equal((await readSessionFile([text.trimEnd()])).problem, undefined);
  });

  it('with a line that cannot be read gives what is before it, and the number of the line', async () => {
    const lines = (await textOf(thoughts(4))).split('\n');
    for (const bad of ['', '{', '[]', 'null', '{"type":"x"}', '{"end":9}', lines[1] ?? '', '\u0000']) {
      const text = [...lines.slice(0, 3), bad, ...lines.slice(3)].join('\n');
      const file = await readSessionFile([text]);
      assert.deepEqual(file.problem, { kind: 'damaged', line: 4, events: 2 }, bad);
      assert.equal(file.events.length, 2);
    }
  });

  it('with a line of many pieces is read in the time that its characters take', async () => {
    const events: GraphRunEvent[] = [
      { type: 'thoughtEvent', nodeId: 'n', text: 'x'.repeat(16_000_000), index: 0 },
    ];
    const text = await textOf(events);
    const pieces = Array.from({ length: Math.ceil(text.length / 4096) }, (_, at) =>
      text.slice(at * 4096, (at + 1) * 4096),
    );
    const before = performance.now();
    const file = await readSessionFile(pieces);
    assert.ok(performance.now() - before < 5000);
    assert.equal(file.problem, undefined);
  });

  it('ignores what follows its end', async () => {
    const file = await readSessionFile([`${await textOf(thoughts(2))}{"type":"graphError","index":7}\n`]);
    assert.equal(file.events.length, 2);
    assert.equal(file.problem, undefined);
  });

  it('of a newer version, and what is no such file, is refused', async () => {
    const newer = JSON.stringify({ ...headerToWire(headerOf(0)), version: 2 });
    assert.equal(await codeOf(newer), 'newer-session-file');
    for (const text of [
      '',
      '\n',
      'PK\u0003\u0004',
      '{}',
      '{"format":"graph-sessions"}',
      '{"format":"graph-sessions","version":"1","session":{},"events":0}',
      '{"format":"graph-sessions","version":1,"session":{},"events":0}',
      JSON.stringify({ ...headerToWire(headerOf(0)), events: -1 }),
      JSON.stringify({ ...headerToWire(headerOf(0)), version: 0 }),
      `${'x'.repeat(2_000_000)}`,
    ]) {
      assert.equal(await codeOf(text), 'not-a-session-file', text.slice(0, 80));
    }
    assert.equal(await codeOf(`\uFEFF${await textOf([])}`), 'none');
  });

  it('is read or refused, whatever its lines contain', async () => {
    const line = fc.oneof(anyJson, anyEvent).map((value) => canonicalJson(value as JsonValue));
    const header = fc.constant(JSON.stringify(headerToWire(headerOf(3))));
    await fc.assert(
      fc.asyncProperty(fc.oneof(header, line), fc.array(line, { maxLength: 8 }), async (first, rest) => {
        try {
          const { events } = await readSessionFile([[first, ...rest].join('\n')]);
          events.forEach((event, at) => assert.ok(at === 0 || event.index > (events[at - 1]?.index ?? 0)));
          for (const event of events) eventToWire(event);
        } catch (error) {
          assert.ok(error instanceof GraphRunError, String(error));
        }
      }),
      { numRuns: 8 },
    );
  });

  it('whose log could not be read to its end has no end', async () => {
    async function* breaking() {
      yield* thoughts(2);
      throw new Error('The log is damaged.');
    }
    let text = '';
    await assert.rejects(async () => {
      for await (const piece of writeSessionFile(headerOf(5), breaking())) text += piece;
    }, /damaged/);
    assert.ok(!text.includes('"end"'));
  });

  it('has a name that is safe on every system', () => {
    const nameOf = (title: string, sessionId = '1f3a9c2e-aaaa') =>
      sessionFileName({ ...SUMMARY, title, sessionId });
    assert.equal(nameOf('Green beans'), 'Green beans-1f3a9c2e.session.jsonl');
    assert.equal(nameOf('../../etc/passwd'), 'etc passwd-1f3a9c2e.session.jsonl');
    assert.equal(nameOf('a\u202Efdp.exe'), 'a fdp.exe-1f3a9c2e.session.jsonl');
    assert.equal(nameOf('', '../x'), 'x.session.jsonl');
    assert.equal(nameOf('', ''), 'session.session.jsonl');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, id) => {
        const name = nameOf(title, id);
        assert.doesNotMatch(name, /[\p{C}/\\:*?"<>|]|^\./u);
        assert.ok(name.length < 200);
      }),
      { numRuns: 30 },
    );
  });
});
