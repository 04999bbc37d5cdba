import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { NodeSpan } from '../../../src/controller/run/node-spans.js';
import { EMPTY_RUN } from '../../../src/controller/run/empty-run.js';
import { reduceRun, type RunState } from '../../../src/controller/run/reduce-run.js';
import { parseEvent, type GraphRunEvent, type GraphRunEventBody } from '../../../src/protocol/events.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { anyEvent } from '../../support/any-event.js';

function numbered(bodies: readonly GraphRunEventBody[], everyMs = 100): readonly GraphRunEvent[] {
  return bodies.map((body, index) => ({ ...body, index, ts: index * everyMs }));
}

function spansOf(state: RunState, nodeId: string): readonly NodeSpan[] {
  return state.spans.get(nodeId) ?? [];
}

const asks = (nodeId: string, interactionId: string): GraphRunEventBody => ({
  type: 'inputRequired',
  nodeId,
  interactionId,
  suspendEvent: { waitForInput: { prompt: { parts: [{ text: '?' }] } } },
});
const answered = (nodeId: string, interactionId: string): GraphRunEventBody => ({
  type: 'inputResolved',
  nodeId,
  interactionId,
  by: 'response',
  response: {},
});

describe('questions that are open when the session ends', () => {
  it('are part of the activity of the nodes that asked them', () => {
    const state = reduceRun(
      EMPTY_RUN,
      numbered([
        { type: 'nodeStart', nodeId: 'a' },
        { type: 'nodeStart', nodeId: 'b' },
        asks('a', 'i'),
        asks('a', 'j'),
        asks('b', 'k'),
        answered('a', 'i'),
        asks('a', 'l'),
        { type: 'graphCancelled', sessionId: 's' },
      ]),
    );
    const unansweredOf = (nodeId: string) =>
      (state.activity.get(nodeId)?.entries ?? []).flatMap((entry) =>
        entry.kind === 'unanswered' ? [entry.questions.map(({ interactionId }) => interactionId)] : [],
      );
    assert.deepEqual([unansweredOf('a'), unansweredOf('b')], [[['j', 'l']], [['k']]]);
  });
});

describe('spans of nodes', () => {
  it('distinguish running from waiting for a person', () => {
    const state = reduceRun(
      EMPTY_RUN,
      numbered([
        { type: 'nodeStart', nodeId: 'a' },
        asks('a', 'i'),
        asks('a', 'j'),
        answered('a', 'i'),
        answered('a', 'j'),
        { type: 'nodeEnd', nodeId: 'a' },
      ]),
    );
    assert.deepEqual(spansOf(state, 'a'), [
      { kind: 'work', attempt: 1, startTs: 0, endTs: 100, outcome: 'continued' },
      { kind: 'wait', attempt: 1, startTs: 100, endTs: 400, outcome: 'continued' },
      { kind: 'work', attempt: 1, startTs: 400, endTs: 500, outcome: 'completed' },
    ]);
  });

  it('never start before the end of the previous one, even if the clock is set back', () => {
    const state = reduceRun(EMPTY_RUN, [
      { index: 0, ts: 100, type: 'nodeStart', nodeId: 'a' },
      { index: 1, ts: 40, type: 'nodeRetry', nodeId: 'a', attempt: 2 },
    ]);
    assert.deepEqual(spansOf(state, 'a'), [
      { kind: 'work', attempt: 1, startTs: 100, endTs: 100, outcome: 'retried' },
      { kind: 'work', attempt: 2, startTs: 100 },
    ]);
  });

  it('are separate for each attempt', () => {
    const state = reduceRun(
      EMPTY_RUN,
      numbered([
        { type: 'nodeStart', nodeId: 'a' },
        { type: 'nodeRetry', nodeId: 'a', attempt: 2 },
        { type: 'nodeError', nodeId: 'a', error: 'x' },
      ]),
    );
    assert.deepEqual(spansOf(state, 'a'), [
      { kind: 'work', attempt: 1, startTs: 0, endTs: 100, outcome: 'retried' },
      { kind: 'work', attempt: 2, startTs: 100, endTs: 200, outcome: 'failed' },
    ]);
  });

  it('all end with the session', () => {
    const state = reduceRun(
      EMPTY_RUN,
      numbered([
        { type: 'nodeStart', nodeId: 'a' },
        { type: 'nodeStart', nodeId: 'b' },
        asks('b', 'i'),
        { type: 'graphCancelled', sessionId: 's' },
      ]),
    );
    assert.deepEqual(spansOf(state, 'a').at(-1), {
      kind: 'work',
      attempt: 1,
      startTs: 0,
      endTs: 300,
      outcome: 'cancelled',
    });
    assert.equal(spansOf(state, 'b').at(-1)?.endTs, 300);
  });

  it('are empty if events have no times', () => {
    const state = reduceRun(EMPTY_RUN, [{ type: 'nodeStart', nodeId: 'a', index: 0 }]);
    assert.deepEqual(spansOf(state, 'a'), []);
  });
});

