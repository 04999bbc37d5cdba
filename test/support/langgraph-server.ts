import { LangGraphRunService } from '../../src/service/langgraph/index.js';
import { BackendServer, findPlace } from './backend-server.js';

/** LangGraph’s own server with the graphs of `test/backends/langgraph`, in a process of its own. */
export class LangGraphServer extends BackendServer {
  /** Installs and starts it; undefined where its packages cannot be installed. */
  static async start(): Promise<LangGraphServer | undefined> {
    const place = await findPlace('langgraph', ['graphs.mjs']);
    if (place === undefined) return undefined;
    const server = new LangGraphServer('langgraph', place);
    await server.resume();
    return server;
  }

  /** A service on this server; `plain 7` is the graph `plain` in the list `7`. */
  service(options: { readonly url?: string; readonly fetch?: typeof fetch } = {}): LangGraphRunService {
    return new LangGraphRunService({
      url: this.url,
      pollMs: 200,
      ...options,
      assistantOf: (graphId) => graphId.split(' ')[0] ?? '',
      metadataOf: (graphId) => ({ list: graphId.split(' ').at(-1) ?? '' }),
    });
  }
}
