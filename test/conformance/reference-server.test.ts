import { after, before, describe, it } from 'node:test';
import { SERVER_CASES } from '../../src/conformance/index.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';

describe('the reference server conforms', () => {
  let server: RunningServer;
  before(async () => {
    const runner = createGraphRunner({ handlers: exampleHandlers });
    server = await startServer({ port: 0, runner, limits: { openSessionsPerPrincipal: 1000 } });
  });
  after(() => server.close());

  for (const { name, run } of SERVER_CASES) {
    it(name, { timeout: 10_000 }, () => run({ baseUrl: `${server.url}/v1beta1/graphSessions` }));
  }
});
