import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GraphRunEvent } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { piecesOfFrame } from '../../../../src/service/langgraph/langgraph-pieces.js';
import { USUAL_QUESTIONS } from '../../../../src/service/langgraph/langgraph-questions.js';
import { parseTask } from '../../../../src/service/langgraph/langgraph-records.js';
import { TurnConverter } from '../../../../src/service/langgraph/turns/turn-converter.js';
import { LangGraphRecording } from '../../../support/langgraph-recording.js';

/** An event in a word: its type, its node, and the question of it. */
function inWords(events: readonly GraphRunEvent[]): readonly string[] {
  return events.map((event) => {
    const nodeId = 'nodeId' in event ? ` ${event.nodeId}` : '';
    return `${event.type}${nodeId}`;
  });
}

/** Steps and answers alone, whose order both sources must give. */
function facts(events: readonly GraphRunEvent[]): readonly string[] {
  return inWords(events.filter(({ type }) => type !== 'agentEvent'));
}

function converter() {
  const outline = { nodes: [], edges: [], order: 'none' };
  const turn = new TurnConverter({ sessionId: 's', outline, questions: USUAL_QUESTIONS }, 0);
  turn.takeEvents();
  const frame = (event: string, data: unknown, ts?: number) =>
    turn.take(piecesOfFrame(event, JSON.stringify(data)).map((piece) => ({ piece, ts })));
  return { turn, frame, events: () => turn.takeEvents() };
}

const starts = (id: string, name: string) => ({ id, name, input: {}, triggers: [], interrupts: [] });
const asks = (id: string, name: string, ...ids: readonly string[]) => ({
  id,
  name,
  result: {},
  interrupts: ids.map((each) => ({ id: each, value: `${each}?` })),
  error: null,
});
const ends = (id: string, name: string, result: unknown = {}) => ({
  id,
  name,
  result,
  interrupts: [],
  error: null,
});
const answers = (resume: JsonObject | string) => ({ resume, createdMs: 0 });

