import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';

const ok: NodeHandler = { run: async ({ node }) => ({ context: node.id }) };
const ask: NodeHandler = {
  run: async ({ ask }) => ({ answer: await ask({ waitForInput: { prompt: 'Well?' } }) }),
};

test('runs a chain in order and ends with all outputs', async () => {
  const runner = createGraphRunner({ handlers: { ok } });
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'a', type: 'ok' },
      { id: 'b', type: 'ok' },
    ],
    edges: [{ from: 'a', to: 'b' }],
  });
  await runner.start(session);
  assert.deepEqual(session.story, [
    'graphStart',
    'nodeStart a',
    'nodeEnd a',
    'nodeStart b',
    'nodeEnd b',
    'graphComplete',
  ]);
  assert.deepEqual(session.state.outputs, { a: { context: 'a' }, b: { context: 'b' } });
  assert.equal(session.appendCount, 3);
});

test('waits for an answer and goes on with it', async () => {
  const runner = createGraphRunner({ handlers: { ask } });
  const session = new MemoryRunnerSession({ nodes: [{ id: 'a', type: 'ask' }] });
  await runner.start(session);
  assert.equal(session.state.status, 'suspended');
  const [interactionId = ''] = session.state.pending.keys();
  await session.answer(interactionId, { input: 'hello' });
  await runner.resume(session, interactionId);
  assert.deepEqual(session.state.outputs, { a: { answer: { input: 'hello' } } });
});
