import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advanceTime } from '../../../../src/elements/session/player/advance-time.js';

describe('playing', () => {
  const gaps = [
    { startMs: 1000, endMs: 5000 },
    { startMs: 8000, endMs: 9000 },
  ];

  it('goes by the real times', () => {
    assert.equal(advanceTime(0, 16, gaps), 16);
    assert.equal(advanceTime(5000, 2000, gaps), 7000);
    assert.equal(advanceTime(9000, 400, gaps), 9400);
  });

  it('stops at the beginning of a shortened wait, and takes it in one tick', () => {
    assert.equal(advanceTime(990, 16, gaps), 1000);
    assert.equal(advanceTime(1000, 16, gaps), 5000);
    assert.equal(advanceTime(3000, 16, gaps), 5000);
    assert.equal(advanceTime(7990, 6000, gaps), 8000);
  });

  it('gets to the end of every timeline', () => {
    let ms = 0;
    let ticks = 0;
    while (ms < 10_000) {
      ms = advanceTime(ms, 100, gaps);
      ticks += 1;
    }
    assert.equal(ticks, 10 + 1 + 30 + 1 + 10);
  });
});
