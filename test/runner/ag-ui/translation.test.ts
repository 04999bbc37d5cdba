import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';
import { Conversation } from '../../../src/runner/ag-ui/conversation.js';
import { questionOf } from '../../../src/runner/ag-ui/questions.js';
import { Translation } from '../../../src/runner/ag-ui/translation.js';
import { says } from '../../support/scripted-agent.js';

const file = new URL('../../fixtures/ag-ui/recordings.json', import.meta.url);
/** Real events of `@copilotkit/runtime` 1.75.0 and `@ag-ui/langgraph` 0.0.43. */
const recordings: Readonly<Record<string, readonly JsonObject[]>> = JSON.parse(await readFile(file, 'utf8'));

function recording(name: string): readonly JsonObject[] {
  const events = recordings[name];
  assert.ok(events !== undefined, name);
  return events;
}

function translate(events: readonly JsonObject[]) {
  const translation = new Translation('agent', { nodes: new Map() });
  const bodies = events.flatMap((event) => translation.take(event));
  return { bodies: [...bodies, ...translation.flush()], translation };
}

/** `nodeStart agent/write`, `content Beans`, … */
function story(bodies: readonly GraphRunEventBody[]): readonly string[] {
  return bodies.map((body) => {
    if (body.type === 'thoughtEvent') return `thought ${body.text}`;
    if (body.type !== 'agentEvent') return `${body.type} ${'nodeId' in body ? body.nodeId : ''}`;
    const [kind = ''] = Object.keys(body.event);
    const payload = body.event[kind];
    const content = isJsonObject(payload) && isJsonObject(payload['content']) ? payload['content'] : {};
    const parts = Array.isArray(content['parts']) ? content['parts'] : [];
    return `${kind} ${parts.map((part: JsonObject) => String(part['text'])).join()}@${body.nodeId}`;
  });
}

describe('a recorded run of an AG-UI agent', () => {
  it('becomes steps, text in its step, and the newest state', () => {
    const { bodies, translation } = translate(recording('01-plain A-run'));
    assert.deepEqual(story(bodies), [
      'nodeStart agent/write',
      'content Beans@agent/write',
      'content  on@agent/write',
      'content  a wire@agent/write',
      'nodeEnd agent/write',
      'nodeStart agent/out',
      'STATE_SNAPSHOT @agent/out',
      'nodeEnd agent/out',
    ]);
    assert.deepEqual(bodies[0], {
      type: 'nodeStart',
      nodeId: 'agent/write',
      parent: 'agent',
      title: 'write',
    });
    assert.deepEqual(bodies[4], {
      type: 'nodeEnd',
      nodeId: 'agent/write',
      outputs: { context: [{ role: 'model', parts: [{ text: 'Beans on a wire' }] }] },
    });
    assert.deepEqual(translation.end, { kind: 'success' });
  });

  it('ends with its interrupts, which become forms', () => {
    const { translation } = translate(recording('02-interrupt A-run'));
    assert.ok(translation.end?.kind === 'interrupt');
    const [interrupt] = translation.end.interrupts;
    assert.deepEqual(questionOf(interrupt ?? {}), {
      inputNode: {
        schema: {
          type: 'object',
          title: 'What is the topic?',
          properties: { topic: { type: 'string', title: 'Topic' } },
          required: ['topic'],
        },
        interrupt: {},
      },
    });
  });

  it('fails with the words of the agent', () => {
    const { translation } = translate(recording('04-failing A-run'));
    assert.ok(translation.end?.kind === 'error');
    assert.notEqual(translation.end.message, '');
  });

  it('of an older adapter asks by a custom event, in words', () => {
    const { bodies, translation } = translate(recording('07-langgraph-adapter 1 question'));
    assert.ok(translation.end?.kind === 'interrupt');
    assert.deepEqual(
      translation.end.interrupts.map((interrupt) => questionOf(interrupt)),
      [
        {
          waitForInput: {
            prompt: { role: 'user', parts: [{ text: 'What is the topic?' }] },
            inputType: 'text',
            interrupt: { isOld: true },
          },
        },
      ],
    );
    assert.equal(story(bodies).filter((line) => line.startsWith('CUSTOM')).length, 0);
  });

  it('gives the agent its messages and its state back', () => {
    const conversation = new Conversation({}, [{ id: 'input', role: 'user', content: 'A line about beans' }]);
    for (const body of translate(recording('01-plain A-run')).bodies) conversation.add(body);
    const [, message] = conversation.messages;
    assert.equal(conversation.messages.length, 2);
    assert.equal(message?.['role'], 'assistant');
    assert.equal(message?.['content'], 'Beans on a wire');
    assert.deepEqual(conversation.state, { line: 'BEANS' });
    for (const body of translate(recording('07-langgraph-adapter 3 chat')).bodies) conversation.add(body);
    assert.ok(conversation.messages.length > 0);
  });
});

