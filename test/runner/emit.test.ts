import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeContext, NodeHandler } from '../../src/runner/node-handler.js';
import { EventTooLargeError } from '../../src/runner/event-size.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';

const MAX_EVENT_BYTES = 300;

async function runOne(run: NodeHandler['run']): Promise<MemoryRunnerSession> {
  const runner = createGraphRunner({ handlers: { one: { run } } });
  const session = new MemoryRunnerSession(
    { nodes: [{ id: 'a', type: 'one' }] },
    { maxEventBytes: MAX_EVENT_BYTES },
  );
  await runner.start(session);
  await session.end();
  return session;
}

function say({ emit }: NodeContext, text: string): Promise<void> {
  return emit({ type: 'thoughtEvent', text });
}

test('events that are emitted together are logged in order and in few appends', async () => {
  const session = await runOne(async (context) => {
    await Promise.all(Array.from({ length: 600 }, (_, index) => say(context, `${index}`)));
    return {};
  });
  const texts = session.log.flatMap((event) => (event.type === 'thoughtEvent' ? [event.text] : []));
  assert.deepEqual(
    texts,
    Array.from({ length: 600 }, (_, index) => `${index}`),
  );
  assert.ok(session.appendCount <= 5, `${session.appendCount} appends`);
});

test('emits without await are logged before the question and the end that follow them', async () => {
  const session = await runOne(async (context) => {
    void say(context, 'one');
    void context.ask({ waitForInput: {} });
    await context.emit({ type: 'agentEvent', event: { finish: {} } });
    void say(context, 'two');
    return {};
  });
  const story = session.story.filter((line) => line !== 'inputRequired a');
  assert.deepEqual(story, [
    'graphStart',
    'nodeStart a',
    'thoughtEvent a',
    'agentEvent a',
    'thoughtEvent a',
    'nodeEnd a',
    'graphComplete',
  ]);
});

test('L: an event beyond the limit fails its node, even when its handler ignores the rejection', async () => {
  const ignoring = await runOne(async (context) => {
    void say(context, 'x'.repeat(MAX_EVENT_BYTES));
    return {};
  });
  assert.equal(ignoring.state.error, 'event too large');
  const looking = await runOne(async (context) => {
    await assert.rejects(say(context, '€'.repeat(MAX_EVENT_BYTES / 3)), EventTooLargeError);
    return {};
  });
  assert.equal(looking.state.error, 'event too large');
  assert.ok(!looking.story.includes('thoughtEvent a'));
});

test('L: outputs or a question beyond the limit fail their node', async () => {
  const ended = await runOne(async () => ({ context: 'x'.repeat(MAX_EVENT_BYTES) }));
  assert.equal(ended.state.error, 'event too large');
  const asked = await runOne(async ({ ask }) =>
    ask({ waitForInput: { prompt: 'x'.repeat(MAX_EVENT_BYTES) } }),
  );
  assert.equal(asked.state.error, 'event too large');
});

test('L: outputs of a graph that are too large for one event are left out of its terminal event', async () => {
  const runner = createGraphRunner({
    handlers: { one: { run: async () => ({ context: 'x'.repeat(100) }) } },
  });
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, type: 'one' }));
  const session = new MemoryRunnerSession({ nodes }, { maxEventBytes: MAX_EVENT_BYTES });
  await runner.start(session);
  assert.equal(session.state.status, 'completed');
  assert.equal(session.state.outputs, undefined);
  assert.equal(session.state.nodes.get('c')?.outputs?.['context'], 'x'.repeat(100));
});

test('a very long error is cut', async () => {
  const session = await runOne(() => Promise.reject(new Error('x'.repeat(1_000_000))));
  assert.equal(session.state.error?.length, 10_000);
});
