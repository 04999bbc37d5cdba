import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import {
  absoluteTime,
  dayTitle,
  duration,
  formatBytes,
  relativeTime,
  roundDuration,
  shortDuration,
  timeLocale,
} from '../../../src/elements/strings/time-format.js';

const NOW = new Date(2025, 10, 22, 14, 30).getTime();
const MINUTE = 60_000;
const WORDS = { today: 'Today', yesterday: 'Yesterday' };

describe('times', () => {
  it('are relative on the same day', () => {
    assert.equal(relativeTime(NOW - 20_000, NOW, 'en-GB'), 'now');
    assert.equal(relativeTime(NOW - 5 * MINUTE, NOW, 'en-GB'), '5 min ago');
    assert.equal(relativeTime(NOW - 3 * 60 * MINUTE, NOW, 'en-GB'), '3 hr ago');
  });

  it('are clock times on another day, which the heading names', () => {
    assert.equal(relativeTime(new Date(2025, 10, 21, 20, 14).getTime(), NOW, 'en-GB'), '20:14');
  });

  it('stay relative shortly after midnight', () => {
    const midnight = new Date(2025, 10, 22, 0, 10).getTime();
    assert.equal(relativeTime(midnight - 20 * MINUTE, midnight, 'en-GB'), '20 min ago');
  });

  it('are never in the future, however wrong the clock is', () => {
    assert.equal(relativeTime(NOW + 5 * MINUTE, NOW, 'en-GB'), 'now');
    assert.equal(duration(-5000, englishStrings), '0:00');
  });

  it('have a full form with weekday, date and seconds', () => {
    const text = absoluteTime(NOW, 'en-GB');
    assert.match(text, /Saturday.* 22 November 2025 .*14:30:00/);
  });

  it('use the reader’s variant of the language of the texts', () => {
    assert.equal(timeLocale('en', ['de-DE', 'en-GB', 'en-US']), 'en-GB');
    assert.equal(timeLocale('en', ['de-DE']), 'en');
  });
});

describe('days', () => {
  const title = (year: number, month: number, day: number) =>
    dayTitle(new Date(year, month, day, 9).getTime(), NOW, 'en-GB', WORDS);

  it('have names', () => {
    assert.equal(title(2025, 10, 22), 'Today');
    assert.equal(title(2025, 10, 21), 'Yesterday');
    assert.equal(title(2025, 10, 14), 'Friday 14 November');
    assert.equal(title(2024, 1, 3), '3 February 2024');
  });
});

describe('durations', () => {
  it('count like a clock', () => {
    assert.equal(duration(42_000, englishStrings), '0:42');
    assert.equal(duration(12 * MINUTE + 5000, englishStrings), '12:05');
    assert.equal(duration(200 * MINUTE + 5000, englishStrings), '3:20:05');
    assert.equal(duration(52 * 60 * MINUTE, englishStrings), '2 d 4 h');
  });

  it('have units in the language of the texts', () => {
    assert.equal(duration(52 * 60 * MINUTE, germanStrings), '2 T. 4 Std.');
    assert.equal(roundDuration(3 * 24 * 60 * MINUTE, englishStrings), '3 d');
    assert.equal(roundDuration(3 * 24 * 60 * MINUTE, germanStrings), '3 T.');
    assert.equal(roundDuration(5 * 60 * MINUTE, germanStrings), '5 Std.');
    assert.equal(roundDuration(12 * MINUTE, germanStrings), '12 Min.');
    assert.equal(roundDuration(40_000, germanStrings), '40 s');
    assert.equal(roundDuration(1234 * 24 * 60 * MINUTE, germanStrings), '1.234 T.');
  });

  it('are in seconds when short', () => {
    assert.equal(shortDuration(400, englishStrings), '0.4 s');
    assert.equal(shortDuration(400, germanStrings), '0,4 s');
    assert.equal(shortDuration(9960, englishStrings), '10 s');
    assert.equal(shortDuration(12_300, englishStrings), '12 s');
    assert.equal(shortDuration(61_000, englishStrings), '1:01');
    for (const ms of [0, 3, 49]) assert.equal(shortDuration(ms, englishStrings), '0 s');
    assert.equal(shortDuration(50, englishStrings), '0.1 s');
  });
});

describe('sizes', () => {
  it('have a suitable unit', () => {
    assert.equal(formatBytes(340, 'en'), '340 bytes');
    assert.equal(formatBytes(12_000, 'en'), '12 kB');
    assert.equal(formatBytes(1_540_000, 'en'), '1.5 MB');
  });
});
