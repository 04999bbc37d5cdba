import type { Graph } from 'graph-sessions';
import { exampleGraphs } from 'graph-sessions/runner';

/** A graph of the gallery. */
export interface Example {
  /** Id of the example; also the `graphId` of its sessions. */
  readonly graphId: string;
  readonly title: string;
  /** One sentence that describes the example. */
  readonly description: string;
  readonly graph: Graph;
}

const DESCRIPTIONS: Readonly<Record<keyof typeof exampleGraphs, string>> = {
  haiku: 'Asks for a topic, a number and a mood; writes, paints and lays out a page.',
  twoQuestions: 'Two questions are open at once. Answer them in any order.',
  failingBranch: 'One branch fails, the nodes after it are skipped, the other continues.',
  lateFailure: 'The last node fails once. Run again from it: the others are reused.',
  longRun: 'A minute of work. Reload, or close the tab and come back.',
  flood: 'Ten thousand events, to scroll and to replay.',
  consent: 'Asks for permission before it continues.',
  multipleChoice: 'Pick several things, or none of them.',
  nestedForm: 'A form with nested fields, made from its JSON schema.',
};

/** The agent of `npm start -- --ag-ui <url>`. */
const AGENT: Example = {
  graphId: 'agUi',
  title: 'An AG-UI agent',
  description: 'The agent that this server was started with: its steps, its text, its questions.',
  graph: {
    title: 'Agent',
    nodes: [
      {
        id: 'agent',
        type: 'ag-ui',
        metadata: { title: 'Agent' },
        configuration: { agent: 'agent', input: 'A line about beans' },
      },
    ],
  },
};

const HAS_AGENT = document.documentElement.hasAttribute('data-has-agent');

const examples: ReadonlyMap<string, Example> = new Map([
  ...Object.entries(DESCRIPTIONS).map(([graphId, description]) => {
    const graph: Graph = exampleGraphs[graphId as keyof typeof exampleGraphs];
    return [graphId, { graphId, title: graph.title ?? graphId, description, graph }] as const;
  }),
  ...(HAS_AGENT ? [[AGENT.graphId, AGENT] as const] : []),
]);

/** The gallery, in its order. */
export const EXAMPLES: readonly Example[] = [...examples.values()];

/** The example with an id; the first one if there is none. */
export function exampleOf(graphId: string | undefined): Example {
  const example = examples.get(graphId ?? '') ?? EXAMPLES[0];
  if (example === undefined) throw new Error('There is no example graph.');
  return example;
}
