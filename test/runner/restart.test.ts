import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmittedEventType } from '../../src/protocol/events.js';
import type { Graph } from '../../src/protocol/graph.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeEmission, NodeHandler } from '../../src/runner/node-handler.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';
import { answer, scripted, scriptedGraph } from '../support/scripted-nodes.js';

const graph: Graph = scriptedGraph(
  [
    { emits: 2, questions: 2, isParallel: false, doesFail: false },
    { emits: 0, questions: 0, isParallel: false, doesFail: false },
  ],
  [{ from: 'n0', to: 'n1' }],
);

/** Reopens a session as the next process does. */
function reborn(session: MemoryRunnerSession, length = session.log.length): MemoryRunnerSession {
  session.kill();
  return new MemoryRunnerSession(session.graph, { log: session.log.slice(0, length) });
}

async function suspended(handlers: Record<string, NodeHandler> = { scripted }): Promise<MemoryRunnerSession> {
  const session = new MemoryRunnerSession(graph);
  await createGraphRunner({ handlers }).start(session);
  return session;
}

function question(session: MemoryRunnerSession): string {
  return session.state.pending.keys().next().value ?? '';
}

test('D3: a suspended session waits after a restart and writes nothing', async () => {
  const session = reborn(await suspended());
  await createGraphRunner({ handlers: { scripted } }).start(session);
  assert.equal(session.state.status, 'suspended');
  assert.equal(session.appendCount, 0);
});

test('D3: an answer after a restart runs the handler again, and nothing is emitted or asked twice', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const first = reborn(await suspended());
  await runner.start(first);
  await answer(runner, first, question(first));
  const second = reborn(first);
  await runner.start(second);
  await answer(runner, second, question(second));
  assert.deepEqual(second.story, [
    'graphStart',
    'nodeStart n0',
    'thoughtEvent n0',
    'thoughtEvent n0',
    'inputRequired n0',
    'inputResolved n0',
    'inputRequired n0',
    'inputResolved n0',
    'thoughtEvent n0',
    'thoughtEvent n0',
    'nodeEnd n0',
    'nodeStart n1',
    'nodeEnd n1',
    'graphComplete',
  ]);
  assert.deepEqual(second.state.outputs?.['n0'], { answers: [{ echo: 'n0 0' }, { echo: 'n0 1' }] });
});

test('D3: an answer alone wakes up a session that was not started in this process', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = reborn(await suspended());
  await answer(runner, session, question(session));
  assert.equal(session.state.nodes.get('n0')?.error, undefined);
  await answer(runner, session, question(session));
  assert.equal(session.state.status, 'completed');
});

test('D3: an interrupted node fails by default, and the graph settles', async () => {
  const session = reborn(await suspended(), 3);
  await createGraphRunner({ handlers: { scripted } }).start(session);
  assert.deepEqual(session.story.slice(3), ['nodeError n0', 'nodeSkipped n1', 'graphError']);
  assert.equal(session.state.error, 'interrupted');
  assert.equal(session.appendCount, 1);
});

test('D3: an answer that was logged before the crash counts as an interruption', async () => {
  const dying = await suspended();
  await dying.answer(question(dying), {});
  const session = reborn(dying);
  await createGraphRunner({ handlers: { scripted } }).start(session);
  assert.equal(session.state.nodes.get('n0')?.error, 'interrupted');
});

test('D3: an idempotent handler runs again when the host wants that; answers stay valid', async () => {
  const dying = await suspended();
  await dying.answer(question(dying), { echo: 'kept' });
  const session = reborn(dying);
  const runner = createGraphRunner({ handlers: { scripted }, onRestart: 'rerun' });
  await runner.start(session);
  const retry = session.log.find((event) => event.type === 'nodeRetry');
  assert.equal(retry?.attempt, 2);
  await answer(runner, session, question(session));
  assert.deepEqual(session.state.outputs?.['n0'], { answers: [{ echo: 'kept' }, { echo: 'n0 1' }] });
});

test('D3: a handler that is not idempotent is never run again', async () => {
  const fragile: NodeHandler = { run: (context) => scripted.run(context) };
  const session = reborn(await suspended({ scripted: fragile }), 3);
  await createGraphRunner({ handlers: { scripted: fragile }, onRestart: 'rerun' }).start(session);
  assert.equal(session.state.nodes.get('n0')?.error, 'interrupted');
});

test('D3: a ready node that never started is started, and a missing terminal event is written', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = new MemoryRunnerSession(graph);
  await runner.start(session);
  await answer(runner, session, question(session));
  await answer(runner, session, question(session));
  const length = session.log.length;
  const ready = reborn(session, length - 3);
  await runner.start(ready);
  assert.deepEqual(ready.story, session.story);
  const unended = reborn(session, length - 1);
  await runner.start(unended);
  assert.deepEqual(unended.story, session.story);
});

