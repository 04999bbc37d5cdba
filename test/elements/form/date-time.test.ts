import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isZoneless, toFullTime, toLocalTime } from '../../../src/elements/form/date-time.js';

describe('times of day', () => {
  it('are shown in local time, whatever zone they are written in', () => {
    for (const [time, offset, shown] of [
      ['10:30:00Z', 0, '10:30'],
      ['10:30:00Z', 120, '12:30'],
      ['10:30:00z', -300, '05:30'],
      ['23:30:00-02:00', 60, '02:30'],
      ['00:15:30.5+05:30', 0, '18:45:30'],
      ['10:30', 120, '10:30'],
      ['10:30:15', 120, '10:30:15'],
      ['soon', 0, ''],
      ['', 0, ''],
    ] as const) {
      assert.equal(toLocalTime(time, offset), shown, time);
    }
  });

  it('are sent as RFC 3339 has them', () => {
    assert.equal(toFullTime('10:30', 0), '10:30:00Z');
    assert.equal(toFullTime('10:30:15', 120), '10:30:15+02:00');
    assert.equal(toFullTime('10:30', -210), '10:30:00-03:30');
    assert.equal(toFullTime('', 60), '');
  });

  it('are the same after a person has typed what is shown', () => {
    fc.assert(
      fc.property(
        fc.nat(23),
        fc.nat(59),
        fc.nat(59),
        fc.integer({ min: -840, max: 840 }),
        (h, m, s, offset) => {
          const typed = [h, m, s].map((part) => String(part).padStart(2, '0')).join(':');
          assert.equal(
            toLocalTime(toFullTime(typed, offset), offset),
            typed.replace(/:00$/, (end) => (s === 0 ? '' : end)),
          );
        },
      ),
    );
  });

  it('without a zone stay without one', () => {
    assert.deepEqual(['10:30', '10:30:00', '10:30:00Z', '10:30+01:00', 'x', 5].map(isZoneless), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
