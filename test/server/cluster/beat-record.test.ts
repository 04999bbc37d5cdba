import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { BeatRecord } from '../../../src/server/cluster/beat-record.js';

const TIMES = { beatMs: 3000, leaseMs: 15_000 };

it('that has just started judges no other for a whole lease', () => {
  const beats = new BeatRecord(TIMES);
  assert.equal(beats.mayJudge(1_000_000), false);
  for (let atMs = 1_000_000; atMs < 1_015_000; atMs += 3000) {
    beats.made(atMs);
    assert.equal(beats.mayJudge(atMs), false);
  }
  beats.made(1_015_000);
  assert.equal(beats.mayJudge(1_015_000), true);
});

it('that was silent itself judges no other until its beats were in time for a lease again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8000, max: 1e6 }),
      fc.integer({ min: 0, max: 14_999 }),
      (silentMs, sinceMs) => {
        const beats = new BeatRecord(TIMES);
        for (let atMs = 0; atMs <= 30_000; atMs += 3000) beats.made(atMs);
        assert.equal(beats.mayJudge(31_000), true);
        const backMs = 30_000 + silentMs;
        assert.equal(beats.mayJudge(backMs - 1), false, 'not while it is silent');
        for (let atMs = backMs; atMs <= backMs + sinceMs; atMs += 3000) beats.made(atMs);
        assert.equal(beats.mayJudge(backMs + sinceMs), false);
      },
    ),
    { numRuns: 300 },
  );
});
