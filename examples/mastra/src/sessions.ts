import { createSessions } from 'graph-sessions';
import { MastraRunService } from 'graph-sessions/mastra';

/** The workflow that this editor shows: its key on Mastra's server. */
export const graphId = 'Hello';

/** The runs of the workflow; they live on Mastra's server, which the page calls directly. */
export const sessions = createSessions(new MastraRunService({ url: 'http://127.0.0.1:4111' }));

/** Starts a session; the panel opens it. */
export function runGraph(): Promise<string> {
  return sessions.actions.start({ graphId, input: {} });
}
