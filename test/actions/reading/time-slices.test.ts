import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readConnection } from '../../../src/actions/reading/read-connection.js';
import { TimeSlices } from '../../../src/actions/reading/time-slices.js';
import type { Connection } from '../../../src/service/graph-run-service.js';

/** Longer than a time slice. */
const LONG_MS = 12;
const BATCHES = 20;

function work(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** A connection whose bytes have all arrived, and take `parseMs` each to parse. */
function buffered(parseMs: number): Connection<readonly number[]> {
  const generate = async function* () {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      work(parseMs);
      yield [batch];
    }
  };
  return Object.assign(generate(), { retryNow: () => undefined });
}

describe('time slices', () => {
  const { next } = TimeSlices.prototype;
  let turns = 0;
  beforeEach(() => {
    turns = 0;
    TimeSlices.prototype.next = async function counted(this: TimeSlices) {
      await next.call(this);
      turns += 1;
    };
  });
  afterEach(() => {
    TimeSlices.prototype.next = next;
  });

  for (const [name, parseMs, applyMs] of [
    ['applying', 0, LONG_MS],
    ['parsing', LONG_MS, 0],
  ] as const) {
    it(`let the page paint between batches whose ${name} takes long`, async () => {
      const seen: number[] = [];
      await readConnection(buffered(parseMs), new AbortController().signal, {
        messagesOf: (batch) => batch,
        apply() {
          work(applyMs);
          seen.push(turns);
        },
      });
      assert.equal(seen.length, BATCHES);
      // The first batch starts a slice; its parsing was before.
      const most = Math.max(...seen.map((turn) => seen.filter((other) => other === turn).length));
      assert.ok(most <= 2, `${most} batches in one turn`);
    });
  }

  it('are used up by work, not by waiting for it', async (t) => {
    let nowMs = 0;
    t.mock.method(performance, 'now', () => nowMs);
    const own = new TimeSlices();
    assert.equal(own.isOver, false);
    await own.next();
    nowMs += 3 * LONG_MS;
    assert.equal(own.isOver, false);
  });
});
