/**
 * `npm run docs [folder]`: writes the documentation site, static pages, into a folder (default `dist-docs`). It is made of
 * the Markdown files of the project, the manifest (`npm run build` writes it) and the demo with a backend in memory.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { build } from 'vite';
import { PAGE_POLICY } from '../demo/page-policy.mjs';
import { layOut } from './docs/template.mjs';
import { PAGES } from './docs/pages.mjs';
import { referenceOf } from './docs/reference.mjs';
import { renderMarkdown } from './docs/render-markdown.mjs';
import { root } from './tools.mjs';

const folder = resolve(process.argv[2] ?? join(root, 'dist-docs'));
const site = join(root, 'docs/site');
/** What an example that was tried out has besides its own files. */
const MADE = /(^|[\\/])(node_modules|dist|\.next|\.angular|package-lock\.json)([\\/]|$)/;

rmSync(folder, { recursive: true, force: true });

await build({
  configFile: join(root, 'vite.config.ts'),
  root: site,
  base: './',
  logLevel: 'warn',
  // The editor, the panel and a backend: there is nothing that could wait.
  build: { outDir: folder, chunkSizeWarningLimit: 1000, rolldownOptions: { input: join(site, 'live.html') } },
  plugins: [
    {
      name: 'policy-of-the-page',
      transformIndexHtml: (html) =>
        html.replace(
          '<head>',
          `<head>\n    <meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />`,
        ),
    },
  ],
});

const texts = new Map(PAGES.map(({ file }) => [file, sourceOf(file)]));
const names = new Map(PAGES.map(({ file, name }) => [file, name]));
const pages = new Map(
  PAGES.map(({ file, name }) => [name, renderMarkdown(texts.get(file) ?? '', file, names)]),
);
checkLinks();
for (const [name, page] of pages) {
  write(`${name}.html`, layOut(name, page));
  for (const file of page.files) {
    const isPicture = /\.(png|svg)$/.test(file);
    write(`files/${file}${isPicture ? '' : '.txt'}`, contentOf(join(root, file)));
  }
}
for (const { file, name } of PAGES) write(`${name}.md`, texts.get(file) ?? '');
write('llms.txt', indexForModels());
cpSync(join(site, 'page.css'), join(folder, 'page.css'));
cpSync(join(root, 'demo/icon.svg'), join(folder, 'icon.svg'));
console.log(`The site is in ${folder}`);

/** @param {string} file */
function sourceOf(file) {
  if (file !== 'docs/reference.md') return readFileSync(join(root, file), 'utf8');
  return referenceOf(JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')));
}

/**
 * The content of a file; of a folder, that of all its files, each below its name.
 *
 * @param {string} path
 */
function contentOf(path) {
  if (!statSync(path).isDirectory()) return readFileSync(path);
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => !MADE.test(name) && statSync(join(path, name)).isFile())
    .map((name) => `==> ${name.replaceAll(sep, '/')} <==\n\n${readFileSync(join(path, name), 'utf8')}`)
    .join('\n');
}

/** @param {string} name @param {string | Buffer} content */
function write(name, content) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Fails on a link within the site that leads nowhere. */
function checkLinks() {
  const broken = [];
  for (const [name, { links }] of pages) {
    for (const link of links) {
      const [page = '', id] = link.split('#');
      if (/^([a-z]+:|files\/)/.test(link) || page === 'live.html') continue;
      const target = page === '' ? pages.get(name) : pages.get(page.replace(/\.html$/, ''));
      if (target === undefined || (id !== undefined && !target.ids.has(id))) broken.push(`${name}: ${link}`);
    }
  }
  if (broken.length > 0) throw new Error(`Links that lead nowhere:\n${broken.join('\n')}`);
}

/** The list of pages for language models, see https://llmstxt.org. */
function indexForModels() {
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lines = PAGES.map(({ name, label }) => `- [${label}](${name}.md)`);
  return `# graph-sessions\n\n> ${description}\n\n## Pages\n\n${lines.join('\n')}\n`;
}
