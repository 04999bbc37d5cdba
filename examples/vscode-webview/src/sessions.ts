import { createSessions, HttpGraphRunService } from 'graph-sessions';

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

const { serverUrl = '', token = '' } = document.body.dataset;

/** The sessions of the graph, for the panel and for the rest of the editor. */
export const sessions = createSessions(
  new HttpGraphRunService({ baseUrl: `${serverUrl}/v1beta1/graphSessions`, getToken: () => token }),
);

/** Starts a session; the panel opens it. */
export function runGraph(): Promise<string> {
  return sessions.actions.start({ graphId, graph });
}
