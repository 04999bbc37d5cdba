import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { contentText, toContents } from '../../src/protocol/content.js';
import { eventToWire, nodeIdOf, parseEvent, type GraphRunEventOf } from '../../src/protocol/events.js';
import { parseMonitorFrame } from '../../src/protocol/stream/monitor-frames.js';
import { parseSessionFrame } from '../../src/protocol/stream/session-frames.js';
import { outlineOf, parseGraph } from '../../src/protocol/graph.js';
import { toInteraction } from '../../src/protocol/questions/interactions.js';
import { answerText, questionText } from '../../src/protocol/questions/interaction-text.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/protocol/values/json.js';
import { GraphRunError, parseProblem, toProblem } from '../../src/protocol/problems.js';
import { parseSessionSummary } from '../../src/protocol/session-summary.js';
import { anyEvent, anySuspendEvent } from '../support/any-event.js';
import { anyJson, anyObject, deepList } from '../support/hostile-json.js';

/** Calls a parser: it must return a value, or fail with one of these codes. */
function parses<Result>(parse: () => Result, codes: readonly string[]): Result | undefined {
  try {
    return parse();
  } catch (error) {
    assert.ok(error instanceof GraphRunError, `${String(error)} is not a GraphRunError`);
    assert.ok(codes.includes(error.code), error.code);
    return undefined;
  }
}

const PROTOCOL_ERROR = ['protocol-error'];