describe('the events of an AG-UI agent', () => {
  it('become calls when they are whole, with their results, also of chunks', () => {
    const { bodies } = translate([
      { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'search', parentMessageId: 'm1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"query":' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '"beans"}' },
      { type: 'TOOL_CALL_END', toolCallId: 'c1' },
      { type: 'TOOL_CALL_RESULT', messageId: 'r1', toolCallId: 'c1', content: 'found' },
      { type: 'TOOL_CALL_CHUNK', toolCallId: 'c2', toolCallName: 'add', delta: '[1' },
      { type: 'TOOL_CALL_CHUNK', delta: ',2]' },
      { type: 'TOOL_CALL_CHUNK', toolCallId: 'c3', toolCallName: 'say', delta: 'no JSON' },
      { type: 'STATE_SNAPSHOT', snapshot: 1 },
    ]);
    const events = bodies.map((body) => (body.type === 'agentEvent' ? body.event : body.type));
    assert.deepEqual(events, [
      { functionCall: { callId: 'c1', name: 'search', args: { query: 'beans' }, messageId: 'm1' } },
      {
        functionResult: {
          callId: 'c1',
          content: { role: 'user', parts: [{ text: 'found' }] },
          messageId: 'r1',
        },
      },
      { functionCall: { callId: 'c2', name: 'add', args: [1, 2] } },
      { functionCall: { callId: 'c3', name: 'say', args: 'no JSON' } },
      { STATE_SNAPSHOT: { snapshot: 1 } },
    ]);
    const conversation = new Conversation(null, []);
    for (const body of bodies) conversation.add(body);
    assert.deepEqual(conversation.messages, [
      {
        id: 'm1',
        role: 'assistant',
        toolCalls: [
          { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query":"beans"}' } },
        ],
      },
      { id: 'r1', role: 'tool', toolCallId: 'c1', content: 'found' },
      {
        id: 'call-c2',
        role: 'assistant',
        toolCalls: [{ id: 'c2', type: 'function', function: { name: 'add', arguments: '[1,2]' } }],
      },
      {
        id: 'call-c3',
        role: 'assistant',
        toolCalls: [{ id: 'c3', type: 'function', function: { name: 'say', arguments: 'no JSON' } }],
      },
    ]);
  });

  it('join a thought per message, in new and old names, and keep what the end cuts', () => {
    const { bodies } = translate([
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'a', delta: 'Think' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'a', delta: 'ing' },
      { type: 'REASONING_MESSAGE_END', messageId: 'a' },
      { type: 'REASONING_MESSAGE_CHUNK', messageId: 'b', delta: 'More' },
      { type: 'REASONING_MESSAGE_CHUNK', delta: ' of it' },
      { type: 'THINKING_TEXT_MESSAGE_CONTENT', delta: 'Old' },
    ]);
    assert.deepEqual(story(bodies), ['thought Thinking', 'thought More of it', 'thought Old']);
  });

  it('keep two messages of a node apart, and the words of a person from those of the agent', () => {
    const { bodies } = translate([
      ...says('One'),
      ...says('Two'),
      { type: 'TEXT_MESSAGE_CHUNK', messageId: 'u', role: 'user', delta: 'Three' },
      { type: 'TEXT_MESSAGE_CHUNK', delta: '!' },
    ]);
    const conversation = new Conversation({}, []);
    for (const body of bodies) conversation.add(body);
    assert.deepEqual(
      conversation.messages.map(({ role, content }) => [role, content]),
      [
        ['assistant', 'One'],
        ['assistant', 'Two'],
        ['user', 'Three!'],
      ],
    );
    assert.deepEqual(story(bodies), [
      'content One@agent',
      'content \n\n@agent',
      'content Two@agent',
      'content Three@agent',
      'content !@agent',
    ]);
  });

  it('show subagents as nodes with their own steps and text, side by side', () => {
    const inside = (subagentRunId: string, event: JsonObject): JsonObject => ({ ...event, subagentRunId });
    const { bodies } = translate([
      { type: 'SUBAGENT_STARTED', subagentRunId: 's1', name: 'Poet' },
      { type: 'SUBAGENT_STARTED', subagentRunId: 's2', name: 'Critic', parentSubagentRunId: 's1' },
      inside('s1', { type: 'STEP_STARTED', stepName: 'write' }),
      inside('s2', { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'Hm' }),
      inside('s1', { type: 'TEXT_MESSAGE_CONTENT', messageId: 'n', delta: 'Ah' }),
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'o', delta: 'So' },
      { type: 'SUBAGENT_ERROR', subagentRunId: 's2', message: 'No words' },
      { type: 'SUBAGENT_FINISHED', subagentRunId: 's1' },
    ]);
    assert.deepEqual(story(bodies), [
      'nodeStart agent@s1',
      'nodeStart agent@s2',
      'nodeStart agent@s1/write',
      'content Hm@agent@s2',
      'content Ah@agent@s1/write',
      'content So@agent',
      'nodeError agent@s2',
      'nodeEnd agent@s1/write',
      'nodeEnd agent@s1',
    ]);
    assert.deepEqual(bodies[1], {
      type: 'nodeStart',
      nodeId: 'agent@s2',
      parent: 'agent@s1',
      title: 'Critic',
    });
  });

  it('give a step that is run again a node of its own', () => {
    const once = [
      { type: 'STEP_STARTED', stepName: 'a' },
      { type: 'STEP_FINISHED', stepName: 'a' },
    ];
    assert.deepEqual(story(translate([...once, ...once]).bodies), [
      'nodeStart agent/a',
      'nodeEnd agent/a',
      'nodeStart agent/a#2',
      'nodeEnd agent/a#2',
    ]);
  });

  for (const agentId of ['agent', 'team@agent/1'])
    it(`continue with the next run what an earlier run left open, in a subagent, too (node “${agentId}”)`, () => {
      const run = (bodies: readonly GraphRunEventBody[]) => {
        const log = [{ type: 'nodeStart', nodeId: agentId } as const, ...bodies];
        return applyEvents(
          EMPTY_SESSION,
          log.map((body, index) => ({ ...body, index })),
        );
      };
      const first = new Translation(agentId, { nodes: new Map() });
      const inside = { subagentRunId: 's' };
      const begun = [
        { type: 'SUBAGENT_STARTED', ...inside, name: 'Poet' },
        { type: 'STEP_STARTED', ...inside, stepName: 'write' },
      ].flatMap((event) => first.take(event));
      const second = new Translation(agentId, run(begun));
      const ended = [
        { type: 'SUBAGENT_STARTED', ...inside, name: 'Poet' },
        { type: 'STEP_STARTED', ...inside, stepName: 'write' },
        { type: 'TEXT_MESSAGE_CONTENT', ...inside, messageId: 'm', delta: 'Ah' },
        { type: 'STEP_FINISHED', ...inside, stepName: 'write' },
        { type: 'SUBAGENT_FINISHED', ...inside },
      ].flatMap((event) => second.take(event));
      const poet = `${agentId}@s`;
      assert.deepEqual(story(ended), [
        `content Ah@${poet}/write`,
        `nodeEnd ${poet}/write`,
        `nodeEnd ${poet}`,
      ]);
    });

  it('are translated whatever they are, and every step ends once at most', () => {
    const types = [
      ...new Set(Object.values(recordings).flatMap((events) => events.map(({ type }) => String(type)))),
      'TOOL_CALL_START',
      'TOOL_CALL_CHUNK',
      'TOOL_CALL_RESULT',
      'REASONING_MESSAGE_CHUNK',
      'SUBAGENT_STARTED',
      'SUBAGENT_FINISHED',
      'SUBAGENT_ERROR',
      'STATE_DELTA',
    ];
    const names = fc.constantFrom('a', 'b', '');
    const anyEvent = fc.record(
      {
        type: fc.oneof(fc.constantFrom(...types), fc.string()),
        stepName: names,
        messageId: fc.oneof(names, fc.jsonValue()),
        toolCallId: fc.oneof(names, fc.jsonValue()),
        subagentRunId: names,
        parentSubagentRunId: names,
        delta: fc.oneof(fc.string(), fc.jsonValue()),
        content: fc.jsonValue(),
        messages: fc.jsonValue(),
        outcome: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const { bodies, translation } = translate(JSON.parse(JSON.stringify(events)));
        const all = [...bodies, ...translation.endSteps()];
        const started = all.flatMap((body) => (body.type === 'nodeStart' ? body.nodeId : []));
        const ended = all.flatMap((body) =>
          body.type === 'nodeEnd' || body.type === 'nodeError' ? body.nodeId : [],
        );
        assert.equal(new Set(started).size, started.length);
        assert.deepEqual(new Set(ended), new Set(started));
        assert.equal(ended.length, started.length);
        const conversation = new Conversation({}, []);
        for (const body of all) conversation.add(body);
      }),
    );
  });
});
