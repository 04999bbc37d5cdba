import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  duration,
  elapsedTime,
  roundDuration,
  runningDuration,
} from '../../../src/elements/strings/duration.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { germanStrings } from '../../../src/elements/strings/german.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** The milliseconds of a text such as “2 m 03 s”. */
function parse(text: string): number {
  assert.match(text, /^<?[\d,]+(\.\d)? (ms|s|m|h|d)( \d\d? (s|m|h))?$/);
  const parts = text
    .replace('<', '')
    .replaceAll(',', '')
    .matchAll(/([\d.]+) (\w+)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? NaN), 0);
}

const anyDuration = fc.oneof(
  fc.nat(20 * SECOND),
  fc.nat(3 * HOUR),
  fc.nat(2000 * DAY),
  fc.double({ min: 0, max: 2000, noNaN: true }),
);

describe('a duration', () => {
  for (const [ms, english, german] of [
    [0, '<1 ms', '<1 ms'],
    [-5000, '<1 ms', '<1 ms'],
    [340, '340 ms', '340 ms'],
    [999.6, '1.0 s', '1,0 s'],
    [3340, '3.3 s', '3,3 s'],
    [9949, '9.9 s', '9,9 s'],
    [9960, '10 s', '10 s'],
    [52_000, '52 s', '52 s'],
    [59_700, '1 m', '1 min'],
    [123_000, '2 m 03 s', '2 min 03 s'],
    [HOUR - 1, '1 h', '1 h'],
    [HOUR + 5 * MINUTE, '1 h 05 m', '1 h 05 min'],
    [30 * HOUR, '1 d 6 h', '1 d 6 h'],
    [3 * DAY + 2 * HOUR, '3 d 2 h', '3 d 2 h'],
    [3 * DAY - 1, '3 d', '3 d'],
    [1234 * DAY, '1,234 d', '1.234 d'],
  ] as const) {
    it(`of ${ms} ms is “${english}”`, () => {
      assert.equal(duration(ms, englishStrings), english);
      assert.equal(duration(ms, germanStrings), german);
    });
  }

  it('has at most two units, none of them zero, and is right to the smaller one', () => {
    fc.assert(
      fc.property(anyDuration, (ms) => {
        const text = duration(ms, englishStrings);
        assert.doesNotMatch(text, /(^| )0+ /);
        const smallest = ms < 10 * SECOND ? 100 : ms < HOUR ? SECOND : ms < DAY ? MINUTE : HOUR;
        assert.ok(Math.abs(parse(text) - ms) <= smallest / 2 + 1, `${ms}: ${text}`);
      }),
    );
  });

  it('is never shorter for a longer time', () => {
    fc.assert(
      fc.property(anyDuration, anyDuration, (one, other) => {
        const [short, long] = one < other ? [one, other] : [other, one];
        for (const write of [duration, runningDuration, roundDuration]) {
          assert.ok(parse(write(short, englishStrings)) <= parse(write(long, englishStrings)));
        }
      }),
    );
  });

  it('that still runs has whole seconds, which have passed', () => {
    for (const [ms, text] of [
      [0, '<1 s'],
      [999, '<1 s'],
      [3990, '3 s'],
      [59_999, '59 s'],
      [MINUTE, '1 m'],
      [2 * MINUTE + 3999, '2 m 03 s'],
      [HOUR - 1, '59 m 59 s'],
      [HOUR + 5 * MINUTE + 59_999, '1 h 05 m'],
      [3 * DAY - 1, '2 d 23 h'],
    ] as const) {
      assert.equal(runningDuration(ms, englishStrings), text);
    }
  });

  it('has its largest unit alone where there is little space', () => {
    for (const [ms, text] of [
      [40_000, '40 s'],
      [59_700, '1 m'],
      [12 * MINUTE + 20_000, '12 m'],
      [59.7 * MINUTE, '1 h'],
      [5 * HOUR + 10 * MINUTE, '5 h'],
      [23.9 * HOUR, '1 d'],
      [2 * DAY + 23 * HOUR, '3 d'],
    ] as const) {
      assert.equal(roundDuration(ms, englishStrings), text);
    }
  });
});

describe('a time since a start', () => {
  for (const [ms, text] of [
    [0, '+00:00.000'],
    [12, '+00:00.012'],
    [-500, '−00:00.500'],
    [-0.4, '+00:00.000'],
    [59_999, '+00:59.999'],
    [HOUR - 1, '+59:59.999'],
    [HOUR, '+01:00:00.0'],
    [2 * HOUR + 4199, '+02:00:04.1'],
    [HOUR + 59_999, '+01:00:59.9'],
    [3 * DAY + 2 * HOUR + 4199, '+3d 02:00:04.1'],
  ] as const) {
    it(`of ${ms} ms is “${text}”`, () => {
      assert.equal(elapsedTime(ms, englishStrings), text);
    });
  }

  it('has the decimal sign of the language', () => {
    assert.equal(elapsedTime(12, germanStrings), '+00:00,012');
  });
});
