import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  absoluteTime,
  dayTitle,
  duration,
  formatBytes,
  relativeTime,
  shortDuration,
  timeLocale,
} from '../../src/elements/time-format.js';

const NOW = new Date(2025, 10, 22, 14, 30).getTime();
const MINUTE = 60_000;
const WORDS = { today: 'Today', yesterday: 'Yesterday' };

describe('times', () => {
  it('are relative on the same day', () => {
    assert.equal(relativeTime(NOW - 20_000, NOW, 'en-GB'), 'now');
    assert.equal(relativeTime(NOW - 5 * MINUTE, NOW, 'en-GB'), '5 min ago');
    assert.equal(relativeTime(NOW - 3 * 60 * MINUTE, NOW, 'en-GB'), '3 hr ago');
  });

  it('are clock times on another day, where the heading says the day', () => {
    assert.equal(relativeTime(new Date(2025, 10, 21, 20, 14).getTime(), NOW, 'en-GB'), '20:14');
  });

  it('stay relative shortly after midnight', () => {
    const midnight = new Date(2025, 10, 22, 0, 10).getTime();
    assert.equal(relativeTime(midnight - 20 * MINUTE, midnight, 'en-GB'), '20 min ago');
  });

  it('never lie in the future, however wrong the clock is', () => {
    assert.equal(relativeTime(NOW + 5 * MINUTE, NOW, 'en-GB'), 'now');
    assert.equal(duration(-5000), '0:00');
  });

  it('have a full form with weekday, date and seconds', () => {
    const text = absoluteTime(NOW, 'en-GB');
    assert.match(text, /Saturday.* 22 November 2025 .*14:30:00/);
  });

  it('are written in the reader’s variant of the language of the texts', () => {
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
    assert.equal(duration(42_000), '0:42');
    assert.equal(duration(12 * MINUTE + 5000), '12:05');
    assert.equal(duration(200 * MINUTE + 5000), '3:20:05');
    assert.equal(duration(52 * 60 * MINUTE), '2 d 4 h');
  });

  it('are in seconds when short', () => {
    assert.equal(shortDuration(400, 'en'), '0.4 s');
    assert.equal(shortDuration(400, 'de'), '0,4 s');
    assert.equal(shortDuration(9960, 'en'), '10 s');
    assert.equal(shortDuration(12_300, 'en'), '12 s');
    assert.equal(shortDuration(61_000, 'en'), '1:01');
    assert.equal(shortDuration(0, 'en'), '0 s');
  });
});

describe('sizes', () => {
  it('have a unit that suits them', () => {
    assert.equal(formatBytes(340, 'en'), '340 byte');
    assert.equal(formatBytes(12_000, 'en'), '12 kB');
    assert.equal(formatBytes(1_540_000, 'en'), '1.5 MB');
  });
});
