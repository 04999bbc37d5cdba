import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FUZZ_SEED, REPLAY, runsOf } from '../support/fuzz/fuzz-settings.js';
import { FuzzedHandler } from '../support/fuzz/fuzzed-handler.js';
import { anyRequest } from '../support/fuzz/hostile-requests.js';
import { assertPrototypesUntouched } from '../support/fuzz/prototypes.js';
import { SeededRandom } from '../support/fuzz/seeded-random.js';
import { STORES, type StoreKind } from '../support/server.js';

/** The share of all runs that each store gets. */
const SHARES = { memory: 0.2, sqlite: 0.1, postgres: 0.05 } as const;
/** After each round the logs are checked, everything is deleted, and the heap is measured. */
const ROUNDS = 4;
/** Requests that are under way at the same time. */
const CONCURRENCY = 4;
/**
 * What the heap may grow by from the first round to the last: compiled code and caches of the runtime, and a
 * fraction of what one request allocates. A session that stays behind has at least a kilobyte.
 */
const MAX_GROWTH_BYTES = 4_000_000;
const MAX_GROWTH_PER_REQUEST_BYTES = 50;

describe('a server that is sent anything', { concurrency: 1 }, () => {
  for (const store of STORES) {
    it(`answers as the protocol says, and keeps every log whole (${store})`, async (t) => {
      await sendRounds(t, store, runsOf(SHARES[store]));
    });
  }
});

async function sendRounds(t: TestContext, store: StoreKind, requests: number): Promise<void> {
  const server = await FuzzedHandler.open(t, store);
  const perRound = Math.ceil(requests / ROUNDS);
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await sendRound(server, round * perRound, (round + 1) * perRound);
    assert.ok((await server.checkLogs()) > 0, 'there are logs to check');
    assert.ok((await server.checkLists()) > 0, 'there are rows to check');
    await server.clear();
    heaps.push(usedHeap());
  }
  const [first = 0, last = 0] = [heaps[0], heaps.at(-1)];
  const allowed = MAX_GROWTH_BYTES + MAX_GROWTH_PER_REQUEST_BYTES * perRound * (ROUNDS - 1);
  assert.ok(
    last - first < allowed,
    `the heap grew: ${heaps.map((bytes) => Math.round(bytes / 1000)).join(', ')} kB`,
  );
  t.diagnostic(`${requests} requests, ${[...server.statuses].map((entry) => entry.join(': ')).join(', ')}`);
  t.diagnostic(`heap ${heaps.map((bytes) => Math.round(bytes / 1000)).join(', ')} kB`);
}

async function sendRound(server: FuzzedHandler, first: number, end: number): Promise<void> {
  let next = first;
  const sender = async (): Promise<void> => {
    for (let turn = next++; turn < end; turn = next++) {
      const request = anyRequest(new SeededRandom(FUZZ_SEED, turn), server);
      try {
        await server.send(request);
        assertPrototypesUntouched();
      } catch (error) {
        const what = `request ${turn}, ${request.kind}: ${request.method} ${request.target.slice(0, 200)}`;
        throw new Error(`${what} ${String(request.body).slice(0, 500)}; repeat with ${REPLAY}`, {
          cause: error,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
}

function usedHeap(): number {
  assert.ok(globalThis.gc, 'needs --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
