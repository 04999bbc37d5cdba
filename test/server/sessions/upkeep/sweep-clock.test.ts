import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SweepClock } from '../../../../src/server/sessions/upkeep/sweep-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SWEEP_MS = 10 * MINUTE_MS;
const START = 1e12;

describe('the clock of a sweep', () => {
  it('is not trusted at the first sweep, whatever it shows', () => {
    assert.equal(new SweepClock(SWEEP_MS).isTrusted(START, START), false);
  });

  it('is trusted from the second sweep on while sessions change', () => {
    const clock = new SweepClock(SWEEP_MS);
    clock.isTrusted(START, START);
    assert.equal(clock.isTrusted(START + SWEEP_MS, START), true);
    assert.equal(clock.isTrusted(START + 2 * SWEEP_MS, START + SWEEP_MS), true);
  });

  it('is not trusted after a jump, in either direction, until the next sweep', () => {
    for (const jumpMs of [30 * DAY_MS, -30 * DAY_MS, 3 * 60 * MINUTE_MS]) {
      const clock = new SweepClock(SWEEP_MS);
      clock.isTrusted(START, START);
      const jumped = START + SWEEP_MS + jumpMs;
      assert.equal(clock.isTrusted(jumped, jumped), false);
      assert.equal(clock.isTrusted(jumped + SWEEP_MS, jumped), true);
    }
  });

  it('is not trusted while it is days away from the newest change: the clock may have been wrong since the start', () => {
    for (const newestMs of [START - 8 * DAY_MS, START + 8 * DAY_MS, undefined]) {
      const clock = new SweepClock(SWEEP_MS);
      for (let sweep = 0; sweep < 100; sweep += 1) {
        assert.equal(clock.isTrusted(START + sweep * SWEEP_MS, newestMs), false);
      }
    }
  });

  it('is trusted after a day without a jump, also on a server without changes', () => {
    const clock = new SweepClock(SWEEP_MS);
    let trusted = 0;
    for (let sweep = 0; sweep <= 144; sweep += 1) {
      if (clock.isTrusted(START + sweep * SWEEP_MS, START - 8 * DAY_MS)) trusted += 1;
    }
    assert.equal(trusted, 1);
  });
});
