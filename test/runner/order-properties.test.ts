import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { Graph, GraphEdge } from '../../src/protocol/graph.js';
import type { SessionState } from '../../src/protocol/session-state.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';
import { answerEverything, assertOrder, scripted, scriptedGraph } from '../support/scripted-nodes.js';

const script = fc.record({
  emits: fc.integer({ min: 0, max: 3 }),
  questions: fc.constantFrom(0, 0, 1, 2, 3),
  isParallel: fc.boolean(),
  doesFail: fc.constantFrom(false, false, false, false, true),
});

/** Graphs without cycles: every edge leads from a lower to a higher index. */
const graphs: fc.Arbitrary<Graph> = fc.array(script, { minLength: 1, maxLength: 8 }).chain((scripts) => {
  const pairs: GraphEdge[] = scripts.flatMap((_, to) =>
    scripts.slice(0, to).map((__, from) => ({ from: `n${from}`, to: `n${to}` })),
  );
  return fc
    .subarray(pairs, { maxLength: Math.min(pairs.length, 12) })
    .map((edges) => scriptedGraph(scripts, edges));
});

/** Picks the next question to answer from a list of random numbers. */
function picker(numbers: readonly number[]): (count: number) => number {
  let turn = 0;
  return (count) => (numbers[turn++ % numbers.length] ?? 0) % count;
}

const picks = fc.array(fc.nat(100), { minLength: 1, maxLength: 12 });

function statuses(state: SessionState): Record<string, string> {
  return Object.fromEntries([...state.nodes].map(([id, { status }]) => [id, status]));
}

async function runWhole(graph: Graph, numbers: readonly number[]): Promise<MemoryRunnerSession> {
  const runner = createGraphRunner({ handlers: { scripted } });
  const session = new MemoryRunnerSession(graph);
  await runner.start(session);
  await answerEverything(runner, session, picker(numbers));
  return session;
}

function emitted(log: readonly GraphRunEvent[], nodeId: string): readonly string[] {
  const texts: string[] = [];
  for (const event of log) {
    if (event.type === 'nodeRetry' && event.nodeId === nodeId) texts.length = 0;
    if (event.type === 'thoughtEvent' && event.nodeId === nodeId) texts.push(event.text);
  }
  return texts;
}

test('every run keeps the order of the protocol, whatever fails and is asked', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, picks, async (graph, numbers) => {
      const session = await runWhole(graph, numbers);
      assertOrder(graph, session.log);
      const failed = [...session.state.nodes.values()].some(({ status }) => status === 'failed');
      assert.equal(session.state.status, failed ? 'failed' : 'completed');
    }),
    { numRuns: 300, includeErrorInReport: true },
  );
});

test('D3: a run cut at any event and started again ends as the uncut one does', async () => {
  await fc.assert(
    fc.asyncProperty(
      graphs,
      picks,
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
      async (...given) => {
        const [graph, numbers, cuts] = given;
        const whole = await runWhole(graph, numbers);
        let log: readonly GraphRunEvent[] = whole.log;
        for (const cut of cuts) {
          const runner = createGraphRunner({ handlers: { scripted }, onRestart: 'rerun' });
          const kept = log.slice(0, 1 + (cut % (log.length - 1)));
          const session = new MemoryRunnerSession(graph, { log: kept });
          await runner.start(session);
          await answerEverything(runner, session, picker(numbers));
          assertOrder(graph, session.log);
          assert.deepEqual(statuses(session.state), statuses(whole.state));
          assert.deepEqual(session.state.outputs, whole.state.outputs, 'each answer went to its question');
          for (const { id } of graph.nodes) {
            assert.deepEqual(emitted(session.log, id), emitted(whole.log, id), 'nothing is emitted twice');
          }
          log = session.log;
        }
      },
    ),
    { numRuns: 300, includeErrorInReport: true },
  );
});

test('D3: a run cut at any event settles when interrupted nodes fail', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, picks, fc.nat(1000), async (graph, numbers, cut) => {
      const whole = await runWhole(graph, numbers);
      const kept = whole.log.slice(0, 1 + (cut % (whole.log.length - 1)));
      const runner = createGraphRunner({ handlers: { scripted } });
      const session = new MemoryRunnerSession(graph, { log: kept });
      const interrupted = [...session.state.nodes.values()].filter(({ status }) => status === 'running');
      await runner.start(session);
      await answerEverything(runner, session, picker(numbers));
      assertOrder(graph, session.log);
      for (const { nodeId } of interrupted) {
        assert.equal(session.state.nodes.get(nodeId)?.error, 'interrupted');
      }
    }),
    { numRuns: 200 },
  );
});
