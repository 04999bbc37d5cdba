import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseSync } from 'vite';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));

/** Length of the texts that each expression is tried on, in characters. */
const LENGTH = 40_000;

/** A linear expression takes about a millisecond for such a text; a quadratic one takes a second. */
const LIMIT_MS = 150;
const RETRIES = 4;

/**
 * Length of the texts that are tried first. One that takes the square of the length takes `LIMIT_MS` for a long text when
 * it takes 0.4 ms for such a text; only what takes a fraction of that is tried on the long one.
 */
const SHORT_LENGTH = LENGTH / 20;
const SUSPICIOUS_MS = 0.05;

/** Expressions that see only short texts: their length limit, in characters, stands where they are used. */
const BOUNDED: Readonly<Record<string, number>> = {
  'elements/strings/plain-line.ts': 500,
  'elements/content/markdown/link-target.ts': 1000,
  'runner/examples/compose-text.ts': 1000,
};

interface Literal {
  readonly file: string;
  readonly expression: RegExp;
}

/** Returns every regular expression that is written in the sources. */
function literals(): readonly Literal[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(sep).join('/'))
    .flatMap((file) => {
      const found: Literal[] = [];
      const { program } = parseSync(file, readFileSync(join(SOURCES, file), 'utf8'));
      JSON.stringify(program, (_, node: unknown) => {
        if (isRegex(node)) found.push({ file, expression: new RegExp(node.regex.pattern, node.regex.flags) });
        return typeof node === 'bigint' ? String(node) : node;
      });
      return found;
    });
}

function isRegex(node: unknown): node is { regex: { pattern: string; flags: string } } {
  return typeof node === 'object' && node !== null && 'regex' in node;
}

/** Texts, of a given length, in which the pieces of an expression repeat: in them it starts, and fails late, again and again. */
function pumpsFor(source: string): readonly ((length: number) => string)[] {
  // The characters that the expression names, and one of each kind that its classes stand for.
  const named = [...source.replaceAll(/\\[a-zA-Z]\{?\w*\}?|\{\d+,?\d*\}|[()[\]{}|?*+^$]/g, '')];
  const pieces = [
    ...new Set([...named, ...'\n ax0"\\[]{}()<>|*_`!-.:/@=', '\n ', '](', '![a', '\u202e', '\ud800']),
  ];
  const pairs = pieces.flatMap((first) => ['', ...pieces].map((second) => first + second));
  const repeated = [...pairs, ...pieces.map((piece) => `${piece}a1 `)].map((pump) => ['', pump] as const);
  // What an expression needs before the part that repeats: “about x”, “{{”, “"index":”.
  const words = source.match(/(?:[a-zA-Z]|\\?[{"[<:]){2,}/g) ?? [];
  const begun = [...new Set(words.map((word) => word.replaceAll(/\\b|\\/g, '')))].flatMap((word) =>
    [' ', '\n', 'a', '0', word, `${word} `, `${word}a `].flatMap((pump) =>
      ['', ' x'].map((after) => [word + after, pump] as const),
    ),
  );
  return [...repeated, ...begun].map(
    ([start, pump]) =>
      (length) =>
        (start + pump.repeat(Math.ceil(length / pump.length))).slice(0, length),
  );
}

function timeMs(expression: RegExp, text: string): number {
  expression.lastIndex = 0;
  const startMs = performance.now();
  text.replace(expression, '');
  return performance.now() - startMs;
}

describe('the regular expressions of the sources', () => {
  const found = literals();

  it('are found', () => {
    assert.ok(found.length > 40, `${found.length} expressions`);
  });

  for (const { file, expression } of found) {
    const longest = BOUNDED[file] ?? LENGTH;
    it(`take linear time: ${file}: ${expression}`, async () => {
      // Lets the result of the test before be reported: a run without a report is taken for stuck.
      await nextTurn();
      for (const pump of pumpsFor(expression.source)) {
        // Short texts first, on which even a cubic expression comes to an end.
        for (const length of [longest / 200, Math.min(SHORT_LENGTH, longest), longest]) {
          const isSuspicious = ['', '\u0000'].map((end) => {
            const text = pump(length) + end;
            let tookMs = timeMs(expression, text);
            // On a busy machine an attempt may have been interrupted.
            for (let again = 0; tookMs >= LIMIT_MS && again < RETRIES; again += 1) {
              tookMs = Math.min(tookMs, timeMs(expression, text));
            }
            const shown = `${JSON.stringify(text.slice(0, 12))}, ${JSON.stringify(end)}`;
            assert.ok(tookMs < LIMIT_MS, `${tookMs.toFixed(0)} ms for ${text.length} of ${shown}`);
            return tookMs > SUSPICIOUS_MS;
          });
          if (length >= SHORT_LENGTH && !isSuspicious.includes(true)) break;
        }
      }
    });
  }
});
