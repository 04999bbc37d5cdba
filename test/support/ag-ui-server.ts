import assert from 'node:assert/strict';
import { createAgUiRunner } from '../../src/runner/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';
import type { Graph } from '../../src/protocol/graph.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import type { ServiceCapabilities } from '../../src/service/graph-run-service.js';
import { BackendServer, findPlace } from './backend-server.js';

/** A service whose engine is an agent: what it does ends with the first failure, and nothing of it can be reused. */
class AgentService extends HttpGraphRunService {
  override get capabilities(): ServiceCapabilities {
    return { ...super.capabilities, independentBranches: false, rerunFrom: false };
  }
}

/** Agents that use the packages of AG-UI, in a process of their own, behind the session server in this one. */
export class AgUiServer extends BackendServer {
  #sessions: RunningServer | undefined;

  /** Installs and starts both; undefined where the packages cannot be installed. */
  static async start(): Promise<AgUiServer | undefined> {
    const place = await findPlace('ag-ui', ['scripts.mjs']);
    if (place === undefined) return undefined;
    const server = new AgUiServer('ag-ui', place);
    await server.resume();
    const agents = Object.fromEntries(
      ['plain', 'question', 'twoQuestions', 'failing', 'slow', 'approve', 'everything'].map((name) => [
        name,
        { url: `${server.url}/${name}` },
      ]),
    );
    const runner = createAgUiRunner({ agents });
    server.#sessions = await startServer({
      port: 0,
      store: 'memory',
      runner,
      limits: { openSessionsPerPrincipal: 1000 },
    });
    return server;
  }

  /** A service on the session server. */
  service(): HttpGraphRunService {
    assert.ok(this.#sessions !== undefined);
    return new AgentService({ baseUrl: `${this.#sessions.url}/v1beta1/graphSessions` });
  }

  /** What did not fit the schemas and the rules of AG-UI so far. */
  async problems(): Promise<unknown> {
    return this.call('GET', '/problems');
  }

  /** The types of events that the protocol has. */
  async eventTypes(): Promise<unknown> {
    return this.call('GET', '/types');
  }

  override async remove(): Promise<void> {
    await this.#sessions?.close();
    await super.remove();
  }
}

/** The graph that an agent is. */
export function graphOfAgent(agent: string): Graph {
  return {
    title: agent,
    nodes: [{ id: 'agent', type: 'ag-ui', configuration: { agent, input: 'Go' } }],
    edges: [],
  };
}
