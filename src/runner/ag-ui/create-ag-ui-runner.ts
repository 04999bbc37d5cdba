import type { Graph } from '../../protocol/graph.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sentence } from '../../protocol/sentences.js';
import type { GraphRunner, RunnerSession } from '../graph-runner.js';
import { AgentSession } from './agent-session.js';
import type { AgUiAgent } from './agent-stream.js';

/** Type of the node that runs an agent. */
export const AG_UI_NODE_TYPE = 'ag-ui';

/** Options of `createAgUiRunner`. */
export interface AgUiRunnerOptions {
  /** The agents that graphs may name. */
  readonly agents: Readonly<Record<string, AgUiAgent>>;
  /** Called with errors that no caller receives, such as a refused stop, and the id of the session. */
  readonly onError?: (error: unknown, sessionId: string) => void;
}

/**
 * Creates an engine for agents that speak AG-UI (https://docs.ag-ui.com) over HTTP. A graph has one node, of the type `ag-ui`,
 * with `configuration: {agent, input?, state?}`: the name of the agent, its first message (a text, or content), and its first
 * state. Its steps and subagents become nodes inside that node, its interrupts questions, and its log is that of the session,
 * so that a run survives every tab. When a process ends while the agent works, the run fails (“interrupted”), because AG-UI
 * has no way back to it; open questions stay.
 */
export function createAgUiRunner({ agents, onError = () => undefined }: AgUiRunnerOptions): GraphRunner {
  const sessions = new WeakMap<RunnerSession, AgentSession>();
  const open = (session: RunnerSession): AgentSession => {
    const known = sessions.get(session);
    if (known !== undefined) return known;
    const { node, name, agent } = agentOf(session.graph, agents);
    const opened = new AgentSession({
      session,
      node,
      name,
      agent,
      onError: (error) => onError(error, session.sessionId),
    });
    sessions.set(session, opened);
    return opened;
  };
  return {
    validate(graph) {
      agentOf(graph, agents);
    },
    start: (session) => open(session).start(),
    resume: (session) => open(session).resume(),
  };
}

/** Finds the agent of a graph. Throws GraphRunError `invalid-graph` for a graph that this engine cannot run. */
function agentOf({ nodes }: Graph, agents: Readonly<Record<string, AgUiAgent>>) {
  const [node, second] = nodes;
  if (node === undefined) throw invalid(sentence('graph-empty'));
  if (second !== undefined) throw invalid(sentence('graph-one-node'), second.id);
  if (node.type !== AG_UI_NODE_TYPE)
    throw invalid(sentence('graph-other-type', { node: node.id, type: AG_UI_NODE_TYPE }), node.id);
  const name = node.configuration?.['agent'];
  const agent = typeof name === 'string' && Object.hasOwn(agents, name) ? agents[name] : undefined;
  if (typeof name !== 'string' || agent === undefined) {
    throw invalid(sentence('graph-no-agent', { node: node.id, agent: String(name) }), node.id);
  }
  return { node, name, agent };
}

function invalid(message: string, nodeId?: string): GraphRunError {
  const members = nodeId === undefined ? {} : { members: { nodeId } };
  return new GraphRunError('invalid-graph', message, { status: 400, ...members });
}
