import { EventLog } from '../src/controller/run/event-log.js';
import { EMPTY_RUN } from '../src/controller/run/empty-run.js';
import { reduceRun, type RunState } from '../src/controller/run/reduce-run.js';
import { RunController } from '../src/controller/run/run-controller.js';
import type { GraphRunEvent, GraphRunEventBody } from '../src/protocol/events.js';
import { figure, quantile } from './support.js';

const BATCH = 2000;
const NODES = 50;

/** How long it takes to show an earlier moment of a run, and what memory that needs. */
export async function lookBack(seeks = 500): Promise<void> {
  for (const count of [1000, 10_000, 100_000]) {
    const run = replayed(count);
    const times: number[] = [];
    for (let turn = 0; turn < seeks; turn += 1) {
      // A fixed walk over the log, so that each run of the benchmark seeks the same places.
      const index = (turn * 7919 * 13) % count;
      const before = performance.now();
      run.seek(index);
      times.push(performance.now() - before);
    }
    const name = `${count.toLocaleString('en')} events`;
    figure(`${name}: seek, median`, quantile(times, 0.5), 'ms');
    figure(`${name}: seek, longest`, Math.max(...times), 'ms');
  }
  const plain = heapOf(() => folded(100_000));
  const withSnapshots = heapOf(() => replayed(100_000));
  figure('100,000 events: memory, by that without snapshots', withSnapshots / plain);
}

/** A run of nodes that write text, think, call and ask in turns. */
function events(count: number): GraphRunEvent[] {
  return Array.from({ length: count }, (_, index): GraphRunEvent => {
    return { ...bodyOf(index), index, ts: 1_700_000_000_000 + index * 10 };
  });
}

function bodyOf(index: number): GraphRunEventBody {
  const nodeId = `n${Math.floor(index / 40) % NODES}`;
  switch (index % 40) {
    case 0:
      return { type: 'nodeStart', nodeId };
    case 1:
      return {
        type: 'inputRequired',
        nodeId,
        interactionId: `i${index}`,
        suspendEvent: { waitForInput: {} },
      };
    case 2:
      return { type: 'inputResolved', nodeId, interactionId: `i${index - 1}`, by: 'response', response: {} };
    case 3:
      return { type: 'thoughtEvent', nodeId, text: `Considers step ${index}.` };
    case 4:
      return {
        type: 'agentEvent',
        nodeId,
        event: { functionCall: { callId: `c${index}`, name: 'search', args: { query: `q${index}` } } },
      };
    case 5:
      return {
        type: 'agentEvent',
        nodeId,
        event: { functionResult: { callId: `c${index - 1}`, content: { found: index } } },
      };
    case 39:
      return { type: 'nodeRetry', nodeId, attempt: 2 };
    default:
      return {
        type: 'agentEvent',
        nodeId,
        event: { content: { content: { parts: [{ text: `piece ${index} ` }] } } },
      };
  }
}

function replayed(count: number): RunController {
  const run = new RunController();
  run.open('s');
  const log = events(count);
  for (let start = 0; start < count; start += BATCH) {
    run.apply(log.slice(start, start + BATCH).map((event) => ({ kind: 'event', event })));
  }
  return run;
}

/** The same without any earlier state: what a page needs that only follows. */
function folded(count: number): readonly [EventLog, RunState] {
  const log = new EventLog();
  let state = EMPTY_RUN;
  const all = events(count);
  for (let start = 0; start < count; start += BATCH) {
    const batch = all.slice(start, start + BATCH);
    state = reduceRun(state, batch);
    log.append(batch);
  }
  return [log, state];
}

function heapOf(make: () => unknown): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  globalThis.gc?.();
  const after = process.memoryUsage().heapUsed;
  if (made === undefined) throw new Error('Nothing was made.');
  return after - before;
}
