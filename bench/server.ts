/** The server of a benchmark, in its own process, so that its memory and time can be measured. */
import { exampleHandlers } from '../src/runner/examples/example-handlers.js';
import { createGraphRunner } from '../src/runner/create-graph-runner.js';
import type { ServerLimits } from '../src/server/limits.js';
import { startServer } from '../src/server/node/start-server.js';

const [store = 'memory', limits = '{}'] = process.argv.slice(2);
const server = await startServer({
  port: 0,
  store,
  runner: createGraphRunner({ handlers: exampleHandlers }),
  limits: JSON.parse(limits) as Partial<ServerLimits>,
  onError: (error) => console.error(error),
});

process.on('message', (message) => {
  if (message === 'close') {
    server.close().then(() => process.exit(0));
    return;
  }
  if (message === 'gc') globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({ rss, heapUsed, arrayBuffers, cpuMs: (user + system) / 1000 });
});
process.send?.({ url: `${server.url}/v1beta1/graphSessions` });
