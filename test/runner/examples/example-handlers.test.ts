import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { contentsText, outputContents, textContent, type LLMContent } from '../../../src/protocol/content.js';
import { parseGraph, type Graph } from '../../../src/protocol/graph.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import {
  exampleGraphs,
  failingBranchGraph,
  floodGraph,
  haikuGraph,
  twoQuestionsGraph,
} from '../../../src/runner/examples/example-graphs.js';
import { exampleHandlers } from '../../../src/runner/examples/example-handlers.js';
import { streamPieces } from '../../../src/runner/examples/generate-handler.js';
import type { ScheduledTask } from '../../../src/runner/task-scheduler.js';
import { MemoryRunnerSession, type MemoryRunnerSessionOptions } from '../../support/memory-runner-session.js';

const runner = createGraphRunner({ handlers: exampleHandlers });

/** Removes all delays from a graph. */
function hurried(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) => ({
    ...node,
    configuration: { ...node.configuration, delayMs: 0 },
  }));
  return { ...graph, nodes };
}

async function run(graph: Graph, options?: MemoryRunnerSessionOptions): Promise<MemoryRunnerSession> {
  const session = new MemoryRunnerSession(graph, options);
  await runner.start(session);
  return session;
}

/** Runs one node behind an input of the given text. */
async function runBehind(text: string, type: string, configuration: JsonObject) {
  const graph: Graph = {
    nodes: [
      { id: 'in', type: 'input' },
      { id: 'a', type, configuration },
    ],
    edges: [{ from: 'in', to: 'a' }],
  };
  return run(graph, { mode: 'headless', inputs: { in: textContent(text) } });
}

function textOf(session: MemoryRunnerSession, nodeId: string): string {
  return contentsText(outputContents(session.state.nodes.get(nodeId)?.outputs));
}

function fileOf(session: MemoryRunnerSession, nodeId: string) {
  const contents: readonly LLMContent[] = outputContents(session.state.nodes.get(nodeId)?.outputs);
  const file = contents[0]?.parts[0]?.inlineData;
  assert.ok(file !== undefined);
  return { ...file, bytes: Buffer.from(file.data, 'base64') };
}

async function answerOnly(session: MemoryRunnerSession, response: JsonObject): Promise<void> {
  const [interactionId = ''] = session.state.pending.keys();
  await session.answer(interactionId, response);
  await runner.resume(session, interactionId);
}

test('input: asks with the default form of the origin, and hands the content on', async () => {
  const graph: Graph = {
    nodes: [{ id: 'a', type: 'input', configuration: { description: 'What is the topic?', required: true } }],
  };
  const session = await run(graph);
  const [form] = session.state.pending.values();
  assert.deepEqual(form?.kind === 'form' && form.schema['properties'], {
    request: {
      type: 'object',
      title: 'What is the topic?',
      behavior: ['transient', 'llm-content', 'hint-required'],
      examples: ['{"parts":[{"text":""}],"role":"user"}'],
      format: 'edit_note',
    },
  });
  const asked = session.log.find((event) => event.type === 'inputRequired');
  assert.deepEqual(Object.values(asked?.suspendEvent ?? {}), [
    { schema: form?.kind === 'form' ? form.schema : {}, interactionId: asked?.interactionId },
  ]);
  await answerOnly(session, { request: { role: 'user', parts: [{ text: 'beans' }] } });
  assert.equal(textOf(session, 'a'), 'beans');
});

test('input: skipped, empty and null values give nothing; plain values become text', async () => {
  const session = await run({ nodes: [{ id: 'a', type: 'input' }] });
  const empty = { role: 'user', parts: [{ text: '' }] };
  const skipped = { role: 'user', parts: [{ text: '__skipped__' }] };
  await answerOnly(session, { empty, skipped, nothing: null, name: 'Ada', count: 3, tags: ['x', 'y'] });
  assert.equal(textOf(session, 'a'), '3\n\nx\n\ny'.replace('3', 'Ada\n\n3'));
});

