import type { Graph } from '../protocol/graph.js';

/** The graphs that the cases need, named after their behaviour. */
export type Scenario =
  /** Completes with outputs, after a few thoughts and content events. */
  | 'plain'
  /** Asks one question by `waitForInput`, then passes the answer on. */
  | 'question'
  /** Asks two independent questions at once, in two nodes that both lead to a third. */
  | 'twoQuestions'
  /** One branch fails and another succeeds; a node behind the failed one is skipped. */
  | 'failing'
  /** Runs for at least ten seconds unless it is cancelled. */
  | 'slow';

/** The scenarios in the example node types of the reference runner. */
export const SCENARIO_GRAPHS: Readonly<Record<Scenario, Graph>> = {
  plain: {
    title: 'Plain',
    nodes: [
      {
        id: 'write',
        type: 'generate',
        metadata: { title: 'Write' },
        configuration: { prompt: 'A line about beans', thoughts: 3, delayMs: 1 },
      },
      { id: 'out', type: 'output', metadata: { title: 'Result' } },
    ],
    edges: [{ from: 'write', to: 'out' }],
  },
  question: {
    title: 'One question',
    nodes: [
      { id: 'ask', type: 'ask-text', configuration: { prompt: 'What is the topic?' } },
      { id: 'out', type: 'output' },
    ],
    edges: [{ from: 'ask', to: 'out' }],
  },
  twoQuestions: {
    title: 'Two questions',
    nodes: [
      { id: 'left', type: 'ask-text', configuration: { prompt: 'Left?' } },
      { id: 'right', type: 'ask-choice', configuration: { prompt: 'Right?', choices: ['Yes', 'No'] } },
      { id: 'join', type: 'output' },
    ],
    edges: [
      { from: 'left', to: 'join' },
      { from: 'right', to: 'join' },
    ],
  },
  failing: {
    title: 'Failing branch',
    nodes: [
      { id: 'bad', type: 'fail', configuration: { message: 'no luck' } },
      { id: 'behind', type: 'output' },
      { id: 'good', type: 'sleep', configuration: { delayMs: 20 } },
    ],
    edges: [{ from: 'bad', to: 'behind' }],
  },
  slow: {
    title: 'Slow',
    nodes: [{ id: 'work', type: 'sleep', configuration: { delayMs: 60_000 } }],
  },
};
