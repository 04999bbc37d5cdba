import assert from 'node:assert/strict';

/** What the client may take for one small input, on a machine where the yardstick takes `YARDSTICK_MS`. */
const LIMIT_MS = 50;
const YARDSTICK_MS = 10;
/** Below it nothing is measured again. */
const UNSUSPICIOUS_MS = 20;
/** A pause of the machine or of the garbage collector does not come so many times in a row. */
const REPETITIONS = 5;

/**
 * Runs work and fails when it takes longer than the limit each time. The limit grows with the time of a yardstick
 * that is taken right afterwards, so that a slow or busy machine does not fail the test.
 */
export async function checkPace(work: () => void | Promise<void>): Promise<void> {
  let bestMs = await timeOf(work);
  if (bestMs < UNSUSPICIOUS_MS) return;
  let limitMs = 0;
  for (let left = REPETITIONS; left > 0; left -= 1) {
    limitMs = Math.max(limitMs, (LIMIT_MS * (await timeOf(yardstick))) / YARDSTICK_MS, LIMIT_MS);
    if (bestMs <= limitMs) return;
    bestMs = Math.min(bestMs, await timeOf(work));
  }
  assert.ok(bestMs <= limitMs, `it takes ${bestMs.toFixed()} ms; the limit here is ${limitMs.toFixed()} ms`);
}

async function timeOf(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  // Without a turn of the event loop where there is nothing to wait for.
  const pending = work();
  if (pending !== undefined) await pending;
  return performance.now() - start;
}

const ITEMS = Array.from({ length: 12_000 }, (_, index) => ({ index, text: `item ${index}`, list: [index] }));

function yardstick(): void {
  const copy: unknown = JSON.parse(JSON.stringify(ITEMS));
  assert.ok(Array.isArray(copy));
}