test('ask-choice: gives labels; none of the above has its own label', async () => {
  const configuration = {
    prompt: 'Pick',
    choices: ['Red', { id: 'g', label: 'Green' }],
    selectionMode: 'multiple',
    noneOfTheAboveLabel: 'Neither',
  };
  const graph: Graph = { nodes: [{ id: 'a', type: 'ask-choice', configuration }] };
  const two = await run(graph);
  await answerOnly(two, { selected: { ids: ['Red', 'g'] } });
  assert.equal(textOf(two, 'a'), 'Red, Green');
  const none = await run(graph);
  await answerOnly(none, { selected: { ids: ['__none_of_the_above__'] } });
  assert.equal(textOf(none, 'a'), 'Neither');
});

test('ask-text: prompts quote upstream nodes; a skip gives nothing', async () => {
  const graph: Graph = {
    nodes: [
      { id: 'in', type: 'input' },
      { id: 'a', type: 'ask-text', configuration: { prompt: 'More on {{in}}? {{nobody}}', skipLabel: 'No' } },
    ],
    edges: [{ from: 'in', to: 'a' }],
  };
  const session = await run(graph);
  await answerOnly(session, { request: { parts: [{ text: 'beans' }] } });
  const [question] = session.state.pending.values();
  assert.equal(question?.kind === 'text' && contentsText([question.prompt]), 'More on beans? {{nobody}}');
  await answerOnly(session, { input: { parts: [{ text: '__skipped__' }] } });
  assert.deepEqual(session.state.outputs?.['a'], { context: [] });
});

test('generate: exactly as many thoughts as configured, then the text in pieces', async () => {
  const prompt = 'Write two haiku about {{in}} in a calm mood.';
  const session = await runBehind('green beans', 'generate', { prompt, thoughts: 5, delayMs: 0 });
  const own = session.log.filter((event) => 'nodeId' in event && event.nodeId === 'a');
  assert.equal(own.filter((event) => event.type === 'thoughtEvent').length, 5);
  assert.equal(
    own.slice(1, 6).every((event) => event.type === 'thoughtEvent'),
    true,
  );
  const text = textOf(session, 'a');
  const reports = own.flatMap((event) => (event.type === 'agentEvent' ? [event.event] : []));
  const pieces = reports.filter((report) => 'content' in report).map(contentOf);
  assert.equal(reports.filter((report) => 'usage' in report).length, 1);
  assert.ok(pieces.length > 1);
  assert.equal(pieces.join(''), text);
  const stanzas = text.split('\n\n');
  assert.deepEqual(
    stanzas.map((stanza) => stanza.split('\n').length),
    [3, 3],
  );
  assert.match(text, /Green beans/);
  const again = await runBehind('green beans', 'generate', { prompt, thoughts: 0, delayMs: 0 });
  assert.equal(textOf(again, 'a'), text, 'the same prompt gives the same text');
});

function contentOf(event: JsonObject): string {
  const { content } = event;
  const inner = outputContents({ content: (content as { content: JsonObject }).content });
  return contentsText(inner);
}

test('the streamed parts of any text join to the text', () => {
  for (const text of ['', 'one', 'a.b\n\nc! d?\n', '\n\n', 'What? “Yes.” No…']) {
    assert.equal(streamPieces(text).join(''), text);
  }
});

test('image: a PNG that can be decoded, and the same one for the same prompt', async () => {
  const session = await runBehind('beans', 'image', { prompt: 'A field of {{in}}' });
  const { mimeType, bytes } = fileOf(session, 'a');
  assert.equal(mimeType, 'image/png');
  assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const length = bytes.readUInt32BE(33);
  assert.equal(bytes.subarray(37, 41).toString('latin1'), 'IDAT');
  assert.equal(inflateSync(bytes.subarray(41, 41 + length)).length, (width * 3 + 1) * height);
  const again = await runBehind('beans', 'image', { prompt: 'A field of {{in}}' });
  assert.deepEqual(fileOf(again, 'a').bytes, bytes);
});

test('webpage: shows its inputs and lets none of them become markup', async () => {
  const session = await runBehind('<script>alert(1)</script> & more', 'webpage', { prompt: 'On {{in}}' });
  const { mimeType, bytes } = fileOf(session, 'a');
  assert.equal(mimeType, 'text/html');
  const page = bytes.toString('utf8');
  assert.ok(!page.includes('<script'));
  assert.ok(page.includes('<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>'));
});

