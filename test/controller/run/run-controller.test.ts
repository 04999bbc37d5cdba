import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Signal } from 'signal-polyfill';
import { EMPTY_RUN } from '../../../src/controller/run/empty-run.js';
import { MAX_ACTIVITY_ENTRIES, reduceRun } from '../../../src/controller/run/reduce-run.js';
import { RunController } from '../../../src/controller/run/run-controller.js';
import { answerText, questionText } from '../../../src/protocol/questions/interaction-text.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';

const GRAPH = {
  title: 'Two',
  nodes: [
    { id: 'a', type: 't', title: 'First' },
    { id: 'b', type: 't' },
  ],
  edges: [{ from: 'a', to: 'b' }],
};
const START: GraphRunEventBody = { type: 'graphStart', sessionId: 's', graph: GRAPH };
const ASK: GraphRunEventBody = {
  type: 'inputRequired',
  nodeId: 'a',
  interactionId: 'i1',
  suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Topic?' }] }, inputType: 'text' } },
};
const ANSWERED: GraphRunEventBody = {
  type: 'inputResolved',
  nodeId: 'a',
  interactionId: 'i1',
  by: 'response',
  response: { input: { parts: [{ text: 'Beans' }] } },
};

function logged(...bodies: GraphRunEventBody[]): GraphRunEvent[] {
  return bodies.map((body, index) => ({ ...body, index, ts: 1000 + index }));
}

function messagesOf(events: readonly GraphRunEvent[]): SessionMessage[] {
  return events.map((event) => ({ kind: 'event', event }));
}

function opened(...bodies: GraphRunEventBody[]): RunController {
  const run = new RunController();
  run.open('s');
  run.apply(messagesOf(logged(...bodies)));
  return run;
}

describe('RunController', () => {
  it('shows the nodes of the graph in its order before they start', () => {
    const run = opened(START);
    assert.deepEqual(run.nodeIds, ['a', 'b']);
    assert.equal(run.getNode('a')?.title, 'First');
    assert.equal(run.getNode('b')?.status, 'waiting');
  });

  it('an accepted answer that the server no longer has on the next connection can be given again', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    const complete: SessionMessage = {
      kind: 'replayComplete',
      pending: [{ nodeId: 'a', interactionId: 'i1', index: 2 }],
    };
    run.setAnswer('i1', { phase: 'sent' });
    run.apply([complete]);
    assert.equal(run.answerOf('i1')?.phase, 'sent', 'this connection may be older than the answer');
    run.apply([{ kind: 'connection', connection: { phase: 'connecting', attempt: 1 } }, complete]);
    assert.equal(run.answerOf('i1'), undefined);
  });

  it('is not live between a reset and the end of the replay', () => {
    const run = opened(START);
    run.apply([{ kind: 'connection', connection: { phase: 'live', attempt: 0 } }, { kind: 'reset' }]);
    assert.deepEqual([run.connection.phase, run.events.length], ['replaying', 0]);
  });

  it('C17 a question that was answered elsewhere is removed with its event', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    assert.equal(run.status, 'suspended');
    assert.deepEqual(
      run.interactions.map(({ interactionId }) => interactionId),
      ['i1'],
    );
    run.apply(messagesOf(logged(START, { type: 'nodeStart', nodeId: 'a' }, ASK, ANSWERED).slice(3)));
    assert.deepEqual(run.interactions, []);
    assert.equal(run.status, 'running');
    const [answer] = run.getNode('a')?.entries ?? [];
    assert.ok(answer?.kind === 'answer' && questionText(answer.question) === 'Topic?');
    assert.equal(answerText(answer.question, answer.response), 'Beans');
  });

  it('the marker decides which questions are open', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    run.apply([{ kind: 'replayComplete', pending: [] }]);
    assert.deepEqual(run.interactions, []);
  });

  it('a redelivered question is shown once', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    const [event] = logged(START, { type: 'nodeStart', nodeId: 'a' }, ASK).slice(2);
    assert.ok(event !== undefined);
    run.apply([{ kind: 'redelivered', event }]);
    assert.equal(run.interactions.length, 1);
  });

  it('a question that is redelivered after its answer stays closed', () => {
    const events = logged(START, { type: 'nodeStart', nodeId: 'a' }, ASK, ANSWERED);
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK, ANSWERED);
    run.apply([{ kind: 'redelivered', event: events[2]! }]);
    assert.deepEqual(run.interactions, []);
  });

  it('the state of an answer is removed when the log has the answer', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    run.setAnswer('i1', { phase: 'sending' });
    run.apply(messagesOf(logged(START, { type: 'nodeStart', nodeId: 'a' }, ASK, ANSWERED).slice(3)));
    assert.equal(run.answerOf('i1'), undefined);
  });

  it('nothing of one session is left in the next', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    run.open('other');
    assert.deepEqual(run.interactions, []);
    assert.deepEqual(run.nodeIds, []);
    assert.equal(run.events.length, 0);
  });

  it('C22 a reset drops the state and keeps the session', () => {
    const run = opened(START, { type: 'nodeStart', nodeId: 'a' }, ASK);
    run.apply([{ kind: 'reset' }, ...messagesOf(logged(START))]);
    assert.equal(run.sessionId, 's');
    assert.deepEqual(run.interactions, []);
    assert.equal(run.events.length, 1);
  });

  it('a batch notifies the reader of a node once, and others not at all', () => {
    const run = opened(START);
    const runs = { a: 0, b: 0 };
    const readers = (['a', 'b'] as const).map(
      (nodeId) =>
        new Signal.Computed(() => {
          runs[nodeId] += 1;
          return run.getNode(nodeId);
        }),
    );
    for (const reader of readers) reader.get();
    const thoughts = Array.from({ length: 100 }, (): GraphRunEventBody => ({
      type: 'thoughtEvent',
      nodeId: 'a',
      text: 'x',
    }));
    run.apply(messagesOf(logged(START, ...thoughts).slice(1)));
    for (const reader of readers) reader.get();
    assert.deepEqual(runs, { a: 2, b: 1 });
  });

  it('counts the replay up to its announced end', () => {
    const run = new RunController();
    run.open('s');
    run.apply([{ kind: 'start', replayTotal: 3 }, ...messagesOf(logged(START))]);
    assert.deepEqual(run.replay, { received: 1, total: 3 });
    run.apply([{ kind: 'replayComplete' }]);
    assert.deepEqual(run.replay, { received: 3, total: 3 });
  });
});

