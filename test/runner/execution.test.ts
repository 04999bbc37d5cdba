import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphRunError } from '../../src/protocol/problems.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import { SessionEndedError } from '../../src/runner/graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import type { ScheduledTask } from '../../src/runner/task-scheduler.js';
import { Gate } from '../support/gate.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';
import { answer, assertOrder, scripted, scriptedGraph, type Script } from '../support/scripted-nodes.js';

const ok: NodeHandler = { run: async ({ node }) => ({ context: node.id }) };
const QUIET: Script = { emits: 0, questions: 0, isParallel: false, doesFail: false };
const ASKING: Script = { ...QUIET, questions: 1 };
const FAILING: Script = { ...QUIET, doesFail: true };

function openQuestions(session: MemoryRunnerSession): readonly string[] {
  return [...session.state.pending.keys()];
}

function counted(session: MemoryRunnerSession, line: string): number {
  return session.story.filter((each) => each === line).length;
}

test('runs a chain in order, each end and what follows from it in one append', async () => {
  const runner = createGraphRunner({ handlers: { ok } });
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'a', type: 'ok' },
      { id: 'b', type: 'ok' },
    ],
    edges: [{ from: 'a', to: 'b' }],
  });
  await runner.start(session);
  const story = ['graphStart', 'nodeStart a', 'nodeEnd a', 'nodeStart b', 'nodeEnd b', 'graphComplete'];
  assert.deepEqual(session.story, story);
  assert.deepEqual(session.state.outputs, { a: { context: 'a' }, b: { context: 'b' } });
  assert.equal(session.appendCount, 3);
});

test('passes values over edges, and joins several edges into one port', async () => {
  const seen: unknown[] = [];
  const source: NodeHandler = {
    run: async ({ node }) => ({ context: `text of ${node.id}`, extra: [{ parts: [{ text: 'more' }] }] }),
  };
  const sink: NodeHandler = {
    async run({ inputs, upstreamOutputs }) {
      seen.push(inputs, upstreamOutputs('a')?.['context'], upstreamOutputs('sink'));
      return {};
    },
  };
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'a', type: 'source' },
      { id: 'b', type: 'source' },
      { id: 'sink', type: 'sink' },
    ],
    edges: [
      { from: 'a', to: 'sink' },
      { from: 'b', to: 'sink' },
      { from: 'a', to: 'sink', out: 'extra', in: 'side' },
      { from: 'a', to: 'sink', out: 'constructor', in: 'nothing' },
    ],
  });
  await createGraphRunner({ handlers: { source, sink } }).start(session);
  const context = [{ parts: [{ text: 'text of a' }] }, { parts: [{ text: 'text of b' }] }];
  const inputs = { context, side: [{ parts: [{ text: 'more' }] }], nothing: [] };
  assert.deepEqual(seen, [inputs, 'text of a', undefined]);
});

test('S25: the join of a diamond runs once, after both sides, although an answer is announced twice', async () => {
  const gate = new Gate();
  const slow: NodeHandler = { run: () => gate.opened.then(() => ({})) };
  const runner = createGraphRunner({ handlers: { scripted, slow, ok } });
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'top', type: 'ok' },
      { id: 'left', type: 'scripted', configuration: { questions: 1 } },
      { id: 'right', type: 'slow' },
      { id: 'join', type: 'ok' },
    ],
    edges: ['left', 'right'].flatMap((side) => [
      { from: 'top', to: side },
      { from: side, to: 'join' },
    ]),
  });
  const started = runner.start(session);
  await session.until(({ pending }) => pending.size === 1);
  const [question = ''] = openQuestions(session);
  const answered = [answer(runner, session, question), runner.resume(session, question)];
  await session.until(({ nodes }) => nodes.get('left')?.status === 'completed');
  assert.equal(session.state.nodes.get('join')?.status, 'waiting');
  answered.push(runner.resume(session, question));
  gate.open();
  await Promise.all([started, ...answered]);
  assert.equal(counted(session, 'nodeStart join'), 1);
  assertOrder(session.graph, session.log);
  assert.equal(session.state.status, 'completed');
});

