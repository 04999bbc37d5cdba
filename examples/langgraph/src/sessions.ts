import { createSessions } from 'graph-sessions';
import { LangGraphRunService } from 'graph-sessions/langgraph';

/** The graph that this editor shows: its name on LangGraph's server. */
export const graphId = 'Hello';

/** The runs of the graph; they live on LangGraph's server, which the page calls directly. */
export const sessions = createSessions(new LangGraphRunService({ url: 'http://127.0.0.1:2024' }));

/** Starts a session; the panel opens it. */
export function runGraph(): Promise<string> {
  return sessions.actions.start({ graphId, input: {} });
}
