import { contentJson, textContent } from '../../protocol/content.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { sleep } from './sleep.js';
import { isSet, numberSetting, settingsCheck, textSetting } from './configuration.js';
import { contextOutputs, passedOn } from './contents.js';

/** `output`: passes its inputs on. */
export const outputHandler: NodeHandler = {
  isIdempotent: true,
  run: async (context) => passedOn(context),
};

const STUBBORN_EVERY_MS = 50;
/** How long a stubborn node keeps running after a cancel, whatever its delay. */
const STUBBORN_MS = 2000;

/** `sleep`: waits `delayMs`, then passes its inputs on; with `stubborn` it keeps running after a cancel. */
export const sleepHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ delayMs: 'count', stubborn: 'switch' }),
  async run(context) {
    const delayMs = numberSetting(context.node, 'delayMs', 1000);
    if (isSet(context.node, 'stubborn')) await workStubbornly(context, delayMs);
    else await sleep(delayMs, context.signal);
    return passedOn(context);
  },
};

/** Ignores the signal for a while, to show that the log accepts nothing from a cancelled node. */
async function workStubbornly({ emit, signal }: NodeContext, delayMs: number): Promise<void> {
  let ignoredMs = 0;
  for (let workedMs = 0; workedMs < delayMs; workedMs += STUBBORN_EVERY_MS) {
    if (signal.aborted) ignoredMs += STUBBORN_EVERY_MS;
    if (ignoredMs > STUBBORN_MS) return;
    await sleep(Math.min(delayMs - workedMs, STUBBORN_EVERY_MS));
    // Not awaited: it continues whether this is logged or refused.
    void emit({ type: 'thoughtEvent', text: '**Still here**\n\nNothing stops this step.' });
  }
}

/** `fail`: fails with `message` after `delayMs`. */
export const failHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ message: 'text', delayMs: 'count' }),
  async run({ node, signal }) {
    await sleep(numberSetting(node, 'delayMs', 0), signal);
    throw new Error(textSetting(node, 'message') ?? 'This step always fails.');
  },
};

/** Number of runs that a flaky node remembers. */
const REMEMBERED_RUNS = 100;

/**
 * `flaky`: fails with `message` after `delayMs` when it runs for the first time with its inputs, and passes them on the
 * next time. So it shows what running again from a node is for.
 */
export const flakyHandler: NodeHandler = createFlakyHandler();

function createFlakyHandler(): NodeHandler {
  const failed = new Set<string>();
  return {
    isIdempotent: true,
    check: settingsCheck({ message: 'text', delayMs: 'count' }),
    async run(context) {
      const { node, inputs, signal } = context;
      await sleep(numberSetting(node, 'delayMs', 0), signal);
      const work = JSON.stringify([node, inputs]);
      if (failed.delete(work)) return passedOn(context);
      const [oldest] = failed;
      if (failed.size >= REMEMBERED_RUNS && oldest !== undefined) failed.delete(oldest);
      failed.add(work);
      throw new Error(textSetting(node, 'message') ?? 'This step fails once.');
    },
  };
}

const FLOOD_BATCH = 500;

/** `flood`: emits many events, at most `perSecond` per second, else as fast as they are stored. */
export const floodHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ events: 'count', bytes: 'count', perSecond: 'count' }),
  async run({ node, emit, signal }) {
    const total = numberSetting(node, 'events', 1000);
    const filling = '·'.repeat(Math.ceil(numberSetting(node, 'bytes', 200) / 2));
    const perSecond = numberSetting(node, 'perSecond', 0);
    const batchSize = perSecond > 0 ? Math.max(1, Math.ceil(perSecond / 20)) : FLOOD_BATCH;
    for (let sent = 0; sent < total;) {
      signal.throwIfAborted();
      const count = Math.min(batchSize, total - sent);
      const text = (offset: number): string => `${sent + offset + 1} of ${total} ${filling}`;
      await Promise.all(
        Array.from({ length: count }, (_, offset) =>
          emit({
            type: 'agentEvent',
            event: { content: { content: contentJson(textContent(text(offset), 'model')) } },
          }),
        ),
      );
      sent += count;
      if (perSecond > 0) await sleep((count / perSecond) * 1000, signal);
    }
    return contextOutputs([textContent(`${total} events`, 'model')]);
  },
};