describe('reduceRun', () => {
  const body: fc.Arbitrary<GraphRunEventBody> = fc.oneof(
    fc.constantFrom<GraphRunEventBody>(START, ASK, ANSWERED),
    fc.constantFrom<GraphRunEventBody>(
      { type: 'nodeStart', nodeId: 'a' },
      { type: 'nodeEnd', nodeId: 'a', outputs: { context: 'done' } },
      { type: 'nodeError', nodeId: 'b', error: 'no' },
      { type: 'agentEvent', nodeId: 'a', event: { functionCall: { callId: 'c', name: 'search' } } },
      { type: 'agentEvent', nodeId: 'a', event: { functionResult: { callId: 'c', content: {} } } },
      { type: 'agentEvent', nodeId: 'a', event: { content: { content: { parts: [{ text: 'x' }] } } } },
      { type: 'graphComplete', sessionId: 's' },
    ),
    fc
      .record({
        type: fc.constant('agentEvent' as const),
        nodeId: fc.string(),
        event: fc.dictionary(fc.string(), fc.jsonValue()),
      })
      .map((event) => event as GraphRunEventBody),
  );

  it('gives the same state however the events are split into batches', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 30 }), fc.array(fc.nat(5)), (bodies, sizes) => {
        const events = logged(...bodies);
        let state = EMPTY_RUN;
        let rest = events;
        for (const size of sizes) {
          state = reduceRun(state, rest.slice(0, size));
          rest = rest.slice(size);
        }
        assert.deepEqual(reduceRun(state, rest), reduceRun(EMPTY_RUN, events));
      }),
    );
  });

  it('keeps the newest entries of a node and counts the others', () => {
    const thoughts = Array.from({ length: MAX_ACTIVITY_ENTRIES + 5 }, (_, index): GraphRunEvent => ({
      type: 'thoughtEvent',
      nodeId: 'a',
      text: String(index),
      index,
    }));
    const activity = reduceRun(EMPTY_RUN, thoughts).activity.get('a');
    assert.equal(activity?.entries.length, MAX_ACTIVITY_ENTRIES);
    assert.equal(activity?.omitted, 5);
  });

  it('joins the pieces of streamed content', () => {
    const piece = (text: string): GraphRunEventBody => ({
      type: 'agentEvent',
      nodeId: 'a',
      event: { content: { content: { role: 'model', parts: [{ text }] } } },
    });
    const entries = reduceRun(EMPTY_RUN, logged(START, piece('Steel '), piece('lines'))).activity.get(
      'a',
    )?.entries;
    assert.deepEqual(entries, [
      { kind: 'content', index: 1, content: { role: 'model', parts: [{ text: 'Steel lines' }] } },
    ]);
  });
});
