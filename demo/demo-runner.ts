import {
  AG_UI_NODE_TYPE,
  createAgUiRunner,
  createGraphRunner,
  exampleHandlers,
  type GraphRunner,
} from 'graph-sessions/runner';
import type { Graph } from 'graph-sessions';

/** Name of the agent in the graph of the demo. */
export const AGENT_NAME = 'agent';

/** The engine of the demo: the example nodes, and with an address also an agent that speaks AG-UI, for graphs that name one. */
export function demoRunner(agentUrl: string | undefined, onError: (error: unknown) => void): GraphRunner {
  // All nodes of the examples may run again, so a run continues after a crash.
  const nodes = createGraphRunner({ handlers: exampleHandlers, onRestart: 'rerun' });
  if (agentUrl === undefined) return nodes;
  const agent = createAgUiRunner({ agents: { [AGENT_NAME]: { url: agentUrl } }, onError });
  const engineOf = (graph: Graph): GraphRunner => (graph.nodes[0]?.type === AG_UI_NODE_TYPE ? agent : nodes);
  return {
    validate: (graph) => engineOf(graph).validate(graph),
    start: (session) => engineOf(session.graph).start(session),
    resume: (session, interactionId) => engineOf(session.graph).resume(session, interactionId),
  };
}
