import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';

const root = fileURLToPath(new URL('../', import.meta.url));
const src = join(root, 'src');
const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** The names in backquotes that look like a file or folder of the project, and the targets of links. */
function namedPaths(): string[] {
  const names = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+|[\w-]+\.(?:ts|mjs|md))`/g)];
  const links = [...text.matchAll(/\]\(([\w./-]+)\)/g)];
  return [...names, ...links].map(([, path = '']) => path);
}

describe('CONTRIBUTING.md', () => {
  it('names only files and folders that exist, in the project or in src', () => {
    const paths = namedPaths();
    assert.ok(paths.length > 50, 'the paths are found');
    const missing = paths.filter((path) => !existsSync(join(root, path)) && !existsSync(join(src, path)));
    assert.deepEqual(missing, []);
  });

  it('describes every layer and room of src', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
    const folders = new Set(files.filter((file) => file.endsWith('.ts')).map(dirname));
    folders.delete('.');
    const unnamed = [...folders].filter((folder) => !text.includes(`| \`${folder.replaceAll('\\', '/')}\` `));
    assert.deepEqual(unnamed, []);
  });
});
