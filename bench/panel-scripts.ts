import type { GraphRunEventBody } from '../src/protocol/events.js';

/** Number of events appended at once. */
const BATCH = 500;
const NODES = 20;

/** The logs that the benchmarks of the session view write, by name; `flood` is the built-in node of that name. */
export const SCRIPTS = {
  /** Thoughts, streamed text, calls and technical reports of 20 nodes in turn. */
  mixed: (count: number) => inBatches(inTurn(count, NODES, (nodeId, number) => [reportOf(nodeId, number)])),
  /** Questions with their answers, from 20 nodes in turn. */
  answered: (count: number) =>
    inBatches(
      inTurn(count, NODES, (nodeId, number) => [
        question(nodeId, number),
        {
          type: 'inputResolved',
          nodeId,
          interactionId: `q${number}`,
          by: 'response',
          response: { input: { role: 'user', parts: [{ text: `Answer ${number}` }] } },
        },
      ]),
    ),
  /** 5000 nodes, each of which thinks and ends, some of them repeatedly. */
  nodes: (count: number) =>
    inBatches(
      inTurn(count, Math.min(5000, Math.floor(count / 4)), (nodeId, number) => [
        { type: 'thoughtEvent', nodeId, text: `Thought ${number}` },
        { type: 'nodeEnd', nodeId, outputs: { context: { role: 'model', parts: [{ text: `${number}` }] } } },
      ]),
    ),
  /** Unanswered questions of 20 nodes. */
  open: (count: number) => inBatches(inTurn(count, NODES, (nodeId, number) => [question(nodeId, number)])),
} as const;

/** Name of a script. */
export type ScriptName = keyof typeof SCRIPTS;

/** True for the name of a script. */
export function isScriptName(name: unknown): name is ScriptName {
  return typeof name === 'string' && Object.hasOwn(SCRIPTS, name);
}

/** Starts the nodes, then lets each emit an event in turn until the log has the given number of events. */
function* inTurn(
  count: number,
  nodes: number,
  say: (nodeId: string, number: number) => readonly GraphRunEventBody[],
): Generator<GraphRunEventBody> {
  // The node of the plan, which would otherwise count as ready to run.
  yield { type: 'nodeStart', nodeId: 'n' };
  yield { type: 'nodeEnd', nodeId: 'n' };
  for (let node = 0; node < nodes; node += 1) yield { type: 'nodeStart', nodeId: `n${node}` };
  // The server has already written `graphStart`.
  let written = nodes + 3;
  for (let number = 0; written < count - 1; number += 1) {
    const said = say(`n${number % nodes}`, number);
    yield* said;
    written += said.length;
  }
}

function reportOf(nodeId: string, number: number): GraphRunEventBody {
  switch (Math.floor(number / NODES) % 4) {
    case 0:
      return { type: 'thoughtEvent', nodeId, text: `**Thought ${number}**\n\nwith some words in it` };
    case 1:
      return agent(nodeId, {
        content: { content: { role: 'model', parts: [{ text: 'a few more words ' }] } },
      });
    case 2:
      return agent(nodeId, { functionCall: { callId: `${number}`, name: 'search', args: { number } } });
    default:
      return agent(nodeId, { usageMetadata: { tokens: number } });
  }
}

function agent(
  nodeId: string,
  event: Extract<GraphRunEventBody, { type: 'agentEvent' }>['event'],
): GraphRunEventBody {
  return { type: 'agentEvent', nodeId, event };
}

function question(nodeId: string, number: number): GraphRunEventBody {
  return {
    type: 'inputRequired',
    nodeId,
    interactionId: `q${number}`,
    suspendEvent: { waitForInput: { prompt: { parts: [{ text: `Question **${number}**?` }] } } },
  };
}

function* inBatches(bodies: Iterable<GraphRunEventBody>): Generator<readonly GraphRunEventBody[]> {
  let batch: GraphRunEventBody[] = [];
  for (const body of bodies) {
    batch.push(body);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
