import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { PackedPackage } from '../support/packed-package.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page that is not a module, and so has no types. */
const PAGE_ENTRY = './html-frame.html';

/** The targets of links and pictures in a Markdown text, without those in code. */
function targetsOf(markdown: string): readonly string[] {
  const text = markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The id that GitHub, npm and the site give to a heading. */
function idOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function idsOf(markdown: string): ReadonlySet<string> {
  const text = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => idOf(heading)));
}

describe('the tarball', () => {
  let pack: PackedPackage;
  before(async () => {
    pack = await PackedPackage.create();
  });
  after(() => pack.remove());

  it('has no problem that publint knows, not even a suggestion', async () => {
    const { messages } = await publint({ pkgDir: pack.file('.'), pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  it('has types for each entry, as “are the types wrong” resolves them', async () => {
    const cli = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [cli, pack.tarball, '--profile', 'esm-only', '--exclude-entrypoints', PAGE_ENTRY];
    const { stdout } = await run(process.execPath, [...args, '--format', 'json', '--no-definitely-typed']);
    const { analysis, problems } = JSON.parse(stdout) as {
      analysis: { entrypoints: Record<string, unknown> };
      problems: Record<string, readonly { readonly entrypoint?: string }[]>;
    };
    assert.ok(Object.hasOwn(analysis.entrypoints, './define.js'));
    // The kinds that the profile leaves out: the package has only modules.
    const { NoResolution: _old, CJSResolvesToESM: _cjs, ...others } = problems;
    assert.deepEqual(others, {});
  });

  it('says where the project is, where to report problems, and by which words to find it', async () => {
    const text = await readFile(pack.file('package.json'), 'utf8');
    const manifest = JSON.parse(text) as Record<string, unknown> & { keywords: readonly string[] };
    for (const name of ['repository', 'homepage', 'bugs', 'license', 'description'])
      assert.ok(manifest[name] !== undefined, name);
    assert.ok(manifest.keywords.includes('custom-element'));
  });

  it('has each file that its documents link to or show, and each heading', async () => {
    const names = await readdir(pack.file('.'), { recursive: true });
    const documents = names.filter((name) => name.endsWith('.md'));
    assert.ok(documents.includes('README.md') && documents.includes(join('docs', 'embedding.md')));
    const broken: string[] = [];
    for (const document of documents) {
      const markdown = await readFile(pack.file(document), 'utf8');
      for (const target of targetsOf(markdown)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = '', id] = target.split('#');
        const file = path === '' ? document : normalize(join(dirname(document), path));
        const isThere = names.includes(file);
        const isMarkdown = isThere && file.endsWith('.md');
        const hasId =
          !isMarkdown || id === undefined || idsOf(await readFile(pack.file(file), 'utf8')).has(id);
        if (!isThere || !hasId) broken.push(`${document}: ${target}`);
      }
    }
    assert.deepEqual(broken, []);
  });
});
