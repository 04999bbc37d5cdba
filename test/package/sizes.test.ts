import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { closureOf, readImports } from '../../scripts/module-imports.mjs';
import { trimStyles } from '../../scripts/trim-styles.mjs';
import { buildChunks, chunksFor, sizeOfEntry, type Chunks } from '../support/chunks.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** How much more than the figure of the README is still that figure. */
const TOLERANCE = 1.05;

/** Limits of the chunks that are loaded after the first view, in kB (1000 bytes), by the beginning of their names. */
const LIMITS_KB: Readonly<Record<string, number>> = {
  'session-elements': 27,
  'question-elements': 31,
  'content-elements': 8.3,
  'timeline-elements': 4.7,
  'events-elements': 8,
  'inbox-elements': 8.4,
  'player-elements': 7.4,
  'file-tools': 6.2,
  dialogs: 2,
  'session-stream': 3.5,
  'session-tools': 6,
  // Loaded only when a server is older than version 1 of the protocol.
  'legacy-mode': 5.4,
  // markdown-it with its dependencies, but without its table of HTML's named characters, is 25 of them.
  markdown: 32,
  // The schema check.
  esm: 6.9,
};

/** Limits of the entries for other engines, in kB, with all that they import. */
const ENTRY_LIMITS_KB: Readonly<Record<string, number>> = {
  'service/langgraph': 27,
  'service/mastra': 22,
  'service/kit': 13.3,
};

/** Limit of every other chunk: what several of those share. */
const SHARED_KB = 9.8;

describe('the size of the panel in an application: minified by esbuild, gzip -9', () => {
  let chunks: Chunks;
  const sizeOf = (name: string) => gzipSync(chunks.files.get(name) ?? '', { level: 9 }).length / 1000;
  const total = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + sizeOf(name), 0);
  const later = () => {
    const first = chunksFor(chunks.entry, chunks);
    return [...chunks.files.keys()].filter((name) => !first.has(name));
  };

  before(async () => {
    chunks = await buildChunks();
  });

  it('is what the README says', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, first = '', more = ''] =
      /loads (\d+) kB \(gzip\) for its list, and (\d+) kB more/.exec(readme.replaceAll(/\s+/g, ' ')) ?? [];
    const sizes = { first: total(chunksFor(chunks.entry, chunks)), more: total(later()) };
    const sentence = `The list loads ${sizes.first.toFixed(1)} kB, the rest ${sizes.more.toFixed(1)} kB`;
    assert.ok(sizes.first <= Number(first) * TOLERANCE, `${sentence}; the README says ${first} kB`);
    assert.ok(sizes.more <= Number(more) * TOLERANCE, `${sentence}; the README says ${more} kB`);
    assert.ok(
      sizes.first >= Number(first) / TOLERANCE,
      `${sentence}: less than the ${first} kB of the README`,
    );
  });

  it('has a limit for each chunk that is loaded later', () => {
    const tooLarge = later().flatMap((name) => {
      const [, limit = SHARED_KB] =
        Object.entries(LIMITS_KB).find(([start]) => name.startsWith(`${start}-`)) ?? [];
      const size = sizeOf(name);
      return size <= limit ? [] : [`${name}: ${size.toFixed(1)} kB, limit ${limit} kB`];
    });
    assert.deepEqual(tooLarge, []);
    for (const start of Object.keys(LIMITS_KB))
      assert.ok(
        later().some((name) => name.startsWith(`${start}-`)),
        `there is no chunk ${start}`,
      );
  });

  it('has no comments and no indentation in its styles, and each line of them where it was', () => {
    const code = 'const a = css `\n  .x {\n    /* Why:\n       so. */\n    color: red;\n  }\n`;\n  f();\n';
    assert.equal(trimStyles(code), 'const a = css `\n.x {\n\n\ncolor: red;\n}\n`;\n  f();\n');
  });

  it('has in its first view neither a form, nor Markdown, nor the view of a session', async () => {
    const { outputs } = chunks.metafile;
    const first = chunksFor(chunks.entry, chunks);
    const files = Object.entries(outputs)
      .filter(([path]) => first.has(path.slice(path.lastIndexOf('/') + 1)))
      .flatMap(([, { inputs }]) => Object.keys(inputs));
    const sources = (await Promise.all(files.map(sourcesOf))).flat();
    assert.ok(sources.some((source) => source.endsWith('/elements/list/session-list.ts')));
    assert.deepEqual(
      sources.filter((source) =>
        /elements\/(form|question|content|inbox)\/(?!inbox-part)|markdown-it|session-view\.[jt]s|service\/http\/legacy|\/english\.[jt]s/.test(
          source,
        ),
      ),
      [],
    );
  });

  it('is of few files: a page without a bundler requests each of them', async () => {
    const entry = 'define.js';
    const files = [...closureOf(entry, await readImports(dist, [entry]))];
    assert.ok(files.length <= 15, files.join('\n'));
    assert.ok(files.includes('joined/elements.js'));
  });

  it('does not have the engines of other entries, each of which has a limit of its own', async () => {
    const { outputs } = chunks.metafile;
    const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    for (const [folder, limitKb] of Object.entries(ENTRY_LIMITS_KB)) {
      assert.deepEqual(
        files.filter((file) => file.startsWith(`dist/${folder}/`)),
        [],
      );
      const size = (await sizeOfEntry(`dist/${folder}/index.js`)) / 1000;
      assert.ok(size <= limitKb, `${folder}: ${size.toFixed(1)} kB, limit ${limitKb} kB`);
    }
  });
});

/** The sources of a built file, by its source map; the file itself, for one of another package. */
async function sourcesOf(file: string): Promise<readonly string[]> {
  if (!file.startsWith('dist/')) return [file];
  const map = new URL(`../../${file}.map`, import.meta.url);
  return existsSync(map)
    ? (JSON.parse(await readFile(map, 'utf8')) as { sources: string[] }).sources
    : [file];
}
