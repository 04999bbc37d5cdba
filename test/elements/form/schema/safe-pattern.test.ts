import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  isUsablePattern,
  matchesPattern,
  patternWays,
} from '../../../../src/elements/form/schema/safe-pattern.js';

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
    ['^(a?){40}a{40}$', 'a'.repeat(12)],
    ['^([ab]{0,5}){1,20}$', `${'a'.repeat(200)}!`],
    ['^((?:a{0,5})*)$', `${'a'.repeat(200)}!`],
    ['^(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)'.repeat(4), `${'a'.repeat(32)}!`],
  ];
  for (const [pattern, text] of HOSTILE) {
    it(`is quick for ${pattern}`, () => {
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
    [
      '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
      '123e4567-e89b-12d3-a456-426614174000',
      '123e4567-e89b-12d3-a456-42661417400',
    ],
    ['^\\+?\\d{1,3}[-. ]?\\(?\\d{3}\\)?[-. ]?\\d{3}[-. ]?\\d{4}$', '+49 (123) 456-7890', '+49 (123) 456'],
    ['^(red|green|blue)$', 'red', 'yellow'],
    ['^[A-Z]{2}\\d+$', `DE${'1'.repeat(5000)}`, `DE${'x'.repeat(5000)}`],
    ['^-?\\d+(\\.\\d+)?$', `1.${'1'.repeat(500)}`, `1.${'1'.repeat(500)}x`],
    ['^(?:\\d+\\.){3}\\d+$', '1234567890.1234567890.1234567890.1', '1234567890.1234567890.1234567890'],
  ];
  for (const [pattern, good, bad] of COMMON) {
    it(`matches ${pattern} correctly`, () => {
      assert.deepEqual([matchesPattern(good, pattern), matchesPattern(bad, pattern)], [true, false]);
    });
  }

  it('is quick for any pattern, on the longest text that the pattern is tried on', () => {
    const { pattern } = fc.letrec<{ pattern: string; sequence: string; piece: string }>((tie) => ({
      pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
      sequence: fc
        .array(
          fc.tuple(tie('piece'), fc.constantFrom('', '', '*', '+', '?', '{2,}', '{0,5}', '{30}', '*?')),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((pieces) => pieces.flat().join('')),
      piece: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom('a', '\\w', '[ab]', '.', '-', '[^-]', '\\b', '$'),
        fc.tuple(fc.constantFrom('(', '(?:', '(?='), tie('pattern')).map((parts) => `${parts.join('')})`),
      ),
    }));
    fc.assert(
      fc.property(pattern, fc.constantFrom('a', 'a-', 'ab'), (inner, letters) => {
        const whole = `^${inner}!`;
        const lengths = [5000, 1000, 200, 100, 50, 25, 12, 6, 3];
        const length = lengths.find((candidate) => isUsablePattern(whole, candidate)) ?? 1;
        const start = performance.now();
        matchesPattern(letters.repeat(length).slice(0, length), whole);
        assert.ok(performance.now() - start < 2000);
      }),
      { numRuns: 500 },
    );
  });

  it('does not try a pattern of more than 1,000 characters', () => {
    assert.equal(matchesPattern('b', `^${'a'.repeat(999)}$`), true);
    assert.equal(matchesPattern('b', `^${'a?'.repeat(2)}$`), false);
  });

  for (const piece of ['[', '(', '[(', '\\[', '(?<a', '{1', '(-[a', '([a]+']) {
    it(`analyses a pattern in linear time: “${piece}” again and again`, () => {
      const startMs = performance.now();
      patternWays(piece.repeat(60_000 / piece.length), 10);
      assert.ok(performance.now() - startMs < 500);
    });
  }

  it('accepts any text for a pattern in another dialect', () => {
    assert.equal(matchesPattern('x', '(?P<year>\\d+)'), true);
  });

  it('analyses any text without failing, even if it is not a pattern', () => {
    for (const pattern of ['', ')', '(', '[', '*', ')+', '((', '\\', '|*', '(|)*{2,}']) {
      assert.ok(patternWays(pattern, 10) >= 1, pattern);
    }
  });
});
