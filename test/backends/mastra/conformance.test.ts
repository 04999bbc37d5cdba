import { after, before, describe, it } from 'node:test';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { MASTRA_INPUT, MastraServer } from '../../support/mastra-server.js';

describe('Mastra’s server', () => {
  let server: MastraServer | undefined;

  before(async () => {
    server = await MastraServer.start();
  });
  after(async () => {
    await server?.remove();
  });

  describe('as a service', { concurrency: 4 }, () => {
    for (const { name, run } of SERVICE_CASES) {
      it(name, { timeout: 30_000 }, async (t) => {
        if (server === undefined) return t.skip('its packages are not installed');
        await run({
          service: server.service(),
          request: (scenario, graphId) => ({ graphId: `${scenario} ${graphId}`, input: MASTRA_INPUT }),
        });
      });
    }
  });
});