/** The JSON of a value; undefined for one that is too deep for any server to have written it. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '[]';
  }
}

const anyData = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '{',
    '{"a":1}x',
    '[1,2]',
    `{"reason":${'['.repeat(99_999)}${']'.repeat(99_999)}}`,
  ),
  anyJson.map(textOf),
);

describe('parsers of untrusted input', () => {
  it('parseEvent: an event, or protocol-error; eventToWire returns what was received', () => {
    fc.assert(
      fc.property(fc.oneof(anyEvent, anyJson), (value) => {
        const event = parses(() => parseEvent(value), PROTOCOL_ERROR);
        if (event === undefined) return;
        nodeIdOf(event);
        assert.ok(Number.isSafeInteger(event.index) && event.index >= 0);
        assert.ok(event.ts === undefined || Number.isFinite(event.ts), 'a time is a number');
        assert.equal(eventToWire(event)['type'], isJsonObject(value) ? value['type'] : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it('parseEvent: an invalid time is dropped and does not affect the rest of the event', () => {
    const event = parseEvent({ type: 'nodeStart', nodeId: 'n', index: 3, ts: 'yesterday' });
    assert.deepEqual(event, { type: 'nodeStart', nodeId: 'n', index: 3 });
    assert.equal(parseEvent({ type: 'graphCancelled', index: 3, ts: 7, more: [1] }).ts, 7);
  });

  const sessionData = anyObject({
    type: fc.constantFrom('replayComplete', 'inputRequired', 'nodeStart'),
    index: fc.nat(5),
    reason: fc.string(),
    sessionId: fc.string(),
    status: fc.string(),
    lastIndex: fc.integer(),
    redelivered: fc.boolean(),
    pending: fc.array(anyObject({ nodeId: fc.string(), interactionId: fc.string(), index: fc.nat(9) })),
  }).map(textOf);
  const sessionNames = fc.constantFrom(
    'start',
    'event',
    'bye',
    'done',
    'message',
    'constructor',
    '__proto__',
  );

  it('parseSessionFrame: a frame, or protocol-error', () => {
    const id = fc.option(fc.constantFrom('', '0', 'x', '1e3', '-1', '٣'), { nil: undefined });
    fc.assert(
      fc.property(sessionNames, fc.oneof(sessionData, anyData), id, (event, data, id) => {
        const message = { kind: 'message', event, data, ...(id === undefined ? {} : { id }) } as const;
        parses(() => parseSessionFrame(message), PROTOCOL_ERROR);
      }),
      { numRuns: 1000 },
    );
  });

  it('parseMonitorFrame: a frame, or protocol-error', () => {
    const names = fc.constantFrom('monitorStart', 'sessionStatus', 'snapshotComplete', 'bye', 'constructor');
    fc.assert(
      fc.property(names, fc.oneof(sessionData, anyData), (event, data) => {
        parses(() => parseMonitorFrame({ kind: 'message', event, data }), PROTOCOL_ERROR);
      }),
      { numRuns: 1000 },
    );
  });

  it('a bye whose reason is not a text has none', () => {
    for (const reason of ['{"toString":1}', '['.repeat(99_999) + ']'.repeat(99_999), '7']) {
      const message = { kind: 'message', event: 'bye', data: `{"reason":${reason}}` } as const;
      assert.deepEqual(parseSessionFrame(message), { kind: 'bye', reason: '' });
      assert.deepEqual(parseMonitorFrame(message), { kind: 'bye', reason: '' });
    }
  });

  it('parseSessionSummary: a row whose members are of their types, or protocol-error', () => {
    const row = anyObject({
      sessionId: fc.string(),
      status: fc.string(),
      createdAt: fc.double(),
      updatedAt: fc.double(),
      pendingInputs: fc.nat(),
      title: fc.string(),
      nodesTotal: fc.nat(),
      group: anyObject({ id: fc.string(), position: fc.nat(), size: fc.nat() }),
    });
    fc.assert(
      fc.property(fc.oneof(row, anyJson), (value) => {
        const summary = parses(() => parseSessionSummary(value), PROTOCOL_ERROR);
        if (summary === undefined) return;
        assert.ok(summary.title === undefined || typeof summary.title === 'string');
        for (const time of [summary.createdAt, summary.updatedAt, summary.nodesTotal ?? 0]) {
          assert.ok(Number.isFinite(time));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('parseSessionSummary: a group whose members are right, and no group instead of another', () => {
    const parsed = (group: unknown) =>
      parseSessionSummary({ sessionId: 's', status: 'running', createdAt: 1, group }).group;
    const group = { id: 'thread', position: 2, size: 3 };
    assert.deepEqual(parsed({ ...group, color: 'red' }), group);
    assert.deepEqual(parsed({ id: 'thread', position: 1, size: 1 }), { id: 'thread', position: 1, size: 1 });
    const malformed = [
      undefined,
      null,
      'thread',
      [],
      {},
      { ...group, id: '' },
      { ...group, id: 7 },
      { ...group, position: 0 },
      { ...group, position: 4 },
      { ...group, position: '2' },
      { ...group, position: 1.5 },
      { ...group, size: Number.NaN },
      { ...group, size: 1e300 },
      { id: 'thread', position: 2 },
    ];
    for (const other of malformed) assert.equal(parsed(other), undefined, JSON.stringify(other));
  });

  it('parseProblem: always an error that can be shown and sent on', () => {
    const document = anyObject({
      code: fc.constantFrom('log-reset', 'constructor', '__proto__', ''),
      detail: fc.string(),
      error: fc.string(),
      title: fc.string(),
      status: fc.nat(),
    });
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(document, anyJson), (status, body) => {
        const error = parseProblem(status, body);
        assert.ok(error.message !== '' && typeof error.code === 'string');
        const { title, ...problem } = toProblem(error);
        assert.equal(typeof title, 'string');
        assert.equal(problem['status'], status);
      }),
      { numRuns: 1000 },
    );
  });

  it('parseGraph: a graph that can be drawn, or invalid-graph, or graph-too-large', () => {
    const id = fc.constantFrom('a', 'b', '__proto__', 'constructor', '');
    const node = anyObject({ id, type: fc.string(), metadata: anyObject({ title: fc.string() }) });
    const edge = anyObject({ from: id, to: id, in: fc.string(), out: fc.string() });
    const graph = anyObject({ title: fc.string(), nodes: fc.array(node), edges: fc.array(edge) });
    fc.assert(
      fc.property(fc.oneof(graph, anyJson), (value) => {
        const parsed = parses(() => parseGraph(value), ['invalid-graph', 'graph-too-large']);
        if (parsed !== undefined) outlineOf(parsed);
      }),
      { numRuns: 1000 },
    );
    const long = { nodes: [{ id: 'a', type: 't', configuration: { list: Array(300_000).fill(0) } }] };
    assert.equal(parseGraph(long).nodes.length, 1);
  });

  it('toInteraction, questionText and answerText: whatever is asked and answered has a text', () => {
    fc.assert(
      fc.property(anySuspendEvent, fc.oneof(anyJson, anyObject({ selected: anyJson })), (asked, answer) => {
        const event: GraphRunEventOf<'inputRequired'> = {
          type: 'inputRequired',
          nodeId: 'n',
          interactionId: 'i',
          suspendEvent: asked,
          index: 1,
        };
        const interaction = toInteraction(event);
        assert.equal(typeof questionText(interaction), 'string');
        const response = isJsonObject(answer) ? answer : { selected: { ids: [answer as JsonValue] } };
        assert.equal(typeof answerText(interaction, response as JsonObject), 'string');
      }),
      { numRuns: 1000 },
    );
  });

  it('toContents: 100,000 nested lists are one list', () => {
    assert.deepEqual(toContents(deepList(100_000, '"a"')), [{ parts: [{ text: 'a' }] }]);
    assert.deepEqual(toContents(['a', [['b'], 7], null, { parts: [{ text: 'c' }] }]).map(contentText), [
      'a',
      'b',
      '',
      'c',
    ]);
  });
});
