/**
 * Asks a server for its health all the time, in a process of its own, so that nothing but the server can delay an
 * answer. Sends what it has seen since the last message whenever its parent sends one.
 */
import { Agent, get } from 'node:http';
import type { Pauses } from './pauses.js';
import { quantile, sleep } from './support.js';

const EVERY_MS = 5;

const [url = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let waits: number[] = [];
let failures = 0;
let askedAtMs: number | undefined;

process.on('message', () => {
  // A question that is still open has waited, too.
  const open = askedAtMs === undefined ? [] : [performance.now() - askedAtMs];
  const all = [...waits, ...open];
  const pauses: Pauses = { longestMs: Math.max(...all), medianMs: quantile(all, 0.5), failures };
  waits = [];
  failures = 0;
  process.send?.(pauses);
});
process.on('disconnect', () => process.exit());

for (;;) {
  askedAtMs = performance.now();
  try {
    await ask();
  } catch {
    // A connection that the server has closed; the wait counts all the same.
    failures += 1;
  }
  waits.push(performance.now() - askedAtMs);
  askedAtMs = undefined;
  await sleep(EVERY_MS);
}

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.on('end', resolve).on('error', reject).resume();
    }).on('error', reject);
  });
}