describe('a recorded run of LangGraph’s server as events', () => {
  it('has its steps, what they streamed, and its outputs', async () => {
    const recording = await LangGraphRecording.read('plain');
    const { events } = await recording.fromStreams(recording.turn());
    assert.deepEqual(inWords(events), [
      'graphStart',
      'nodeStart write',
      'agentEvent write',
      'agentEvent write',
      'agentEvent write',
      'nodeEnd write',
      'nodeStart out',
      'nodeEnd out',
      'graphComplete',
    ]);
    const end = events.at(-1);
    assert.ok(end?.type === 'graphComplete');
    assert.deepEqual(end.outputs, { out: { log: ['out'], text: 'BEANS ON A WIRE (HAIKU)' } });
  });

  for (const name of ['plain', 'question', 'subgraph']) {
    it(`gives the same steps, questions and answers from its history: ${name}`, async () => {
      const recording = await LangGraphRecording.read(name);
      const turn = recording.turn();
      const { events } = await recording.fromStreams(turn);
      const history = recording.histories.find((states) => states.length > 3);
      assert.ok(history !== undefined);
      assert.deepEqual(facts((await recording.fromHistory(turn, history)).events), facts(events));
    });
  }

  it('asks once although each level of nesting asks, and starts nodes once although each answer starts them', async () => {
    const recording = await LangGraphRecording.read('subgraph');
    const { events } = await recording.fromStreams(recording.turn());
    assert.deepEqual(facts(events), [
      'graphStart',
      'nodeStart prepare',
      'nodeEnd prepare',
      'nodeStart editor',
      'nodeStart editor/draft',
      'nodeEnd editor/draft',
      'nodeStart editor/review',
      'inputRequired editor/review',
      'inputResolved editor/review',
      'nodeEnd editor/review',
      'nodeEnd editor',
      'nodeStart publish',
      'nodeEnd publish',
    ]);
    assert.deepEqual(
      events.flatMap((event) =>
        event.type === 'nodeStart' && event.parent !== undefined ? [[event.parent, event.title]] : [],
      ),
      [
        ['editor', 'draft'],
        ['editor', 'review'],
      ],
    );
    // What an inner node streams names no node in the frame but the outer one.
    assert.ok(events.some((event) => event.type === 'agentEvent' && event.nodeId === 'editor/draft'));
  });

  it('waits when a step inside a node does, which its history says, too', async () => {
    const recording = await LangGraphRecording.read('subgraph');
    const [first] = recording.runs.map(({ runId }) => runId);
    const turn = recording.turn([first ?? '']);
    const streamed = await recording.fromStreams(turn);
    const history = recording.histories.find((states) => states.length > 4) ?? [];
    const kept = await recording.fromHistory(turn, history);
    for (const { state } of [streamed, kept]) {
      assert.equal(state.status, 'suspended');
      assert.deepEqual(
        [...state.nodes.values()].map(({ nodeId, parent, status }) => [nodeId, parent, status]),
        [
          ['prepare', undefined, 'completed'],
          ['editor', undefined, 'running'],
          ['editor/draft', 'editor', 'completed'],
          ['editor/review', 'editor', 'suspended'],
        ],
      );
    }
  });

  it('has an instance for each of several tasks of one node at once', async () => {
    const recording = await LangGraphRecording.read('fan-out');
    const { events, state } = await recording.fromStreams(recording.turn());
    const started = events.filter((event) => event.type === 'nodeStart');
    assert.deepEqual(
      started.map(({ nodeId, of, title }) => [nodeId, of, title]),
      [
        ['plan', undefined, undefined],
        ['item', undefined, undefined],
        ['item#2', 'item', 'item 2'],
        ['item#3', 'item', 'item 3'],
        ['sum', undefined, undefined],
      ],
    );
    assert.equal(state.resolved.size, 3);
  });

  it('leaves what a failure aborted open until the run ends', async () => {
    const recording = await LangGraphRecording.read('failing');
    const { events, state } = await recording.fromStreams(recording.turn());
    assert.deepEqual(facts(events).slice(-3), ['nodeEnd quick', 'nodeError bad', 'graphError']);
    assert.deepEqual([state.nodes.get('good')?.status, state.error], ['cancelled', 'no luck']);
  });

  it('has ended cancelled when it was interrupted, although it has no result', async () => {
    const recording = await LangGraphRecording.read('cancel');
    const { state } = await recording.fromStreams(recording.turn());
    assert.equal(state.status, 'cancelled');
  });

  it('has each turn of a thread as a session of its own, also one from an earlier checkpoint', async () => {
    const recording = await LangGraphRecording.read('time-travel');
    const longest = [...recording.histories].sort((a, b) => b.length - a.length)[0] ?? [];
    for (const { runId } of recording.runs) {
      const { events, state } = await recording.fromHistory(recording.turn([runId]), longest);
      assert.equal(state.status, 'completed');
      assert.equal(facts(events).at(-2), 'nodeEnd out');
    }
  });

  it('waits for a person after a restart: its history has the question', async () => {
    const recording = await LangGraphRecording.read('restart');
    const waiting = recording.histories.find((states) => states[0]?.tasks[0]?.interrupts.length === 1) ?? [];
    const runId = waiting[0]?.runId ?? '';
    const { state } = await recording.fromHistory(recording.turn([runId]), waiting);
    assert.deepEqual([state.status, state.pending.size], ['suspended', 1]);
  });
});

describe('an answer of another client', () => {
  const Q1 = 'a'.repeat(32);
  const Q2 = 'b'.repeat(32);

  it('to an id that no question has does nothing', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('t', 'ask'));
    frame('tasks', asks('t', 'ask', Q1));
    turn.beginRun(answers({ [Q2]: 'lost' }));
    assert.deepEqual(inWords(events()), ['nodeStart ask', 'inputRequired ask']);
    assert.ok(turn.hasQuestions);
  });

  it('without an id belongs to the only open question', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('t', 'ask'));
    frame('tasks', asks('t', 'ask', Q1));
    turn.beginRun(answers({ topic: 'beans' }));
    const resolved = events().find((event) => event.type === 'inputResolved');
    assert.deepEqual(resolved?.response, { input: { role: 'user', parts: [{ text: '{"topic":"beans"}' }] } });
  });

  it('without an id is not guessed to belong to one of two', () => {
    const { turn, frame, events } = converter();
    for (const [task, name, id] of [
      ['t', 'left', Q1],
      ['u', 'right', Q2],
    ] as const) {
      frame('tasks', starts(task, name));
      frame('tasks', asks(task, name, id));
    }
    turn.beginRun(answers('beans'));
    assert.equal(events().filter(({ type }) => type === 'inputResolved').length, 0);
  });

  it('to the first question of a node, sent again late, is shown as what the engine does: it answers the second', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('t', 'ask'));
    frame('tasks', asks('t', 'ask', Q1));
    turn.beginRun(answers({ [Q1]: 'one' }));
    frame('tasks', starts('t', 'ask'));
    frame('tasks', asks('t', 'ask', Q2));
    turn.beginRun(answers({ [Q1]: 'one' }));
    const resolved = events().filter((event) => event.type === 'inputResolved');
    assert.deepEqual(
      resolved.map(({ interactionId }) => interactionId),
      [Q1, Q2],
    );
  });
});

