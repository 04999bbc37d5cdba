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

/** Texts in which the pieces of an expression repeat: in them it starts, and fails late, again and again. */
function textsFor(source: string, length: number): readonly string[] {
  // The characters that the expression names, and one of each kind that its classes stand for.
  const named = [...source.replaceAll(/\\[a-zA-Z]\{?\w*\}?|\{\d+,?\d*\}|[()[\]{}|?*+^$]/g, '')];
  const pieces = [
    ...new Set([...named, ...'\n ax0"\\[]{}()<>|*_`!-.:/@=', '\n ', '](', '![a', '\u202e', '\ud800']),
  ];
  const pairs = pieces.flatMap((first) => ['', ...pieces].map((second) => first + second));
  const repeated = [...pairs, ...pieces.map((piece) => `${piece}a1 `)].map((pump) =>
    pump.repeat(Math.ceil(length / pump.length)).slice(0, length),
  );
  // What an expression needs before the part that repeats: “about x”, “{{”, “"index":”.
  const words = source.match(/(?:[a-zA-Z]|\\?[{"[<:]){2,}/g) ?? [];
  const begun = [...new Set(words.map((word) => word.replaceAll(/\\b|\\/g, '')))].flatMap((word) =>
    [' ', '\n', 'a', '0', `${word} `, `${word}a `].flatMap((pump) =>
      ['', ' x'].map((after) =>
        (word + after + pump.repeat(Math.ceil(length / pump.length))).slice(0, length),
      ),
    ),
  );
  return [...repeated, ...begun];
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
    // Short texts first, on which even a cubic expression comes to an end.
    const lengths = [longest / 200, longest / 20, longest];
    it(`take linear time: ${file}: ${expression}`, async () => {
      // Lets the result of the test before be reported: a run without a report is taken for stuck.
      await nextTurn();
      for (const text of lengths.flatMap((length) => textsFor(expression.source, length))) {
        for (const end of ['', '\u0000']) {
          let tookMs = timeMs(expression, text + end);
          // On a busy machine the first attempt may have been interrupted.
          if (tookMs >= LIMIT_MS) tookMs = Math.min(tookMs, timeMs(expression, text + end));
          assert.ok(
            tookMs < LIMIT_MS,
            `${tookMs.toFixed(0)} ms for ${text.length} of ${JSON.stringify(text.slice(0, 12))}, ${JSON.stringify(end)}`,
          );
        }
      }
    });
  }
});
