/** A server in a process of its own, see `ClusterProcess`. Its nodes say in their events which process runs them. */
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import { startServer } from '../../src/server/node/start-server.js';
import type { MemberSettings } from './cluster-process.js';

const settings = JSON.parse(argv[2] ?? '{}') as MemberSettings;

const { clockAheadMs = 0 } = settings;
const realNow = Date.now;
Date.now = () => realNow() + clockAheadMs;

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/** Emits thoughts at a pace. */
const count: NodeHandler = {
  isIdempotent: true,
  async run({ node: { configuration = {} }, emit, signal }) {
    for (let index = 0; index < numberOf(configuration['count'], 10); index += 1) {
      await emit({ type: 'thoughtEvent', text: `${settings.name} ${index}` });
      await sleep(numberOf(configuration['paceMs'], 10), undefined, { signal });
    }
    return { context: [] };
  },
};

/** Asks, and says who got the answer. */
const ask: NodeHandler = {
  async run({ ask: question, emit }) {
    await question({ riddle: {} });
    await emit({ type: 'thoughtEvent', text: `${settings.name} heard` });
    return { context: [] };
  },
};

/** Blocks the main thread. */
const block: NodeHandler = {
  async run({ node: { configuration = {} }, emit }) {
    await emit({ type: 'thoughtEvent', text: `${settings.name} blocks` });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, numberOf(configuration['ms'], 1000));
    await emit({ type: 'thoughtEvent', text: `${settings.name} continues` });
    return { context: [] };
  },
};

/** Ends its process. */
const poison: NodeHandler = {
  isIdempotent: true,
  run: () => process.kill(process.pid, 'SIGKILL') && new Promise(() => undefined),
};

const errors: string[] = [];
const server = await startServer({
  port: 0,
  store: settings.store,
  lease: settings.lease,
  limits: { openSessionsPerPrincipal: 1000, monitorIntervalMs: 0, ...settings.limits },
  runner: createGraphRunner({ handlers: { count, ask, block, poison }, onRestart: 'rerun' }),
  onError: (error) => errors.push(String(error instanceof Error ? (error.stack ?? error) : error)),
});
process.on('message', (command) => {
  if (command === 'errors') process.send?.({ errors });
  if (command === 'close') void server.close().then(() => process.send?.({ errors }, () => process.exit(0)));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url });
