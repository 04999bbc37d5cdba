import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { readSession } from '../../../src/conformance/watching.js';
import { exampleHandlers, createGraphRunner } from '../../../src/runner/index.js';
import { startServer, type RunningServer } from '../../../src/server/index.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';

const BASE_PATH = '/v1beta1/graphSessions';

async function startTestServer(port = 0): Promise<RunningServer> {
  return startServer({ port, runner: createGraphRunner({ handlers: exampleHandlers }) });
}

describe('HttpGraphRunService on the reference server', () => {
  let server: RunningServer;
  let service: HttpGraphRunService;
  before(async () => {
    server = await startTestServer();
    service = new HttpGraphRunService({ baseUrl: `${server.url}${BASE_PATH}` });
  });
  after(() => server.close());

  for (const { name, run } of SERVICE_CASES) {
    it(name, { timeout: 10_000 }, () => run({ service }));
  }

  it('the token goes with every request, in the header and never in the address', async () => {
    const seen: { url: string; authorization: string | null }[] = [];
    const spying = new HttpGraphRunService({
      baseUrl: `${server.url}${BASE_PATH}`,
      getToken: () => 'secret-token',
      fetch: async (input, init) => {
        const request = new Request(input, init);
        seen.push({ url: request.url, authorization: request.headers.get('authorization') });
        return fetch(request);
      },
    });
    const { sessionId } = await spying.createSession({ graphId: 'token', graph: SCENARIO_GRAPHS.plain });
    await readSession(spying, sessionId);
    await spying.deleteSession(sessionId);
    assert.equal(seen.length, 3);
    assert.ok(seen.every(({ authorization }) => authorization === 'Bearer secret-token'));
    assert.ok(seen.every(({ url }) => !url.includes('secret')));
  });
});
