import { after, before, describe, it } from 'node:test';
import { SERVER_CASES } from '../../src/conformance/index.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';
import { storeLocation, STORES } from '../support/server.js';

for (const kind of STORES) {
  describe(`the reference server conforms (${kind})`, () => {
    let server: RunningServer;
    const callbacks: (() => unknown)[] = [];
    before(async () => {
      const runner = createGraphRunner({ handlers: exampleHandlers });
      const store = await storeLocation({ after: (callback) => void callbacks.push(callback) }, kind);
      server = await startServer({
        port: 0,
        store,
        runner,
        limits: { openSessionsPerPrincipal: 1000, drainDelayMs: 0 },
      });
    });
    after(async () => {
      await server.close();
      for (const callback of callbacks) await callback();
    });

    for (const { name, run } of SERVER_CASES) {
      it(name, { timeout: 10_000 }, () => run({ baseUrl: `${server.url}/v1beta1/graphSessions` }));
    }
  });
}