test('flood: 10,000 events are logged in order and in few appends', async () => {
  const session = await run(floodGraph);
  const events = session.log.filter((event) => event.type === 'agentEvent');
  assert.equal(events.length, 10_000);
  assert.ok(events.every((event, index) => contentOf(event.event).startsWith(`${index + 1} of 10000`)));
  assert.ok(session.appendCount < 100, `${session.appendCount} appends`);
});

test('S28: a stubborn sleeper keeps running after a cancel, and none of its events is logged', async () => {
  const tasks: Promise<void>[] = [];
  const scheduler = { schedule: (task: ScheduledTask) => void tasks.push(task.run()) };
  const session = new MemoryRunnerSession({
    nodes: [{ id: 'a', type: 'sleep', configuration: { delayMs: 200, stubborn: true } }],
  });
  const started = createGraphRunner({ handlers: exampleHandlers, scheduler }).start(session);
  await session.until(({ lastIndex }) => lastIndex === 2);
  await session.cancel();
  const length = session.log.length;
  await Promise.all([started, ...tasks]);
  assert.equal(session.log.length, length);
  assert.equal(session.state.status, 'cancelled');
});

test('a long sleep ends at once when the session is cancelled', async () => {
  const tasks: Promise<void>[] = [];
  const scheduler = { schedule: (task: ScheduledTask) => void tasks.push(task.run()) };
  const session = new MemoryRunnerSession({
    nodes: [{ id: 'a', type: 'sleep', configuration: { delayMs: 3_600_000 } }],
  });
  const started = createGraphRunner({ handlers: exampleHandlers, scheduler }).start(session);
  await session.until(({ lastIndex }) => lastIndex === 1);
  await session.cancel();
  await Promise.all([started, ...tasks]);
});

test('validate refuses configurations that cannot work and names the node', () => {
  const wrong: readonly (readonly [string, JsonObject, RegExp])[] = [
    ['ask-text', {}, /needs “prompt”/],
    ['ask-choice', { prompt: 'Pick' }, /needs “choices”/],
    ['ask-choice', { choices: [] }, /needs “choices”/],
    ['ask-choice', { choices: ['a'], layout: 'circle' }, /“layout” must be one of list, row, grid/],
    ['generate', { delayMs: -1 }, /“delayMs” must be a number of at least 0/],
    ['input', { schema: 'none' }, /“schema” must be an object/],
    ['sleep', { stubborn: 'very' }, /“stubborn” must be true or false/],
    ['teleport', {}, /there is no node type “teleport”/],
  ];
  for (const [type, configuration, message] of wrong) {
    assert.throws(
      () => runner.validate({ nodes: [{ id: 'a', type, configuration }] }),
      (error) =>
        error instanceof GraphRunError && message.test(error.message) && error.members['nodeId'] === 'a',
    );
  }
});

test('every example graph is valid', () => {
  for (const graph of Object.values(exampleGraphs)) {
    runner.validate(parseGraph(JSON.parse(JSON.stringify(graph))));
    for (const node of graph.nodes) assert.ok(node.metadata?.title);
  }
});

test('the haiku example asks three times and ends with a page of poem and picture', async () => {
  const session = await run(hurried(haikuGraph));
  await answerOnly(session, { request: { role: 'user', parts: [{ text: 'Green beans' }] } });
  await answerOnly(session, { input: { role: 'user', parts: [{ text: 'two' }] } });
  await answerOnly(session, { selected: { ids: ['Calm'] } });
  assert.equal(session.state.status, 'completed');
  assert.equal(textOf(session, 'poet').split('\n\n').length, 2);
  const page = fileOf(session, 'output').bytes.toString('utf8');
  assert.match(page, /<img alt="Picture" src="data:image\/png;base64,/);
  assert.match(page, /Green beans/);
});

test('the failing example ends failed, its other nodes completed or skipped', async () => {
  const session = await run(hurried(failingBranchGraph));
  const { state } = session;
  assert.equal(state.error, 'The library did not answer: 503 Service Unavailable');
  assert.equal(state.nodes.get('draft-page')?.status, 'completed');
  assert.equal(state.nodes.get('article')?.causedBy, 'sources');
});

test('the example of two questions has both open at once', async () => {
  const session = await run(hurried(twoQuestionsGraph));
  assert.equal(session.state.pending.size, 2);
  assert.equal(session.state.status, 'suspended');
});