describe('frames of a stream', () => {
  it('say at which node something custom belongs, or that it is of the run as a whole', () => {
    const { frame, events } = converter();
    frame('custom', { piece: 'before' });
    frame('tasks', starts('t', 'write'));
    frame('custom', 'only one is running');
    frame('tasks', starts('u', 'draw'));
    frame('custom', { node: 'draw' });
    frame('custom', { node: 'nowhere' });
    assert.deepEqual(
      inWords(events()).filter((word) => word.startsWith('agentEvent')),
      ['agentEvent', 'agentEvent write', 'agentEvent draw', 'agentEvent'],
    );
  });

  it('have results that are lists of pairs', () => {
    const { frame, events } = converter();
    frame('tasks', starts('t', 'write'));
    frame(
      'tasks',
      ends('t', 'write', [
        ['text', 'beans'],
        ['count', 2],
      ]),
    );
    const end = events().find((event) => event.type === 'nodeEnd');
    assert.deepEqual(end?.outputs, { text: 'beans', count: 2 });
  });

  it('run a node again under its own id when its first run has ended', () => {
    const { frame, events } = converter();
    for (const task of ['t', 'u', 'v']) {
      frame('tasks', starts(task, 'loop'));
      frame('tasks', ends(task, 'loop'));
    }
    assert.deepEqual(new Set(inWords(events())), new Set(['nodeStart loop', 'nodeEnd loop']));
  });

  it('bring texts of a model as they come, calls when their arguments are whole, and results of tools', () => {
    const { frame, events } = converter();
    frame('tasks', starts('t', 'agent'));
    const meta = { langgraph_node: 'agent' };
    const chunk = (content: string, more: JsonObject = {}) => ({
      type: 'AIMessageChunk',
      id: 'm',
      content,
      ...more,
    });
    frame('messages', [chunk('Looking '), meta]);
    frame('messages', [chunk('up'), meta]);
    frame('messages', [
      chunk('', { tool_call_chunks: [{ index: 0, id: 'c', name: 'search', args: '{"q":' }] }),
      meta,
    ]);
    frame('messages', [chunk('', { tool_call_chunks: [{ index: 0, args: '"beans"}' }] }), meta]);
    frame('messages', [{ type: 'tool', tool_call_id: 'c', content: '3 hits' }, meta]);
    frame('messages', [{ type: 'human', content: 'Hello' }, meta]);
    assert.deepEqual(
      events().flatMap((event) => (event.type === 'agentEvent' ? [event.event] : [])),
      [
        { content: { content: { role: 'model', parts: [{ text: 'Looking ' }] } } },
        { content: { content: { role: 'model', parts: [{ text: 'up' }] } } },
        { functionCall: { callId: 'c', name: 'search', args: { q: 'beans' } } },
        { functionResult: { callId: 'c', content: '3 hits' } },
      ],
    );
  });

  it('have times that never go backwards', () => {
    const { frame, events } = converter();
    frame('tasks', starts('t', 'write'), 500);
    frame('tasks', ends('t', 'write'), 400);
    assert.deepEqual(
      events().map(({ ts }) => ts),
      [500, 500],
    );
  });

  it('of inner graphs give steps inside their nodes, at any depth, and instances where there are several at once', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('t', 'team'));
    frame('tasks|team:t', starts('u', 'writer'));
    frame('tasks|team:t', starts('v', 'writer'));
    frame('tasks|team:t|writer:v', starts('w', 'draft'));
    frame('messages|team:t|writer:v', [
      { type: 'AIMessageChunk', content: 'Beans' },
      { langgraph_node: 'draft' },
    ]);
    frame('tasks|team:t|writer:v', asks('w', 'draft', 'q'));
    frame('tasks|team:t', asks('v', 'writer', 'q'));
    frame('tasks|lost:x', starts('y', 'nowhere'));
    const begun = events();
    assert.deepEqual(
      begun.flatMap((event) => (event.type === 'nodeStart' ? [[event.nodeId, event.parent, event.of]] : [])),
      [
        ['team', undefined, undefined],
        ['team/writer', 'team', undefined],
        ['team/writer#2', 'team', 'team/writer'],
        ['team/writer#2/draft', 'team/writer#2', undefined],
      ],
    );
    assert.deepEqual(inWords(begun).slice(-2), [
      'agentEvent team/writer#2/draft',
      'inputRequired team/writer#2/draft',
    ]);
    // A node has not ended while something inside it waits for an answer.
    frame('tasks', ends('t', 'team'));
    assert.deepEqual(events(), []);
    turn.beginRun(answers('yes'));
    frame('tasks|team:t', ends('u', 'writer', { text: 'inner' }));
    frame('tasks', ends('t', 'team', { text: 'outer' }));
    // The next turn of a loop begins all of it once more.
    frame('tasks', starts('t2', 'team'));
    frame('tasks|team:t2', starts('u2', 'writer'));
    turn.end('completed', undefined);
    const rest = events();
    assert.deepEqual(inWords(rest), [
      'inputResolved team/writer#2/draft',
      'nodeEnd team/writer',
      'nodeEnd team',
      'nodeStart team',
      'nodeStart team/writer',
      'graphComplete',
    ]);
  });

  it('of an inner graph that fails say which of its steps failed', () => {
    const { frame, events } = converter();
    const error = { name: 'Error', message: 'no luck' };
    frame('tasks', starts('t', 'team'));
    frame('tasks|team:t', starts('u', 'writer'));
    frame('tasks|team:t', { ...ends('u', 'writer'), error });
    frame('tasks', { ...ends('t', 'team'), error });
    assert.deepEqual(inWords(events()).slice(-2), ['nodeError team/writer', 'nodeError team']);
  });

  it('of any other form are passed over', () => {
    const { frame, events } = converter();
    for (const data of [null, 1, 'text', [], {}, { id: 1, name: 'x' }, { id: 't', name: 'x', result: {} }]) {
      for (const event of ['tasks', 'messages', 'updates', 'values', 'metadata', 'debug']) frame(event, data);
    }
    assert.deepEqual(events(), []);
    assert.deepEqual(piecesOfFrame('tasks', '{not json'), []);
  });
});

