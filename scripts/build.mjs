/**
 * Writes dist (JavaScript, types, source maps, the file for pages of a run; what the first view needs in few files) and
 * custom-elements.json, and what is made from that: the component of React, types for JSX and Vue, descriptions for
 * editors; and the whole package in one file.
 * `--no-check` leaves out the type check.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from './build-bundle.mjs';
import { buildMarkdown } from './build-markdown.mjs';
import { joinModules } from './join-modules.mjs';
import { frameworkFiles } from './manifest/framework-files.mjs';
import { root, toolPath } from './tools.mjs';
import { trimStylesIn } from './trim-styles.mjs';

/** File times may be coarser than the clock. */
const CLOCK_SLACK_MS = 1_000;

/**
 * @param {string} tool
 * @param {string[]} args
 */
function run(tool, ...args) {
  const { status, error } = spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// The tests do not wait for the type check here: it is one of their checks.
const extra = process.argv.includes('--no-check') ? ['--noCheck'] : [];
const startedMs = Date.now();
run(toolPath('typescript', 'tsc'), '--project', 'tsconfig.build.json', ...extra);
run(toolPath('@custom-elements-manifest/analyzer', 'cem'), 'analyze', '--litelement', '--quiet');
// A file whose source was deleted must not stay in the package. (Emptying dist first would remove the files of
// a running server.)
const dist = join(root, 'dist');
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const status = statSync(join(dist, name));
  if (status.isFile() && status.mtimeMs < startedMs - CLOCK_SLACK_MS) rmSync(join(dist, name));
}

trimStylesIn(join(dist, 'elements'));
await buildMarkdown(dist);
await joinModules(dist);
await buildBundle(dist);
// Its map is of the file that was bundled.
rmSync(join(dist, 'bundle.js.map'));

copyFileSync(
  join(root, 'src/elements/content/page/html-frame.html'),
  join(root, 'dist/elements/content/page/html-frame.html'),
);

/** @param {string} name */
const readJson = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const files = frameworkFiles(readJson('custom-elements.json'), readJson('package.json').version);
for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text);