test('S26: two questions are open at once and can be answered in any order', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const graph = scriptedGraph(
    [ASKING, ASKING, QUIET],
    [
      { from: 'n0', to: 'n2' },
      { from: 'n1', to: 'n2' },
    ],
  );
  const session = new MemoryRunnerSession(graph);
  await runner.start(session);
  const [first = '', second = ''] = openQuestions(session);
  assert.equal(session.state.status, 'suspended');
  await answer(runner, session, second);
  assert.equal(session.state.nodes.get('n1')?.status, 'completed');
  assert.equal(session.state.status, 'suspended');
  await answer(runner, session, first);
  assert.equal(session.state.status, 'completed');
  assertOrder(graph, session.log);
});

test('a node may ask several questions at once; each gets its own answer', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = new MemoryRunnerSession(scriptedGraph([{ ...ASKING, questions: 3, isParallel: true }], []));
  await runner.start(session);
  for (const question of [...openQuestions(session)].reverse()) await answer(runner, session, question);
  assert.deepEqual(session.state.outputs, {
    n0: { answers: [{ echo: 'n0 0' }, { echo: 'n0 1' }, { echo: 'n0 2' }] },
  });
});

test('S33: a failing node neither stops nor repeats the nodes that run in parallel', async () => {
  const gate = new Gate();
  const slow: NodeHandler = { run: () => gate.opened.then(() => ({})) };
  const runner = createGraphRunner({ handlers: { scripted, slow } });
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'bad', type: 'scripted', configuration: { doesFail: true } },
      { id: 'one', type: 'slow' },
      { id: 'two', type: 'slow' },
    ],
  });
  const started = runner.start(session);
  await session.until(({ nodes }) => nodes.get('bad')?.status === 'failed');
  assert.equal(session.state.status, 'running');
  gate.open();
  await started;
  for (const id of ['bad', 'one', 'two']) assert.equal(counted(session, `nodeStart ${id}`), 1);
  assert.equal(session.state.nodes.get('one')?.status, 'completed');
  assertOrder(session.graph, session.log);
  assert.equal(session.state.status, 'failed');
});

test('S34: behind a failed and a completed node the rest is skipped and the graph ends', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const graph = scriptedGraph(
    [FAILING, QUIET, QUIET, QUIET, FAILING],
    [
      { from: 'n0', to: 'n2' },
      { from: 'n1', to: 'n2' },
      { from: 'n2', to: 'n3' },
    ],
  );
  const session = new MemoryRunnerSession(graph);
  await runner.start(session);
  assertOrder(graph, session.log);
  assert.equal(session.state.nodes.get('n2')?.causedBy, 'n0');
  assert.equal(session.state.nodes.get('n3')?.causedBy, 'n0', 'further down the failed node is named, too');
  assert.equal(session.state.error, 'n0 failed; n4 failed');
});

test('S28: a handler that keeps running after a cancel can no longer write', async () => {
  const gate = new Gate();
  let refusal: unknown;
  const zombie: NodeHandler = {
    async run({ emit, signal }) {
      await emit({ type: 'thoughtEvent', text: 'alive' });
      await gate.opened;
      assert.ok(signal.aborted);
      refusal = await emit({ type: 'thoughtEvent', text: 'undead' }).catch((error: unknown) => error);
      return { context: 'too late' };
    },
  };
  const tasks: Promise<void>[] = [];
  const scheduler = { schedule: (task: ScheduledTask) => void tasks.push(task.run()) };
  const runner = createGraphRunner({ handlers: { zombie }, scheduler });
  const session = new MemoryRunnerSession({ nodes: [{ id: 'a', type: 'zombie' }] });
  const started = runner.start(session);
  await session.until(({ lastIndex }) => lastIndex === 2);
  await session.cancel();
  await started;
  gate.open();
  await Promise.all(tasks);
  assert.ok(refusal instanceof SessionEndedError);
  assert.deepEqual(session.story, ['graphStart', 'nodeStart a', 'thoughtEvent a', 'graphCancelled']);
});

