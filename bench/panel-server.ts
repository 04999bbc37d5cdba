/**
 * The server of the panel's benchmarks, in its own process, so that its work is not counted for the page. Its
 * runs write the events of a benchmark as fast as possible; see `panel-scripts.ts`.
 */
import { GraphRunError } from '../src/protocol/problems.js';
import { exampleHandlers } from '../src/runner/examples/example-handlers.js';
import { createGraphRunner } from '../src/runner/create-graph-runner.js';
import type { GraphRunner, RunnerSession } from '../src/runner/graph-runner.js';
import type { ServerLimits } from '../src/server/limits.js';
import { startServer } from '../src/server/node/start-server.js';
import { isScriptName, SCRIPTS } from './panel-scripts.js';

/** Interval in milliseconds at which the changes that are due are made. */
const TURN_MS = 10;

/** Sessions that only wait for `change`. */
const idle: RunnerSession[] = [];

const built = createGraphRunner({ handlers: exampleHandlers });

/** Runs the scripts of the benchmarks itself and everything else with the built-in runner. */
const runner: GraphRunner = {
  validate(graph) {
    const { type, configuration } = graph.nodes[0] ?? {};
    if (type === 'idle') return;
    if (type !== 'script') built.validate(graph);
    else if (!isScriptName(configuration?.['name'])) {
      throw new GraphRunError('invalid-graph', 'There is no such script.');
    }
  },
  async start(session) {
    const { type, configuration } = session.graph.nodes[0] ?? {};
    if (type === 'idle') idle.push(session);
    else if (type !== 'script') await built.start(session);
    else if (isScriptName(configuration?.['name'])) {
      const { name, events: count } = configuration;
      for (const events of SCRIPTS[name](Number(count))) await session.append(() => events);
      // A run that waits for answers does not end.
      const { sessionId } = session;
      if (name !== 'open') await session.append(() => [{ type: 'graphComplete', sessionId }]);
    }
  },
  async resume(session, interactionId) {
    if (session.graph.nodes[0]?.type !== 'idle') await built.resume(session, interactionId);
  },
};

let seed = 1;

/** Pseudo-random numbers, the same in every run: at least 0, less than 1. */
function next(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** Switches a session from running to waiting for an answer, or back. */
async function change(session: RunnerSession): Promise<void> {
  await session.append(({ pending, lastIndex }) => {
    const [open] = pending.keys();
    return open === undefined
      ? [
          {
            type: 'inputRequired',
            nodeId: 'n',
            interactionId: `q${lastIndex}`,
            suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Which city?' }] } } },
          },
        ]
      : [{ type: 'inputResolved', nodeId: 'n', interactionId: open, by: 'response' }];
  });
}

/** Makes the given number of changes per second, spread over all sessions. Resolves with their number. */
async function changeAll(perSecond: number, seconds: number): Promise<number> {
  const startedMs = performance.now();
  const total = perSecond * seconds;
  const pending: Promise<void>[] = [];
  for (let made = 0; made < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1000) * perSecond));
    for (; made < due; made += 1) {
      const session = idle[Math.floor(next() * idle.length)];
      if (session !== undefined) pending.push(change(session));
    }
    await new Promise((resolve) => {
      setTimeout(resolve, TURN_MS);
    });
  }
  await Promise.all(pending);
  return total;
}

const [limits = '{}'] = process.argv.slice(2);
const server = await startServer({
  port: 0,
  store: 'memory',
  runner,
  limits: JSON.parse(limits) as Partial<ServerLimits>,
  onError: (error) => console.error(error),
});

process.on('message', ({ perSecond, seconds }: { readonly perSecond: number; readonly seconds: number }) => {
  void changeAll(perSecond, seconds).then((made) => process.send?.({ made }));
});
process.send?.({ url: `${server.url}/v1beta1/graphSessions` });
