import { after, before, describe, it } from 'node:test';
import { SERVER_CASES } from '../../src/conformance/index.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';
import { HAS_POSTGRES, temporaryDatabase } from '../support/postgres.js';
import { startRoundRobin } from '../support/round-robin.js';

describe(
  'two servers on one database conform, behind a proxy that passes each request to the next',
  {
    skip: !HAS_POSTGRES,
  },
  () => {
    const servers: RunningServer[] = [];
    let proxy: Awaited<ReturnType<typeof startRoundRobin>>;
    before(async () => {
      const store = await temporaryDatabase();
      for (let count = 0; count < 2; count += 1) {
        const runner = createGraphRunner({ handlers: exampleHandlers });
        const limits = { openSessionsPerPrincipal: 1000, handoverMs: 0, drainDelayMs: 0 };
        servers.push(await startServer({ port: 0, store, runner, limits }));
      }
      proxy = await startRoundRobin(servers.map(({ url }) => url));
    });
    after(async () => {
      await proxy.close();
      await Promise.all(servers.map((server) => server.close()));
    });

    for (const { name, run } of SERVER_CASES) {
      it(name, { timeout: 20_000 }, () => run({ baseUrl: `${proxy.url}/v1beta1/graphSessions` }));
    }
  },
);