test('an emit after the end of its node is refused', async () => {
  const gate = new Gate();
  const late: Promise<unknown>[] = [];
  const hasty: NodeHandler = {
    async run({ emit }) {
      const afterwards = gate.opened.then(() => emit({ type: 'thoughtEvent', text: 'one more thing' }));
      late.push(afterwards.catch((error: unknown) => error));
      return {};
    },
  };
  const runner = createGraphRunner({ handlers: { hasty, scripted } });
  const session = new MemoryRunnerSession({
    nodes: [
      { id: 'a', type: 'hasty' },
      { id: 'b', type: 'scripted', configuration: { questions: 1 } },
    ],
  });
  await runner.start(session);
  gate.open();
  assert.ok((await Promise.all(late))[0] instanceof SessionEndedError);
  assert.equal(counted(session, 'thoughtEvent a'), 0);
  assert.equal(session.state.status, 'suspended');
});

test('a cancel rejects open questions and settles start()', async () => {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = new MemoryRunnerSession(scriptedGraph([ASKING, QUIET], [{ from: 'n0', to: 'n1' }]));
  await runner.start(session);
  const [question = ''] = openQuestions(session);
  await session.cancel();
  await runner.resume(session, question);
  assert.equal(session.log.at(-1)?.type, 'graphCancelled');
});

test('a handler gets the caller’s token, and tasks go through the scheduler', async () => {
  const scheduled: string[] = [];
  const secretive: NodeHandler = {
    run: async ({ accessToken }) => ({ hasToken: accessToken() === 'secret' }),
  };
  const runner = createGraphRunner({
    handlers: { secretive },
    scheduler: {
      schedule(task) {
        scheduled.push(`${task.sessionId} ${task.nodeId} ${task.nodeType}`);
        void task.run();
      },
    },
  });
  const session = new MemoryRunnerSession({ nodes: [{ id: 'a', type: 'secretive' }] }, { token: 'secret' });
  await runner.start(session);
  assert.deepEqual(session.state.outputs, { a: { hasToken: true } });
  assert.deepEqual(scheduled, ['session-1 a secretive']);
});

test('a log that cannot be written stops the session’s work and rejects start()', async () => {
  const gate = new Gate();
  const slow: NodeHandler = { run: () => gate.opened.then(() => ({})) };
  const reports: unknown[] = [];
  const runner = createGraphRunner({ handlers: { slow }, onError: (...facts) => reports.push(...facts) });
  const session = new MemoryRunnerSession({ nodes: [{ id: 'a', type: 'slow' }] });
  const started = runner.start(session);
  await session.until(({ lastIndex }) => lastIndex === 1);
  session.diskError = new Error('disk full');
  gate.open();
  await assert.rejects(started, session.diskError);
  assert.deepEqual(reports, [session.diskError, 'session-1']);
  assert.deepEqual(session.story, ['graphStart', 'nodeStart a']);
});

test('validate names the node whose type or configuration is wrong', () => {
  const picky: NodeHandler = { ...ok, check: (node) => (node.id === 'b' ? 'it is wrong' : undefined) };
  const runner = createGraphRunner({ handlers: { picky } });
  runner.validate({ nodes: [{ id: 'a', type: 'picky' }] });
  for (const node of [
    { id: 'b', type: 'picky' },
    { id: 'c', type: 'constructor' },
  ]) {
    assert.throws(
      () => runner.validate({ nodes: [node] }),
      (error) =>
        error instanceof GraphRunError &&
        error.code === 'invalid-graph' &&
        error.status === 400 &&
        error.members['nodeId'] === node.id,
    );
  }
});
