/** What the simulation runs of the server: bundled, so that every simulated process has its own modules and globals. */
import type { NodeHandler } from '../../../src/runner/node-handler.js';

export { GraphRunError } from '../../../src/protocol/problems.js';
export { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
export { checkCursor } from '../../../src/server/http/cursor.js';
export { DEFAULT_LIMITS } from '../../../src/server/limits.js';
export { SessionManager } from '../../../src/server/sessions/session-manager.js';
export {
  StaleEpochError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../../src/server/store/session-store.js';
export { openMonitorStream } from '../../../src/server/streams/monitor-stream.js';
export { StreamControl } from '../../../src/server/streams/open-streams.js';
export { sessionStream } from '../../../src/server/streams/session-stream.js';

/** Emits `steps` thoughts at a pace before each of `asks` questions, and after the last one; numbers them all. */
export const worker: NodeHandler = {
  async run({ node: { configuration = {} }, emit, ask, signal }) {
    const [steps, asks, paceMs] = ['steps', 'asks', 'paceMs'].map((name) => Number(configuration[name]));
    let number = 0;
    for (let question = 0; ; question += 1) {
      for (let step = 0; step < (steps ?? 0); step += 1) {
        await emit({ type: 'thoughtEvent', text: `${number}` });
        number += 1;
        await new Promise((resolve) => setTimeout(resolve, paceMs));
        signal.throwIfAborted();
      }
      if (question >= (asks ?? 0)) return { context: [] };
      await ask({ riddle: { question } });
    }
  },
};

/** The same, of a node that may simply run again. */
export const repeatable: NodeHandler = { ...worker, isIdempotent: true };
