import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  isZoneless,
  toFullTime,
  toLocalDateTime,
  toLocalTime,
  toMoment,
} from '../../../src/elements/form/date-time.js';
import { hasFormat, isDay } from '../../../src/elements/form/model/formats.js';

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
      ['25:10:00Z', 0, ''],
      ['10:61', 0, ''],
      ['23:59:60Z', 0, ''],
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

describe('moments', () => {
  it('are the same after a person has typed what is shown', () => {
    const moments = fc.date({
      min: new Date('0002-01-01'),
      max: new Date('9998-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (date) => {
        const shown = toLocalDateTime(date.toISOString());
        assert.notEqual(shown, '');
        // Where clocks are put back, two moments look the same.
        assert.equal(toLocalDateTime(toMoment(shown)), shown);
      }),
    );
  });

  it('that the calendar does not have are not shown as others', () => {
    for (const text of [
      '2024-02-30T10:00:00Z',
      '2024-13-01T10:00:00Z',
      '2024-01-01T25:00:00Z',
      '0000-01-01T00:00:00Z',
      '2024-01-01',
      'Mar 7 2024',
      '2024-01-01T10:00:00Z[UTC]',
    ]) {
      assert.equal(toLocalDateTime(text), '', text);
    }
  });

  it('of years that have no time zone yet are not dropped', () => {
    assert.equal(toMoment('20245-03-15T10:00'), '20245-03-15T10:00');
    assert.equal(toMoment(''), '');
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(13), fc.nat(32), (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(`${text}T00:00:00Z`);
        const isKnown = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        assert.equal(isDay(text), isKnown && year > 0, text);
      }),
    );
  });

  it('and times that there are not have no format', () => {
    for (const [entry, right, wrong] of [
      ['date', '2024-02-29', '2023-02-29'],
      ['time', '23:59:60Z', '24:00:00Z'],
      ['time', '10:30 pm', '10:60'],
      ['date-time', '2024-01-01 10:00', '2024-01-32 10:00'],
      ['date-time', '2024-01-01T10:00:00.123456', '2024-01-01T10:99'],
    ] as const) {
      assert.deepEqual([hasFormat(entry, right), hasFormat(entry, wrong)], [true, false], right);
    }
  });
});
