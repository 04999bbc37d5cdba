import assert from 'node:assert/strict';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { isTerminalEvent } from '../../src/protocol/events.js';
import type { Graph, GraphEdge, GraphNode } from '../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import type { SessionState } from '../../src/protocol/session-state.js';
import type { GraphRunner } from '../../src/runner/graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import type { MemoryRunnerSession } from './memory-runner-session.js';

/** The script of a node: it emits, asks (in parallel or one by one), emits, and ends. */
export interface Script {
  readonly emits: number;
  readonly questions: number;
  readonly isParallel: boolean;
  readonly doesFail: boolean;
}

/** A handler that follows the script in a node's configuration; its outputs are the answers, in order. */
export const scripted: NodeHandler = {
  isIdempotent: true,
  async run({ node, emit, ask }) {
    const { emits, questions, isParallel, doesFail } = scriptOf(node);
    const say = async (when: string): Promise<void> => {
      for (let index = 0; index < emits; index += 1) {
        await emit({ type: 'thoughtEvent', text: `${node.id} ${when} ${index}` });
      }
    };
    await say('before');
    const question = (index: number): JsonObject => ({ riddle: { label: `${node.id} ${index}` } });
    const answers: JsonObject[] = [];
    const indexes = Array.from({ length: questions }, (_, index) => index);
    if (isParallel) answers.push(...(await Promise.all(indexes.map((index) => ask(question(index))))));
    else for (const index of indexes) answers.push(await ask(question(index)));
    await say('after');
    if (doesFail) throw new Error(`${node.id} failed`);
    return { answers };
  },
};

function scriptOf({ configuration = {} }: GraphNode): Script {
  const { emits, questions, isParallel, doesFail } = configuration;
  return {
    emits: Number(emits ?? 0),
    questions: Number(questions ?? 0),
    isParallel: isParallel === true,
    doesFail: doesFail === true,
  };
}

/** A graph of scripted nodes; the node of index i is called `n<i>`. */
export function scriptedGraph(scripts: readonly Script[], edges: readonly GraphEdge[]): Graph {
  return {
    nodes: scripts.map((script, index) => ({
      id: `n${index}`,
      type: 'scripted',
      configuration: { ...script },
    })),
    edges,
  };
}

/** Answers a scripted node's question with the question's own label, and resumes the runner. */
export async function answer(
  runner: GraphRunner,
  session: MemoryRunnerSession,
  interactionId: string,
): Promise<void> {
  const question = session.state.pending.get(interactionId);
  assert.ok(question?.kind === 'unknown' && isJsonObject(question.payload));
  await session.answer(interactionId, { echo: question.payload['label'] ?? null });
  await runner.resume(session, interactionId);
}

/** Answers open questions until the session has ended; `pick` returns which of n questions is next. */
export async function answerEverything(
  runner: GraphRunner,
  session: MemoryRunnerSession,
  pick: (count: number) => number,
): Promise<SessionState> {
  while (session.state.status === 'suspended') {
    const open = [...session.state.pending.keys()];
    await answer(runner, session, open[pick(open.length)] ?? '');
  }
  assert.notEqual(session.state.status, 'running', 'an idle session either waits or has ended');
  return session.state;
}

/** Asserts the order that the protocol promises for the log of an ended session. */
export function assertOrder(graph: Graph, log: readonly GraphRunEvent[]): void {
  assert.deepEqual(
    log.map(({ index }) => index),
    log.map((_, index) => index),
  );
  assert.equal(log.filter(isTerminalEvent).length, 1, 'exactly one terminal event');
  const last = log.at(-1);
  assert.ok(last !== undefined && isTerminalEvent(last), 'the terminal event is the last');
  let accounted = 0;
  for (const { id } of graph.nodes) {
    const own = log.filter((event) => 'nodeId' in event && event.nodeId === id);
    const count = (type: string): number => own.filter((event) => event.type === type).length;
    const ends = count('nodeEnd') + count('nodeError');
    assert.ok(count('nodeStart') <= 1, `${id} starts at most once`);
    assert.equal(ends + count('nodeSkipped'), 1, `${id} ends or is skipped once`);
    assert.equal(count('nodeStart'), ends, `${id} ends only if it has started`);
    accounted += ends + count('nodeSkipped');
    if (ends === 1) assertInside(id, own);
  }
  assert.equal(accounted, graph.nodes.length);
  for (const { from, to } of graph.edges ?? []) assertEdgeOrder(log, from, to);
}

function assertInside(id: string, own: readonly GraphRunEvent[]): void {
  assert.equal(own[0]?.type, 'nodeStart', `${id} begins with its start`);
  const end = own.at(-1)?.type;
  assert.ok(end === 'nodeEnd' || end === 'nodeError', `nothing comes after the end of ${id}`);
  const asked = new Set<string>();
  for (const event of own) {
    if (event.type === 'inputRequired') {
      assert.ok(!asked.has(event.interactionId), 'a question is logged once');
      asked.add(event.interactionId);
    }
    if (event.type === 'inputResolved') assert.ok(asked.has(event.interactionId));
  }
}

function assertEdgeOrder(log: readonly GraphRunEvent[], from: string, to: string): void {
  const start = log.findIndex((event) => event.type === 'nodeStart' && event.nodeId === to);
  if (start === -1) return;
  const end = log.findIndex((event) => event.type === 'nodeEnd' && event.nodeId === from);
  assert.ok(end !== -1 && end < start, `${to} starts after ${from} has completed`);
}