test('D3: a node whose type is gone after a restart fails with a sentence', async () => {
  const session = reborn(await suspended());
  await createGraphRunner({ handlers: {} }).start(session);
  await answer(createGraphRunner({ handlers: {} }), session, question(session));
  assert.match(session.state.error ?? '', /Nothing runs nodes of type “scripted”/);
});

test('starting a session twice does not interrupt what runs', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = new MemoryRunnerSession(
    scriptedGraph([{ emits: 3, questions: 0, isParallel: false, doesFail: false }], []),
  );
  await Promise.all([runner.start(session), runner.start(session)]);
  assert.equal(session.state.status, 'completed');
});

/** One emission of every type that handlers emit; the compiler refuses a list that lacks one. */
const EMISSIONS: { readonly [Type in EmittedEventType]: Extract<NodeEmission, { readonly type: Type }> } = {
  agentEvent: { type: 'agentEvent', event: { content: { parts: [{ text: 'a line' }] } } },
  thoughtEvent: { type: 'thoughtEvent', text: 'a thought' },
};

for (const emission of Object.values(EMISSIONS)) {
  test(`D3: ${emission.type}: emitted before a question, it is logged once, also after a restart`, async () => {
    const handler: NodeHandler = {
      async run({ emit, ask }) {
        await emit(emission);
        return { answer: await ask({ waitForInput: { prompt: { parts: [{ text: 'Topic?' }] } } }) };
      },
    };
    const runner = createGraphRunner({ handlers: { scripted: handler } });
    const dying = new MemoryRunnerSession({ nodes: [{ id: 'n0', type: 'scripted' }] });
    await runner.start(dying);
    const session = reborn(dying);
    await runner.start(session);
    const interactionId = question(session);
    await session.answer(interactionId, { input: 'Beans' });
    await runner.resume(session, interactionId);
    assert.equal(session.state.status, 'completed');
    const logged = session.log.filter(({ type }) => type === emission.type);
    assert.deepEqual(logged, [{ ...emission, nodeId: 'n0', index: 2 }]);
  });
}

test('nodes that were answered while no process ran them are resumed, and others are interrupted', async () => {
  const asks: NodeHandler = { run: async ({ ask }) => ({ context: [await ask({ riddle: {} })] }) };
  const hangs: NodeHandler = {
    run: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
  };
  const handlers = { asks, hangs };
  const types = { a: 'asks', b: 'asks', c: 'hangs' };
  const nodes = Object.entries(types).map(([id, type]) => ({ id, type }));
  const session = new MemoryRunnerSession({ nodes });
  void createGraphRunner({ handlers }).start(session);
  while (session.state.pending.size < 2) await Promise.resolve();
  const questions = [...session.state.pending.keys()];
  for (const id of questions) await session.answer(id, { text: 'yes' });
  session.kill();

  const next = new MemoryRunnerSession({ nodes }, { log: session.log, answered: new Set(['a', 'b']) });
  const runner = createGraphRunner({ handlers });
  await Promise.all([runner.start(next), ...questions.map((id) => runner.resume(next, id))]);
  const statuses = ['a', 'b', 'c'].map((id) => next.state.nodes.get(id)?.status);
  assert.deepEqual(statuses, ['completed', 'completed', 'failed']);
  assert.equal(next.state.nodes.get('c')?.error, 'interrupted');
});

test('the key of a run is that of the node in its session, also when the node runs again', async () => {
  const keys: string[] = [];
  const keyed: NodeHandler = {
    isIdempotent: true,
    run: async ({ runKey, emit, ask }) => {
      keys.push(runKey);
      if (keys.length === 1) {
        await emit({ type: 'thoughtEvent', text: 'first' });
        await new Promise(() => undefined);
      }
      return { context: [await ask({ riddle: {} })] };
    },
  };
  const nodes = [{ id: 'k', type: 'keyed' }];
  const options = { handlers: { keyed }, onRestart: 'rerun' } as const;
  const session = new MemoryRunnerSession({ nodes });
  void createGraphRunner(options).start(session);
  while (!session.story.includes('thoughtEvent k')) await Promise.resolve();
  session.kill();
  const next = new MemoryRunnerSession({ nodes }, { log: session.log });
  await createGraphRunner(options).start(next);
  const other = new MemoryRunnerSession({ nodes }, { sessionId: 'session-2' });
  await createGraphRunner(options).start(other);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
});
