/** Writes dist (JavaScript, types, source maps) and custom-elements.json. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolPath } from './tools.mjs';

/**
 * @param {string} tool
 * @param {string[]} args
 */
function run(tool, ...args) {
  const { status, error } = spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// A file whose source is gone must not stay in the package.
rmSync(join(root, 'dist'), { recursive: true, force: true });
run(toolPath('typescript', 'tsc'), '--project', 'tsconfig.build.json');
run(toolPath('@custom-elements-manifest/analyzer', 'cem'), 'analyze', '--litelement', '--quiet');
