import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchesPattern, patternReach } from '../../src/elements/safe-pattern.js';

describe('matchesPattern', () => {
  const HOSTILE: readonly (readonly [pattern: string, text: string])[] = [
    ['^(a+)+$', `${'a'.repeat(200)}!`],
    ['^((a+)+)+$', `${'a'.repeat(200)}!`],
    ['^(a|a)*$', `${'a'.repeat(200)}!`],
    ['^(a|a|a|a)*$', `${'a'.repeat(12)}!`],
    ['(x+x+)+y', 'x'.repeat(200)],
    ['^(?:\\w+\\s?)*$', `${'a'.repeat(200)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(200)],
    ['^([-a-z]+-)+$', `${'-'.repeat(200)}!`],
    ['^(a{2,})+$', `${'a'.repeat(200)}!`],
    ['^(a?){40}a{40}$', 'a'.repeat(39)],
    ['^(?:a|a){50}$', `${'a'.repeat(49)}!`],
    ['a*a*a*a*a*b', 'a'.repeat(5000)],
    ['\\s+$', `${' '.repeat(100_000)}x`],
  ];
  for (const [pattern, text] of HOSTILE) {
    it(`takes no longer than a moment for ${pattern}`, () => {
      const start = performance.now();
      matchesPattern(text, pattern);
      assert.ok(performance.now() - start < 2000);
    });
  }

  const COMMON: readonly (readonly [pattern: string, good: string, bad: string])[] = [
    [
      '^[a-z0-9]+(?:-[a-z0-9]+)*$',
      'a-rather-long-name-of-something-in-lower-case',
      'A-rather-long-name-of-something',
    ],
    ['^([a-z]+\\.)*[a-z]+$', 'www.a-long-name.example'.replaceAll('-', ''), 'www.example.org.and.so.on.'],
    ['^\\d{5}(-\\d{4})?$', '12345-6789', '1234'],
    ['^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', 'somebody.with.a.long.name@mail.example.org', 'somebody'],
    ['^(red|green|blue)$', 'red', 'yellow'],
    ['^[A-Z]{2}\\d+$', `DE${'1'.repeat(5000)}`, `DE${'x'.repeat(5000)}`],
    ['^(a+)+$', 'aaaa', 'aaab'],
    ['^-?\\d+(\\.\\d+)?$', `1.${'1'.repeat(500)}`, `1.${'1'.repeat(500)}x`],
    ['^(?:\\d+\\.){3}\\d+$', '1234567890.1234567890.1234567890.1', '1234567890.1234567890.1234567890'],
  ];
  for (const [pattern, good, bad] of COMMON) {
    it(`tells what fits ${pattern}`, () => {
      assert.deepEqual([matchesPattern(good, pattern), matchesPattern(bad, pattern)], [true, false]);
    });
  }

  it('takes a pattern in another dialect for one that fits', () => {
    assert.equal(matchesPattern('x', '(?P<year>\\d+)'), true);
  });

  it('reads the shape of any text, a pattern or not', () => {
    for (const pattern of ['', ')', '(', '[', '*', ')+', '((', '\\', '|*', '(|)*{2,}']) {
      assert.ok(patternReach(pattern) >= 1, pattern);
    }
  });
});
