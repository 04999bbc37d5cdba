import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import {
  absoluteTime,
  dayTitle,
  formatBytes,
  relativeTime,
  timeLocale,
} from '../../../src/elements/strings/time-format.js';

const NOW = new Date(2025, 10, 22, 14, 30).getTime();
const MINUTE = 60_000;
const BRITISH = { ...englishStrings, locale: 'en-GB' };
const WORDS = { today: 'Today', yesterday: 'Yesterday' };

describe('times', () => {
  it('are relative on the same day', () => {
    assert.equal(relativeTime(NOW - 20_000, NOW, BRITISH), 'now');
    assert.equal(relativeTime(NOW - 5 * MINUTE, NOW, BRITISH), '5 min ago');
    assert.equal(relativeTime(NOW - 3 * 60 * MINUTE, NOW, BRITISH), '3 h ago');
  });

  it('have no abbreviation with a dot in any language', () => {
    assert.equal(relativeTime(NOW - MINUTE, NOW, englishStrings), '1 min ago');
    assert.equal(relativeTime(NOW - 20_000, NOW, germanStrings), 'jetzt');
    assert.equal(relativeTime(NOW - MINUTE, NOW, germanStrings), 'vor 1 min');
    assert.equal(relativeTime(NOW - 3 * 60 * MINUTE, NOW, germanStrings), 'vor 3 h');
  });

  it('are clock times on another day, which the heading names', () => {
    // Newer versions of Node have a preferred English, as browsers do.
    const french = { ...englishStrings, locale: 'fr' };
    assert.equal(relativeTime(new Date(2025, 10, 21, 20, 14).getTime(), NOW, french), '20:14');
  });

  it('stay relative shortly after midnight', () => {
    const midnight = new Date(2025, 10, 22, 0, 10).getTime();
    assert.equal(relativeTime(midnight - 20 * MINUTE, midnight, BRITISH), '20 min ago');
  });

  it('are never in the future, however wrong the clock is', () => {
    assert.equal(relativeTime(NOW + 5 * MINUTE, NOW, BRITISH), 'now');
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

describe('sizes', () => {
  it('have a suitable unit', () => {
    assert.equal(formatBytes(340, 'en'), '340 bytes');
    assert.equal(formatBytes(12_000, 'en'), '12 kB');
    assert.equal(formatBytes(1_540_000, 'en'), '1.5 MB');
  });
});
