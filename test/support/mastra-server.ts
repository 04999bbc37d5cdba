import type { JsonObject } from '../../src/protocol/values/json.js';
import { MastraRunService } from '../../src/service/mastra/index.js';
import { BackendServer, findPlace } from './backend-server.js';

/** What every workflow of the tests takes. */
export const MASTRA_INPUT: JsonObject = { topic: 'x' };

/** Workflows of the scenarios that every service is tested with. */
const SCENARIOS = ['plain', 'question', 'twoQuestions', 'failing', 'slow'];

/** Mastra’s own server with the workflows of `test/backends/mastra`, in a process of its own. */
export class MastraServer extends BackendServer {
  /** Installs and starts it; undefined where its packages cannot be installed. */
  static async start(): Promise<MastraServer | undefined> {
    const place = await findPlace('mastra', ['workflows.mjs']);
    if (place === undefined) return undefined;
    const server = new MastraServer('mastra', place);
    await server.resume();
    return server;
  }

  /** A service on this server; `plain 7` is the workflow `plain` in the list `7`, which may have runs of several. */
  service(options: { readonly url?: string; readonly fetch?: typeof fetch } = {}): MastraRunService {
    return new MastraRunService({
      url: this.url,
      pollMs: 200,
      ...options,
      workflowOf: (graphId) => graphId.split(' ')[0] ?? '',
      workflowsOf: (graphId) => (graphId.includes(' ') ? [graphId.split(' ')[0] ?? ''] : SCENARIOS),
      resourceOf: (graphId) => graphId.split(' ').at(-1),
    });
  }
}