const anyEvents = fc.array(anyEvent, { maxLength: 30 }).map((values) =>
  values.flatMap((value) => {
    try {
      return [parseEvent(value)];
    } catch (error) {
      if (error instanceof GraphRunError) return [];
      throw error;
    }
  }),
);

describe('the fold of a run, over any sequence of events', () => {
  it('gives the same for batches as for single events, and does not change its input', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(30), (events, at) => {
        let oneByOne = EMPTY_RUN;
        for (const event of events) oneByOne = reduceRun(oneByOne, [event]);
        const first = reduceRun(EMPTY_RUN, events.slice(0, at));
        const copy = { ...first, activity: new Map(first.activity), spans: new Map(first.spans) };
        const whole = reduceRun(first, events.slice(at));
        assert.deepEqual(whole, oneByOne);
        assert.deepEqual([...whole.session.resolved], [...oneByOne.session.resolved]);
        assert.deepEqual(first, copy);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the spans of a node in order', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const spans of reduceRun(EMPTY_RUN, events).spans.values()) {
          spans.forEach(({ startTs, endTs }, position) => {
            assert.ok(endTs === undefined ? position === spans.length - 1 : endTs >= startTs);
            assert.ok(startTs >= (spans[position - 1]?.endTs ?? startTs));
          });
        }
      }),
      { numRuns: 2000 },
    );
  });

  // Each of these took more than half a minute while something was copied per event.
  for (const [name, body] of Object.entries({
    'thousands of nodes': (index: number): GraphRunEventBody =>
      index % 2 === 0
        ? { type: 'nodeStart', nodeId: `n${index % 10_000}` }
        : { type: 'nodeEnd', nodeId: `n${(index - 1) % 10_000}` },
    'thousands of questions': (index: number): GraphRunEventBody =>
      index % 2 === 0 ? asks('a', `i${index}`) : answered('a', `i${index - 1}`),
    'a content of thousands of images': (): GraphRunEventBody => ({
      type: 'agentEvent',
      nodeId: 'a',
      event: { content: { content: { parts: [{ inlineData: { mimeType: 'image/png', data: '' } }] } } },
    }),
  })) {
    it(`takes time in proportion to the events: ${name}`, () => {
      const events = numbered(Array.from({ length: 100_000 }, (_, index) => body(index)));
      const start = performance.now();
      let state = EMPTY_RUN;
      for (let from = 0; from < events.length; from += 500) {
        state = reduceRun(state, events.slice(from, from + 500));
      }
      assert.equal(state.session.lastIndex, 99_999);
      assert.ok(performance.now() - start < 15_000);
    });
  }
});

describe('content of a subagent', () => {
  const content = { parts: [{ text: 'Beans' }] };
  const entriesAfter = (...events: readonly JsonObject[]) => {
    const bodies = events.map((event) => ({ type: 'agentEvent', nodeId: 'a', event }) as const);
    const state = reduceRun(EMPTY_RUN, numbered([{ type: 'nodeStart', nodeId: 'a' }, ...bodies]));
    return state.activity.get('a')?.entries ?? [];
  };

  it('belongs to its call, in the order of its pieces', () => {
    const entries = entriesAfter(
      { functionCall: { callId: 'c', name: 'write', args: {} } },
      { content: { content } },
      { subagentAddContent: { callId: 'c', title: 'Draft', content } },
      { subagentAddContent: { callId: 'c', content } },
      { functionResult: { callId: 'c', content: null } },
    );
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['call', 'content'],
    );
    const [call] = entries;
    assert.ok(call?.kind === 'call');
    assert.deepEqual(call.contents, [{ title: 'Draft', content }, { content }]);
    assert.equal(call.result, null);
  });

  it('of no known call, or that is none, is a report of its own', () => {
    const entries = entriesAfter(
      { subagentAddContent: { callId: 'x', content } },
      { functionCall: { callId: 'c', name: 'write', args: {} } },
      { subagentAddContent: { callId: 'c', content: 'no content' } },
    );
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['other', 'call', 'other'],
    );
  });
});