describe('a run that has stopped at a static breakpoint', () => {
  const left = (id: string, name: string) => parseTask({ id, name, interrupts: [] });
  const end = { runId: 'r', updatedMs: 5 };

  it('asks at the node that runs next, which the run that continues it then starts', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('1', 'first'));
    frame('tasks', ends('1', 'first'));
    turn.pause(end, [...left('2', 'second'), ...left('3', 'third'), ...left('4', 'third')]);
    assert.equal(turn.hasQuestions, true);
    turn.beginRun({ resume: undefined, createdMs: 7 });
    assert.equal(turn.hasQuestions, false);
    frame('tasks', starts('2', 'second'));
    const all = events();
    assert.deepEqual(inWords(all), [
      'nodeStart first',
      'nodeEnd first',
      'inputRequired second',
      'inputResolved second',
      'nodeStart second',
    ]);
    const question = all.find((event) => event.type === 'inputRequired');
    assert.deepEqual(question?.suspendEvent, { confirm: { before: ['second', 'third'] } });
    assert.deepEqual([question.interactionId, question.ts], ['breakpoint~r', 5]);
  });

  it('asks at a node that has begun, if it has stopped inside it, and names none', () => {
    const { turn, frame, events } = converter();
    frame('tasks', starts('1', 'inner'));
    frame('tasks', starts('2', 'beside'));
    frame('tasks', ends('2', 'beside'));
    turn.pause(end, [...left('2', 'beside'), ...left('1', 'inner')]);
    const question = events().find((event) => event.type === 'inputRequired');
    assert.deepEqual([question?.nodeId, question?.suspendEvent], ['inner', { confirm: { before: [] } }]);
  });

  it('asks nothing of its own where it has left nothing, or a node has asked', () => {
    const { turn, frame, events } = converter();
    turn.pause(end, []);
    frame('tasks', starts('1', 'ask'));
    frame('tasks', asks('1', 'ask', 'q'));
    turn.pause(end, left('1', 'ask'));
    assert.deepEqual(inWords(events()), ['nodeStart ask', 'inputRequired ask']);
    // The engine does the step again, and asks again.
    turn.beginRun({ resume: undefined, createdMs: 7 });
    assert.deepEqual([turn.hasQuestions, events()], [true, []]);
  });
});
