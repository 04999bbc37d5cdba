import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The numbers of the cases that the document promises. */
function promisedCases(): readonly string[] {
  const text = readFileSync(`${root}docs/server.md`, 'utf8');
  return [...text.matchAll(/^\| (K\d+) +\|/gm)].map(([, id = '']) => id);
}

/** The numbers with which names of tests, or of groups of tests, begin. */
function testedCases(): ReadonlySet<string> {
  const files = readdirSync(`${root}test/server`, { recursive: true, encoding: 'utf8' });
  const names = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(`${root}test/server/${file}`, 'utf8').matchAll(/\b(?:it|describe)\(\s*['"`](K\d+): /g),
    ]);
  return new Set(names.map(([, id = '']) => id));
}

it('each case of docs/server.md has tests with its number, and each number a case', () => {
  const promised = promisedCases();
  assert.deepEqual(
    promised,
    promised.map((_, position) => `K${position + 1}`),
  );
  const tested = [...testedCases()].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
  assert.deepEqual(tested, promised);
});
