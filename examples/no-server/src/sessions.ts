import { createSessions, MemoryGraphRunService } from 'graph-sessions';
import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';

/** The graph that this editor edits. */
export const graphId = 'hello';

const graph = {
  title: 'Hello',
  nodes: [
    {
      id: 'name',
      type: 'ask-text',
      metadata: { title: 'Name' },
      configuration: { prompt: 'What is your name?' },
    },
    { id: 'result', type: 'output', metadata: { title: 'Result' } },
  ],
  edges: [{ from: 'name', to: 'result' }],
};

const runner = createGraphRunner({ handlers: exampleHandlers });

/** The sessions of the graph; they run in this page, and end with it. */
export const sessions = createSessions(new MemoryGraphRunService({ runner }));

/** Starts a session; the panel opens it. */
export function runGraph(): Promise<string> {
  return sessions.actions.start({ graphId, graph });
}
