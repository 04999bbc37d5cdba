import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { exampleNames } from '../support/examples/example-app.js';
import { readPackage } from '../support/examples/read-package.js';

const ROOT = new URL('../../', import.meta.url);
const EXAMPLES = new URL('examples/', ROOT);
const read = (path: string): Promise<string> => readFile(new URL(path, ROOT), 'utf8');

/** A block of code below a line that names its file. */
const LABELLED =
  /`(?<file>[^`\n]+)` of \[[^\]]+\]\(\.\.\/(?<example>examples\/[^)]+)\):\n\n```\w+\n(?<code>.*?)\n```/gs;

describe('the examples and the documents', () => {
  it('the page about frameworks shows code that the examples have, and no other', async () => {
    const page = await read('docs/frameworks.md');
    const blocks = [...page.matchAll(LABELLED)].map(({ groups }) => groups ?? {});
    for (const { file, example, code = '' } of blocks) {
      const text = await read(`${example}/${file}`);
      assert.ok(withoutIndent(text).includes(withoutIndent(code)), `${example}/${file} has no:\n${code}`);
    }
    const others = page.replaceAll(LABELLED, '').match(/^```(?!json).+$/gm) ?? [];
    assert.deepEqual(others, []);
    const shown = new Set(blocks.map(({ example }) => example));
    assert.ok(shown.size > 5, `only ${[...shown].join(', ')}`);
  });

  it('each example is listed, and linked from the page about frameworks', async () => {
    const [list, page] = await Promise.all([read('examples/README.md'), read('docs/frameworks.md')]);
    for (const name of await exampleNames()) {
      assert.ok(list.includes(`[${name}](${name})`), `examples/README.md does not list ${name}`);
      assert.ok(page.includes(`(../examples/${name})`), `docs/frameworks.md does not link to ${name}`);
    }
  });

  it('each example needs this version, and exactly one version of every other package', async () => {
    const { version } = await readPackage(new URL('.', ROOT).pathname);
    for (const name of await exampleNames()) {
      const { dependencies, devDependencies } = await readPackage(new URL(`${name}/`, EXAMPLES).pathname);
      const { 'graph-sessions': own, ...others } = { ...dependencies, ...devDependencies };
      assert.equal(own, `^${version}`, name);
      for (const [other, wanted] of Object.entries(others)) {
        assert.match(wanted, /^\d+\.\d+\.\d+$/, `${other} of ${name}`);
      }
    }
  });
});

/** The lines of a text without the spaces at their beginning. */
function withoutIndent(text: string): string {
  return text.replaceAll(/^ +/gm, '');
}
